"""A project of two tables that a child process loads, builds and publishes, to be killed at any moment."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import Any

import duckdb

from pipelines.publish import POINTER, publish
from pipelines.runs import RunRecord, new_run_id, now, only_run
from tests.pipeline.conftest import CONTRACT, contracts_of
from tests.pipeline.project import Project

ROWS = 3000
FIRST = {
    "people_2026-01-05.csv": "person_id,name,visits\n"
    + "".join(f"P{n},name {n},{n}\n" for n in range(ROWS))
    + "PX,x,x\n",
    "stock_2026-01-05.csv": "item_id,on_hand\n" + "".join(f"I{n},{n}\n" for n in range(ROWS)),
}
SECOND = {
    "people_2026-01-06.csv": "person_id,name,visits\n" + "".join(f"P{n},name {n},{n + n % 3}\n" for n in range(ROWS)),
    "people_2026-01-04.csv": "person_id,name,visits\n" + "".join(f"Q{n},late,{n}\n" for n in range(ROWS)) + "P1,x,x\n",
    "stock_2026-01-06.csv": ("item_id,on_hand\n" + "".join(f"I{n},{n + 1}\n" for n in range(ROWS - 5))).encode("utf-16"),
}  # fmt: skip


def project(folder: Path) -> Project:
    folder.mkdir(parents=True, exist_ok=True)
    return Project(folder, contracts_of(CONTRACT, folder))


def run(folder: Path, started: Any = None) -> None:
    """Load what is exported, build one mart a table, and publish; `started` is set once the folder is held."""
    shop = project(folder)
    with only_run(shop.data):
        if started is not None:
            started.set()
        record = RunRecord(new_run_id(shop.data), now().isoformat())
        report = shop.load()
        assert not report.problems, report.problems
        built = shop.data / "build" / "wanamaker.duckdb"
        built.parent.mkdir(exist_ok=True)
        for leftover in (built, built.with_name(f"{built.name}.wal")):
            leftover.unlink(missing_ok=True)
        _build(built, shop.data)
        publish(built, shop.data, record, [], [])


def _build(built: Path, data: Path) -> None:
    with closing(duckdb.connect(str(built))) as connection:
        connection.execute(f"attach '{data / 'raw.duckdb'}' as raw (read_only)")
        for schema in ("core", "marts", "staging", "work"):
            connection.execute(f"create schema {schema}")
        connection.execute(
            "create table core.run_settings as select date '2026-01-06' as as_of_date, "
            "'CNY' as company_currency, 'Asia/Shanghai' as timezone"
        )
        for table, key in (("people", "person_id"), ("stock", "item_id")):
            connection.execute(
                f"create table marts.{table} as select * from raw.shop.{table} "
                f"qualify row_number() over (partition by {key} order by _exported_at desc) = 1 and not _is_deleted"
            )
        connection.execute("detach raw")


def published(folder: Path) -> dict[str, list[tuple[Any, ...]]]:
    """What the pointer shows."""
    with closing(duckdb.connect(str((folder / "data" / POINTER).resolve()), read_only=True)) as connection:
        return {
            table: connection.execute(f"from marts.{table} order by all").fetchall() for table in ("people", "stock")
        } | {"meta": connection.execute("select * exclude (loaded_at) from meta.files order by all").fetchall()}
