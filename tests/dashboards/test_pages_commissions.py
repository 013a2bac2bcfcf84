"""The page about commissions in both languages, and that an owner sees his own rows."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest

from dashboards import parts, words
from dashboards.app_pages import commissions as page_of_commissions
from dashboards.queries import commissions
from tests.dashboards import commission_rows, published
from tests.dashboards.test_pages import opened, text

NOVEMBER = date(2026, 11, 1)


@pytest.fixture
def earning(folder: Path) -> Path:
    """The made-up company with its marts of commissions."""
    published.build(folder, changed=commission_rows.add)
    return folder


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_page_shows_its_figures(earning: Path, language: str) -> None:
    app = opened("commissions", language)
    assert app.title[0].value == {"en": "Commissions", "zh": "提成"}[language]
    assert len(app.metric) == 5
    said = text(app)
    assert {"en": "Ties: all lines", "zh": "相符"}[language] in said
    for wrong in ("NaN", "nan", "{", "could not be shown", "无法显示"):
        assert wrong not in said


def test_a_page_without_commissions_names_the_exports_that_fill_it(folder: Path) -> None:
    published.build(folder, is_empty=True)
    assert "commission_plans" in text(opened("commissions"))


def test_a_missing_mart_is_named(folder: Path) -> None:
    published.build(folder, without=["commission_statements"], changed=commission_rows.add)
    assert "commission_statements" in text(opened("commissions"))


def test_an_owner_sees_only_his_own_rows(earning: Path) -> None:
    lines = commissions.commission_lines(NOVEMBER, "custom:u2", "")
    assert set(lines.frame["owner_name"]) == {"Dev Patel"}
    assert set(lines.frame["kind"]) == set(commissions.KINDS)
    assert len(commissions.commission_people(NOVEMBER, "custom:u2")) == 1


def test_the_bridge_of_all_is_the_sum_of_everybody(earning: Path) -> None:
    bridge = commissions.commission_bridge(NOVEMBER, "")
    assert bridge["closing"] == pytest.approx(sum(bridge[name] for name in ("opening", *commissions.KINDS)), abs=0.001)
    assert bridge["closing"] == pytest.approx(
        commissions.commission_people(NOVEMBER, "")["closing"].astype(float).sum()
    )
    assert commissions.commission_difference(NOVEMBER, "") == 0


def test_lines_that_do_not_make_the_statement_are_said(folder: Path) -> None:
    def lose_a_line(rows: dict[str, list[published.Row]]) -> None:
        commission_rows.add(rows)
        rows["marts.commission_lines"].pop(0)

    published.build(folder, changed=lose_a_line)
    assert "Does not tie" in text(opened("commissions"))


@pytest.mark.parametrize(("closing", "label"), [(20.0, "Owed"), (-20.0, "Paid ahead")])
def test_more_paid_than_earned_is_not_called_owed(monkeypatch: pytest.MonkeyPatch, closing: float, label: str) -> None:
    shown: list[parts.Tile] = []
    monkeypatch.setattr(parts, "tiles", shown.extend)
    words.use("en")
    page = SimpleNamespace(currency="USD", money=lambda value: words.money(value, "USD"))
    history = pd.DataFrame({"closing": [closing], "accrued": [0.0], "paid": [0.0]})
    amounts = dict.fromkeys((*commissions.KINDS, "payable"), 0.0) | {"closing": closing}
    page_of_commissions.figures(page, amounts, history)  # type: ignore[arg-type]
    assert (shown[0].label, shown[0].value, shown[0].history) == (label, "$20", [20.0])
