"""What really happened, and what will: written beside the exports, for checking estimates; no run reads it."""

from __future__ import annotations

import json
from dataclasses import asdict
from math import erf, log, sqrt
from typing import Any

import numpy as np
import polars as pl

from pipelines.simulation import arrays as a
from pipelines.simulation import parameters as p
from pipelines.simulation.arrays import DAY, NEVER, NONE, Floats, Versions
from pipelines.simulation.custom import View, currencies
from pipelines.simulation.deals import N_OPEN, logit
from pipelines.simulation.noise import WAYS, doubles
from pipelines.simulation.routines import in_yuan
from pipelines.simulation.setting import Wanted
from pipelines.simulation.world import Setting

HORIZONS = (7, 30, 60, 90, 180, 365)


def parameters(wanted: Wanted) -> str:
    """Every number that the world follows, and the arguments that it was made with."""
    found: dict[str, Any] = {
        name.lower(): value
        for name, value in vars(p).items()
        if name.isupper() and not isinstance(value, type) and name not in ("CHANNELS", "HABITS", "DEFAULT_UNTIL")
    }
    found["channels"] = [asdict(channel) for channel in p.CHANNELS]
    found["habits"] = [asdict(habit) for habit in p.HABITS]
    found["arguments"] = asdict(wanted) | {"until": wanted.until.isoformat()}
    return json.dumps(found, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def incidence(channel: p.Channel, days: int) -> float:
    """The known share of a channel's leads that convert within so many days, before answers that come too late."""
    below = 0.5 * (1 + erf((log(days) - log(channel.median_days)) / (p.CONVERSION_SIGMA * sqrt(2))))
    return channel.conversion * below


def channels(setting: Setting) -> pl.DataFrame:
    """Each channel's worth and cost, as they were set."""
    cost = np.bincount(np.maximum(setting.spend.channels, 0), setting.spend.costs, len(p.CHANNELS)).astype(np.int64)
    frame = {
        "channel": pl.Series([c.name for c in p.CHANNELS]),
        "lead_share": a.places(np.array([c.leads for c in p.CHANNELS]), 4),
        "cost_of_a_lead": a.places(np.array([float(c.cost) for c in p.CHANNELS]), 2),
        "spend_rows_amount": a.money(cost),
        "conversion": a.places(np.array([c.conversion for c in p.CHANNELS]), 4),
        "win_odds": a.places(np.array([c.win for c in p.CHANNELS]), 3),
        "size": a.places(np.array([c.size for c in p.CHANNELS]), 3),
    }
    curves = {f"incidence_{days}": a.places(np.array([incidence(c, days) for c in p.CHANNELS]), 6) for days in HORIZONS}
    return pl.DataFrame(frame | curves)


def leads(v: View) -> pl.DataFrame:
    """Who each lead really is, and what comes of it; `cluster` names the first lead of its person."""
    found, again = v.world.leads, doubles(v)
    exist = np.flatnonzero(found.created <= v.now)
    which = np.concatenate([exist, again.leads])
    is_double = np.arange(len(which)) >= len(exist)
    company = found.companies[which]
    group = v.world.companies.groups[company]
    number = np.where(is_double, which + found.n, which)
    never = NEVER * DAY
    _, firsts, persons = np.unique(found.persons, return_index=True, return_inverse=True)
    first = firsts[persons][which]
    again_ways = np.where(first[: len(exist)] != exist, len(WAYS), NONE)
    return pl.DataFrame({
        "lead_id": v.number.lead(number),
        "cluster": v.number.lead(first),
        "person": v.number.contact(found.persons[which]),
        "company": v.number.account(company),
        "group": v.number.account(group),
        "duplicate_of": v.number.lead(np.where(is_double | (first != which), first, NONE)),
        "written": a.words((*WAYS, "again"), np.concatenate([again_ways, again.ways])),
        "channel": a.words([c.name for c in p.CHANNELS], found.channels[which]),
        "chance": a.places(np.where(is_double, 0.0, found.chance[which]), 6),
        "responds_at": a.moments(found.responded[which], ~is_double & (found.responded[which] < never)),
        "converts_at": a.moments(found.converts[which], ~is_double & (found.converts[which] < never)),
    })  # fmt: skip


def companies(v: View) -> pl.DataFrame:
    """Every company of the market: its group (sisters are not the same), and how it pays."""
    found, book = v.world.companies, v.world.book
    which = np.arange(found.n)
    return pl.DataFrame({
        "company": v.number.account(which),
        "group": v.number.account(found.groups),
        "is_partner": a.truths(found.is_partner),
        "is_old_customer": a.truths(found.is_old_customer),
        "habit": a.words([habit.name for habit in p.HABITS], found.habits),
        "days_after_due": a.places(book.shifts, 2),
        "spread_days": a.places(book.spreads, 2),
        "terms_days": a.numbers(found.terms),
    })  # fmt: skip


def users(v: View) -> pl.DataFrame:
    """How good each rep is: what his skill adds to the log-odds of each stage."""
    people = v.world.people
    return pl.DataFrame({
        "user_id": v.number.user(np.arange(len(people.roles))),
        "added_log_odds": a.places(p.ODDS_PER_STAGE * people.skill, 6),
    })  # fmt: skip


def chance_now(v: View) -> Floats:
    """The known chance of each deal to be won, from the stage it is in; 1 or 0 once decided."""
    deals = v.world.deals
    advance = 1 / (1 + np.exp(-(logit(np.array(p.STAGE_ADVANCE))[None, :] + deals.shift[:, None])))
    advance = np.concatenate([advance, np.ones((deals.n, 1))], axis=1)
    rest = np.cumprod(advance[:, ::-1], axis=1)[:, ::-1]
    stage = deals.stages.at(np.arange(deals.n), v.now)
    found = rest[np.arange(deals.n), np.minimum(stage, N_OPEN)]
    decided: Floats = np.where(stage == p.WON, 1.0, np.where(stage == p.LOST, 0.0, found)).astype(np.float64)
    return decided


def opportunities(v: View) -> pl.DataFrame:
    """How each deal ends, after the last day too, and the known chances of it."""
    deals = v.world.deals
    which = np.flatnonzero(deals.created <= v.now)
    ended = deals.ended[which]
    decided = ended < NEVER * DAY
    outcome = np.where(decided, np.where(deals.is_won[which], 0, 1), 2)
    value = in_yuan(deals.amounts[which], v.world.setting.rates, ended // DAY, is_dollar=deals.is_dollar[which])
    return pl.DataFrame({
        "opportunity_id": v.number.deal(which),
        "channel": a.words([c.name for c in p.CHANNELS], deals.channels[which]),
        "chance_at_creation": a.places(deals.chance[which], 6),
        "chance_on_the_last_day": a.places(chance_now(v)[which], 6),
        "outcome": a.words(("won", "lost", "undecided"), outcome),
        "ended_at": a.moments(ended, decided),
        "amount": a.money(deals.amounts[which]),
        "currency": currencies(deals.is_dollar[which]),
        "amount_in_company_currency": a.money(value),
    })  # fmt: skip


def opportunity_states(v: View) -> pl.DataFrame:
    """Every change of every deal with its moment: the last one at or before a day's end is its state that day."""
    deals = v.world.deals
    shown = {
        "stage": (deals.stages, lambda values: a.words(p.STAGES, values)),
        "amount": (deals.amount_versions, lambda values: a.money(values, values >= 0).cast(pl.String)),
        "close_on": (deals.closes, lambda values: a.days(values).cast(pl.String)),
        "owner_id": (deals.owners, v.number.user),
    }
    return pl.concat([_states(v, field, versions, text) for field, (versions, text) in shown.items()])


def _states(v: View, field: str, versions: Versions, text: Any) -> pl.DataFrame:
    seen = versions.moments <= v.now
    return pl.DataFrame({
        "opportunity_id": v.number.deal(versions.owners[seen]),
        "field": pl.Series([field] * int(seen.sum()), dtype=pl.String),
        "from_at": a.moments(versions.moments[seen]),
        "value": text(versions.values[seen]),
    })  # fmt: skip


def landing(v: View) -> pl.DataFrame:
    """By quarter: what deals of the last day have won or will win in it, and what was to be expected of them."""
    deals = v.world.deals
    which = np.flatnonzero((deals.created <= v.now) & (deals.ended < NEVER * DAY))
    quarter = a.month_start(a.months_of(deals.ended[which] // DAY) // 3 * 3)
    value = in_yuan(
        deals.amounts[which], v.world.setting.rates, deals.ended[which] // DAY, is_dollar=deals.is_dollar[which]
    )
    keys, cell = np.unique(quarter, return_inverse=True)
    won = deals.is_won[which]
    real = np.bincount(cell, value * won, len(keys)).astype(np.int64)
    known = np.bincount(cell, value * (won & (deals.ended[which] <= v.now)), len(keys)).astype(np.int64)
    expected = np.round(np.bincount(cell, value * chance_now(v)[which], len(keys))).astype(np.int64)
    return pl.DataFrame({
        "part": a.numbers(np.full(len(keys), v.world.chunk)),
        "quarter_start_on": a.days(keys),
        "won_by_the_last_day": a.money(known),
        "won_in_the_end": a.money(real),
        "expected": a.money(expected),
    })  # fmt: skip


def receivables(v: View) -> pl.DataFrame:
    """What was due when, and when it is really paid or given up, after the last day too."""
    parts, found, orders = v.world.book.parts, v.world.book.invoices, v.world.orders
    which = np.flatnonzero(found.issued[parts.invoices] <= v.day)
    invoice = parts.invoices[which]
    return pl.DataFrame({
        "invoice_id": v.number.invoice(invoice),
        "instalment": a.numbers(parts.instalments[which]),
        "company": v.number.account(orders.buyers[found.orders[invoice]]),
        "due_on": a.days(parts.due[which]),
        "amount": a.money(parts.amounts[which]),
        "paid_on": a.days(parts.paid[which], parts.paid[which] < NEVER),
        "written_off_on": a.days(parts.written_off[which], parts.written_off[which] < NEVER),
    })  # fmt: skip


def payments(v: View) -> pl.DataFrame:
    """What each payment was really meant for."""
    found = v.world.book.payments
    seen = found.days[found.piece_payments] <= v.day
    meant = np.where(found.piece_parts >= 0, found.piece_invoices, NONE)
    return pl.DataFrame({
        "payment_id": v.number.payment(found.piece_payments[seen]),
        "invoice_id": v.number.invoice(meant[seen]),
        "amount": a.money(found.piece_amounts[seen]),
    })  # fmt: skip


TABLES = {
    "leads": leads,
    "companies": companies,
    "users": users,
    "opportunities": opportunities,
    "opportunity_states": opportunity_states,
    "landing": landing,
    "receivables": receivables,
    "payments": payments,
}
