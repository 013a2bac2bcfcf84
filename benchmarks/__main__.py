"""Run every benchmark, or those named: `python -m benchmarks ingest`."""

from __future__ import annotations

import importlib
import os
import sys

ALL = (
    "ingest",
    "formats",
    "vendors",
    "fixed_cost",
    "simulation",
    "crash",
    "receivables",
    "commissions",
    "cash",
    "attribution",
    "duplicates",
    "incidence",
    "forecast",
)


def main(names: list[str]) -> None:
    """Print what each measures; machines are noisy, so read the ratios."""
    print(f"{os.cpu_count()} processors; load before: {os.getloadavg()[0]:.1f}")
    for name in names or ALL:
        if name not in ALL:
            sys.exit(f"there is no benchmark {name}; they are: {', '.join(ALL)}")
        importlib.import_module(f"benchmarks.{name}").main()


if __name__ == "__main__":
    main(sys.argv[1:])
