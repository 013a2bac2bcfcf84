"""The money macros against the oracle's largest remainder and cumulative posting, for whatever amounts and weights."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import duckdb
import jinja2
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from tests.oracle.money import post, posted, rounded, split

MACROS = Path(__file__).resolve().parents[2] / "macros"
many = settings(max_examples=25, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))

amounts = st.decimals(Decimal("-9999999999.99"), Decimal("9999999999.99"), places=2)
weights = st.one_of(
    st.integers(0, 10_000).map(Decimal),
    st.decimals(0, 1_000_000, places=2),
    st.decimals(0, 1, places=12),
)
parts = st.dictionaries(
    st.one_of(st.integers(1, 200).map(str), st.text("abcxyz:é客", min_size=1, max_size=4)),
    weights,
    min_size=1,
    max_size=7,
).filter(lambda found: sum(found.values()) > 0)


def literal(value: Any) -> str:
    """A value as SQL writes it."""
    return f"'{value}'" if isinstance(value, str) else str(value)


cases = st.lists(st.tuples(amounts, parts), min_size=1, max_size=40)


@pytest.fixture(scope="module")
def macros() -> Any:
    """The money macros with DuckDB's dialect, as dbt would render them."""
    text = "".join((MACROS / name).read_text(encoding="utf-8") for name in ("engine/engine.sql", "money/money.sql"))
    text += (MACROS / "money/money_share.sql").read_text(encoding="utf-8")
    rendered: dict[str, Any] = {}
    adapter = SimpleNamespace(dispatch=lambda name, _: getattr(rendered["module"], f"duckdb__{name}"))
    environment = jinja2.Environment(extensions=["jinja2.ext.do"], autoescape=False)
    rendered["module"] = environment.from_string(text, globals={"adapter": adapter}).module
    return rendered["module"]


@pytest.fixture(scope="module")
def ask() -> Callable[[str, str, list[tuple[Any, ...]]], list[tuple[Any, ...]]]:
    """Rows of a query over a table `cases` that holds these rows."""
    connection = duckdb.connect()

    def run(columns: str, query: str, rows: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
        values = ", ".join(f"({', '.join(literal(value) for value in row)})" for row in rows)
        connection.execute(f"create or replace temp table cases ({columns}); insert into cases values {values}")
        return connection.execute(query).fetchall()

    return run


@pytest.mark.parametrize("places", [2, 6])
def test_allocate_is_the_largest_remainder(macros, ask, places):
    @many
    @given(cases)
    def holds(found):
        rows = [
            (number, part, amount, weight)
            for number, (amount, by_part) in enumerate(found)
            for part, weight in by_part.items()
        ]
        query = macros.allocate("cases", "amount", "weight", "case_id", "part_id", "result", places=places)
        answered = ask(
            "case_id bigint, part_id varchar, amount decimal(18,2), weight decimal(28,12)",
            f"select case_id, part_id, result from ({query})",
            rows,
        )
        expected = {
            (number, part): value
            for number, (amount, by_part) in enumerate(found)
            for part, value in split(amount, by_part, places).items()
        }
        assert {(number, part): value for number, part, value in answered} == expected

    holds()


events = st.lists(st.integers(1, 10_000).map(lambda cents: Decimal(cents) / 100), min_size=1, max_size=9)


def test_cumulative_posting_of_a_laid_out_amount_is_the_oracles_and_sums_to_the_whole(macros, ask):
    @many
    @given(st.lists(st.tuples(amounts, events), min_size=1, max_size=30))
    def holds(found):
        rows, expected = [], []
        for amount, pieces in found:
            whole, done = sum(pieces), Decimal(0)
            for number, movement in enumerate(post(amount, pieces, whole)):
                rows.append((len(rows), amount, done, done + pieces[number], whole))
                done += pieces[number]
                expected.append(movement)
        columns = "id bigint, amount decimal(18,2), since decimal(18,2), until decimal(18,2), whole decimal(18,2)"
        share = macros.money_share("amount", "since", "until", "whole")
        answered = [value for (value,) in ask(columns, f"select {share} from cases order by id", rows)]
        assert answered == expected
        assert sum(answered) == sum(amount for amount, _ in found)

    holds()


def test_any_split_of_the_events_posts_the_same_total(macros, ask):
    @many
    @given(amounts, events, st.lists(st.integers(1, 99), min_size=1, max_size=8))
    def holds(amount, pieces, cuts):
        whole = sum(pieces)
        finer = [
            part
            for piece in pieces
            for part in split(piece, {str(place): cut for place, cut in enumerate(cuts)}).values()
        ]
        assume(sum(finer) == whole)
        assert sum(post(amount, pieces, whole)) == sum(post(amount, finer, whole)) == amount
        half = rounded(whole / 2)
        columns = "amount decimal(18,2), part decimal(18,2), whole decimal(18,2)"
        query = f"select {macros.money_ratio('amount', 'part', 'whole')} from cases"
        ((answered,),) = ask(columns, query, [(amount, half, whole)])
        assert answered == posted(amount, half, whole)

    holds()
