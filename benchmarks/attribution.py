"""Attribution over a million exported paths of 12 channels: what each model of a run takes, beside `ChannelAttribution`."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import duckdb

from benchmarks.measure import ROOT, once

PATHS = 1_000_000
CHANNELS = 12
COUNTED = {
    "journeys": "names into channels, equal paths counted together",
    "journey_steps": "paths into steps, equal steps together",
    "journey_coalitions": "paths into sets of channels",
    "markov_removal_effects": "transitions counted, chain solved exactly",
    "learnt_channel_shares": "Shapley, and shares of both",
    "attribution_channels": "the models by place, all beside each other",
}
_THEIRS = """
frame = duckdb.sql("select path, total_conversions c, total_null n from read_csv({export!r})").df()
ChannelAttribution.markov_model(frame, "path", "c", var_null="n", order=1, sep=">", ncore=2, verbose=False, flg_adv=False)
"""


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


def seconds_by_model(data: Path) -> dict[str, float]:
    """What the last build took for each model, by name."""
    results = json.loads(next(data.rglob("run_results.json")).read_text(encoding="utf-8"))["results"]
    return {result["unique_id"].split(".")[-1]: float(result["execution_time"]) for result in results}


def main() -> None:
    """Print the seconds of each step of the learnt models, and of the package in this environment if it has it."""
    with tempfile.TemporaryDirectory() as folder:
        base = Path(folder)
        (base / "exports").mkdir()
        export = base / "exports" / "paths_2026-09-30.csv"
        write_paths(export)
        command = [sys.executable, "-m", "pipelines.cli", "run", str(base / "exports"), "--data", str(base / "data")]
        subprocess.run(command, check=True, capture_output=True, cwd=ROOT, env=os.environ)
        seconds = seconds_by_model(base / "data")
        whole = sum(seconds[name] for name in COUNTED)
        print(
            f"\nMarkov, Shapley and the models by place over {PATHS:,} exported paths, {CHANNELS} channels: {whole:.2f} s   (aim 10 s)"
        )
        for name, label in COUNTED.items():
            print(f"  {name:<24} {label:<42} {seconds[name]:6.2f} s")
        if importlib.util.find_spec("ChannelAttribution"):
            theirs = once(_THEIRS.format(export=str(export)), "import duckdb, ChannelAttribution")
            print(
                f"  ChannelAttribution, Markov of order 1 alone: {theirs.seconds:.2f} s, {whole / theirs.seconds:.2f}x"
            )
        else:
            print("  ChannelAttribution is not installed: nothing to stand beside")


if __name__ == "__main__":
    main()
