"""A simulated company: exports as its systems would write them, and beside them the truth they came from."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

from pipelines.errors import WanamakerError
from pipelines.simulation import commission_tables, shared_tables
from pipelines.simulation.custom import TABLES, View, last_only
from pipelines.simulation.numbering import Numbering
from pipelines.simulation.setting import Wanted
from pipelines.simulation.shared_tables import Counted
from pipelines.simulation.world import Setting, make_setting, make_world
from pipelines.simulation.writer import Folder

_COMMISSIONS = {
    "commission_assignments": (commission_tables.commission_assignments, last_only),
    "commission_splits": (commission_tables.commission_splits, last_only),
    "manager_overrides": (commission_tables.manager_overrides, last_only),
    "commission_payments": (commission_tables.commission_payments, last_only),
}


@dataclass(frozen=True)
class Simulated:
    """What was written."""

    exports: Path
    truth: Path
    files: int
    rows: int


def simulate(out: Path, wanted: Wanted) -> Simulated:
    """Write `out/exports` and `out/truth`; what was there of an earlier simulation is replaced.

    Raises WanamakerError where the folder holds something else.
    """
    exports, truth = out / "exports", out / "truth"
    mine = (truth / "parameters.json").exists()
    for old in (exports, truth):
        if old.exists() and not mine:
            raise WanamakerError(f"{old}: it exists and is no simulation's; choose another folder, or remove it")
        shutil.rmtree(old, ignore_errors=True)
    setting = make_setting(wanted)
    folder = Folder(exports)
    counted = Counted(wanted, len(setting.products.names))
    rows = _shared(folder, setting)
    number = Numbering()
    for chunk, scale in enumerate(wanted.chunks()):
        world = make_world(setting, chunk, scale)
        for table, (make, schedule) in (TABLES | _COMMISSIONS).items():
            for day in schedule(world):
                frame = make(View(world, number, day))
                rows += frame.height
                folder.add(table, day, frame)
        counted.add(world)
        number = number.after(world)
    for table, frame in (
        ("paths", counted.path_table()),
        ("inventory", counted.inventory()),
        ("incoming_supply", counted.incoming_supply()),
    ):
        rows += frame.height
        folder.add(table, wanted.last, frame)
    truth.mkdir(parents=True)
    (truth / "parameters.json").write_text("{}\n")
    return Simulated(exports, truth, len(folder.close()), rows)


def _shared(folder: Folder, setting: Setting) -> int:
    wanted = setting.wanted
    half = (wanted.first + wanted.last) // 2
    frames = [
        ("products", wanted.last, shared_tables.products(setting)),
        ("product_costs", wanted.last, shared_tables.product_costs(setting)),
        ("fx_rates", wanted.last, shared_tables.fx_rates(setting)),
        ("campaigns", wanted.last, shared_tables.campaigns(setting)),
        ("spend", half, shared_tables.spend(setting, half, wanted.first - 1)),
        ("spend", wanted.last, shared_tables.spend(setting, wanted.last, half - 7)),
        ("commission_plans", wanted.last, commission_tables.commission_plans(wanted)),
        ("commission_tiers", wanted.last, commission_tables.commission_tiers(wanted)),
        ("commission_rates", wanted.last, commission_tables.commission_rates(wanted)),
    ]
    for table, day, frame in frames:
        folder.add(table, day, frame)
    return sum(frame.height for *_, frame in frames)
