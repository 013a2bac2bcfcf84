"""Lead scoring on 9,191 real leads: the models' own SQL learns on the first 70 % by lead number and is judged on the rest.

The export has no days, so leads are laid out one a day in the order of their numbers, each decided on its own day: what is
learnt before the cut is the first 70 %. Only what is known when a lead is created may be learnt from.
"""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from benchmarks.models import model_sql

MODELS = ("lead_attribute_odds", "lead_score_parts", "lead_score_trials", "lead_score_quality")

STATED_IN_THE_FORM = (
    "Lead Origin",
    "Lead Source",
    "Do Not Email",
    "Do Not Call",
    "Country",
    "Specialization",
    "How did you hear about X Education",
    "What is your current occupation",
    "What matters most to you in choosing a course",
    "Through Recommendations",
    "City",
    "A free copy of Mastering The Interview",
)
ORIGIN = ("Lead Origin", "Lead Source")
SEEN_ON_THE_SITE = ("TotalVisits", "Total Time Spent on Website", "Page Views Per Visit")
WRITTEN_AFTERWARDS = (
    "Tags",
    "Lead Quality",
    "Lead Profile",
    "Last Activity",
    "Last Notable Activity",
    "Asymmetrique Activity Index",
    "Asymmetrique Profile Index",
    "Asymmetrique Activity Score",
    "Asymmetrique Profile Score",
)
"""What sellers and their scoring tool wrote while or after they worked a lead: it would leak the outcome."""


def _quality(export: Path, texts: tuple[str, ...], amounts: tuple[str, ...] = ()) -> tuple[int, float, float]:
    """Leads judged, AUC and lift of the top fifth."""
    connection = duckdb.connect()
    connection.execute(
        """
        create table leads as
        select *, row_number() over (order by "Lead Number"::bigint) as place, count(*) over () as leads
        from read_csv(?, all_varchar = true)
        """,
        [str(export)],
    )
    connection.execute("""
        create table lead_decisions as
        select "Lead Number" as lead_id, date '2000-01-01' + place::integer as created_on,
               date '2000-01-01' + place::integer as decided_on, "Converted"::integer as converted
        from leads
    """)
    connection.execute("""
        create table lead_score_cuts as
        select date '2000-01-01' + min(place)::integer as cut_on, false as is_for_scoring
        from leads where place > 0.7 * leads
    """)
    values = {name: f"nullif(nullif(lower(trim(\"{name}\")), ''), 'select')" for name in texts}
    values |= {name: f'floor(ln(1 + try_cast("{name}" as double)))::varchar' for name in amounts}
    attributes = " union all ".join(
        f"select lead_id, created_on, '{name}' as attribute, coalesce({value}, '(none)') as value "
        'from leads inner join lead_decisions on leads."Lead Number" = lead_decisions.lead_id'
        for name, value in values.items()
    )
    connection.execute(f"create table lead_attributes as {attributes}")
    for name in MODELS:
        connection.execute(f"create table {name} as {model_sql(name)}")
    row = connection.execute("select leads, auc, top_fifth_lift from lead_score_quality").fetchone()
    assert row is not None
    return int(row[0]), float(row[1]), float(row[2])


@pytest.fixture(scope="module")
def export(real_data: Path) -> Path:
    return real_data / "xeducation_leads" / "lead_scoring.csv"


@pytest.mark.parametrize(
    ("texts", "amounts"),
    [(STATED_IN_THE_FORM, ()), (ORIGIN, SEEN_ON_THE_SITE), (STATED_IN_THE_FORM, SEEN_ON_THE_SITE)],
    ids=["the form alone", "origin and site alone", "both"],
)
def test_what_is_known_at_creation_ranks_later_leads(
    export: Path, texts: tuple[str, ...], amounts: tuple[str, ...]
) -> None:
    leads, auc, lift = _quality(export, texts, amounts)
    assert leads == 2758
    assert auc >= 0.78
    assert lift > 1.5


def test_the_columns_left_out_would_leak_the_outcome(export: Path) -> None:
    assert not {*STATED_IN_THE_FORM, *SEEN_ON_THE_SITE} & {*WRITTEN_AFTERWARDS}
    _, honest, _ = _quality(export, STATED_IN_THE_FORM)
    _, leaking, _ = _quality(export, WRITTEN_AFTERWARDS)
    assert leaking > honest + 0.05
