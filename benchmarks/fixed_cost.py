"""What a run costs before it has a row to work on: a run on exports that hold only headers, split into its parts."""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path

from benchmarks.measure import wall

HEADERS = {
    "invoices_2026-10-31.csv": "invoice_id,account_id,issued_on,due_on,amount\n",
    "opportunities_2026-10-31.csv": "opportunity_id,stage\n",
    "leads_2026-10-31.csv": "lead_id,created_at\n",
}


def main() -> None:
    """Print the parts of a second run (dbt's parse is kept from the first), slowest clock included."""
    with tempfile.TemporaryDirectory() as folder:
        base = Path(folder)
        (base / "exports").mkdir()
        for name, header in HEADERS.items():
            (base / "exports" / name).write_text(header, encoding="utf-8")
        command = [sys.executable, "-m", "pipelines.cli", "run", str(base / "exports"), "--data", str(base / "data")]
        interpreter = wall([sys.executable, "-m", "pipelines.cli", "--help"])
        for title in ("first run", "second run (parsed before)"):
            whole = wall(command)
            newest = max((base / "data" / "runs").glob("*.json"))
            seconds = json.loads(newest.read_text(encoding="utf-8"))["seconds"]
            prefect = seconds["prefect_import"] + seconds["prefect_flow"]
            print(f"\nfixed cost of a run with empty exports, {title}: {whole:.1f} s")
            for label, value in (
                ("interpreter and command line", interpreter),
                ("Prefect: import, server, bookkeeping", prefect),
                ("ingest", seconds["ingest"]),
                ("dbt import", seconds["dbt_import"]),
                ("dbt parse", seconds["dbt_parse"]),
                ("dbt build and tests", seconds["dbt_build"]),
                ("publish", seconds["publish"]),
            ):
                print(f"  {label:<40} {value:6.2f} s   {value / whole:5.1%}")


if __name__ == "__main__":
    main()
