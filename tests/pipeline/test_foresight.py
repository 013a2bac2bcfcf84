"""What would stop a run although every file can be read is said before it starts, with file, line and what to do."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.contracts import load_contracts
from pipelines.flows import failure_words
from pipelines.foresight import stops
from pipelines.ingest.discover import Problem
from pipelines.ingest.load import FileReport, Report
from pipelines.transform import BuildResult
from pipelines.transform import TestResult as Failed
from tests.pipeline.project import Project

DEALS = "opportunity_id,stage,amount,currency\n"
RULES = "source,stage,sort_order,status,probability,forecast_category,expected_days,required_fields\n"


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path)


def said(project: Project, rules: Path | None = None) -> list[tuple[str, str]]:
    found = stops(project.data, load_contracts(), project.data / "none.duckdb", rules, "CNY")
    return [(problem.name, problem.message) for problem in found]


def test_a_stage_without_a_rule_is_named_with_its_line(project: Project) -> None:
    rows = "O1,Proposal,1,CNY\nO2,喝茶,1,CNY\nO3, 喝茶 ,1,CNY\nO4,PROPOSAL,1,\n"
    project.load_one("opportunities_2026-01-31.csv", DEALS + rows)
    ((name, words),) = said(project)
    assert name == "opportunities_2026-01-31.csv"
    assert words.startswith("line 3: stage '喝茶' is in no rule (2 rows): write it into stages.csv with its status")


def test_a_stage_in_ones_own_rules_stops_nothing(project: Project, tmp_path: Path) -> None:
    project.load_one("opportunities_2026-01-31.csv", DEALS + "O1,Pitch,1,CNY\n")
    rules = tmp_path / "rules"
    rules.mkdir()
    (rules / "stages.csv").write_text(RULES + "custom,pitch,10,open,0.1,pipeline,30,\n", encoding="utf-8")
    assert said(project, rules) == []
    (rules / "stages.csv").write_text(RULES + "hubspot,pitch,10,open,0.1,pipeline,30,\n", encoding="utf-8")
    assert len(said(project, rules)) == 1


def test_a_stage_of_hubspot_is_compared_without_its_pipeline(project: Project) -> None:
    header = "Record ID,Deal Name,Deal Stage,Pipeline,Amount,Close Date\n"
    rows = "1,A,Proposal (Sales Pipeline),Sales Pipeline,1,2026-01-05\n2,B,77 (Sales Pipeline),Sales Pipeline,1,2026-01-05\n"
    project.load_one("hubspot/hubspot-crm-exports-all-deals-2026-01-31.csv", header + rows)
    assert [words.partition(" is in")[0] for _, words in said(project)] == ["line 3: stage '77'"]


def test_a_stage_that_only_the_history_tells_is_named(project: Project) -> None:
    rows = "O1,2026-01-05,stage,Proposal,Vibes\nO1,2026-01-06,amount,1,2\n"
    project.load_one(
        "opportunity_history_2026-01-31.csv", "opportunity_id,changed_at,field,old_value,new_value\n" + rows
    )
    assert [words.partition(" is in")[0] for _, words in said(project)] == ["line 2: stage 'Vibes'"]


def test_a_currency_without_a_rate_is_named(project: Project) -> None:
    project.write("fx_rates_2026-01-31.csv", "rate_on,from_currency,to_currency,rate\n2026-01-01,USD,CNY,7.1\n")
    project.write("opportunities_2026-01-31.csv", DEALS + "O1,Proposal,1,usd\nO2,Proposal,1,XYZ\nO3,Proposal,1,\n")
    project.load()
    ((name, words),) = said(project)
    assert name == "opportunities_2026-01-31.csv"
    assert words.startswith("line 3: currency 'XYZ' has no exchange rate (1 row): put its rates among the exports")


def test_records_that_are_longer_than_a_line_are_counted_as_lines(project: Project) -> None:
    text = 'opportunity_id,name,stage\nO1,"two\nlines",Proposal\nO2,b,Vibes\n'
    project.load_one("opportunities_2026-01-31.csv", text)
    assert said(project)[0][1].startswith("line 4: stage 'Vibes'")


def test_a_run_that_stops_says_what_to_mend_and_what_else_was_wrong(tmp_path: Path) -> None:
    failed = Failed("sales_every_stage_is_declared", "fail", 1, sample=("source=custom, stage=Vibes",))
    result = BuildResult(tmp_path, [failed])
    report = Report(
        [FileReport("deals.csv", "opportunities", "loaded", rejected=2)],
        [Problem(f"{number}.csv", "the file is empty; export it again") for number in range(7)],
    )
    cause = Problem("deals.csv", "line 2: stage 'Vibes' is in no rule (1 row): write it into stages.csv")
    assert failure_words(result, report, [cause]).splitlines() == [
        "nothing was published: a test of a figure failed",
        "  sales_every_stage_is_declared (1 row)",
        "    source=custom, stage=Vibes",
        "  deals.csv, line 2: stage 'Vibes' is in no rule (1 row): write it into stages.csv",
        *(f"  not loaded: {number}.csv: the file is empty; export it again" for number in range(5)),
        "  and 2 more files; see wanamaker check",
        "  2 rows of these files rejected; to see which: wanamaker check EXPORTS",
        "what was published before stays; mend the export or the rules and run again",
    ]
