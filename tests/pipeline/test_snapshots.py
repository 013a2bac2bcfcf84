"""Snapshots: what a delivery adds, leaves, restates or buries, and which day it is of."""

from __future__ import annotations

import json
import os
import threading
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from pipelines.contracts import Contracts
from pipelines.errors import WanamakerError
from pipelines.ingest import decode, landing, load
from pipelines.ingest.decode import Text
from pipelines.ingest.load import Options, ingest
from tests.pipeline.conftest import CONTRACT, contracts_of
from tests.pipeline.project import Project

MONDAY, TUESDAY, WEDNESDAY = "2026-01-05", "2026-01-06", "2026-01-07"


def people(*rows: str) -> str:
    return "person_id,name\n" + "".join(f"{row}\n" for row in rows)


def stock(*rows: str) -> str:
    return "item_id,on_hand\n" + "".join(f"{row}\n" for row in rows)


def costs(*rows: str) -> str:
    return "spent_on,cost,channel,ad_account\n" + "".join(f"{row}\n" for row in rows)


def days(shop: Project, table: str) -> list[str]:
    return [str(at)[:10] for at in shop.column("_exported_at", table)]


# upsert


def test_an_upsert_adds_what_changed_and_deletes_nothing(shop: Project) -> None:
    shop.deliver({f"people_{MONDAY}.csv": people("P1,Ann", "P2,Bob")})
    shop.deliver({f"people_{TUESDAY}.csv": people("P2,Rob", "P3,Cy")})
    assert shop.live("shop.people", "person_id, name") == [("P1", "Ann"), ("P2", "Rob"), ("P3", "Cy")]
    file = shop.only_file()
    assert (file.loaded, file.unchanged, file.deleted) == (2, 0, 0)


def test_of_a_repeated_key_the_last_record_stands(shop: Project) -> None:
    shop.deliver({f"people_{MONDAY}.csv": people("P1,Ann", "P2,Bob", "P1,Anna")})
    assert shop.rows("select person_id, name, _row_number from shop.people order by 1") == [
        ("P1", "Anna", 3),
        ("P2", "Bob", 2),
    ]
    assert shop.only_file().duplicate == 1


def test_of_two_files_of_one_day_the_one_with_the_higher_hash_stands(shop: Project) -> None:
    contents = {f"people_{MONDAY}_{letter}.csv": people(f"P1,{letter}") for letter in "abc"}
    shop.deliver(contents)
    (winner,) = shop.rows("select name from registry.files order by sha256 desc limit 1")
    assert shop.rows("select name from shop.people") == [(winner[0][-5],)]
    assert sum(file.duplicate for file in shop.report.files) == 2


def test_a_value_that_becomes_empty_is_a_change(shop: Project) -> None:
    shop.deliver({f"people_{MONDAY}.csv": people("P1,Ann")})
    shop.deliver({f"people_{TUESDAY}.csv": people("P1,")})
    assert shop.live("shop.people", "name") == [(None,)]


# full


def test_a_full_export_buries_what_it_lacks(shop: Project) -> None:
    shop.deliver({f"stock_{MONDAY}.csv": stock("I1,1", "I2,2", "I3,3")})
    shop.deliver({f"stock_{TUESDAY}.csv": stock("I1,1", "I3,4")})
    assert shop.live("shop.stock", "item_id, on_hand") == [("I1", 1), ("I3", 4)]
    file = shop.only_file()
    assert (file.loaded, file.unchanged, file.deleted) == (1, 1, 1)
    tombstone = shop.rows("select item_id, on_hand, _row_number from shop.stock where _is_deleted")
    assert tombstone == [("I2", 2, None)]


def test_two_files_of_one_full_export_are_one(shop: Project) -> None:
    shop.deliver({f"stock_{MONDAY}.csv": stock("I1,1", "I2,2")})
    shop.deliver({f"stock_{TUESDAY}_1.csv": stock("I1,1")})
    shop.deliver({f"stock_{TUESDAY}_2.csv": stock("I2,2")})
    assert shop.live("shop.stock", "item_id") == [("I1",), ("I2",)]


def test_a_row_that_is_rejected_is_not_gone(shop: Project) -> None:
    shop.deliver({f"stock_{MONDAY}.csv": stock("I1,1", "I2,2", "I3,3")})
    shop.deliver({f"stock_{TUESDAY}.csv": stock("I1,1", "I2,many")})
    assert shop.live("shop.stock", "item_id, on_hand") == [("I1", 1), ("I2", 2)]


def test_a_full_export_speaks_for_its_scope_only(shop: Project) -> None:
    header = "price_id,region,price\n"
    shop.deliver({f"prices_{MONDAY}.csv": header + "P1,north,1\nP2,north,2\nP3,south,3\n"})
    shop.deliver({f"prices_{TUESDAY}.csv": header + "P1,north,1\n"})
    assert shop.live("shop.prices", "price_id") == [("P1",), ("P3",)]


def test_the_guard_counts_the_rows_of_the_scope(shop: Project) -> None:
    header = "price_id,region,price\n"
    south = "".join(f"S{number},south,1\n" for number in range(20))
    shop.deliver({f"prices_{MONDAY}.csv": header + "N1,north,1\nN2,north,2\nN3,north,3\n" + south})
    shop.deliver({f"prices_{TUESDAY}.csv": header + "N1,north,1\n"})
    assert shop.only_file().status == "shrunk"
    assert "lacks 2 of 3 live rows, so nothing was deleted" in shop.only_file().notes


def test_an_empty_full_export_deletes_nothing_until_accepted(shop: Project) -> None:
    shop.deliver({f"stock_{MONDAY}.csv": stock("I1,1")})
    shop.deliver({f"stock_{TUESDAY}.csv": stock()})
    assert shop.only_file().status == "shrunk"
    shop.load(accept_shrink=True)
    assert shop.live("shop.stock", "item_id") == []


def test_an_acceptance_stays_with_its_delivery_through_a_mapping_too(shop: Project) -> None:
    mapping = [{"file": "stock*", "table": "stock", "columns": {"item_id": "item_id"}}]
    shop.write(f"stock_{MONDAY}.csv", stock("I1,1", "I2,1", "I3,1"))
    shop.write(f"stock_{TUESDAY}.csv", stock("I1,1"))
    shop.load(mapping=mapping)
    shop.load(mapping=mapping, accept_shrink=True)
    accepted = shop.state()
    assert shop.live("shop.stock", "item_id") == [("I1",)]
    shop.load(mapping=mapping)
    shop.derive()
    assert shop.state() == accepted


def test_a_mapping_says_that_an_export_is_full(shop: Project) -> None:
    columns = {"person_id": "person_id", "name": "name"}
    mapping = [{"file": "people*", "table": "people", "columns": columns, "load": "full"}]
    shop.deliver({f"people_{MONDAY}.csv": people("P1,Ann", "P2,Bob")}, mapping=mapping)
    shop.deliver({f"people_{TUESDAY}.csv": people("P1,Ann")}, mapping=mapping)
    assert shop.live("shop.people", "person_id") == [("P1",)]
    shop.deliver({f"people_{TUESDAY}_more.csv": people("P3,Cy")})  # one that does not say so: nothing is deleted then
    assert shop.live("shop.people", "person_id") == [("P1",), ("P2",), ("P3",)]


# replace


def test_a_delivery_restates_its_own_days(shop: Project) -> None:
    shop.deliver(
        {
            f"costs_{MONDAY}.csv": costs(
                "2026-01-01,1,ads,a", "2026-01-02,2,ads,a", "2026-01-03,3,ads,a", "2026-01-02,9,radio,a"
            )
        }
    )
    shop.deliver({f"costs_{TUESDAY}.csv": costs("2026-01-02,5,ads,a", "2026-01-03,3,ads,a", "2026-01-03,3,ads,a")})
    assert shop.live("shop.costs", "spent_on::varchar, cost, channel") == [
        ("2026-01-01", 1, "ads"),
        ("2026-01-02", 5, "ads"),
        ("2026-01-02", 9, "radio"),
        ("2026-01-03", 3, "ads"),
        ("2026-01-03", 3, "ads"),
    ]
    file = shop.only_file()
    assert (file.loaded, file.unchanged, file.deleted) == (2, 1, 1)


@pytest.mark.parametrize("given", ["", "A"])
def test_without_an_account_the_mappings_file_pattern_is_the_account(shop: Project, given: str) -> None:
    columns = {"spent_on": "day", "cost": "cost", "channel": "'ads'"} | ({"ad_account": f"'{given}'"} if given else {})
    mapping = [
        {"file": "google*", "table": "costs", "columns": columns},
        {"file": "meta*", "table": "costs", "columns": columns},
    ]
    for day, cost in ((MONDAY, 1), (TUESDAY, 2)):
        files = {
            f"{name}_{day}.csv": f"day,cost\n2026-01-01,{cost}{number}\n"
            for number, name in enumerate(["google", "meta"])
        }
        for name, content in files.items():
            shop.deliver({name: content}, mapping=mapping)
    expected = [(20,), (21,)]  # one account: both files of a day are one snapshot, which restates the day before
    assert shop.live("shop.costs", "cost") == expected
    shop.deliver({f"meta_{WEDNESDAY}.csv": "day,cost\n2026-01-01,31\n"}, mapping=mapping)
    assert shop.live("shop.costs", "cost") == ([(31,)] if given else [(20,), (31,)])


# append


def test_a_file_that_changes_while_it_is_read_leaves_nothing_to_one_with_its_bytes(
    shop: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, after = (f"visited_on,page\n2026-01-01,{page}\n" for page in ("home", "shop"))
    made = threading.Event()

    def to_text(path: Path, *arguments: Any, **options: Any) -> Text:
        text = decode.to_text(path, *arguments, **options)
        if path.name == "a.csv":
            path.write_text(after, encoding="utf-8")
            os.utime(path, (1_000_000_000, 1_000_000_000))
        made.set()
        return text

    def digest_of(path: Path) -> str:
        made.wait()
        return landing.digest_of(path)

    monkeypatch.setattr(load, "to_text", to_text)
    monkeypatch.setattr(load, "digest_of", digest_of)
    shop.deliver({"a.csv": before, "b.csv": after})
    assert "it changed while it was read" in shop.report.problems[0].message
    assert shop.rows("select page from shop.visits") == [("shop",)]


def test_a_tab_before_a_cell_of_json_is_no_part_of_it(shop: Project) -> None:
    shop.deliver({f"people_{MONDAY}.jsonl": '{"person_id": "\\tP1", "name": "Ann"}\n'})
    shop.deliver({f"people_{TUESDAY}.csv": people("P1,Ann")})
    assert shop.only_file().unchanged == 1


def test_copies_of_a_file_are_all_told_whichever_is_dated(shop: Project) -> None:
    content = "visited_on,page\n2026-01-01,home\n"
    report = shop.deliver({"a/visits.csv": content, "b/visits.csv": content, f"c/visits_{MONDAY}.csv": content})
    assert [(file.name, file.loaded) for file in report.files] == [
        ("a/visits.csv", 1), ("b/visits.csv", 1), (f"c/visits_{MONDAY}.csv", 1),
    ]  # fmt: skip


def test_texts_of_equal_and_of_other_files_are_kept_apart(shop: Project) -> None:
    header = "visited_on,page\n"
    monday, tuesday = (f"{header}2026-01-0{day},home\n".encode("utf-16") for day in (1, 2))
    shop.deliver({f"visits_{MONDAY}.csv": monday, "copy/visits.csv": monday, f"visits_{TUESDAY}.csv": tuesday})
    assert sorted(shop.live("shop.visits", "visited_on::varchar, page")) == [
        ("2026-01-01", "home"),
        ("2026-01-02", "home"),
    ]


def test_a_row_without_id_is_known_by_content_and_occurrence(shop: Project) -> None:
    header = "visited_on,page\n"
    shop.deliver({f"visits_{MONDAY}.csv": header + "2026-01-01,home\n2026-01-01,home\n2026-01-02,shop\n"})
    shop.deliver(
        {f"visits_{TUESDAY}.csv": header + "2026-01-01,home\n2026-01-01,home\n2026-01-01,home\n2026-01-03,home\n"}
    )
    assert shop.live("shop.visits", "visited_on::varchar, page, count(*) over (partition by visited_on)")[::2] == [
        ("2026-01-01", "home", 3),
        ("2026-01-01", "home", 3),
        ("2026-01-03", "home", 1),
    ]
    file = shop.only_file()
    assert (file.loaded, file.unchanged, file.deleted) == (2, 2, 0)


def test_a_row_with_an_id_may_change(shop: Project) -> None:
    header = "call_id,called_on,caller\n"
    shop.deliver({f"calls_{MONDAY}.csv": header + "C1,2026-01-01,Ann\n,2026-01-01,Bob\n"})
    shop.deliver({f"calls_{TUESDAY}.csv": header + "C1,2026-01-01,Anna\n,2026-01-01,Bob\n"})
    assert shop.live("shop.calls", "call_id, caller") == [("C1", "Anna"), (None, "Bob")]


def test_a_mapping_gives_rows_without_id_a_key_of_several_columns(shop: Project) -> None:
    entry = {"file": "calls*", "table": "calls", "columns": {"called_on": "called_on", "caller": "caller"}}
    mapping = [entry | {"key": ["called_on", "caller"], "load": "upsert"}]
    shop.deliver({f"calls_{MONDAY}.csv": "called_on,caller\n2026-01-01,Ann\n2026-01-01,Ann\n"}, mapping=mapping)
    assert shop.rows("select caller from shop.calls") == [("Ann",)]
    shop.deliver({f"calls_{TUESDAY}.csv": "called_on,caller\n2026-01-02,Ann\n2026-01-01,Ann\n"}, mapping=mapping)
    file = shop.only_file()
    assert (file.loaded, file.unchanged) == (1, 1)
    assert shop.rows("select count(*), count(distinct _row_key) from shop.calls") == [(2, 2)]


# which day


@pytest.mark.parametrize(
    ("name", "day"),
    [
        ("people_2026-01-31.csv", "2026-01-31 00:00:00"),
        ("people_20260131.csv", "2026-01-31 00:00:00"),
        ("人员2026年1月5日.csv", "2026-01-05 00:00:00"),
        ("people 2026.01.31.csv", "2026-01-31 00:00:00"),
        ("people_20260131_1830.csv", "2026-01-31 18:30:00"),
        ("people_2026-01-31T18:30:15.csv", "2026-01-31 18:30:15"),
        ("people_20260131183015.csv", "2026-01-31 18:30:15"),
        ("people_2026-01-01_2026-01-31.csv", "2026-01-31 00:00:00"),
        ("people_20260101_20260131.csv", "2026-01-31 00:00:00"),
        ("people-2026-01-31-1.csv", "2026-01-31 00:00:00"),
        ("2025-12-31/people_2026-01-31.csv", "2026-01-31 00:00:00"),
        ("2026-01-31/people.csv", "2026-01-31 00:00:00"),
        ("people_2026-02-30.csv", "2020-01-01 12:00:00"),
        ("people_202601311.csv", "2020-01-01 12:00:00"),
        ("people_1202601315.csv", "2020-01-01 12:00:00"),
    ],
)
def test_the_day_is_in_the_name(shop: Project, name: str, day: str) -> None:
    shop.write(name, people("P1,Ann"), "2020-01-01T12:00:00")
    shop.load(timezone="UTC")
    assert [str(at) for at in shop.column("_exported_at", "shop.people")] == [day]


def test_the_files_time_is_the_companys(shop: Project) -> None:
    shop.deliver({"people.csv": people("P1,Ann")}, "2026-01-05T20:00:00", timezone="Asia/Shanghai")
    assert shop.rows("select exported_at::varchar, exported_at_from from registry.files") == [
        ("2026-01-06 04:00:00", "time")
    ]


def test_mapping_before_name_before_option_before_time(shop: Project) -> None:
    entry = {"file": "people*", "table": "people", "columns": {"person_id": "person_id"}, "exported_at": "2026-03-01"}
    found = []
    for number, (name, mapping) in enumerate(
        [("people.csv", None), (f"people_{MONDAY}.csv", None), (f"people_{TUESDAY}.csv", [entry])]
    ):
        shop.deliver({name: people(f"P{number},Ann")}, mapping=mapping, exported_at="2026-02-01")
        found.append(shop.only_file().exported_at)
    assert found == [datetime(2026, 2, 1), datetime(2026, 1, 5), datetime(2026, 3, 1)]


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 0, 2), (1, 2, 0)])
def test_of_bytes_known_by_the_files_time_the_earliest_counts(shop: Project, order: tuple[int, ...]) -> None:
    times = [f"{day}T08:00:00" for day in (MONDAY, TUESDAY, WEDNESDAY)]
    for place in order:
        shop.deliver({f"people_{'abc'[place]}.csv": people("P1,Ann")}, times[place], timezone="UTC")
    assert shop.rows("select name, exported_at::varchar from registry.files") == [
        ("people_a.csv", "2026-01-05 08:00:00")
    ]
    assert days(shop, "shop.people") == [MONDAY]


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_a_files_time_counts_only_where_nothing_better_dates_its_bytes(shop: Project, order: tuple[int, ...]) -> None:
    files = [(f"people_{MONDAY}.csv", None), ("people.csv", f"{WEDNESDAY}T08:00:00")]
    for place in order:
        name, written_at = files[place]
        shop.deliver({name: people("P1,Ann")}, written_at)
        assert shop.only_file().loaded == 1
    assert days(shop, "shop.people") == [MONDAY]


def test_the_same_bytes_on_two_days_are_two_deliveries(shop: Project) -> None:
    for day, name in ((MONDAY, "Ann"), (TUESDAY, "Bob"), (WEDNESDAY, "Ann")):
        shop.deliver({f"people_{day}.csv": people(f"P1,{name}")})
    assert shop.column("name", "shop.people") == ["Ann", "Bob", "Ann"]


# landing


def test_the_same_bytes_again_are_not_read_again(shop: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    shop.deliver({f"people_{MONDAY}.csv": people("P1,Ann")})
    before = shop.state()
    monkeypatch.setattr("pipelines.ingest.load.read", None)
    shop.load()
    assert shop.only_file().loaded == 1
    assert shop.state() == before


def test_a_delivery_that_is_removed_from_landing_leaves_raw(shop: Project) -> None:
    for day, rows in ((MONDAY, ("P1,Ann",)), (TUESDAY, ("P1,Anna", "P2,Bob")), (WEDNESDAY, ("P1,Anna",))):
        shop.deliver({f"people_{day}.csv": people(*rows)})
    ((sha256, file_id),) = shop.rows(f"select sha256, file_id from registry.files where exported_at = '{TUESDAY}'")
    (shop.data / "landing" / sha256[:2] / f"{sha256}.{file_id}.json").unlink()
    shop.derive()
    assert list(zip(shop.column("name", "shop.people"), days(shop, "shop.people"), strict=True)) == [
        ("Ann", MONDAY),
        ("Anna", WEDNESDAY),
    ]


def test_a_damaged_record_of_landing_is_named(shop: Project) -> None:
    shop.deliver({f"people_{MONDAY}.csv": people("P1,Ann")})
    (record,) = shop.data.glob("landing/*/*.json")
    record.write_text(record.read_text(encoding="utf-8")[:50], encoding="utf-8")
    with pytest.raises(
        WanamakerError, match=r"\.json: the record of a delivery is damaged .* remove it and load the file again"
    ):
        shop.derive()


def test_a_record_of_landing_says_how_it_was_read(shop: Project) -> None:
    entry = {"file": "people*", "table": "people", "columns": {"person_id": "person_id"}, "dates": "%d/%m/%Y"}
    shop.deliver({f"people_{MONDAY}.csv": people("P1,Ann")}, mapping=[entry])
    (record,) = shop.data.glob("landing/*/*.json")
    content = json.loads(record.read_text(encoding="utf-8"))
    assert content["name"] == f"people_{MONDAY}.csv"
    assert (content["exported_at"], content["exported_at_from"]) == ("2026-01-05T00:00:00", "name")
    assert content["mapping"][0]["dates"] == ["%d/%m/%Y"]


def test_damaged_bytes_are_named_and_mended_by_the_file_itself(shop: Project) -> None:
    shop.deliver({f"people_{MONDAY}.csv": people("P1,Ann"), f"people_{TUESDAY}.csv": people("P1,Anna")})
    whole = shop.state()
    (sha256,) = shop.rows(f"select sha256 from registry.files where exported_at = '{MONDAY}'")[0]
    kept = shop.data / "landing" / sha256[:2] / sha256
    kept.write_bytes(b"x" * kept.stat().st_size)
    (shop.data / "raw.duckdb").unlink()
    shop.derive()
    assert "its bytes in landing are missing or damaged" in shop.report.problems[0].message
    assert shop.rows("select status, rows_read from registry.files order by exported_at") == [
        ("unreadable", 0),
        ("loaded", 1),
    ]
    assert shop.column("name", "shop.people") == ["Anna"]
    shop.load()
    assert not shop.report.problems
    assert shop.state() == whole


def changed(contracts: Contracts, old: str, new: str, shop: Project) -> Contracts:
    assert old in CONTRACT
    return contracts_of(CONTRACT.replace(old, new), shop.base)


def test_a_changed_contract_reads_what_landed_anew(shop: Project) -> None:
    shop.deliver({f"people_{MONDAY}.csv": "person_id,name,grade\nP1,Ann,Iron\n"})
    assert shop.only_file().rejected == 1
    shop.contracts = changed(shop.known, "values: [Gold, Silver]", "values: [Gold, Iron]", shop)
    shop.derive()
    assert shop.rows("select person_id, grade from shop.people") == [("P1", "Iron")]


def test_a_contract_that_a_landed_file_no_longer_fits_names_it_and_buries_nothing(shop: Project) -> None:
    both = {f"stock_{TUESDAY}_1.csv": "item_id\nI1\n", f"stock_{TUESDAY}_2.csv": stock("I2,2")}
    shop.deliver({f"stock_{MONDAY}.csv": stock("I1,1", "I2,2", "I3,3")} | both)
    needed = "{name: on_hand, data_type: bigint, config: {meta: {required: true}}}"
    shop.contracts = changed(shop.known, "{name: on_hand, data_type: bigint}", needed, shop)
    shop.derive()
    assert [problem.name for problem in shop.report.problems] == [f"stock_{TUESDAY}_1.csv"]
    assert "shop.stock also needs on_hand" in shop.report.problems[0].message
    assert shop.live("shop.stock", "item_id") == [("I1",), ("I2",), ("I3",)]
    shop.derive()
    assert not shop.report.problems
    shop.load()
    assert [problem.name for problem in shop.report.problems] == [f"stock_{TUESDAY}_1.csv"]


def test_a_changed_zone_reads_what_landed_anew(shop: Project) -> None:
    shop.deliver({f"people_{MONDAY}.csv": "person_id,seen_at\nP1,2026-01-05T10:00:00Z\n"}, timezone="UTC")
    shop.derive(timezone="Asia/Shanghai")
    assert [str(at) for at in shop.column("seen_at", "shop.people")] == ["2026-01-05 18:00:00"]


def test_a_table_that_left_the_contracts_leaves_the_registry(shop: Project) -> None:
    shop.deliver({f"people_{MONDAY}.csv": people("P1,Ann"), f"stock_{MONDAY}.csv": stock("I1,1")})
    source = shop.known.sources[0]
    tables = tuple(table for table in source.tables if table.name != "stock")
    shop.contracts = Contracts(sources=(source.model_copy(update={"tables": tables}),))
    shop.derive()
    assert shop.rows("select table_name from registry.files") == [("people",)]


def test_a_registry_of_an_older_form_is_derived_again(shop: Project) -> None:
    import duckdb

    shop.deliver({f"people_{MONDAY}.csv": people("P1,Ann")})
    before = shop.state()
    with duckdb.connect(str(shop.data / "raw.duckdb")) as connection:
        connection.execute("alter table registry.files drop column pattern")
    shop.derive()
    assert shop.state() == before


def test_every_table_of_the_project_stands_empty_and_typed(tmp_path: Any) -> None:
    project = Project(tmp_path)
    project.write(f"accounts_{MONDAY}.csv", "account_id,name\nA1,Ann\n")
    project.load()
    assert project.rows("select count(*) from custom.accounts") == [(1,)]
    tables = project.rows("select count(*) from duckdb_tables() where schema_name not in ('main', 'registry')")
    assert tables == [(len(project.known.tables),)]


def test_check_changes_nothing(shop: Project, tmp_path: Any) -> None:
    from pipelines.ingest.load import check

    shop.write(f"people_{MONDAY}.csv", "person_id,visits\nP1,x\n")
    report, rejects = check(shop.exports, shop.known, None, Options(), tmp_path / "thrown away")
    assert report.files[0].rejected == 1
    assert [(each["name"], each["line"], each["column_name"], each["value"]) for each in rejects] == [
        (f"people_{MONDAY}.csv", 2, "visits", "x")
    ]
    assert not shop.data.exists()


def test_an_ingest_of_nothing_says_so(shop: Project) -> None:
    with pytest.raises(WanamakerError, match="there is no file to read"):
        ingest(shop.exports, shop.data, shop.known)
