"""Run a piece of work in a process of its own; time it and read its peak memory."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

_WRAPPER = """
import json, resource, sys, time
sys.path.insert(0, {root!r})
{setup}
before, worked = time.perf_counter(), time.process_time()
{work}
seconds, worked = time.perf_counter() - before, time.process_time() - worked
print(json.dumps([seconds, worked, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024]), flush=True)
import os
os._exit(0)
"""


@dataclass(frozen=True)
class Measured:
    """Seconds by the wall clock and of the processors, and peak memory in MiB; medians over the repetitions."""

    seconds: float
    processor: float
    mebibytes: float

    def ratios(self, yardstick: Measured) -> str:
        """How many times the yardstick's time it takes, by the clock and by processor."""
        return f"{self.seconds / yardstick.seconds:5.2f}x ({self.processor / yardstick.processor:.2f}x)"

    def less(self, part: Measured) -> Measured:
        """What is left without a part that was measured alone; the memory is that of the whole."""
        return Measured(self.seconds - part.seconds, self.processor - part.processor, self.mebibytes)


def once(work: str, setup: str = "") -> Measured:
    """Time `work` after `setup` in a fresh interpreter."""
    code = _WRAPPER.format(root=str(ROOT), setup=setup, work=work)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, cwd=ROOT)
    if done.returncode:
        raise RuntimeError(done.stderr[-3000:])
    line = next(text for text in reversed(done.stdout.splitlines()) if text.startswith("["))
    return Measured(*json.loads(line))


def median(runs: list[Measured]) -> Measured:
    """The median of several runs."""
    return Measured(
        statistics.median(run.seconds for run in runs),
        statistics.median(run.processor for run in runs),
        statistics.median(run.mebibytes for run in runs),
    )


def wall(command: list[str], env: dict[str, str] | None = None) -> float:
    """Seconds that a whole process takes."""
    before = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True, cwd=ROOT, env=os.environ | (env or {}))
    return time.perf_counter() - before
