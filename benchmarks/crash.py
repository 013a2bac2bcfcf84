"""kill -9 at five moments of whole runs: what is published stays whole, and a second run ends where an undisturbed one does."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import duckdb

from benchmarks.measure import ROOT

MOMENTS = (0.1, 0.3, 0.5, 0.7, 0.9)
EXPORTS = {
    "accounts_2026-09-30.csv": "account_id,name,owner_id\n" + "".join(f"C{n},Name {n},u{n % 5}\n" for n in range(200)),
    "invoices_2026-09-30.csv": "invoice_id,account_id,issued_on,due_on,amount\n"
    + "".join(f"I{n},C{n % 200},2026-0{n % 8 + 1}-05,2026-0{n % 8 + 2}-05,{n}.50\n" for n in range(2000)),
    "payments_2026-09-30.csv": "payment_id,account_id,paid_on,amount,invoice_id\n"
    + "".join(f"P{n},C{n % 200},2026-09-10,{n}.25,I{n}\n" for n in range(0, 2000, 3)),
    "opportunities_2026-09-30.csv": "opportunity_id,stage,amount,created_at,close_on,owner_id\n"
    + "".join(f"O{n},Proposal,{n}00,2026-08-01,2026-11-30,u{n % 5}\n" for n in range(300)),
}


def _start(base: Path, data: Path) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "pipelines.cli", "run", str(base / "exports"), "--data", str(data)]
    return subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )


def _finished(base: Path, data: Path) -> float:
    before = time.monotonic()
    code = _start(base, data).wait()
    assert code == 0, f"the run on {data} ended with {code}"
    return time.monotonic() - before


def _content(data: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Every core table and mart, and raw, without the moment of loading."""
    found: dict[str, list[tuple[Any, ...]]] = {}
    for file, schemas in (
        ((data / "wanamaker.duckdb").resolve(), "('core', 'marts')"),
        (data / "raw.duckdb", "('custom')"),
    ):
        with duckdb.connect(str(file), read_only=True) as connection:
            names = connection.execute(
                f"select schema_name, table_name from duckdb_tables() where schema_name in {schemas} order by all"
            ).fetchall()
            found |= {
                f"{schema}.{name}": connection.execute(
                    f'select columns(lambda name: name <> \'loaded_at\') from "{schema}"."{name}" order by all'
                ).fetchall()
                for schema, name in names
            }
    return found


def main() -> None:
    """Kill a run at each moment, run again, and compare raw, core and marts with an undisturbed run's."""
    with tempfile.TemporaryDirectory() as folder:
        base = Path(folder)
        (base / "exports").mkdir()
        for name, content in EXPORTS.items():
            (base / "exports" / name).write_text(content, encoding="utf-8")
        seconds = _finished(base, base / "undisturbed")
        wanted = _content(base / "undisturbed")
        rows = sum(map(len, wanted.values()))
        print(f"\nkill -9 during whole runs; undisturbed: {seconds:.1f} s, {len(wanted)} tables, {rows:,} rows")
        for moment in MOMENTS:
            data = base / f"killed-{moment}"
            child = _start(base, data)
            time.sleep(seconds * moment)
            os.killpg(child.pid, signal.SIGKILL)
            child.wait()
            shown = "nothing published yet" if not (data / "wanamaker.duckdb").exists() else "a whole version published"
            again = _finished(base, data)
            found = _content(data)
            differs = [name for name, content in wanted.items() if found[name] != content]
            assert not differs, f"after a kill at {moment:.0%}: {', '.join(differs)}"
            print(f"  killed at {moment:4.0%}: {shown}; the next run took {again:.1f} s and ended the same")


if __name__ == "__main__":
    main()
