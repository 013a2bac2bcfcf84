"""The demonstration: a simulated company through the whole pipeline, and the five figures a newcomer asks for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from pipelines.errors import WanamakerError
from pipelines.figures import brief, percent
from pipelines.flows import Outcome, Request, refresh
from pipelines.settings import Settings

FOLDER = "demo"


@dataclass(frozen=True)
class Headline:
    """One of the five figures: what it is, what it says, the rows under it, and the command that opens it."""

    title: str
    answer: str
    rows: tuple[tuple[str, ...], ...]
    explain: str


def demo(settings: Settings, progress: Callable[[str], None] = lambda _: None) -> Outcome:
    """Simulate the company into `<data>/demo` and run the pipeline on it, with its figures published in `<data>`.

    Raises WanamakerError where the data folder holds the exports of another company.
    """
    from pipelines.simulation import simulate
    from pipelines.simulation.setting import Wanted

    folder = settings.data / FOLDER
    if not folder.is_dir() and (settings.data / "landing").is_dir():
        raise WanamakerError(
            f"{settings.data} holds your own exports already; give the demonstration a --data of its own"
        )
    progress("simulate")
    simulate(folder, Wanted())
    return refresh(Request(settings, folder / "exports"), progress)


def refuse_to_mix(data: Path, exports: Path) -> None:
    """Raise WanamakerError where exports would be added to the simulated company's."""
    folder = (data / FOLDER).resolve()
    if folder.is_dir() and not exports.resolve().is_relative_to(folder):
        raise WanamakerError(
            f"{data} holds the simulated company of `wanamaker demo`, which would mix with {exports}: "
            f"give yours a --data of their own, or remove {data}"
        )


def headlines(published: Path) -> list[Headline]:
    """The five figures of the published company, in its currency, as of its day."""
    with duckdb.connect(str(published), read_only=True) as connection:
        connection.execute("create temp view today as select as_of_date, company_currency from meta.runs")
        currency = str(connection.execute("select company_currency from today").fetchall()[0][0])
        return [
            _channels(connection, currency),
            _leads(connection),
            _forecast(connection, currency),
            _receivables(connection, currency),
            _commissions(connection, currency),
        ]


def _rows(connection: duckdb.DuckDBPyConnection, sql: str) -> list[dict[str, Any]]:
    cursor = connection.execute(sql)
    names = [column[0] for column in cursor.description or ()]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _channels(connection: duckdb.DuckDBPyConnection, currency: str) -> Headline:
    found = _rows(
        connection,
        """
        select channel, sum(cost) as cost, sum(booked_amount) as booked, sum(collected_amount) as collected,
            sum(booked_amount) / nullif(sum(cost), 0)::double as roas
        from marts.channel_roi
        where basis = 'period' and model = 'linear'
        group by channel having sum(cost) <> 0 or sum(booked_amount) <> 0 order by roas desc nulls last, booked desc
        """,
    )
    cost, booked = sum(row["cost"] for row in found), sum(row["booked"] for row in found)
    ratio = f"{booked / cost:.2f} booked" if cost else "no spend"
    return Headline(
        "Campaign ROI by channel",
        f"{brief(cost, currency)} spent; each returned {ratio} (linear attribution, all months)",
        (
            ("channel", "spent", "booked", "collected", "booked per 1 spent"),
            *(
                (
                    row["channel"],
                    brief(row["cost"], currency),
                    brief(row["booked"], currency),
                    brief(row["collected"], currency),
                    "–" if row["roas"] is None else f"{row['roas']:.2f}",
                )
                for row in found
            ),
        ),
        f"channel_roi basis=period,model=linear,channel={_example(found, 'channel')}",
    )


def _example(found: list[dict[str, Any]], name: str) -> str:
    return str(found[0][name]) if found else ""


def _leads(connection: duckdb.DuckDBPyConnection) -> Headline:
    found = _rows(
        connection,
        """
        select method, horizon_days, observed, won, win_rate, win_low, win_high from marts.lead_conversion
        where grain = 'all' and (method = 'to_date' or (method = 'observed' and horizon_days = 180))
        order by method desc
        """,
    )
    now = next((row for row in found if row["method"] == "to_date"), None)
    if now is None:
        return Headline("Lead to win", "no leads", (), "lead_conversion grain=all,method=to_date")
    answer = f"{now['won']:,} of {now['observed']:,} leads are won so far ({percent(now['win_rate'])})"
    later = next((row for row in found if row["method"] == "observed"), None)
    if later is not None and later["observed"]:
        span = f"{percent(later['win_low'])} to {percent(later['win_high'])}"
        answer += f"; within 180 days {percent(later['win_rate'])} ({span})"
    return Headline("Lead to win", answer, (), "lead_conversion grain=all,method=to_date")


def _forecast(connection: duckdb.DuckDBPyConnection, currency: str) -> Headline:
    found = _rows(
        connection,
        """
        select period, won_amount, stage_weighted_amount, commit_amount, quota_amount,
            commit_amount / nullif(quota_amount, 0)::double as share
        from marts.pipeline_forecast, today
        where reporting_date = as_of_date and level = 'company' and period_kind = 'quarter'
            and as_of_date between period_starts_on and period_ends_on
        """,
    )
    if not found:
        return Headline("Forecast against quota", "no deals", (), "pipeline_forecast level=company,period=all")
    row = found[0]
    quota = f"{percent(row['share'])} of the quota of {brief(row['quota_amount'], currency)}"
    return Headline(
        "Forecast against quota",
        f"{row['period']}: commit {brief(row['commit_amount'], currency)}, "
        + (quota if row["quota_amount"] else "no quota set")
        + f"; {brief(row['won_amount'], currency)} won, stage-weighted {brief(row['stage_weighted_amount'], currency)}",
        (),
        f"pipeline_forecast level=company,period={row['period']}",
    )


def _receivables(connection: duckdb.DuckDBPyConnection, currency: str) -> Headline:
    found = _rows(
        connection,
        """
        select kpis.* from marts.receivables_kpis as kpis inner join today on kpis.reporting_date = today.as_of_date
        """,
    )
    if not found:
        return Headline("Overdue receivables", "no receivables", (), "receivables_kpis")
    row = found[0]
    dso = "–" if row["dso"] is None else f"{row['dso']:.1f} days"
    return Headline(
        "Overdue receivables",
        f"{brief(row['overdue_amount'], currency)} of {brief(row['open_amount'], currency)} open is overdue "
        f"({percent(row['overdue_rate'])}); DSO {dso}",
        (),
        "receivables_kpis",
    )


def _commissions(connection: duckdb.DuckDBPyConnection, currency: str) -> Headline:
    found = _rows(
        connection,
        """
        select max(month) as month, sum(closing) as closing, count(*) filter (closing > 0) as owners,
            max_by(owner_id, closing) as owner_id
        from marts.commission_statements where month = (select max(month) from marts.commission_statements)
        """,
    )
    row = found[0]
    if row["month"] is None:
        return Headline("Commissions payable", "no commission plan", (), "commission_statements")
    return Headline(
        "Commissions payable",
        f"{brief(row['closing'], currency)} owed to {row['owners']} people at the end of {row['month']:%Y-%m}",
        (),
        f"commission_statements month={row['month']},owner_id={row['owner_id']}",
    )
