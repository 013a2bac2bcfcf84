"""A style guessed from the first rows is the one that the whole column would have chosen."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from pipelines.ingest import reader
from tests.pipeline.conftest import CONTRACT, contracts_of
from tests.pipeline.project import Project

QUICK = settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
LONG = settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))

DATES = [
    "2026-01-05",
    "1/25/2026",
    "5/5/2026",
    "25/1/2026",
    "3/4/2026",
    "1/25/2026 3:25 PM",
    "12/1/26",
    "46000",
    "soon",
    "",
]
NUMBERS = ["1.5", "1,5", "1,234", "1.234", "1,234.50", "1.234,50", "￥5", "1e3", "n/a", "many", "(7)", ""]

columns = st.lists(st.tuples(st.sampled_from(DATES), st.sampled_from(NUMBERS)), min_size=1, max_size=12)


def outcome(cells: list[tuple[str, str]], pays_from: int) -> Any:
    """All of raw, or what was wrong, where texts of that many records are guessed from their first three rows."""
    rows = "".join(f'P{number},{day},"{amount}","{amount}"\n' for number, (day, amount) in enumerate(cells))
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr(reader, "_SAMPLE", 3)
        patch.setattr(reader, "_SAMPLE_PAYS_FROM", pays_from)
        shop = Project(Path(folder), contracts_of(CONTRACT, Path(folder)))
        shop.write("people_2026-01-05.csv", f"person_id,born_on,balance,visits\n{rows}")
        report = shop.load()
        return [problem.message for problem in report.problems], shop.state()


def guesses_as_the_whole(cells: list[tuple[str, str]]) -> None:
    assert outcome(cells, pays_from=0) == outcome(cells, pays_from=10**9)


@QUICK
@given(columns)
@example([("5/5/2026", "1,5")] * 4 + [("6/5/2026", "1.5")])
@example([("1/25/2026", "1,234")] * 4 + [("3/4/2026", "1,5"), ("1/25/2026 3:25 PM", "x"), ("soon", "")])
@example([("1/25/2026", "1.5")] * 4 + [("25/1/2026", "1,234")] * 5)
@example([("2026-01-05", "1.5")] * 4 + [("1/25/2026", "￥5"), ("soon", "many")])
def test_a_guess_ends_as_the_whole_column_does(cells: list[tuple[str, str]]) -> None:
    guesses_as_the_whole(cells)


@pytest.mark.slow
@LONG
@given(columns)
def test_a_guess_ends_as_the_whole_column_does_at_length(cells: list[tuple[str, str]]) -> None:
    guesses_as_the_whole(cells)


def test_a_text_whose_guess_fits_is_read_once(shop: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "_SAMPLE_PAYS_FROM", 2)
    filled: list[int | None] = []
    fill = reader._Reader._fill
    monkeypatch.setattr(reader._Reader, "_fill", lambda self, most=None: (filled.append(most), fill(self, most))[1])
    rows = "".join(f'P{number},1/{number % 28 + 1}/2026,"1,{number:03}.50"\n' for number in range(100))
    assert shop.load_one("people_2026-01-05.csv", f"person_id,born_on,balance\n{rows}P100,soon,many\n").rejected == 1
    assert filled == [reader._SAMPLE, None]
