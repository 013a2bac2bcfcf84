"""The simulator at scales 1 and 10 (and 100, where `WANAMAKER_BENCH_LARGE` is set): rows a second, and peak memory."""

from __future__ import annotations

import math
import os
import tempfile
from pathlib import Path

from benchmarks.measure import Measured, median, once

REPEAT = 3
_SETUP = """
from pathlib import Path
from pipelines.simulation import simulate
from pipelines.simulation.setting import Wanted
"""


def _simulated(scale: float, folder: Path) -> tuple[int, Measured]:
    """Rows written at a scale, and what it took."""
    note = folder / "rows"
    out = folder / "company"
    measured = once(
        f"""
done = simulate(Path({str(out)!r}), Wanted(scale={scale}))
Path({str(note)!r}).write_text(str(done.rows))
""",
        _SETUP,
    )
    return int(note.read_text()), measured


def main() -> None:
    """Print each scale beside scale 1; the exponent of growth should be 1, the memory nearly the same."""
    scales = [1.0, 10.0] + ([100.0] if os.environ.get("WANAMAKER_BENCH_LARGE") else [])
    print("\nsimulating a company of 24 months; memory should stay under 4,096 MiB at any scale")
    first = None
    for scale in scales:
        runs = []
        for _ in range(REPEAT if scale < 10 else 1):
            with tempfile.TemporaryDirectory() as folder:
                rows, measured = _simulated(scale, Path(folder))
            runs.append(measured)
        run = median(runs)
        line = f"  {scale:>5g}x  {rows:>12,} rows  {run.seconds:7.2f} s  {rows / run.seconds:>10,.0f} rows/s  {run.mebibytes:6.0f} MiB"
        if first is None:
            first = run
        else:
            grown = run.seconds / first.seconds
            line += f"   {grown:.1f}x the time (exponent {math.log(grown) / math.log(scale):.2f})"
        print(line)


if __name__ == "__main__":
    main()
