"""Raw depends on the set of deliveries alone: not on their order, their repetition or how runs cut them."""

from __future__ import annotations

import itertools
import tempfile
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines.contracts import Column, ColumnMeta, Contracts, Source, SourceMeta, Table, TableMeta
from tests.pipeline.project import Project, ties

FIRST = datetime(2026, 1, 1)
QUICK = settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))


def contracts(load: str) -> Contracts:
    """One small table with the load mode to test; headers no other table has."""
    metas = {
        "upsert": TableMeta(files=("things*",), load="upsert", key=("thing",)),
        "full": TableMeta(files=("things*",), load="full", key=("thing",)),
        "full_in_scope": TableMeta(files=("things*",), load="full", key=("thing",), scope=("area",)),
        "replace": TableMeta(files=("things*",), load="replace", range="day", scope=("area",)),
        "replace_all": TableMeta(files=("things*",), load="replace", range="day"),
        "append": TableMeta(files=("things*",), load="append"),
        "append_by_id": TableMeta(files=("things*",), load="append", key=("area",)),
    }
    columns = (
        Column(name="thing", type="varchar", meta=ColumnMeta(required=True)),
        Column(name="area", type="varchar"),
        Column(name="day", type="date"),
        Column(name="amount", type="decimal(18,2)"),
    )
    table = Table(source="shop", name="things", description="", meta=metas[load], columns=columns)
    return Contracts(sources=(Source(name="shop", meta=SourceMeta(vendor="Shop"), tables=(table,)),))


MODES = ["upsert", "full", "full_in_scope", "replace", "replace_all", "append", "append_by_id"]

rows = st.tuples(st.sampled_from("abcd"), st.sampled_from(["x", "y", ""]), st.integers(1, 4), st.integers(0, 2))
files = st.tuples(st.integers(0, 3), st.lists(rows, max_size=6))
companies = st.lists(files, min_size=1, max_size=4)


def write(project: Project, number: int, file) -> str:
    day, content = file
    lines = [
        "thing,area,day,amount",
        *(f"{thing},{area},2026-02-0{on},{amount}" for thing, area, on, amount in content),
    ]
    name = f"things_{FIRST + timedelta(days=day):%Y-%m-%d}_{number}.csv"
    project.write(name, "\n".join(lines) + "\n")
    return name


@contextmanager
def fresh(load: str):
    with tempfile.TemporaryDirectory() as folder:
        yield Project(Path(folder), contracts(load))


def everything(project: Project):
    raw = project.rows("select * from shop.things")
    counts = project.rows(
        "select file_id, name, exported_at, status, rows_read, loaded, unchanged, duplicate, rejected, deleted from registry.files"
    )
    return sorted(raw, key=repr), sorted((row[0], *row[2:]) for row in counts)


def loaded(load: str, company, order, cuts, **options):
    """Raw after loading the files in an order, in runs cut where `cuts` says."""
    with fresh(load) as project:
        for position, index in enumerate(order):
            write(project, index, company[index])
            if cuts[position % len(cuts)] or position == len(order) - 1:
                report = project.load(**options)
                assert not report.problems, report.problems
                assert all(ties(file) for file in report.files)
                for path in project.exports.iterdir():
                    path.unlink()
        return everything(project)


@pytest.mark.parametrize("load", MODES)
@QUICK
@given(company=companies, data=st.data())
def test_any_order_repetition_and_cut_into_runs_gives_the_same_raw(load, company, data):
    order = list(range(len(company)))
    other = data.draw(st.permutations(order + data.draw(st.lists(st.sampled_from(order), max_size=2))))
    cuts = data.draw(st.lists(st.booleans(), min_size=1, max_size=4))
    options = {"accept_shrink": data.draw(st.booleans())}
    assert loaded(load, company, other, cuts, **options) == loaded(load, company, order, [False], **options)


def known_by(load: str, row, seen: dict):
    """What tells a row of a file from others: its id, else its content and occurrence."""
    if load == "append_by_id" and row[1]:
        return row[1]
    if load.startswith(("replace", "append")):
        seen[row] = seen.get(row, 0) + 1
        return row, seen[row]
    return row[0]


def missing(load: str, live: dict, incoming: dict) -> set:
    """The live rows that a snapshot says are gone."""
    of_area = load in ("full_in_scope", "replace")
    gone: set = set()
    for area in {row[1] if of_area else None for row in incoming.values()} | ({None} if load == "full" else set()):
        spoken_for = {key: row for key, row in live.items() if not of_area or row[1] == area}
        if load.startswith("replace"):
            days = [row[2] for row in incoming.values() if not of_area or row[1] == area]
            spoken_for = {key: row for key, row in spoken_for.items() if min(days) <= row[2] <= max(days)}
        gone |= spoken_for.keys() - incoming.keys()
    return gone if load.startswith(("full", "replace")) else set()


def model(load: str, snapshots):
    """The semantics in a few lines of Python: live rows after all snapshots; a key's last row of a snapshot stands."""
    live: dict = {}
    for _, contents in snapshots:
        incoming: dict = {}
        for content in contents:
            seen: dict = {}
            incoming |= {known_by(load, row, seen): row for row in content}
        gone = missing(load, live, incoming)
        if load.startswith("full"):
            areas = {row[1] for row in incoming.values()}
            spoken_for = [row for row in live.values() if load == "full" or row[1] in areas]
            gone = set() if len(gone) * 2 > len(spoken_for) else gone
        live = {key: row for key, row in live.items() if key not in gone} | incoming
    return sorted(live.values())


@pytest.mark.parametrize("load", MODES)
@QUICK
@given(company=companies)
def test_live_rows_are_what_the_semantics_say(load, company):
    with fresh(load) as project:
        for number, file in enumerate(company):
            write(project, number, file)
        report = project.load()
        assert not report.problems, report.problems
        shas = dict(project.rows("select file_id, sha256 from registry.files"))
        by_file = dict(project.rows("select name, file_id from registry.files"))
        key = "thing" if load in ("upsert", "full", "full_in_scope") else "_row_key"
        live = project.rows(
            f"""
            select thing, coalesce(area, ''), day(day), amount::int from shop.things
            qualify row_number() over (partition by {key} order by _exported_at desc) = 1 and not _is_deleted
            """
        )
        ordered = {}
        for number, (day, content) in enumerate(company):
            name = f"things_{FIRST + timedelta(days=day):%Y-%m-%d}_{number}.csv"
            if name in by_file:  # the same bytes of the same day under another name are one delivery
                ordered[day, shas[by_file[name]]] = content
        snapshots = [
            (day, [content for _, content in group])
            for day, group in itertools.groupby(sorted(ordered.items()), key=lambda item: item[0][0])
        ]
        assert sorted(live) == model(load, snapshots)


def test_a_late_file_takes_its_place_in_the_past(tmp_path):
    project = Project(tmp_path, contracts("upsert"))
    write(project, 0, (2, [("a", "x", 1, 2)]))
    project.load()
    write(project, 1, (0, [("a", "x", 1, 1), ("b", "x", 1, 1)]))
    project.load()
    history = project.rows("select thing, amount::int, _exported_at::date::varchar from shop.things order by 3, 1")
    assert history == [("a", 1, "2026-01-01"), ("b", 1, "2026-01-01"), ("a", 2, "2026-01-03")]


def test_a_row_that_comes_back_is_live_again(tmp_path):
    project = Project(tmp_path, contracts("full"))
    for day, things in enumerate(["abc", "ab", "abc"]):
        write(project, day, (day, [(thing, "x", 1, 1) for thing in things]))
    project.load()
    history = project.rows(
        "select _exported_at::date::varchar, _is_deleted from shop.things where thing = 'c' order by 1"
    )
    assert history == [("2026-01-01", False), ("2026-01-02", True), ("2026-01-03", False)]


def test_a_full_export_that_lost_most_rows_deletes_nothing_until_accepted(tmp_path):
    project = Project(tmp_path, contracts("full"))
    write(project, 0, (0, [(thing, "x", 1, 1) for thing in "abcd"]))
    project.load()
    write(project, 1, (1, [("a", "x", 1, 1)]))
    report = project.load()
    assert [file.status for file in report.files if "01-02" in file.name] == ["shrunk"]
    assert project.rows("select count(*) from shop.things where _is_deleted") == [(0,)]
    accepted = project.load(accept_shrink=True)
    assert [file.deleted for file in accepted.files if "01-02" in file.name] == [3]
    assert project.rows("select count(*) from shop.things where _is_deleted") == [(3,)]
    again = project.load()
    assert not again.problems
    assert project.rows("select count(*) from shop.things where _is_deleted") == [(3,)]


def test_a_changed_contract_derives_the_table_again_from_landing(tmp_path):
    project = Project(tmp_path, contracts("upsert"))
    write(project, 0, (0, [("a", "x", 1, 1)]))
    project.load()
    wider = contracts("upsert")
    table = wider.sources[0].tables[0]
    columns = (*table.columns, Column(name="note", type="varchar", meta=ColumnMeta(headers=("day",))))
    source = wider.sources[0].model_copy(update={"tables": (table.model_copy(update={"columns": columns}),)})
    project.contracts = Contracts(sources=(source,))
    write(project, 1, (1, [("b", "x", 1, 1)]))
    project.load()
    assert project.rows("select thing, note from shop.things order by 1") == [("a", None), ("b", None)]


def test_rebuilding_raw_from_landing_gives_the_same_raw(tmp_path):
    project = Project(tmp_path, contracts("replace"))
    for number, file in enumerate([(0, [("a", "x", 1, 1)] * 2), (1, [("b", "x", 1, 2)]), (1, [("c", "y", 2, 0)])]):
        write(project, number, file)
    project.load()
    before = everything(project)
    (project.data / "raw.duckdb").unlink()
    from pipelines.ingest.load import ingest

    ingest(None, project.data, project.contracts)
    assert everything(project) == before


FEW = settings(max_examples=3, deadline=None, suppress_health_check=list(HealthCheck))
MANY = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))


def stricter(known: Contracts) -> Contracts:
    """The contract a day later: an area is required, an amount is a whole number, and days are kept as text too."""
    source = known.sources[0]
    table = source.tables[0]
    columns = {column.name: column for column in table.columns}
    columns["area"] = columns["area"].model_copy(update={"meta": ColumnMeta(required=True)})
    columns["amount"] = columns["amount"].model_copy(update={"type": "bigint"})
    columns["noted"] = Column(name="noted", type="varchar", meta=ColumnMeta(headers=("amount",)))
    changed = table.model_copy(update={"columns": tuple(columns.values())})
    return Contracts(sources=(source.model_copy(update={"tables": (changed,)}),))


def a_contract_that_changes_between_runs(load, company, cut):
    with fresh(load) as project, fresh(load) as at_once:
        at_once.contracts = stricter(at_once.contracts)
        for number, file in enumerate(company):
            if number == cut:
                project.load()
                project.contracts = stricter(project.contracts)
            write(project, number, file)
            write(at_once, number, file)
        project.contracts = at_once.contracts
        project.load()
        at_once.load()
        assert project.report.problems == at_once.report.problems
        assert everything(project) == everything(at_once)
        assert project.rows("from registry.rejects order by all") == at_once.rows("from registry.rejects order by all")


def mapped(factor: int) -> list[dict]:
    """A mapping that multiplies amounts, and leaves one thing out."""
    columns = {"thing": "thing", "area": "area", "day": "day", "amount": f"cast(amount as integer) * {factor}"}
    return [{"file": "things*", "table": "things", "columns": columns, "where": f"thing <> '{'abcd'[factor]}'"}]


def a_mapping_that_changes_between_runs(load, company, cut):
    with fresh(load) as project, fresh(load) as at_once:
        for number, file in enumerate(company):
            if number == cut:
                project.load(mapping=mapped(1))
            write(project, number, file)
            write(at_once, number, file)
        project.load(mapping=mapped(2))
        at_once.load(mapping=mapped(2))
        assert project.report.problems == at_once.report.problems == []
        assert all(ties(file) for file in project.report.files)
        assert everything(project) == everything(at_once)


cuts_at = st.integers(1, 3)


@pytest.mark.parametrize("load", MODES)
@FEW
@given(company=companies, cut=cuts_at)
def test_a_contract_changed_between_runs_gives_what_it_would_have_given_from_the_start(load, company, cut):
    a_contract_that_changes_between_runs(load, company, cut)


@pytest.mark.parametrize("load", MODES)
@FEW
@given(company=companies, cut=cuts_at)
def test_a_mapping_changed_between_runs_gives_what_it_would_have_given_from_the_start(load, company, cut):
    a_mapping_that_changes_between_runs(load, company, cut)


@pytest.mark.slow
@pytest.mark.parametrize("load", MODES)
@MANY
@given(company=companies, cut=cuts_at, data=st.data())
def test_raw_at_length(load, company, cut, data):
    a_contract_that_changes_between_runs(load, company, cut)
    a_mapping_that_changes_between_runs(load, company, cut)
    order = list(range(len(company)))
    late = data.draw(st.permutations(order))
    cuts = data.draw(st.lists(st.booleans(), min_size=1, max_size=4))
    assert loaded(load, company, late, cuts) == loaded(load, company, order, [False])
