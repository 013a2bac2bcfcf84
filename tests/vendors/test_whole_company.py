"""A company from its vendors' exports and from the template's: figures are equal, but for what no vendor tells."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest

from pipelines.contracts import ROOT, load_contracts
from pipelines.flows import Request, build_step, failure_words, ingest_step
from pipelines.settings import Settings
from pipelines.simulation import parameters
from pipelines.simulation.vendor_headers import NEOCRM_STAGES
from pipelines.simulation.vendors import CRM_OF_TEAM, SALESFORCE
from tests.oracle.compare import Mart, Rows
from tests.oracle.marts import CALCULATIONS, CHANNEL_ROI, FORECAST, PERFORMANCE, Oracle

pytestmark = pytest.mark.slow

SOURCES = "|".join(source.name for source in load_contracts().sources)
SOURCE = re.compile(rf"\b({SOURCES}):")


AS_OF = "reporting_date = date '2026-08-31'"
SALESFORCE_REP = "{} in (select owner_id from salesforce_reps)"

HISTORY = "only Salesforce's exports hold the past of a deal; HubSpot's hold when it entered a stage, Neocrm's nothing"
CHANCES = f"chances are learnt from all deals: {HISTORY}"
LEAD_DATES = (
    "a CRM's export tells a lead's state, and not when and by whom it was assigned, answered, recycled or disqualified"
)
PLATFORMS = "what platforms claim is not added across platforms, and in the template's ledger there is only one"
TOUCHES = (
    "a mailing names an e-mail and no account, and the last cent of equal shares falls by the order of ids of touches, "
    "which begin with their source"
)
IN_ORDER_OF_IDS = "those that stayed are drawn in the order of ids, which begin with their source"
FILES = "it tells of the files themselves"


@dataclass(frozen=True)
class Told:
    """What both forms tell of a mart: the columns but `without`, of rows of which `rows` is true; `why` no more."""

    why: str = ""
    without: tuple[str, ...] = ()
    rows: str = "true"


_LEARNT = ("calibrated_amount", "landing_p10", "landing_p50", "landing_p90")
_EXPECTED = ("forecast_quantity", "projected_quantity", "days_of_cover", "shortage_quantity", "excess_amount")

_CREDITED = (
    "opportunities", "wins", "pipeline_amount", "booked_amount", "invoiced_amount", "collected_amount",
    "gross_margin_amount", "uncosted_amount",
)  # fmt: skip
_PER_CREDIT = (
    *_CREDITED, "roi_booked", "roas_booked", "roi_collected", "roas_collected", "gross_margin_roi", "cost_per_opportunity",
    "cost_per_win", "payback_on",
)  # fmt: skip

TOLD: dict[str, tuple[Told, ...]] = {
    "attribution_channels": (Told(TOUCHES, rows="path_source <> 'opportunities'"),),
    "attribution_credits": (),
    "campaign_plan": (Told(TOUCHES, without=("booked_amount",)),),
    "campaign_roi": (Told(TOUCHES, without=_PER_CREDIT),),
    "campaign_roi_monthly": (Told(TOUCHES, without=_CREDITED, rows="cost <> 0 or leads <> 0"),),
    "channel_roi": (Told(f"{TOUCHES}; {PLATFORMS}", without=(*_PER_CREDIT, "claimed_conversions")),),
    "commit_hits": (Told(HISTORY, rows=SALESFORCE_REP.format("owner_id")),),
    "commission_liability": (
        Told(HISTORY, without=("pipeline",)),
        Told(HISTORY, rows=SALESFORCE_REP.format("owner_id")),
        Told(rows=AS_OF),
    ),
    "data_findings": (),
    "data_health": (),
    "demand_accuracy": (Told(CHANCES, without=("forecast_quantity", "error", "absolute_error", "wape", "bias")),),
    "demand_vs_inventory": (Told(CHANCES, without=_EXPECTED),),
    "expected_demand": (),
    "forecast_accuracy": (
        Told(CHANCES, rows=f"level = 'rep' and method <> 'calibrated' and {SALESFORCE_REP.format('level_id')}"),
    ),
    "lead_pool": (),
    "lead_pool_due": (),
    "lead_response": (Told(LEAD_DATES, rows="owner_id = 'all'"),),
    "lead_score_quality": (Told(LEAD_DATES, without=("auc", "top_fifth_converted", "top_fifth_lift")),),
    "lead_scores": (Told(LEAD_DATES, without=("conversion_probability",)),),
    "owner_change_effect": (Told(IN_ORDER_OF_IDS, rows="cohort not in ('stayed', 'difference')"),),
    "pipeline_changes": (Told(HISTORY, rows=SALESFORCE_REP.format("owner_id")),),
    "pipeline_forecast": (
        Told(CHANCES, without=_LEARNT, rows=AS_OF),
        Told(
            HISTORY, without=(*_LEARNT, "is_estimated"), rows=f"level = 'rep' and {SALESFORCE_REP.format('level_id')}"
        ),
    ),
    "pipeline_waterfall": (Told(HISTORY, rows=SALESFORCE_REP.format("owner_id")),),
    "sales_performance": (Told(HISTORY, rows=f"won + lost > 0 or {SALESFORCE_REP.format('owner_id')}"),),
    "stage_conversion": (),
    "stage_conversion_reps": (Told(HISTORY, without=("company_loss_rate",), rows=SALESFORCE_REP.format("owner_id")),),
    "stalled_opportunities": (
        Told(HISTORY, without=("detail", "days_in_stage")),
        Told(HISTORY, without=("detail",), rows=SALESFORCE_REP.format("owner_id")),
    ),
    "stock_by_policy": (
        Told(CHANCES, without=("target_quantity", "stock_quantity", "shortage_quantity", "stock_amount")),
    ),
}
UNTOLD = {
    "attribution_credits": TOUCHES,
    "data_findings": FILES,
    "data_health": FILES,
    "expected_demand": CHANCES,
    "lead_pool": LEAD_DATES,
    "lead_pool_due": LEAD_DATES,
    "stage_conversion": HISTORY,
}
"""Marts of which no part is compared; credits have tests of their own, since a cent more or less is the same."""
LINES = ("file_id", "row_number", "movement_id")
"""Where a figure stands in a file."""


TOUCH = ("opportunity_id", "occurred_at", "channel", "campaign_id")
"""What both forms tell of a touch; its id begins with its source, or is a place in a file."""
CREDITS = ("pipeline_amount", "booked_amount", "invoiced_amount", "collected_amount")


@dataclass
class Company:
    """The marts of one simulated company, by its vendors' exports (`vendors`) and by the template's (`template`)."""

    folder: Path

    @cached_property
    def connection(self) -> duckdb.DuckDBPyConnection:
        """Both builds."""
        connection = duckdb.connect()
        for form in ("template", "vendors"):
            path = self.folder / form / "data" / "build" / "wanamaker.duckdb"
            connection.execute(f"attach '{path}' as {form} (read_only)")
        teams = [team for (team, *_), crm in zip(parameters.TEAMS, CRM_OF_TEAM, strict=True) if crm == SALESFORCE]
        connection.execute(
            "create temp table salesforce_reps as select regexp_replace(owner_id, '.*:', '') as owner_id "
            "from template.core.reps where team in (select unnest(?))",
            [teams],
        )
        return connection

    @cached_property
    def oracle(self) -> Oracle:
        """The second calculation, over the template's exports, told which leads are one person's."""
        clusters = self.connection.execute("select lead_id, cluster_id from template.marts.lead_duplicates").fetchall()
        return Oracle(self.folder / "template" / "exports", dict(clusters))

    @cached_property
    def marts(self) -> dict[str, dict[str, str]]:
        """Each mart's columns with their types."""
        rows = self.connection.execute(
            "select table_name, column_name, data_type from information_schema.columns "
            "where table_catalog = 'template' and table_schema in ('core', 'marts') order by table_name, "
            "ordinal_position"
        ).fetchall()
        found: dict[str, dict[str, str]] = {}
        for mart, column, kind in rows:
            found.setdefault(mart, {})[column] = kind
        return found

    def bare(self, mart: str, column: str) -> str:
        """A column without what tells only whose export it is: the source of an id, the language of a stage."""
        if self.marts[mart][column] != "VARCHAR":
            return f'"{column}"'
        text = rf"""regexp_replace("{column}", '\b({SOURCES}):', '', 'g')"""
        if column == "stage":
            stages = " ".join(f"when '{theirs}' then '{ours}'" for ours, theirs in NEOCRM_STAGES.items())
            text = f"case {text} {stages} else {text} end"
        return f'{text} as "{column}"'

    def sql(self, form: str, mart: str, columns: tuple[str, ...], rows: str) -> str:
        """Rows of a mart as they are compared."""
        named = ", ".join(self.bare(mart, column) for column in self.marts[mart])
        compared = ", ".join(f'"{column}"' for column in columns)
        return f"select {compared} from (select {named} from {form}.marts.{mart}) where {rows}"

    def differences(self, mart: str, columns: tuple[str, ...], rows: str) -> list[str]:
        """Rows of either form that the other has not, each as often."""
        theirs, ours = (self.sql(form, mart, columns, rows) for form in ("vendors", "template"))
        assert self.connection.execute(f"select count(*) > 0 from ({ours})").fetchall() == [(True,)], (
            f"{mart}: nothing to compare"
        )
        found: list[str] = []
        for who, these, others in (("vendors", theirs, ours), ("template", ours, theirs)):
            self.connection.execute(f"select * from ({these} except all {others}) order by all limit 4")
            found += [f"only {who}: {row}" for row in self.connection.fetchall()]
        return found

    @cached_property
    def told_apart(self) -> set[str]:
        """Opportunities whose touches the two forms tell differently; makes the tables of credits by touch."""
        for form in ("template", "vendors"):
            named = ", ".join(self.bare("attribution_credits", column) for column in self.marts["attribution_credits"])
            self.connection.execute(f"""
                create temp table credits_{form} as
                select *, row_number() over (partition by {", ".join(TOUCH)}, model order by credit_share) as place
                from (select {named} from {form}.marts.attribution_credits)
            """)
            self.connection.execute(
                f"create temp table touches_{form} as select {', '.join(TOUCH)}, place from credits_{form} "
                "where model = 'linear'"
            )
        self.connection.execute("""
            create temp table told_by_one as
            select 'template' as form, * from (from touches_template except from touches_vendors)
            union all
            select 'vendors', * from (from touches_vendors except from touches_template)
        """)
        found = self.connection.execute("select distinct opportunity_id from told_by_one").fetchall()
        return {opportunity for (opportunity,) in found}

    def published(self, mart: Mart) -> Rows:
        """What the vendors' exports gave of a mart that the oracle calculates."""
        columns = ", ".join(self.bare(mart.name, column) for column in mart.columns)
        sql = f"select {columns} from vendors.{mart.schema}.{mart.name} where {mart.where}"
        return mart.rows(self.connection.execute(sql).fetchall())


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Company]:
    """A small company, twice through the pipeline."""
    folder = tmp_path_factory.mktemp("company")
    for form, more in (("template", ()), ("vendors", ("--vendors",))):
        arguments = ("--scale", "0.1", "--months", "12", "--noise", "0", *more)
        command = [str(Path(sys.executable).with_name("wanamaker")), "simulate", str(folder / form), *arguments]
        subprocess.run(command, check=True, capture_output=True)
        (folder / form / "data").mkdir()
        request = Request(Settings(data=folder / form / "data"), folder / form / "exports")
        report = ingest_step(request, lambda _: None)
        assert not report.problems, report.problems
        result = build_step(request)
        assert not result.failed, failure_words(result)
    made = Company(folder)
    with closing(made.connection):
        yield made


def test_all_that_is_not_compared_exists(company: Company) -> None:
    """An exception of what there is no more is none."""
    assert {mart for mart, parts in TOLD.items() if not parts} == set(UNTOLD)
    assert set(TOLD) <= set(company.marts)
    lost = {(mart, column) for mart, parts in TOLD.items() for part in parts for column in part.without}
    assert not {(mart, column) for mart, column in lost if column not in company.marts[mart]}


@pytest.mark.parametrize(
    "mart", sorted({path.stem for path in (ROOT / "models" / "marts").rglob("*.sql")} - set(UNTOLD))
)
def test_a_mart_is_that_of_the_templates_exports(company: Company, mart: str) -> None:
    for part in TOLD.get(mart, (Told(),)):
        columns = tuple(column for column in company.marts[mart] if column not in (*LINES, *part.without))
        found = company.differences(mart, columns, part.rows)
        assert not found, "\n".join([part.why, *found])


@pytest.mark.parametrize("mart", [mart for mart in CALCULATIONS if mart.name not in TOLD], ids=lambda mart: mart.name)
def test_the_second_calculation_over_the_templates_exports_ties_to_the_vendors(company: Company, mart: Mart) -> None:
    calculated = CALCULATIONS[mart](company.oracle)
    oracle = {bare(key): dict(zip(row, bare(row.values()), strict=True)) for key, row in calculated.items()}
    report = mart.report(oracle, company.published(mart))
    assert not report, report


@pytest.mark.parametrize(
    ("mart", "where", "figures"),
    [
        (
            FORECAST,
            f"{AS_OF} and period = 'all' and level = 'company'",
            ("won_amount", "open_amount", "stage_weighted_amount"),
        ),
        (PERFORMANCE, "true", ("won", "lost", "won_amount", "lost_amount", "activities")),
        (
            CHANNEL_ROI,
            "basis = 'period'",
            ("cost", "leads", "pipeline_amount", "booked_amount", "invoiced_amount", "collected_amount"),
        ),
    ],
    ids=lambda value: value.name if isinstance(value, Mart) else "",
)
def test_totals_of_the_others_tie_to_the_cent(
    company: Company, mart: Mart, where: str, figures: tuple[str, ...]
) -> None:
    """Rows go into an in-memory table, so that one condition chooses among both sides' rows."""
    sums = ", ".join(f"sum({figure})" for figure in figures)
    published = company.connection.execute(
        f"select {sums} from vendors.{mart.schema}.{mart.name} where {mart.where} and {where}"
    ).fetchall()
    company.connection.register(
        "calculated", pl.DataFrame(_records(mart, CALCULATIONS[mart](company.oracle)), infer_schema_length=None)
    )
    assert published == company.connection.execute(f"select {sums} from calculated where {where}").fetchall()


def test_the_touches_that_one_form_does_not_tell_are_mailings(company: Company) -> None:
    """A mailing names an e-mail, so it is an account's touch only where a contact of it has that e-mail."""
    apart = company.told_apart
    total = company.connection.execute("select count(distinct opportunity_id) from touches_template").fetchone()
    assert total is not None
    assert len(apart) * 20 < total[0]
    found = company.connection.execute(
        "select form, channel from told_by_one where occurred_at is not null group by all order by all"
    ).fetchall()
    assert found == [("template", "email")]


@pytest.mark.parametrize(
    "model", ["first", "last", "last_non_direct", "linear", "position", "w_shaped", "time_decay", "shapley"]
)
def test_each_credit_is_that_of_the_templates_exports_to_the_cent(company: Company, model: str) -> None:
    """Row by row, where both forms tell the touches; the last cent of equal shares falls by ids."""
    pairs, alone, *apart = _compared(company, model)
    assert pairs > len(company.told_apart)
    assert alone == 0
    assert max(apart) <= Decimal("0.01")
    assert apart[0] <= Decimal("0.000001")


def test_credits_of_markov_go_to_the_same_touches(company: Company) -> None:
    """Its shares are learnt from all journeys, those with a mailing more or less among them."""
    pairs, alone, share, *_ = _compared(company, "markov")
    assert pairs > len(company.told_apart)
    assert alone == 0
    assert share < Decimal("0.02")


def _compared(company: Company, model: str) -> tuple[Any, ...]:
    """Credits of touches that both forms tell: how many, how many stand alone, each figure's largest difference."""
    company.connection.execute(
        "create or replace temp table apart as select unnest(?) as id", [sorted(company.told_apart)]
    )
    figures = ("credit_share", *CREDITS)
    largest = ", ".join(f"max(abs(coalesce(ours.{figure}, 0) - coalesce(theirs.{figure}, 0)))" for figure in figures)
    sides = " full join ".join(
        f"(select * from credits_{form} where model = '{model}' and opportunity_id not in (from apart)) as {name}"
        for form, name in (("template", "ours"), ("vendors", "theirs"))
    )
    same = " and ".join(f"ours.{column} is not distinct from theirs.{column}" for column in (*TOUCH, "place"))
    row = company.connection.execute(
        "select count(*), count(*) filter (ours.model is null or theirs.model is null), "
        f"{largest} from {sides} on {same}"
    ).fetchone()
    assert row is not None
    return row


def _records(mart: Mart, rows: Rows) -> list[dict[str, Any]]:
    return [dict(zip(mart.key, key, strict=True)) | dict(row) for key, row in rows.items()]


def bare(values: Iterable[Any]) -> tuple[Any, ...]:
    """Values with ids that do not tell whose export they come from."""
    return tuple(SOURCE.sub("", value) if isinstance(value, str) else value for value in values)


def test_nothing_that_an_export_names_is_unknown(company: Company) -> None:
    """Campaigns, products, people and accounts that one system names by another's id are found."""
    found = company.connection.execute(
        "select * from vendors.marts.data_findings where finding like 'unknown%'"
    ).fetchall()
    assert found == []
