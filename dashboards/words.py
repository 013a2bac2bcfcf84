"""Words, money, numbers and days in the reader's language.

Sentences are whole templates in ``locale/<language>/LC_MESSAGES/*.po``, one file per domain, compiled in memory
when first used.
"""

from __future__ import annotations

import gettext
import io
import math
import re
from contextvars import ContextVar
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from pathlib import Path
from typing import Final

import pandas as pd
from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_skeleton, format_time, format_timedelta, get_timezone
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal, get_currency_symbol

LANGUAGES: Final = {"en": "English", "zh": "中文"}
NOTHING: Final = "–"
MINUS: Final = "−"

_LOCALE_FOLDER: Final = Path(__file__).parent / "locale"
_JOINER: Final = "\N{WORD JOINER}"
_NARROW_SPACE: Final = "\N{NARROW NO-BREAK SPACE}"
_NARROW_SYMBOLS: Final = {"CNY": "¥", "USD": "$", "EUR": "€", "GBP": "£"}
_SCALES: Final = {
    "en": ((Decimal(10**9), "B"), (Decimal(10**6), "M"), (Decimal(10**3), "K")),
    "zh": ((Decimal(10**8), "亿"), (Decimal(10**4), "万")),
}
_SIGNIFICANT_DIGITS: Final = 3
_MARKDOWN: Final = re.compile(r"[\\`*_\[\]$<>:~|]|^[#+=-](?=\s)|(?<=^\d)[.)](?=\s)", re.MULTILINE)
_STANDING_IN: Final = re.compile(r"(?:^|(?<=, ))[a-z][a-z0-9_]*:(?=[^\s/])")
_MINUS_BEFORE_SIGN: Final = re.compile(f"{MINUS}(?=[^\\d\\s])")

_language: ContextVar[str] = ContextVar("language", default="en")
_locale: ContextVar[str] = ContextVar("locale", default="en")

Number = int | float | Decimal


def use(language: str, browser_locale: str | None = None) -> None:
    """Set the language of this thread; dates follow the browser's locale where it speaks that language."""
    _language.set(language)
    wanted = (browser_locale or language).replace("-", "_")
    try:
        parsed = Locale.parse(wanted)
    except (UnknownLocaleError, ValueError):
        parsed = Locale.parse(language)
    _locale.set(str(parsed) if parsed.language == language else language)


def language() -> str:
    """Give the code of the language in use."""
    return _language.get()


def guess(browser_locale: str | None) -> str:
    """Give the language to begin with for a browser's locale: ``zh`` for any Chinese, else ``en``."""
    return "zh" if (browser_locale or "").lower().startswith("zh") else "en"


def catalogue(code: str) -> Catalog:
    """Give all messages of a language; a message that two files hold is an error that names it."""
    whole = Catalog(locale=code)
    for path in sorted((_LOCALE_FOLDER / code / "LC_MESSAGES").glob("*.po")):
        with path.open("rb") as file:
            for message in read_po(file, locale=code):
                if message.id and message.id in whole:
                    raise ValueError(f"{path.name} repeats {message.id!r}")
                whole[message.id] = message
    return whole


@lru_cache
def _catalogue(code: str) -> gettext.GNUTranslations:
    compiled = io.BytesIO()
    write_mo(compiled, catalogue(code))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


def _(message: str) -> str:
    """Give a message in the language in use."""
    return _catalogue(language()).gettext(message)


def ngettext(singular: str, plural: str, count: int) -> str:
    """Give the form of a message that suits ``count``."""
    return _catalogue(language()).ngettext(singular, plural, count)


def markdown(text: str) -> str:
    """Escape text so that Markdown, colour directives and formulas in it are shown as they are.

    No line ends between a minus and the currency's sign.
    """
    return _MARKDOWN.sub(r"\\\g<0>", _MINUS_BEFORE_SIGN.sub(MINUS + _JOINER, text))


def is_missing(value: object) -> bool:
    """Tell whether there is no value: None, a pandas null or not a number."""
    return value is None or value is pd.NA or value != value  # noqa: PLR0124 (not a number)


def number_of(record_id: str) -> str:
    """Give the number of a document or record as its own system writes it: its id without the source."""
    return record_id.partition(":")[2] or record_id


def name_of(name: str) -> str:
    """Give a name, or names after commas; where an id stands in for one that no export holds, without its source."""
    return _STANDING_IN.sub("", name)


def _decimal(value: Number) -> Decimal:
    return value if isinstance(value, Decimal) else Decimal(repr(float(value)))


def _significant(value: Decimal) -> Decimal:
    if not value:
        return Decimal(0)
    places = value.adjusted() - _SIGNIFICANT_DIGITS + 1
    return value.quantize(Decimal(1).scaleb(places), ROUND_HALF_UP)


def _shown(value: Decimal, places: int | None = None) -> str:
    keep = max(0, -int(value.as_tuple().exponent)) if places is None else places
    pattern = "#,##0" + ("." + "0" * keep if keep else "")
    return format_decimal(value, pattern, _locale.get())


def symbol(currency: str) -> str:
    """Give the short sign of a currency: ¥ for CNY, $ for USD, else the locale's own."""
    return _NARROW_SYMBOLS.get(currency) or get_currency_symbol(currency, _locale.get())


def money(value: Number | None, currency: str, *, cents: bool = False, trim: bool = False) -> str:
    """Give an amount: short with three significant digits (¥12.3 M, ¥1,230 万), or to the cent.

    ``trim`` leaves out zeros after the decimal point, as axes do.
    """
    if value is None or is_missing(value):
        return NOTHING
    amount = _decimal(value)
    sign = MINUS if amount < 0 else ""
    if cents:
        exact = abs(amount).quantize(Decimal("0.01"), ROUND_HALF_UP)
        return f"{sign if exact else ''}{symbol(currency)}{_shown(exact, 2)}"
    rounded = _significant(abs(amount))
    for scale, unit in _SCALES[language()]:
        if rounded >= scale:
            scaled = _significant(rounded / scale)
            places = max(0, -int(scaled.normalize().as_tuple().exponent)) if trim else max(0, 2 - scaled.adjusted())
            return f"{sign}{symbol(currency)}{_shown(scaled, places)}{_NARROW_SPACE}{unit}"
    whole = abs(amount).quantize(Decimal(1), ROUND_HALF_UP)
    return f"{sign if whole else ''}{symbol(currency)}{_shown(whole)}"


def change(value: Number | None, currency: str) -> str:
    """Give an amount with its sign written in any case."""
    if value is None or is_missing(value):
        return NOTHING
    return (f"+{_JOINER}" if value > 0 else "") + money(value, currency)


def count(value: Number | None, places: int = 0) -> str:
    """Give a number with thousands separators and a fixed number of decimals."""
    if value is None or is_missing(value):
        return NOTHING
    rounded = _decimal(value).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    return (MINUS if rounded < 0 else "") + _shown(abs(rounded), places)


def percent(value: Number | None, *, signed: bool = False, trim: bool = False) -> str:
    """Give a fraction as percent with one decimal: 0.4321 is 43.2%. ``trim`` leaves out a zero decimal, as axes do."""
    if value is None or is_missing(value):
        return NOTHING
    rounded = (_decimal(value) * 100).quantize(Decimal("0.1"), ROUND_HALF_UP)
    shown = count(rounded, 0 if trim and rounded == rounded.to_integral_value() else 1)
    return ("+" if signed and value > 0 else "") + shown + "%"


def times(value: Number | None) -> str:
    """Give a multiple: 2.23×."""
    if value is None or is_missing(value):
        return NOTHING
    return f"{count(value, 2)}×"


def day(value: date | datetime) -> str:
    """Give a day in the reader's locale."""
    return format_date(value, "medium", _locale.get())


def moment(value: datetime, timezone: str = "UTC") -> str:
    """Give a moment as day and time of a time zone in the reader's locale."""
    zone = get_timezone(timezone)
    clock = format_time(value, "HH:mm", tzinfo=zone, locale=_locale.get())
    return f"{day(value.astimezone(zone))} {clock}"


def day_of_year(value: date) -> str:
    """Give a day without its year, for axes."""
    return format_skeleton("MMMd", value, locale=_locale.get())


def month(value: date, *, short: bool = False) -> str:
    """Give a month of a year in the reader's locale; short is for axes."""
    if not short:
        return format_skeleton("yMMM", value, locale=_locale.get())
    name = format_skeleton("MMM", value, locale=_locale.get())
    return _("{month} {year}").format(month=name, year=f"{value.year % 100:02d}")


def ago(then: datetime, now: datetime) -> str:
    """Give the time between two moments: ``2 hours ago``."""
    seconds = max(60.0, (now - then).total_seconds())
    return format_timedelta(timedelta(seconds=-seconds), add_direction=True, locale=_locale.get())


def period(code: str) -> str:
    """Give a period's code (2017, 2017-Q4, 2017-12, all, undated) in words."""
    if code == "all":
        return _("All periods")
    if code == "undated":
        return _("Without a close date")
    if match := re.fullmatch(r"(\d{4})-Q([1-4])", code):
        return _("Q{quarter} {year}").format(year=match[1], quarter=match[2])
    if match := re.fullmatch(r"(\d{4})-(\d{2})", code):
        return month(date(int(match[1]), int(match[2]), 1))
    return _("Year {year}").format(year=code) if code.isdigit() else code


def quarter_tick(code: str) -> str:
    """Give a quarter's code (2017-Q4) for an axis: the quarter above its year."""
    year, _dash, quarter = code.partition("-Q")
    return _("Q{quarter}").format(quarter=quarter) + f"<br>{year}" if quarter else code


def tick_step(largest: float, steps: int = 4) -> float:
    """Give a round distance between the ticks of an axis that ends at ``largest``."""
    if largest <= 0:
        return 1.0
    raw = largest / steps
    power = 10.0 ** math.floor(math.log10(raw))
    return next(factor * power for factor in (1.0, 2.0, 2.5, 5.0, 10.0) if factor * power >= raw * 0.999)
