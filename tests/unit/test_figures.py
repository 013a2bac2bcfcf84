"""Figures as text: thousands, no noise after the cents, nothing as a dash; text that no spreadsheet runs."""

from __future__ import annotations

from decimal import Decimal

import pytest

from pipelines.figures import brief, percent, plain
from pipelines.spreadsheet import safe


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "–"),
        (True, "True"),
        (1234567, "1,234,567"),
        (Decimal("1234.50"), "1,234.50"),
        (Decimal("0.250000"), "0.25"),
        (Decimal("12.000000"), "12"),
        (1234.5, "1,234.5"),
        ("custom:I1", "custom:I1"),
    ],
)
def test_a_value_is_written_as_it_is_without_zeros_after_the_cents(value, text):
    assert plain(value) == text


def test_a_difference_has_its_sign():
    assert [plain(Decimal("5.00"), sign=True), plain(-3, sign=True)] == ["+5.00", "-3"]


def test_an_amount_in_brief_has_three_digits():
    assert [brief(Decimal(value), "CNY") for value in ("12345678", "999", "1234", "-4560000000")] == [
        "CNY 12.3 M",
        "CNY 999",
        "CNY 1.23 K",
        "CNY -4.56 B",
    ]
    assert brief(None, "CNY") == percent(None) == "–"


@pytest.mark.parametrize("text", ["=1+1", "@cmd", "+1+1", "-2+3|x", "\t=1", "-cmd"])
def test_text_that_a_spreadsheet_would_run_gets_an_apostrophe(text):
    assert safe(text) == f"'{text}"


@pytest.mark.parametrize("text", ["-40", "+1,234.50", "-12.5%", "1+1", "客户", ""])
def test_signed_numbers_and_other_text_stay_as_they_are(text):
    assert safe(text) == text
