"""What people do to data: gaps, slips, late corrections, cells nobody can read, leads entered twice.

Each slip is decided by the entity's number alone, so it is the same in every export that has the row, unless
it belongs to one export (`once`). All of them are noted, for the truth.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from pipelines.simulation import arrays as a
from pipelines.simulation import identities, names
from pipelines.simulation import parameters as p
from pipelines.simulation.arrays import DAY, NEVER, NONE, Ints, chance_of, mixed
from pipelines.simulation.custom import LEAD_STATUSES, View, lead_state
from pipelines.simulation.market import PEOPLE_PER_COMPANY

Change = Callable[[pl.Expr], pl.Expr]


@dataclass(frozen=True)
class Slip:
    """One way in which one column goes wrong, and how often at noise 1."""

    table: str
    column: str
    kind: str
    rate: float
    change: Change
    once: bool = False
    is_rejected: bool = False
    early: bool = False


def _gap(_: pl.Expr) -> pl.Expr:
    return pl.lit(None, dtype=pl.String)


def _one_of(options: Sequence[str]) -> Change:
    """Text that takes the cell's place; which one depends on the row's number."""
    return lambda _: pl.lit(pl.Series("options", options)).gather(pl.col("_n") % len(options))


def _swapped(cell: pl.Expr) -> pl.Expr:
    """Two neighbours in the middle of a name change places."""
    return cell.str.slice(0, 2) + cell.str.slice(3, 1) + cell.str.slice(2, 1) + cell.str.slice(4)


def _padded(cell: pl.Expr) -> pl.Expr:
    return cell + pl.lit("  ")


def _times(factor: str) -> Change:
    return lambda cell: (
        (cell.cast(pl.Decimal(38, 2)) * pl.lit(factor).cast(pl.Decimal(38, 2)))
        .round(2)
        .cast(pl.Decimal(38, 2))
        .cast(pl.String)
    )


def _later(days: int) -> Change:
    return lambda cell: (cell.str.to_date("%Y-%m-%d") + pl.duration(days=days)).dt.strftime("%Y-%m-%d")


_BAD_DAYS = ("2026-02-30", "下周", "31.06.2026", "2026-13-01", "待定")
_BAD_AMOUNTS = ("约三万", "1.2.3", "TBD", "见附件")

SLIPS = (
    Slip("users", "email", "missing", 0.03, _gap),
    Slip("accounts", "industry", "missing", 0.03, _gap),
    Slip("accounts", "size", "missing", 0.02, _gap),
    Slip("accounts", "name", "spaces", 0.01, _padded),
    Slip("contacts", "phone", "missing", 0.06, _gap),
    Slip("contacts", "email", "missing", 0.05, _gap),
    Slip("contacts", "is_decision_maker", "unreadable", 0.001, _one_of(("也许", "maybe")), is_rejected=True),
    Slip("leads", "phone", "missing", 0.05, _gap),
    Slip("leads", "email", "missing", 0.04, _gap),
    Slip("leads", "city", "missing", 0.03, _gap),
    Slip("leads", "grade", "missing", 0.02, _gap),
    Slip("leads", "campaign_id", "missing", 0.02, _gap),
    Slip("leads", "company_name", "typo", 0.012, _swapped),
    Slip("leads", "channel", "undeclared", 0.006, _one_of(p.UNDECLARED_CHANNELS)),
    Slip("leads", "created_at", "unreadable", 0.0012, _one_of(_BAD_DAYS), is_rejected=True),
    Slip("lead_events", "owner_id", "missing", 0.01, _gap),
    Slip("touchpoints", "campaign_id", "missing", 0.02, _gap),
    Slip("touchpoints", "channel", "spelling", 0.02, lambda cell: cell.str.to_uppercase()),
    Slip("touchpoints", "occurred_at", "unreadable", 0.0004, _one_of(_BAD_DAYS), is_rejected=True),
    Slip("opportunities", "close_on", "missing", 0.006, _gap),
    Slip("opportunities", "close_on", "unreadable", 0.0005, _one_of(_BAD_DAYS), once=True, is_rejected=True),
    Slip("opportunities", "source", "missing", 0.02, _gap),
    Slip("opportunities", "product_line", "missing", 0.015, _gap),
    Slip("opportunities", "next_step", "missing", 0.08, _gap),
    Slip("opportunities", "competitor", "missing", 0.05, _gap),
    Slip("activities", "direction", "missing", 0.01, _gap),
    Slip("activities", "kind", "missing", 0.01, _gap),
    Slip("activities", "occurred_at", "unreadable", 0.0003, _one_of(_BAD_DAYS), is_rejected=True),
    Slip("registrations", "project_name", "missing", 0.03, _gap),
    Slip("quotes", "floor_price", "missing", 0.02, _gap),
    Slip("quotes", "quoted_price", "unreadable", 0.001, _one_of(_BAD_AMOUNTS), is_rejected=True),
    Slip("order_lines", "promised_on", "missing", 0.01, _gap),
    Slip("shipments", "delay_reason", "missing", 0.2, _gap),
    Slip("invoices", "amount", "late correction", 0.008, _times("1.09"), early=True),
    Slip("invoices", "due_on", "late correction", 0.008, _later(30), early=True),
    Slip("invoices", "currency", "missing", 0.01, _gap),
    Slip("invoices", "issued_on", "unreadable", 0.0004, _one_of(_BAD_DAYS), is_rejected=True),
    Slip("payments", "method", "missing", 0.03, _gap),
    Slip("payments", "paid_on", "unreadable", 0.0005, _one_of(_BAD_DAYS), is_rejected=True),
    Slip("payments", "invoice_id", "unknown", 0.0008, lambda cell: cell.str.replace("INV-", "INV-9")),
    Slip("collection_plans", "amount", "does not sum", 0.02, _times("0.90")),
    Slip("promises", "amount", "unreadable", 0.004, _one_of(("全部", "余款")), is_rejected=True),
    Slip("disputes", "reason", "missing", 0.05, _gap),
    Slip("commission_splits", "share", "does not sum", 0.01, _times("0.98")),
    Slip("spend", "campaign_id", "missing", 0.006, _gap),
    Slip("spend", "cost", "unreadable", 0.0006, _one_of(_BAD_AMOUNTS), is_rejected=True),
)

LARGEST_RATE = 0.35
_REPEATED = {"activities": 0.001, "touchpoints": 0.001, "invoices": 0.001, "lead_events": 0.001}
_SLIPPING = {*(slip.table for slip in SLIPS), *_REPEATED}
_DUPLICATE_LEADS = 0.055
_CREDITED_SPEND = 0.004
NOTES = {
    "table": pl.String, "exported_on": pl.Date, "id": pl.String, "column": pl.String, "kind": pl.String,
    "is_rejected": pl.Boolean, "before": pl.String, "after": pl.String,
}  # fmt: skip


def dirtied(
    noise: float, table: str, day: int, frame: pl.DataFrame, *, is_last: bool
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The frame as people left it, and a note of each slip."""
    notes = [pl.DataFrame(schema=NOTES)]
    key = frame.columns[0]
    if noise <= 0 or not frame.height or table not in _SLIPPING:
        return frame, notes[0]
    frame = frame.with_columns(_n=frame[key].str.replace_all(r"\D", "").cast(pl.Int64))
    number = frame["_n"].to_numpy()
    for slip in SLIPS:
        if slip.table != table or (slip.early and is_last):
            continue
        salt = (slip.column, slip.kind, day if slip.once else 0)
        hit = chance_of(number, salt) < min(slip.rate * noise, LARGEST_RATE)
        frame, note = _slipped(frame, slip, day, pl.Series(hit))
        notes.append(note)
    more = _REPEATED.get(table, 0.0) * noise
    if more:
        again = frame.filter(pl.Series(chance_of(number, ("again", day)) < more))
        frame = pl.concat([frame, again])
        notes.append(_noted(table, day, again[key], "", "entered twice", is_rejected=False))
    if table == "spend":
        credits_ = frame.filter(pl.Series(chance_of(number, "credit") < _CREDITED_SPEND * noise), kind="media")
        frame = pl.concat([frame, _credited(credits_)])
    return frame.drop("_n"), pl.concat(notes)


def _slipped(frame: pl.DataFrame, slip: Slip, day: int, hit: pl.Series) -> tuple[pl.DataFrame, pl.DataFrame]:
    before = frame[slip.column].cast(pl.String)
    hit = hit & before.is_not_null()
    changed = frame.with_columns(pl.lit(before).alias(slip.column)).with_columns(
        pl.when(pl.lit(hit)).then(slip.change(pl.col(slip.column))).otherwise(pl.col(slip.column)).alias(slip.column)
    )
    note = _noted(
        slip.table, day, frame[frame.columns[0]].filter(hit), slip.column, slip.kind, is_rejected=slip.is_rejected,
        before=before.filter(hit), after=changed[slip.column].filter(hit),
    )  # fmt: skip
    return changed if note.height else frame, note


def _noted(
    table: str,
    day: int,
    ids: pl.Series,
    column: str,
    kind: str,
    *,
    is_rejected: bool,
    before: pl.Series | None = None,
    after: pl.Series | None = None,
) -> pl.DataFrame:
    none = pl.Series([None] * len(ids), dtype=pl.String)
    return pl.DataFrame({
        "table": pl.Series([table] * len(ids), dtype=pl.String),
        "exported_on": a.days(np.full(len(ids), day)),
        "id": ids,
        "column": pl.Series([column] * len(ids), dtype=pl.String),
        "kind": pl.Series([kind] * len(ids), dtype=pl.String),
        "is_rejected": pl.Series([is_rejected] * len(ids), dtype=pl.Boolean),
        "before": none if before is None else before,
        "after": none if after is None else after,
    })  # fmt: skip


def _credited(rows: pl.DataFrame) -> pl.DataFrame:
    """A fifth of a day's media comes back as a credit."""
    cost = rows["cost"].cast(pl.String).str.strip_chars("-").cast(pl.Decimal(38, 2), strict=False)
    back = (
        cost.to_frame("x").select((-pl.col("x") * pl.lit("0.20").cast(pl.Decimal(38, 2))).cast(pl.Decimal(38, 2)))
    ).to_series()
    zero = pl.lit(0)
    return rows.with_columns(
        pl.col("spend_id") + "C",
        back.cast(rows["cost"].dtype).alias("cost"),
        *(
            zero.cast(rows[name].dtype).alias(name)
            for name in ("impressions", "clicks", "conversions", "conversion_value_amount")
        ),
    ).filter(pl.col("cost").is_not_null())


# leads entered twice


@dataclass(frozen=True)
class Doubles:
    """Leads entered again: the lead each repeats, when, how the company is written, and when it was closed."""

    leads: Ints
    created: Ints
    ways: Ints
    closed: Ints


WAYS = ("same", "pinyin", "abbreviated", "typo", "brackets", "traditional")


def doubles(v: View) -> Doubles:
    """The doubles of this part that exist by the view's day."""
    leads = v.world.leads
    everywhere = np.arange(leads.n) + v.number.leads
    rate = min(_DUPLICATE_LEADS * v.world.wanted.noise, LARGEST_RATE)
    wait = (-np.log1p(-chance_of(everywhere, "double wait") * 0.999) * 16 * DAY).astype(np.int64) + 3600
    created = leads.created + wait
    which = np.flatnonzero((chance_of(everywhere, "double") < rate) & (created <= v.now))
    abroad = v.world.companies.is_abroad[leads.companies[which]]
    way = mixed(everywhere[which], "way") % len(WAYS)
    way = np.where(abroad & (way != 3), 0, way)
    closes = chance_of(everywhere[which], "closed") < 0.7
    return Doubles(which, created[which], way, np.where(closes, created[which] + 3 * DAY, NEVER * DAY))


_SIMPLE = "机属动备电车钣苏无锡宁东广厦门岛济阳连汉庆长责"
_FULL = "機屬動備電車鈑蘇無錫寧東廣廈門島濟陽連漢慶長責"


def _written(v: View, found: Doubles) -> pl.Series:
    companies = v.world.companies
    company = v.world.leads.companies[found.leads]
    brand, city, trade, form = (
        values[company] for values in (companies.brands, companies.cities, companies.trades, companies.forms)
    )
    home = np.minimum(city, names.HOME_CITIES - 1)
    short = pl.DataFrame({
        "full": identities.company_names(companies, company),
        "pinyin": names.pinyin_company(brand, home, trade),
        "brand": names.brand_name(brand),
        "city": a.words(names.CITIES, home),
        "trade": a.words(names.TRADES, trade),
        "form": a.words(names.FORMS, form),
        "way": a.words(WAYS, found.ways),
    })  # fmt: skip
    way, full, core = pl.col("way"), pl.col("full"), pl.col("brand") + pl.col("trade")
    bracketed = core + "（" + pl.col("city") + "）" + pl.col("form")
    return short.select(
        pl.when(way == "pinyin")
        .then(pl.col("pinyin"))
        .when(way == "abbreviated")
        .then(core)
        .when(way == "typo")
        .then(_swapped(full))
        .when(way == "brackets")
        .then(bracketed)
        .when(way == "traditional")
        .then(full.str.replace_many(list(_SIMPLE), list(_FULL)))
        .otherwise(full)
        .alias("x")
    ).to_series()


def with_doubles(v: View, frame: pl.DataFrame) -> pl.DataFrame:
    """All leads of a view, and those entered again."""
    found = doubles(v)
    if not len(found.leads):
        return frame
    leads, companies = v.world.leads, v.world.companies
    everywhere = found.leads + v.number.leads
    person = leads.persons[found.leads] + v.number.companies * PEOPLE_PER_COMPANY
    abroad = companies.is_abroad[leads.companies[found.leads]]
    state = lead_state(v)
    other = mixed(everywhere, "other") % leads.n
    elsewhere = chance_of(everywhere, "elsewhere")
    owner = np.where(elsewhere < 0.4, leads.seats[other], NONE)
    owner = np.where(
        owner >= 0, v.world.people.holder(np.maximum(owner, 0), found.created // DAY), state.owners[found.leads]
    )
    channel = np.where(elsewhere > 0.5, leads.channels[other], leads.channels[found.leads])
    no_phone = chance_of(everywhere, "no phone") < 0.3
    closed = found.closed <= v.now
    phone = identities.person_phones(person, abroad)
    dashed = phone.str.slice(0, 3) + "-" + phone.str.slice(3, 4) + "-" + phone.str.slice(7)
    nothing = pl.lit(None, dtype=pl.String)
    twice = frame[found.leads].with_columns(
        v.number.lead(found.leads + leads.n).alias("lead_id"),
        a.moments(found.created).alias("created_at"),
        a.words([c.source for c in p.CHANNELS], channel).alias("source"),
        a.words([c.name for c in p.CHANNELS], channel).alias("channel"),
        pl.when(pl.Series(elsewhere > 0.5)).then(nothing).otherwise(pl.col("campaign_id")).alias("campaign_id"),
        _written(v, found).alias("company_name"),
        names.choose(
            found.ways == 1,
            identities.person_names(person, abroad, pinyin=True),
            identities.person_names(person, abroad),
        ).alias("person_name"),
        names.choose(
            no_phone, pl.Series([None] * len(person), dtype=pl.String), names.choose(abroad, phone, dashed)
        ).alias("phone"),
        pl.when(pl.Series(~no_phone & (chance_of(everywhere, "no mail") < 0.3)))
        .then(nothing)
        .otherwise(pl.col("email"))
        .alias("email"),
        v.number.user(owner).alias("owner_id"),
        a.words(LEAD_STATUSES, np.where(closed, 4, 0)).alias("status"),
        *(
            nothing.alias(name)
            for name in ("assigned_at", "qualified_at", "converted_at", "opportunity_id", "account_id")
        ),
        pl.Series(np.where(closed, found.closed, found.created)).alias("_changed"),
    )
    return pl.concat([frame, twice])


def double_events(v: View) -> pl.DataFrame:
    """The closing of leads that were found to be entered twice."""
    found = doubles(v)
    some = np.flatnonzero(found.closed <= v.now)
    seats = v.world.leads.seats[found.leads[some]]
    return pl.DataFrame({
        "lead_id": v.number.lead(found.leads[some] + v.world.leads.n),
        "occurred_at": a.moments(found.closed[some]),
        "kind": a.words(("disqualified",), np.zeros(len(some), dtype=np.int64)),
        "owner_id": v.number.user(v.world.people.holder(seats, found.closed[some] // DAY)),
    })  # fmt: skip
