from __future__ import annotations

import hashlib
import subprocess
import sys
from collections import Counter
from pathlib import Path

import duckdb
import polars as pl
import pytest

from pipelines.contracts import load_contracts
from pipelines.errors import WanamakerError
from pipelines.ingest.discover import discover
from pipelines.simulation import simulate
from pipelines.simulation.setting import Wanted
from pipelines.simulation.writer import STYLES
from tests.simulation.conftest import loaded

SMALL = {"scale": 0.2, "months": 6}


def digests(out: Path) -> dict[str, str]:
    return {
        path.relative_to(out).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(out.rglob("*"))
        if path.is_file()
    }


def test_the_same_arguments_give_the_same_bytes_in_another_process(tmp_path):
    simulate(tmp_path / "here", Wanted(**SMALL))
    arguments = ["simulate", str(tmp_path / "there"), "--scale", "0.2", "--months", "6"]
    command = f"import sys; sys.argv = ['wanamaker', *{arguments!r}]; from pipelines.cli import main; main()"
    subprocess.run(
        [sys.executable, "-c", command],
        check=True,
        capture_output=True,
        env={"PYTHONHASHSEED": "5", "TZ": "America/Lima"},
    )
    assert digests(tmp_path / "here") == digests(tmp_path / "there")


def test_another_seed_gives_another_company(tmp_path):
    simulate(tmp_path / "one", Wanted(**SMALL))
    simulate(tmp_path / "two", Wanted(**SMALL, seed=2))
    one, two = digests(tmp_path / "one"), digests(tmp_path / "two")
    assert one.keys() == two.keys()
    same = {name.split("/")[1].split("_2")[0] for name in one if one[name] == two[name]}
    assert same <= {"NOT-EXPORTS", "commission_plans", "commission_tiers", "commission_rates", "write_offs"}


def test_noise_changes_no_truth_but_the_list_of_slips_and_doubles(tmp_path):
    simulate(tmp_path / "clean", Wanted(**SMALL, noise=0))
    simulate(tmp_path / "noisy", Wanted(**SMALL, noise=5))
    clean, noisy = digests(tmp_path / "clean" / "truth"), digests(tmp_path / "noisy" / "truth")
    assert {name for name in clean if clean[name] != noisy[name]} == {"noise.csv", "leads.csv", "parameters.json"}


def test_every_table_loads_whole_at_no_noise(tmp_path):
    simulate(tmp_path, Wanted(scale=0.2, months=12, noise=0))
    report = loaded(tmp_path, tmp_path / "data")
    assert not report.problems
    assert not [file for file in report.files if file.rejected or file.excluded or file.duplicate or file.rounded]
    rows = Counter()
    for file in report.files:
        rows[file.table.removeprefix("custom.")] += file.rows_read
    assert rows.keys() == {table.name for table in load_contracts().source("custom").tables}
    with duckdb.connect(str(tmp_path / "data" / "raw.duckdb"), read_only=True) as raw:
        assert raw.execute("select distinct source from registry.files").fetchall() == [("custom",)]
    assert min(rows.values()) > 0


def test_only_what_the_truth_lists_is_rejected(tmp_path):
    simulate(tmp_path, Wanted(**SMALL, noise=4))
    report = loaded(tmp_path, tmp_path / "data")
    assert not report.problems
    noise = pl.read_csv(tmp_path / "truth" / "noise.csv").filter("is_rejected").unique(["table", "exported_on", "id"])
    listed = Counter()
    for table, day, count in noise.group_by("table", "exported_on").len().iter_rows():
        stem = STYLES[table].name if table in STYLES else table
        listed[f"{stem}_{day}.csv"] = count
    rejected = {file.name: file.rejected for file in report.files if file.rejected}
    assert rejected == dict(listed)
    assert len(rejected) > 3


def test_no_run_reads_the_truth(clean, tmp_path):
    found, problems = discover(clean, tmp_path)
    assert not problems
    assert {file.name.split("/")[0] for file in found} == {"exports"}
    with pytest.raises(WanamakerError, match="holds no exports"):
        discover(clean / "truth", tmp_path)


def test_a_folder_of_something_else_is_left_alone(tmp_path):
    (tmp_path / "exports").mkdir()
    (tmp_path / "exports" / "mine.csv").write_text("precious")
    with pytest.raises(WanamakerError, match="is no simulation's"):
        simulate(tmp_path, Wanted(**SMALL))
    assert (tmp_path / "exports" / "mine.csv").read_text() == "precious"


def test_a_company_of_several_parts_numbers_its_entities_once(tmp_path, monkeypatch):
    monkeypatch.setattr("pipelines.simulation.parameters.CHUNK_SCALE", 0.05)
    simulate(tmp_path, Wanted(scale=0.15, months=3, noise=0))
    for table, key in (
        ("users", "user_id"),
        ("accounts", "account_id"),
        ("invoices", "invoice_id"),
        ("activities", "activity_id"),
    ):
        newest = max((tmp_path / "exports").glob(f"{table}_2*.csv"))
        ids = pl.read_csv(newest.read_bytes(), infer_schema_length=0)[key]
        assert ids.n_unique() == len(ids) > 0


@pytest.mark.slow
def test_every_vendor_file_is_recognised_as_its_vendors(tmp_path):
    simulate(tmp_path, Wanted(scale=0.1, months=6, noise=0, vendors=True))
    report = loaded(tmp_path, tmp_path / "data")
    assert not report.problems
    assert not [(file.name, file.table) for file in report.files if file.rejected or file.excluded]
    with duckdb.connect(str(tmp_path / "data" / "raw.duckdb"), read_only=True) as raw:
        files = raw.execute("select name, source from registry.files").fetchall()
    assert {source for _, source in files} > {
        "salesforce",
        "hubspot",
        "neocrm",
        "baidu_ads",
        "linkedin_ads",
        "web",
        "custom",
    }
    assert [(name, source) for name, source in files if "/" in name and name.split("/")[0] != source] == []
    assert [(name, source) for name, source in files if "/" not in name and source != "custom"] == []
