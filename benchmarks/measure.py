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
before = time.perf_counter()
{work}
seconds = time.perf_counter() - before
print(json.dumps([seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024]), flush=True)
import os
os._exit(0)
"""


@dataclass(frozen=True)
class Measured:
    """Seconds and peak memory in MiB, medians over the repetitions."""

    seconds: float
    mebibytes: float


def once(work: str, setup: str = "") -> Measured:
    """Time `work` after `setup` in a fresh interpreter."""
    code = _WRAPPER.format(root=str(ROOT), setup=setup, work=work)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, cwd=ROOT)
    if done.returncode:
        raise RuntimeError(done.stderr[-3000:])
    line = next(text for text in reversed(done.stdout.splitlines()) if text.startswith("["))
    seconds, mebibytes = json.loads(line)
    return Measured(seconds, mebibytes)


def median(runs: list[Measured]) -> Measured:
    """The median of several runs."""
    return Measured(statistics.median(run.seconds for run in runs), statistics.median(run.mebibytes for run in runs))


def wall(command: list[str], env: dict[str, str] | None = None) -> float:
    """Seconds that a whole process takes."""
    before = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True, cwd=ROOT, env=os.environ | (env or {}))
    return time.perf_counter() - before
