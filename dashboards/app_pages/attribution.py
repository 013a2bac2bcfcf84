"""Attribution: how much depends on the way of counting."""

from __future__ import annotations

import pandas as pd

from dashboards import charts, parts, words
from dashboards.definitions import define
from dashboards.downloads import Column
from dashboards.labels import channel_name, model_name
from dashboards.parts import Page, Tile
from dashboards.queries import marketing
from dashboards.words import _

KEYS = ("input", "marked")
ORDER = ("first", "last", "last_non_direct", "linear", "position", "time_decay", "w_shaped", "markov", "shapley")
DISAGREE_FROM = 1.5


def show() -> None:
    """Lay out the page."""
    page = parts.open_page(_("Attribution"))
    sources = marketing.path_sources()
    if not sources:
        parts.empty(_("No journeys yet"), ["touchpoints", "opportunities", "leads", "paths"])
        return
    with page.filters("attribution", KEYS):
        source = sources[0]
        if len(sources) > 1:
            source = parts.one_of(_("Journeys of"), sources, "input", sources[0], source_name)
        rows = marketing.channel_shares(source)
        models = sorted(rows["model"].astype(str).unique(), key=place)
        default = "linear" if "linear" in models else models[0]
        marked = parts.one_of(_("Attribution model"), models, "marked", default, model_name, help=define("model"))
    outside = rows["channel"] == "unattributed"
    shares = rows[~outside].pivot_table(index="channel", columns="model", values="share", aggfunc="sum", fill_value=0.0)
    if shares.empty:
        parts.nothing_found([f"{_('Journeys of')}: {source_name(source)}"])
        return
    shares = compared(shares.astype(float)[models], marked)
    page.answer(sentence(shares, models))
    figures(page, rows, shares, models, source)
    with parts.card(
        "models",
        _("Each channel's share, from the least to the most that a model gives it"),
        _("A long line means that the answer depends on how you count."),
    ):
        picture(page, shares, models, marked)
    listed(page, shares, models, rows)
    paths(page, source)


def place(model: str) -> tuple[int, str]:
    """Give the place of a model in lists."""
    return ORDER.index(model) if model in ORDER else len(ORDER), model


def source_name(code: str) -> str:
    """Give the name of an input of journeys."""
    return {"opportunities": _("Deals and leads"), "paths": _("Exported paths")}.get(code) or code


def compared(shares: pd.DataFrame, marked: str) -> pd.DataFrame:
    """Add least, most and whether the models disagree; largest share of the marked model first."""
    models = list(shares.columns)
    least, most = shares[models].min(axis=1), shares[models].max(axis=1)
    return (
        shares.assign(
            least=least, most=most, spread=most - least, disagree=(most > 0) & (most >= DISAGREE_FROM * least)
        )
        .sort_values(marked, ascending=False)
        .reset_index()
    )


def sentence(shares: pd.DataFrame, models: list[str]) -> str:
    """Answer the page's question from the figures."""
    first = {str(shares.loc[shares[model].idxmax(), "channel"]) for model in models}
    widest = shares.loc[shares["spread"].idxmax()]
    values = {
        "channel": channel_name(str(widest["channel"])),
        "least": words.percent(widest["least"]),
        "most": words.percent(widest["most"]),
        "low": model_name(str(widest[models].astype(float).idxmin())),
        "high": model_name(str(widest[models].astype(float).idxmax())),
        "leader": channel_name(next(iter(first))),
    }
    if len(models) == 1:
        return _("{leader} gets the largest share.").format(**values)
    if len(first) == 1:
        return _(
            "Every model puts {leader} first; most depends on counting for {channel}, from {least} ({low}) to {most} "
            "({high})."
        ).format(**values)
    return _(
        "The models do not agree on the first channel; most depends on counting for {channel}, from {least} ({low}) to "
        "{most} ({high})."
    ).format(**values)


def figures(page: Page, rows: pd.DataFrame, shares: pd.DataFrame, models: list[str], source: str) -> None:
    """Show the tiles."""
    one = rows[rows["model"] == models[0]]
    conversions, value = float(one["conversions"].sum()), float(one["value_amount"].sum())
    untouched = float(one.loc[one["channel"] == "unattributed", "conversions"].sum())
    widest = shares.loc[shares["spread"].idxmax()]
    parts.tiles(
        [
            Tile(_("Conversions"), words.count(conversions), source_name(source), define("conversions")),
            Tile(_("Their value"), page.money(value), None, define("conversion_value")),
            Tile(_("Without a touch"), words.count(untouched), _("in no channel's share"), define("untouched")),
            Tile(
                _("Channels in dispute"),
                f"{int(shares['disagree'].sum())} / {len(shares)}",
                channel_name(str(widest["channel"])),
                define("dispute"),
            ),
        ]
    )


def picture(page: Page, shares: pd.DataFrame, models: list[str], marked: str) -> None:
    """Draw the spread of each channel that any model gives a share."""
    shares = shares[shares["most"] > 0]
    names = [channel_name(name) for name in shares["channel"]]
    shown = [
        f"{words.percent(low)} – {words.percent(high)}"
        for low, high in zip(shares["least"], shares["most"], strict=True)
    ]
    parts.chart(
        charts.spreads(
            names,
            shares[models].to_numpy().tolist(),
            list(shares[marked]),
            shown,
            [[model_name(model) for model in models]] * len(shares),
            legend=(model_name(marked), _("Other models")),
            percent=words.percent,
            mode=page.mode,
        ),
        "shares",
        ", ".join(f"{name} {text}" for name, text in zip(names, shown, strict=True)),
    )


def listed(page: Page, shares: pd.DataFrame, models: list[str], rows: pd.DataFrame) -> None:
    """List the models side by side."""
    effects = rows[rows["model"] == "markov"].set_index("channel")["removal_effect"].astype(float)
    frame = shares.assign(
        name=shares["channel"].map(channel_name),
        effect=shares["channel"].map(effects),
        flag=[_("disagree") + " ▲" if value else "" for value in shares["disagree"]],
    )
    parts.table(
        page,
        "attribution_channels",
        _("Models side by side"),
        frame,
        [
            Column("name", _("Channel"), width=170),
            Column("flag", _("Models"), help=define("dispute")),
            *(Column(model, model_name(model), "percent") for model in models),
            *([Column("effect", _("Lost without it"), "percent", define("removal_effect"))] if len(effects) else []),
        ],
        caption=_("Share of conversions under each model; a column adds up to 100%."),
    )


def paths(page: Page, source: str) -> None:
    """List the paths that convert most."""
    found = marketing.top_paths(source)
    frame = found.frame.assign(
        path=[" → ".join(channel_name(part.strip()) for part in str(path).split(">")) for path in found.frame["path"]]
    )
    parts.table(
        page,
        "paths",
        _("Paths"),
        frame,
        [
            Column("path", _("Path"), width=420),
            Column("conversions", _("Converted"), "count", leads=1),
            Column("nulls", _("Did not convert"), "count"),
            Column("conversion_rate", _("Share converted"), "percent", leads=1),
            Column("value_amount", _("Amount"), "money"),
        ],
        caption=_("Most conversions first. Amounts in {currency}.").format(currency=page.currency),
        row_total=found.total,
        everything=lambda: marketing.top_paths(source, None).frame,
    )


if __name__ == "__main__":
    show()
