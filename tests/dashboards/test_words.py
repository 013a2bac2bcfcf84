"""Words, money, numbers and days in both languages."""

from __future__ import annotations

import re
import string
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir

from dashboards import words
from dashboards.labels import finding_name
from dashboards.labels_rejects import reject_reason
from pipelines.contracts import load_contracts
from pipelines.ingest.cells import Style, problem
from pipelines.ingest.rows import range_problem

DASHBOARDS = Path(words.__file__).parent
SPACE = "\N{NARROW NO-BREAK SPACE}"


@pytest.fixture(autouse=True)
def begin_in_english() -> None:
    words.use("en")


@pytest.mark.parametrize(
    ("amount", "english", "chinese"),
    [
        (Decimal("12345678.90"), f"¥12.3{SPACE}M", f"¥1,230{SPACE}万"),
        (Decimal(147_000), f"¥147{SPACE}K", f"¥14.7{SPACE}万"),
        (999_999, f"¥1.00{SPACE}M", f"¥100{SPACE}万"),
        (1_234_567_890, f"¥1.23{SPACE}B", f"¥12.3{SPACE}亿"),
        (-2_500.5, f"−¥2.50{SPACE}K", "−¥2,501"),
        (95.4, "¥95", "¥95"),
        (-0.2, "¥0", "¥0"),
        (0, "¥0", "¥0"),
        (None, "–", "–"),
        (float("nan"), "–", "–"),
    ],
)
def test_money_is_short_with_three_digits(amount: float | None, english: str, chinese: str) -> None:
    assert words.money(amount, "CNY") == english
    words.use("zh")
    assert words.money(amount, "CNY") == chinese


def test_money_to_the_cent_rounds_half_away_from_zero() -> None:
    assert words.money(Decimal("-1234.565"), "USD", cents=True) == "−$1,234.57"


def test_axes_leave_out_zeros_after_the_point() -> None:
    assert words.money(7_500_000, "USD", trim=True) == f"$7.5{SPACE}M"
    assert words.money(10_000_000, "USD", trim=True) == f"$10{SPACE}M"


def test_every_finding_of_the_models_has_a_name_in_chinese() -> None:
    models = "\n".join(path.read_text() for path in (DASHBOARDS.parent / "models" / "core").rglob("*findings.sql"))
    codes = set(re.findall(r"'([a-z_]+)' as finding", models)) | set(
        re.findall(r"^    \('([a-z_]+)', '", models, re.MULTILINE)
    )
    codes |= {"unlinked", "ambiguous_link"}
    assert len(codes) > 25
    words.use("zh")
    assert [code for code in codes if not re.search("[\u4e00-\u9fff]", finding_name(code))] == []


def test_every_reason_to_reject_a_cell_is_said_in_chinese() -> None:
    columns = [column for source in load_contracts().sources for table in source.tables for column in table.columns]
    styles = (Style(), Style(",", ".", ("%d.%m.%Y",)))
    reasons = {reason for column in columns for style in styles for _, reason in problem(column, "c", "v", style)}
    reasons |= {reason for _, reason in range_problem("a", "b")}
    reasons.discard("is not one of ")  # of text that may be anything: never said
    assert len(reasons) > 10
    words.use("zh")
    assert [reason for reason in reasons if reject_reason(reason) == reason] == []
    words.use("en")
    assert [reason for reason in reasons if reject_reason(reason) != reason] == []
    assert reject_reason("is something new") == "is something new"


def test_an_id_that_stands_in_for_a_name_loses_its_source() -> None:
    assert words.name_of("custom:A-011007") == "A-011007"
    assert words.name_of("google_ads:7, custom:U-2, Laura Schmid") == "7, U-2, Laura Schmid"
    for name in ("Acme: Robotics", "https://acme.example", "Profil: Nord", "Acme"):
        assert words.name_of(name) == name


def test_a_quarter_stands_above_its_year_on_an_axis() -> None:
    assert words.quarter_tick("2026-Q3") == "Q3<br>2026"
    words.use("zh")
    assert words.quarter_tick("2026-Q3") == "3 季度<br>2026"


def test_percent_has_one_decimal_and_no_value_is_a_dash() -> None:
    assert words.percent(0.43215) == "43.2%"
    assert words.percent(-0.196, signed=True) == "−19.6%"
    assert words.percent(0.196, signed=True) == "+19.6%"
    assert words.percent(None) == "–"


def test_days_and_periods_follow_the_language() -> None:
    assert words.day(date(2026, 9, 30)) == "Sep 30, 2026"
    assert words.period("2026-Q4") == "Q4 2026"
    words.use("zh")
    assert words.day(date(2026, 9, 30)) == "2026年9月30日"
    assert words.period("2026-Q4") == "2026 年第 4 季度"


def test_days_follow_the_browser_where_it_speaks_the_language() -> None:
    words.use("en", "en-GB")
    assert words.day(date(2026, 9, 30)) == "30 Sept 2026"
    words.use("en", "de-DE")
    assert words.day(date(2026, 9, 30)) == "Sep 30, 2026"
    words.use("en", "nonsense")
    assert words.day(date(2026, 9, 30)) == "Sep 30, 2026"


def test_age_is_told_in_words() -> None:
    now = datetime(2026, 11, 15, 12, 0, tzinfo=UTC)
    assert words.ago(datetime(2026, 11, 15, 10, 0, tzinfo=UTC), now) == "2 hours ago"
    assert words.ago(now, now) == "1 minute ago"


def test_moments_are_shown_in_the_companys_time_zone() -> None:
    assert words.moment(datetime(2026, 11, 15, 20, 30, tzinfo=UTC), "Asia/Shanghai") == "Nov 16, 2026 04:30"


@pytest.mark.parametrize(
    "text", ["$5 and $6", "a *b* _c_", "[x](http://y)", "<b>", ":red[x]", "# head", "1. one", "`x`"]
)
def test_markdown_is_escaped(text: str) -> None:
    escaped = words.markdown(text)
    assert escaped != text
    assert escaped.replace("\\", "") == text


def test_no_line_ends_between_a_minus_and_the_currency() -> None:
    words.use("en", "en-US")
    assert words.markdown(words.money(-1_044, "CNY")) == "−\N{WORD JOINER}¥1.04\N{NARROW NO-BREAK SPACE}K"
    assert words.markdown(words.count(-3)) == "−3"


def messages() -> set[str | tuple[str, str]]:
    """Give every message of the dashboards' code."""
    found = extract_from_dir(DASHBOARDS, method_map=[("**.py", "python")], keywords={"_": None, "ngettext": (1, 2)})
    return {text if isinstance(text, str) else (text[0], text[1]) for _file, _line, text, _comments, _context in found}


def fields(text: str) -> set[str]:
    """Give the names that a template fills in."""
    return {name for _literal, name, _spec, _conversion in string.Formatter().parse(text) if name}


def test_chinese_has_every_message_with_the_same_names_to_fill_in() -> None:
    catalogue = words.catalogue("zh")
    said = {
        message.id if isinstance(message.id, str) else tuple(message.id): message for message in catalogue if message.id
    }
    assert set(said) == messages()
    for key, message in said.items():
        english = key if isinstance(key, str) else key[1]
        chinese = message.string if isinstance(message.string, str) else next(iter(message.string or ()))
        assert chinese, key
        assert not message.fuzzy, key
        assert fields(chinese) == fields(english), key


def test_english_lists_the_same_messages() -> None:
    catalogue = words.catalogue("en")
    assert {
        message.id if isinstance(message.id, str) else tuple(message.id) for message in catalogue if message.id
    } == messages()


@pytest.mark.parametrize(("value", "expected"), [(0.25, "25%"), (0.125, "12.5%"), (0.9999, "100%"), (None, "–")])
def test_a_percent_on_an_axis_has_no_zero_decimal(value: float | None, expected: str) -> None:
    assert words.percent(value, trim=True) == expected


def test_every_reason_for_one_person_is_said_in_both_languages() -> None:
    from dashboards.labels_duplicates import match_reasons
    from pipelines.estimates.duplicates import COMPARISONS, PINNED, STATED

    said = [PINNED, STATED, *(level.words for levels in COMPARISONS.values() for level in levels)]
    assert match_reasons("; ".join(said)) == "; ".join(said)
    words.use("zh")
    assert not [reason for reason in said if match_reasons(reason) == reason]
    assert match_reasons("same phone; another city") == "电话相同；城市不同"
