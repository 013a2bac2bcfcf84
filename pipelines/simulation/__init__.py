"""A simulated company: exports as its systems would write them, and beside them the truth they came from.

`world` makes what happens, `custom` and `shared_tables` show it as tables on a day, `noise` does to them what
people do, `writer` makes files of them, `truth` tells what really was. Nothing here reads a contract or a model.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from pipelines.errors import WanamakerError
from pipelines.ingest.discover import NOT_EXPORTS
from pipelines.simulation import commission_tables, custom, shared_tables, truth
from pipelines.simulation.arrays import date_of
from pipelines.simulation.custom import View, last_only
from pipelines.simulation.noise import NOTES, dirtied, double_events, with_doubles
from pipelines.simulation.numbering import Numbering
from pipelines.simulation.setting import Wanted
from pipelines.simulation.shared_tables import Counted
from pipelines.simulation.vendors import VENDOR_STYLES, vendor_tables
from pipelines.simulation.world import Setting, World, make_setting, make_world
from pipelines.simulation.writer import STYLES, Folder

_TABLES = custom.TABLES | {
    "commission_assignments": (commission_tables.commission_assignments, last_only),
    "commission_splits": (commission_tables.commission_splits, last_only),
    "manager_overrides": (commission_tables.manager_overrides, last_only),
    "commission_payments": (commission_tables.commission_payments, last_only),
}

Delivered = tuple[str, int, View | None, pl.DataFrame]
"""A table, the day of its export, the part of the company it shows (None: all of it), and its rows."""


@dataclass(frozen=True)
class Simulated:
    """What was written."""

    exports: Path
    truth: Path
    files: int
    rows: int


def simulate(out: Path, wanted: Wanted) -> Simulated:
    """Write `out/exports` and `out/truth`; what was there of an earlier simulation is replaced.

    A large company is made part after part, so that memory holds one. Raises WanamakerError where the
    folder holds something else.
    """
    exports, truths = out / "exports", out / "truth"
    _make_room(exports, truths, wanted)
    setting = make_setting(wanted)
    since = date_of(wanted.first)
    styles = VENDOR_STYLES if wanted.vendors else STYLES
    writing = _Writing(setting, Folder(exports, styles, since), Folder(truths, {}, since))
    writing.add(_shared(setting))
    counted = Counted(wanted, len(setting.products.names))
    number = Numbering()
    for chunk, scale in enumerate(wanted.chunks()):
        world = make_world(setting, chunk, scale)
        writing.add(_exports(world, number))
        for table, make in truth.TABLES.items():
            writing.truths.add(table, None, make(View(world, number, wanted.last)))
        counted.add(world)
        number = number.after(world)
    writing.add(_counted(wanted, counted))
    writing.truths.add("channels", None, truth.channels(setting))
    writing.truths.close()
    return Simulated(exports, truths, len(writing.exports.close()), writing.rows)


def _make_room(exports: Path, truths: Path, wanted: Wanted) -> None:
    mine = (truths / NOT_EXPORTS).exists()
    for old in (exports, truths):
        if old.exists() and not mine:
            raise WanamakerError(f"{old}: it exists and is no simulation's; choose another folder, or remove it")
        shutil.rmtree(old, ignore_errors=True)
    truths.mkdir(parents=True)
    (truths / NOT_EXPORTS).write_text(
        "What really happened, for checking estimates. No run reads it.\n", encoding="utf-8"
    )
    (truths / "parameters.json").write_text(truth.parameters(wanted), encoding="utf-8")


@dataclass
class _Writing:
    """Puts tables through people's hands into files, and notes what they did."""

    setting: Setting
    exports: Folder
    truths: Folder
    rows: int = 0

    def __post_init__(self) -> None:
        """Begin the list of slips, even where there will be none."""
        self.truths.add("noise", None, pl.DataFrame(schema=NOTES))

    def add(self, delivered: Iterator[Delivered]) -> None:
        """Write what is delivered."""
        wanted = self.setting.wanted
        for table, day, view, frame in delivered:
            dirty, notes = dirtied(wanted.noise, table, day, frame, is_last=day == wanted.last)
            self.truths.add("noise", None, notes)
            for name, rows in vendor_tables(self.setting, view, table, dirty) if wanted.vendors else ((table, dirty),):
                self.exports.add(name, day, rows)
                self.rows += rows.height


def _exports(world: World, number: Numbering) -> Iterator[Delivered]:
    """One part's tables on the days on which each is exported."""
    for table, (make, schedule) in _TABLES.items():
        for day in schedule(world):
            view = View(world, number, day)
            frame = make(view)
            if table == "leads":
                frame = custom.changed_leads(view, with_doubles(view, frame))
            elif table == "lead_events":
                frame = pl.concat([frame, double_events(view)])
            yield table, day, view, frame


def _counted(wanted: Wanted, counted: Counted) -> Iterator[Delivered]:
    yield "paths", wanted.last, None, counted.path_table()
    yield "inventory", wanted.last, None, counted.inventory()
    yield "incoming_supply", wanted.last, None, counted.incoming_supply()


def _shared(setting: Setting) -> Iterator[Delivered]:
    wanted = setting.wanted
    half = (wanted.first + wanted.last) // 2
    yield "products", wanted.last, None, shared_tables.products(setting)
    yield "product_costs", wanted.last, None, shared_tables.product_costs(setting)
    yield "fx_rates", wanted.last, None, shared_tables.fx_rates(setting)
    yield "campaigns", wanted.last, None, shared_tables.campaigns(setting)
    yield "spend", half, None, shared_tables.spend(setting, half, wanted.first - 1)
    yield "spend", wanted.last, None, shared_tables.spend(setting, wanted.last, half - 7)
    yield "commission_plans", wanted.last, None, commission_tables.commission_plans(wanted)
    yield "commission_tiers", wanted.last, None, commission_tables.commission_tiers(wanted)
    yield "commission_rates", wanted.last, None, commission_tables.commission_rates(wanted)
