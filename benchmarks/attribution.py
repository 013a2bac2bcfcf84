"""Attribution over a million exported paths of 12 channels: what each model takes, beside `ChannelAttribution`.

The models' own SQL runs on DuckDB with two threads, one after the other; wall and processor seconds, since machines are busy.
"""

from __future__ import annotations

import importlib
import importlib.util
import resource
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import duckdb

from benchmarks.measure import ROOT
from benchmarks.models import model_sql
from pipelines.estimates.markov import removal_effect_table

PATHS = 1_000_000
CHANNELS = 12
THREADS = 2
STEPS = {
    "stated_paths": "equal paths counted together",
    "stated_channels": "names into channels",
    "journeys": "paths by their channels",
    "journey_steps": "paths into steps, equal steps together",
    "journey_coalitions": "paths into sets of channels",
    "journey_transitions": "steps from state to state",
    "markov_removal_effects": "the chain, solved exactly",
    "channel_removal_effects": "",
    "learnt_channel_shares": "Markov and Shapley",
    "path_places": "steps by their place",
    "stated_path_shares": "first, last, last but direct, linear, position",
    "modelled_channels": "conversions and value of every model",
}


def write_paths(export: Path) -> None:
    """Paths of 1 to 8 steps, each with conversions, their value and journeys that did not convert."""
    duckdb.execute(f"""
        copy (
            select
                string_agg('channel_' || (hash(i * 31 + step) % {CHANNELS}), ' > ' order by step) as path,
                hash(i) % 3 as total_conversions,
                (hash(i) % 3) * 100 as total_conversion_value,
                1 + hash(i + 1) % 9 as total_null
            from range({PATHS}) as paths(i), range(8) as steps(step)
            where step <= hash(i + 2) % 8
            group by i
        ) to '{export}' (header)
    """)


def warehouse(export: Path) -> duckdb.DuckDBPyConnection:
    """What the models read: the exported paths, the rules, and no opportunities."""
    connection = duckdb.connect(config={"threads": THREADS})
    connection.execute(f"""
        create table all_paths as
        select path, total_conversions::decimal(18, 6) as total_conversions,
               total_conversion_value::decimal(28, 12) as total_conversion_value,
               total_null::decimal(18, 6) as total_null, null::varchar as currency
        from read_csv('{export}');
        create table run_settings as
        select date '2026-09-30' as as_of_date, 'CNY' as company_currency, 'last_non_direct' as direct_rule;
        create table exchange_rates as
        select 'CNY' as currency, date '0001-01-01' as valid_from_on, date '9999-12-31' as valid_until_on,
               1::decimal(28, 12) as rate;
        create table decided_journeys as
        select '' as path, 0 as conversions, 0::decimal(18, 2) as value_amount, 0 as nulls where false;
        create table channels as from read_csv('{ROOT / "seeds" / "channels.csv"}', all_varchar = true);
        create table attribution_models as from read_csv('{ROOT / "seeds" / "attribution_models.csv"}');
    """)
    return connection


def _processor_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def timed(work: Callable[[], object]) -> tuple[float, float]:
    """Wall and processor seconds of a piece of work."""
    wall, processor = time.perf_counter(), _processor_seconds()
    work()
    return time.perf_counter() - wall, _processor_seconds() - processor


def build(connection: duckdb.DuckDBPyConnection, name: str) -> None:
    """One model, as a table."""
    if name == "markov_removal_effects":
        transitions = connection.sql("from journey_transitions order by path_source, from_state, to_state")
        effects = removal_effect_table(transitions.to_arrow_table())
        connection.register("effects", effects)
        connection.execute(f"create table {name} as from effects")
    else:
        connection.execute(f"create table {name} as {model_sql(name)}")


def main() -> None:
    """Print what each step takes, and what the package takes where this environment has it."""
    with tempfile.TemporaryDirectory() as folder:
        export = Path(folder) / "paths.csv"
        write_paths(export)
        connection = warehouse(export)
        took = {name: timed(lambda name=name: build(connection, name)) for name in STEPS}  # type: ignore[misc]
        rows = connection.sql("select model, sum(conversions) from modelled_channels group by model").fetchall()
        wall, processor = (sum(each[place] for each in took.values()) for place in (0, 1))
        print(
            f"\nMarkov, Shapley and {len(rows) - 2} models by place over {PATHS:,} exported paths, {CHANNELS} channels,"
            f" {THREADS} threads: {wall:.2f} s, {processor:.2f} processor seconds   (aim 10 s)"
        )
        for name, (seconds, busy) in took.items():
            print(f"  {name:<24} {STEPS[name]:<48} {seconds:6.2f} s {busy:6.2f}")
        if len({total for _, total in rows}) != 1:
            raise RuntimeError(f"models give different totals: {rows}")
        print(_beside(export, wall, processor))


def _beside(export: Path, wall: float, processor: float) -> str:
    """What the package takes for Markov, first, last and linear, in words."""
    if not importlib.util.find_spec("ChannelAttribution"):
        return "  ChannelAttribution is not installed: nothing to stand beside"
    package = importlib.import_module("ChannelAttribution")
    frame = duckdb.execute(f"select path, total_conversions as c, total_null as n from read_csv('{export}')").df()

    def work() -> None:
        package.markov_model(
            frame, "path", "c", var_null="n", order=1, sep=">", ncore=THREADS, verbose=False, flg_pro=False
        )
        package.heuristic_models(frame, "path", "c", sep=">", flg_pro=False)

    seconds, busy = timed(work)
    return (
        f"  ChannelAttribution, Markov of order 1 by simulation, first, last and linear: {seconds:.2f} s, {busy:.2f} "
        f"processor seconds; ours take {wall / seconds:.2f} of the time, {processor / busy:.2f} of the processor"
    )


if __name__ == "__main__":
    main()
