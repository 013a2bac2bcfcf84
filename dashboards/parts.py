"""What every page is made of: head, filters kept in the address, tiles, cards, tables, and states in plain words."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

import pandas as pd
import plotly.graph_objects as go
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboards import charts, downloads, queries, words
from dashboards.downloads import Column
from dashboards.labels import plain_name
from dashboards.words import _, markdown, ngettext

STALE_AFTER: Final = timedelta(hours=26)
DATA_PAGE: Final = "app_pages/data.py"
_ROW_HEIGHT: Final = 34
_MOST_BUTTONS: Final = 5
_NAMED_TESTS: Final = 3
_SHORTEST_HISTORY: Final = 3
_MOST_ROWS_HIGH: Final = 16
_MOST_STYLED_ROWS: Final = 1_001
_CELL_PADDING: Final = 18
_LETTER_WIDTH: Final = 6.3
_WIDE_LETTER_WIDTH: Final = 13
_FIRST_WIDE_LETTER: Final = 0x2E80
_MEASURED_ROWS: Final = 10
_OUTLIER: Final = 1.5
_LONG_DAY: Final = date(2026, 12, 30)
_MOST_TEXT_ROWS: Final = 200
_WIDEST_TEXT: Final = 440
_NARROW_NAME: Final = 124
_NAMES: Final = ("_name", "told")
_DECIMALS: Final = {"money": 0, "cents": 2, "count": 0}
_TOTAL_LOOK: Final = "font-weight: 600; background-color: rgba(128, 142, 164, 0.14)"


@dataclass(frozen=True)
class Tile:
    """A figure: its label, its value in words, and beside it a change or remark, a definition and the way here."""

    label: str
    value: str
    remark: str | None = None
    help: str | None = None
    change: str | None = None
    is_rise_good: bool | None = None
    history: Sequence[float] = ()


@dataclass
class Page:
    """An opened page: the run behind its figures, the mode, and the places that are filled later."""

    run: queries.Run
    mode: str | None
    answer_place: DeltaGenerator
    filter_place: DeltaGenerator

    @property
    def currency(self) -> str:
        """Give the company's currency."""
        return self.run.company_currency

    def money(self, value: float | None) -> str:
        """Give an amount in short form."""
        return words.money(value, self.currency)

    def axis_money(self, value: float) -> str:
        """Give an amount as axes write it, without zeros after the decimal point."""
        return words.money(value, self.currency, trim=True)

    def answer(self, sentence: str) -> None:
        """Write the sentence that answers the page's question."""
        with self.answer_place:
            st.markdown(markdown(sentence))

    @contextmanager
    def filters(self, name: str, keys: Sequence[str]) -> Iterator[None]:
        """Lay out the filters in one row, with a button that resets those keys."""
        with self.filter_place, st.container(horizontal=True, vertical_alignment="bottom", key=f"filters_{name}"):
            yield
            st.button(
                _("Reset"),
                icon=":material/restart_alt:",
                type="tertiary",
                key=f"reset_{name}",
                on_click=reset,
                args=(tuple(keys),),
                disabled=not any(key in st.query_params for key in keys),
            )


def open_page(title: str) -> Page:
    """Write title, as-of badge and what went wrong in the last run; the rest is filled in later.

    Raises:
        NothingPublishedError, MissingMartError, UnreadableError: shown by ``app.py`` under the title.

    """
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center", key="head"):
        st.title(title, anchor=False, width="content")
        badge_place = st.container(width="content", key="badge")
    run = queries.run()
    with badge_place:
        _badge(run, datetime.now(UTC))
    _last_failure(run)
    _late(run, datetime.now(UTC))
    answer_place = st.container(key="answer")
    filter_place = st.container()
    return Page(run, st.context.theme.type, answer_place, filter_place)


def _badge(run: queries.Run, now: datetime) -> None:
    is_stale = now - run.finished_at > STALE_AFTER
    loaded = words.ago(run.finished_at, now)
    checks = ngettext("{count} check passed", "{count} checks passed", run.tests_passed).format(
        count=words.count(run.tests_passed)
    )
    text = _("As of {day} · loaded {ago} · {checks}").format(day=words.day(run.as_of_date), ago=loaded, checks=checks)
    remarks = [
        _("Figures show what had happened by the end of {day} ({timezone}).").format(
            day=words.day(run.as_of_date), timezone=run.timezone
        ),
        _("Loaded at {time}; files: {files}, rows: {rows}.").format(
            time=words.moment(run.finished_at, run.timezone), files=words.count(run.files), rows=words.count(run.rows)
        ),
    ]
    if run.tests_warned:
        remarks.append(
            ngettext(
                "{count} check has a warning: see Data.", "{count} checks have warnings: see Data.", run.tests_warned
            ).format(count=run.tests_warned)
        )
    st.badge(
        markdown(text),
        icon=":material/schedule:" if is_stale else ":material/check_circle:",
        color="orange" if is_stale else "gray",
        help=markdown("\n\n".join(remarks)).replace("\\\n", "\n"),
    )


def _late(run: queries.Run, now: datetime) -> None:
    if now - run.finished_at <= STALE_AFTER:
        return
    text = _(
        "These figures are late: nothing was published since {time}. Run wanamaker run with newer exports."
    ).format(time=words.moment(run.finished_at, run.timezone))
    st.markdown(f":orange[:material/schedule: {markdown(text)}]")


def _last_failure(run: queries.Run | None) -> None:
    failed = queries.failed_run()
    if failed is None:
        return
    zone = run.timezone if run else "UTC"
    when = words.moment(failed.finished_at, zone) if failed.finished_at else failed.run_id
    if failed.failed_tests:
        shown = ", ".join(failed.failed_tests[:_NAMED_TESTS]) + (
            " …" if len(failed.failed_tests) > _NAMED_TESTS else ""
        )
        reason = ngettext(
            "this check failed: {names}", "these checks failed: {names}", len(failed.failed_tests)
        ).format(names=shown)
    else:
        reason = failed.message or _("it stopped before its end")
    if run is None:
        text = _("The last run ({time}) published nothing: {reason}.").format(time=when, reason=reason.rstrip("."))
    else:
        text = _("The last run ({time}) published nothing: {reason}. You see the figures as of {day}.").format(
            time=when, reason=reason.rstrip("."), day=words.day(run.as_of_date)
        )
    with st.container(
        border=True,
        key="failed_run",
        horizontal=True,
        wrap=False,
        vertical_alignment="center",
        horizontal_alignment="distribute",
    ):
        st.markdown(f":material/error: {markdown(text)}")
        st.page_link(DATA_PAGE, label=_("What went wrong"), icon=":material/arrow_forward:", icon_position="right")


# Filters


def choice(
    widget: Callable[..., Any],
    label: str,
    options: Sequence[str],
    key: str,
    default: str,
    show: Callable[[str], str] = str,
    **settings: Any,
) -> str:
    """A filter whose stable code stands in the address, survives a change of page and falls back to ``default``."""
    address, state = st.query_params, st.session_state
    current, seen, visit = address.get(key), state.get(f"_seen_{key}"), state.get("_visit")
    is_removed = current is None and seen is not None and state.get(f"_visit_{key}") == visit
    if key not in state or (current is not None and current != seen) or is_removed:
        state[key] = current if current in options else default
    elif state[key] not in options:
        state[key] = default

    def push() -> None:
        value = state.get(key) or default
        if value == default:
            address.pop(key, None)
        else:
            address[key] = value
        state[f"_seen_{key}"] = address.get(key)

    push()
    state[f"_visit_{key}"] = visit
    chosen = widget(label, options, key=key, format_func=show, on_change=push, persist_state="session", **settings)
    return default if chosen is None else str(chosen)


def one_of(
    label: str, options: Sequence[str], key: str, default: str, show: Callable[[str], str], **settings: Any
) -> str:
    """A filter with a button for each option, or a list where there are many."""
    if len(options) > _MOST_BUTTONS:
        return choice(st.selectbox, label, options, key, default, show, width=220, **settings)
    return choice(st.segmented_control, label, options, key, default, show, required=True, wrap=True, **settings)


def reset(keys: Sequence[str]) -> None:
    """Forget the choices of these filters."""
    for key in keys:
        st.session_state.pop(key, None)
        st.session_state.pop(f"_seen_{key}", None)
        st.query_params.pop(key, None)


# Screens


_WATCH: Final = st.components.v2.component(
    "narrow_screen",
    js="""
export default function({ data, setStateValue }) {
    const screen = matchMedia('(max-width: 640px)');
    const tell = () => { if (screen.matches !== data.narrow) setStateValue('narrow', screen.matches); };
    screen.onchange = tell;
    tell();
    return () => { screen.onchange = null; };
}
""",
)


def watch_width() -> None:
    """Learn whether the screen is narrow; the page is laid out again when that changes."""
    _WATCH(key="screen", data={"narrow": is_narrow()}, on_narrow_change=lambda: None)


def is_narrow() -> bool:
    """Tell whether the screen is as narrow as a phone's: as it said, else as its browser is called."""
    said = (st.session_state.get("screen") or {}).get("narrow")
    return "Mobi" in st.context.headers.get("User-Agent", "") if said is None else bool(said)


# Blocks


def tiles(shown: Sequence[Tile]) -> None:
    """Show figures side by side, two in a row on a phone, where the last takes what is left of its row."""
    with st.container(key=f"tiles_{len(shown)}"), st.grid(len(shown), min_column_width=150):
        for tile in shown:
            is_neutral = tile.change is None or tile.is_rise_good is None
            st.metric(
                markdown(tile.label),
                markdown(tile.value),
                delta=markdown(tile.change).replace(words.MINUS, "-")
                if tile.change
                else (markdown(tile.remark) if tile.remark else None),
                delta_description=markdown(tile.remark) if tile.change and tile.remark else None,
                delta_color="off" if is_neutral else "normal" if tile.is_rise_good else "inverse",
                delta_arrow="auto" if tile.change else "off",
                help=tile.help,
                border=True,
                height="stretch",
                chart_data=list(tile.history) if len(tile.history) >= _SHORTEST_HISTORY else None,
                chart_type="area",
            )


@contextmanager
def card(key: str, title: str, caption: str | None = None) -> Iterator[None]:
    """A bordered block with a title that says what is seen."""
    with st.container(border=True, key=f"card_{key}", height="stretch"):
        st.subheader(markdown(title), anchor=False)
        if caption:
            st.caption(markdown(caption))
        yield


def chart(figure: go.Figure, key: str, spoken: str) -> None:
    """Show a figure without toolbar; ``spoken`` is what a screen reader says."""
    st.plotly_chart(figure, theme=None, config=charts.CONFIG, key=f"chart_{key}", alt=spoken)


def clickable(figure: go.Figure, key: str, spoken: str) -> str | None:
    """Show a figure whose marks can be clicked; give the code that the clicked mark carries first."""
    event = st.plotly_chart(
        figure,
        theme=None,
        config=charts.CONFIG,
        key=f"chart_{key}",
        alt=spoken,
        on_select="rerun",
        selection_mode="points",
    )
    points = event.selection.points
    return str(points[0]["customdata"][0]) if points else None


def _least_width(column: Column, values: pd.Series) -> int | None:
    """Give the width that the longest value of a column needs, where the grid would not give it.

    The grid measures the first rows only and takes a long value among blanks or short ones, such as a total, for an
    outlier: it would cut it.
    """
    lengths = _lengths(column.kind, values)
    longest = max(lengths, default=0.0)
    first = lengths[:_MEASURED_ROWS]
    if not longest or longest * len(first) <= _OUTLIER * sum(first):
        return None
    return round(min(max(longest, _pixels(column.label)), _WIDEST_TEXT)) + _CELL_PADDING


def _lengths(kind: str, values: pd.Series) -> list[float]:
    """Give how long each value is when written, in pixels; of numbers the first rows and the two ends."""
    if kind in _DECIMALS:
        numbers = pd.to_numeric(values)
        ends = [numbers.min(), numbers.max()]
        written = [
            "" if words.is_missing(number) else f"{number:,.{_DECIMALS[kind]}f}"
            for number in [*numbers[:_MEASURED_ROWS], *ends]
        ]
        return [_LETTER_WIDTH * len(text) for text in written][: len(values) + 2]
    if kind in {"date", "moment"}:
        length = _pixels(words.day(_LONG_DAY) if kind == "date" else f"{_LONG_DAY} 23:59")
        return [0.0 if words.is_missing(value) else length for value in values[:_MOST_TEXT_ROWS]]
    if kind in {"text", "id"}:
        return [0.0 if words.is_missing(value) else _pixels(str(value)) for value in values[:_MOST_TEXT_ROWS]]
    return []


def _pixels(text: str) -> float:
    return sum(_LETTER_WIDTH if ord(letter) < _FIRST_WIDE_LETTER else _WIDE_LETTER_WIDTH for letter in text)


def _config(column: Column, values: pd.Series, *, is_first: bool) -> Any:
    kinds = st.column_config
    width = column.width or (None if is_first else _least_width(column, values))
    if is_first and is_narrow():
        width = min(width or _NARROW_NAME, _NARROW_NAME)
    shared: dict[str, Any] = {"help": column.help, "width": width, "pinned": is_first or None}
    formats = {
        "money": "%,.0f",
        "cents": "%,.2f",
        "count": "%,d",
        "number": "%,.1f",
        "percent": "%,.1f%%",
        "rate": "%,.2f%%",
        "times": "%,.2f×",
    }
    if column.kind in formats:
        is_whole = column.kind == "number" and (pd.to_numeric(values).dropna() % 1 == 0).all()
        return kinds.NumberColumn(column.label, format="%,.0f" if is_whole else formats[column.kind], **shared)
    if column.kind == "date":
        return kinds.DateColumn(column.label, format="localized", **shared)
    if column.kind == "moment":
        return kinds.DatetimeColumn(column.label, format="YYYY-MM-DD HH:mm", **shared)
    return kinds.TextColumn(column.label, **shared)


def _display(frame: pd.DataFrame, columns: Sequence[Column], total: Mapping[str, Any] | None) -> pd.DataFrame:
    shown = frame[[column.name for column in columns]].copy()
    if total is not None:
        first = pd.DataFrame(
            [{column.name: total.get(column.name, "" if column.kind == "text" else None) for column in columns}]
        )
        shown = pd.concat([first.astype(shown.dtypes.to_dict(), errors="ignore"), shown], ignore_index=True)
    for column in columns:
        if column.kind in {"percent", "rate"}:
            shown[column.name] = pd.to_numeric(shown[column.name]) * 100
        elif column.kind == "count":
            shown[column.name] = pd.to_numeric(shown[column.name]).round()
        elif column.kind == "id":
            shown[column.name] = [
                None if words.is_missing(value) else words.number_of(str(value)) for value in shown[column.name]
            ]
        elif column.kind == "text" and column.name.endswith(_NAMES):
            shown[column.name] = [
                plain_name(value) if isinstance(value, str) else value for value in shown[column.name]
            ]
        elif column.kind == "flag":
            shown[column.name] = [
                _("yes") if value is True or value == 1 else "" for value in shown[column.name].fillna(False)
            ]
    return shown


def table(
    page: Page,
    key: str,
    title: str,
    frame: pd.DataFrame,
    columns: Sequence[Column],
    *,
    caption: str = "",
    total: Mapping[str, Any] | None = None,
    row_total: int | None = None,
    everything: Callable[[], pd.DataFrame] | None = None,
    style: Callable[[pd.DataFrame], pd.DataFrame] | None = None,
    selectable: bool = False,
    blank: str = words.NOTHING,
) -> tuple[int, str] | None:
    """Show rows in a card with downloads; totals stand first and are not part of the files.

    ``everything`` gives all rows for the download where the frame holds only some of ``row_total``. Gives the selected
    cell: the row's place in ``frame`` (-1 for the total) and the column's name.
    """
    rows = len(frame) if row_total is None else row_total
    with st.container(border=True, key=f"card_{key}"):
        with st.container(
            horizontal=True, horizontal_alignment="distribute", vertical_alignment="center", key=f"bar_{key}"
        ):
            st.subheader(markdown(title), anchor=False, width="content")
            with st.container(horizontal=True, width="content", gap="xsmall", key=f"files_{key}"):
                _download_buttons(page, key, title, frame, columns, rows, everything)
        st.caption(markdown(" ".join(part for part in (caption, _counted(len(frame), rows)) if part)))
        placed = _placed(columns)
        shown = _display(frame, placed, total)
        high = min(len(shown) + 1, _MOST_ROWS_HIGH + 1) * _ROW_HEIGHT + 3
        settings: dict[str, Any] = {
            "hide_index": True,
            "height": high,
            "row_height": _ROW_HEIGHT,
            "placeholder": blank,
            "column_config": {
                column.name: _config(column, shown[column.name], is_first=place == 0)
                for place, column in enumerate(placed)
            },
            "alt": title,
        }
        painted = _painted(shown, style, has_total=total is not None)
        if not selectable:
            st.dataframe(painted, key=f"table_{key}", **settings)
            return None
        event = st.dataframe(painted, key=f"table_{key}", on_select="rerun", selection_mode="single-cell", **settings)
        cells = event.selection.cells
    if not cells:
        return None
    place, name = cells[0]
    return int(place) - (1 if total is not None else 0), str(name)


def _placed(columns: Sequence[Column]) -> list[Column]:
    """Give the columns in the order in which they stand: on a narrow screen the leading ones next to the first."""
    if not is_narrow():
        return list(columns)
    first, *others = columns
    leading = [column for column in others if column.leads]
    leading.sort(key=lambda column: (column.leads, column.kind == "text"))
    return [first, *leading, *(column for column in others if not column.leads)]


def _painted(shown: pd.DataFrame, style: Callable[[pd.DataFrame], pd.DataFrame] | None, *, has_total: bool) -> Any:
    if len(shown) > _MOST_STYLED_ROWS or not (has_total or style):
        return shown
    looks = style(shown) if style else pd.DataFrame("", index=shown.index, columns=shown.columns)
    if has_total:
        looks.iloc[0] = _TOTAL_LOOK
    return shown.style.apply(lambda _shown: looks, axis=None)


def _counted(shown: int, rows: int) -> str:
    if shown < rows:
        return _("Showing {shown} of {rows} rows; the downloads hold them all.").format(
            shown=words.count(shown), rows=words.count(rows)
        )
    return ngettext("{rows} row.", "{rows} rows.", rows).format(rows=words.count(rows))


def _download_buttons(
    page: Page,
    key: str,
    title: str,
    frame: pd.DataFrame,
    columns: Sequence[Column],
    rows: int,
    everything: Callable[[], pd.DataFrame] | None,
) -> None:
    about = [
        (_("Table"), title),
        (_("As of"), page.run.as_of_date.isoformat()),
        (_("Amounts in"), page.currency),
        (_("Rows"), str(rows)),
        (_("Run"), page.run.run_id),
        (
            _("Filters"),
            "&".join(f"{name}={value}" for name, value in st.query_params.items() if name != "lang") or words.NOTHING,
        ),
    ]
    whole = everything if everything and rows > len(frame) else (lambda: frame)
    name = f"{key}_{page.run.as_of_date.isoformat()}"
    tip = ngettext("Download {rows} row", "Download {rows} rows", rows).format(rows=words.count(rows))
    plain: dict[str, Any] = {"type": "tertiary", "icon": ":material/download:", "on_click": "ignore", "help": tip}
    st.download_button(
        "CSV", lambda: downloads.as_csv(whole(), columns), f"{name}.csv", "text/csv", key=f"csv_{key}", **plain
    )
    st.download_button(
        "Excel",
        lambda: downloads.as_xlsx(whole(), columns, about),
        f"{name}.xlsx",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        key=f"xlsx_{key}",
        **plain,
    )


def named(row: pd.Series) -> dict[str, Any]:
    """Give a row of a frame by column name."""
    return {str(name): value for name, value in row.items()}


# States


def _state(key: str, icon: str, title: str, lines: Sequence[str]) -> None:
    with st.container(border=True, key=f"state_{key}"):
        st.markdown(f"#### :material/{icon}: {markdown(title)}")
        for line in lines:
            st.markdown(line)


def nothing_published() -> None:
    """Say that there are no figures yet, what to export, and where to put it."""
    _last_failure(None)
    _state(
        "nothing",
        "inbox",
        _("No figures yet"),
        [
            markdown(
                _(
                    "Export from your systems what you have, as CSV or Excel files: invoices, payments, "
                    "opportunities, leads, ad spend."
                )
            ),
            markdown(_("Put the files into one folder, for example exports, and run:")),
            "```\nwanamaker run exports\n```",
            markdown(_("Then reload this page. wanamaker check exports says beforehand what would be recognised.")),
        ],
    )


def empty(what: str, tables: Sequence[str]) -> None:
    """Say that a page has nothing to show, and which exports would fill it."""
    names = ", ".join(f"`{name}.csv`" for name in tables)
    _state(
        "empty",
        "inbox",
        what,
        [
            markdown(_("This page is made from these exports:")) + " " + names,
            markdown(_("Put them into the exports folder and run wanamaker run again.")),
        ],
    )


def nothing_found(filters: Sequence[str]) -> None:
    """Say which filter left nothing."""
    _state(
        "filtered",
        "filter_alt_off",
        _("Nothing matches these filters"),
        [markdown(_("Chosen: {filters}. Press Reset above to see everything.").format(filters=", ".join(filters)))],
    )


def missing_mart(detail: str) -> None:
    """Say that the published figures come from another version than the pages."""
    _state(
        "missing",
        "extension_off",
        _("These figures were published by another version"),
        [
            markdown(
                _("The published file lacks a table or column that this page reads: {detail}").format(detail=detail)
            ),
            markdown(_("Run wanamaker run again with this version, then reload the page.")),
        ],
    )


def trouble(reference: str) -> None:
    """Say calmly that something went wrong; the log holds the rest under the reference."""
    _state(
        "trouble",
        "error",
        _("This page could not be shown"),
        [
            markdown(
                _(
                    "Try again in a moment. If it stays so, give this reference to whoever runs wanamaker: {reference}"
                ).format(reference=reference)
            )
        ],
    )
    st.button(_("Try again"), icon=":material/refresh:")
