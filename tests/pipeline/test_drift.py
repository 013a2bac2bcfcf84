"""Headers that change from one export to the next: recognised, or reported with what to do."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from pipelines.cli import app
from pipelines.ingest.drift import read_before
from pipelines.ingest.load import Options, check
from tests.pipeline.project import Project

FIRST = "person_id,name,born_on,balance\nP1,Ann,2000-01-05,1.50\n"


def changes(shop: Project) -> list[str]:
    return [change.message for change in shop.report.drift]


def test_the_same_headers_again_say_nothing(shop: Project) -> None:
    shop.deliver({"people_2026-01-05.csv": FIRST})
    shop.deliver({"people_2026-01-06.csv": FIRST.replace("1.50", "2.50")})
    assert changes(shop) == []


def test_a_known_other_name_is_recognised_and_said(shop: Project) -> None:
    shop.deliver({"people_2026-01-05.csv": FIRST})
    shop.deliver({"people_2026-01-06.csv": "编号,姓名,生日,余额\nP2,Bob,2001-01-05,3\n"})
    assert shop.only_file().loaded == 1
    assert "balance is now called '余额' (before: 'balance'): recognised" in changes(shop)


def test_a_renamed_column_is_named_with_the_contract_line_to_add(shop: Project) -> None:
    shop.deliver({"people_2026-01-05.csv": FIRST})
    shop.deliver({"people_2026-01-06.csv": "person_id,name,born_on,balanse\nP2,Bob,2001-01-05,3\n"})
    assert changes(shop) == [
        (
            "'balance' (balance) is gone and 'balanse' is new: if it is the same, write in "
            'models/staging/shop/_shop.yml under people.balance: headers: ["余额", "balanse"]'
        )
    ]


def test_a_dropped_column_is_said_and_the_file_loads(shop: Project) -> None:
    shop.deliver({"people_2026-01-05.csv": FIRST})
    shop.deliver({"people_2026-01-06.csv": "person_id,name,born_on\nP2,Bob,2001-01-05\n"})
    assert shop.only_file().loaded == 1
    assert changes(shop) == ["'balance' (balance) is gone: its cells count as empty from now on"]


def test_an_added_column_is_named_with_the_contract_line_that_keeps_it(shop: Project) -> None:
    shop.deliver({"people_2026-01-05.csv": FIRST})
    shop.deliver({"people_2026-01-06.csv": FIRST.replace("balance", "balance,Shoe size").replace("1.50", "1.50,42")})
    assert changes(shop) == [
        (
            "new and not read: 'Shoe size'; to keep one, add to models/staging/shop/_shop.yml: "
            '- {name: shoe_size, data_type: varchar, description: …, config: {meta: {headers: ["Shoe size"]}}}'
        )
    ]


def test_a_retyped_column_is_named_with_a_value(shop: Project) -> None:
    shop.deliver({"people_2026-01-05.csv": FIRST})
    shop.deliver({"people_2026-01-06.csv": "person_id,balance\nP1,high\nP2,low\nP3,1\n"})
    assert shop.only_file().rejected == 2
    assert any("'balance': 2 of 3 cells cannot be read ('high' is not a number)" in each for each in changes(shop))


def test_a_header_that_looks_like_a_column_is_asked_for_in_the_first_file_too(shop: Project) -> None:
    shop.deliver({"people_2026-01-05.csv": "person_id,name,balanse,shoes\nP1,Ann,1,2\n"})
    assert changes(shop) == [
        (
            "'balanse' feeds nothing and looks like balance: if it is the same, write in "
            'models/staging/shop/_shop.yml under people.balance: headers: ["余额", "balanse"]'
        )
    ]


def test_a_required_column_that_is_missing_stops_its_file_only(shop: Project) -> None:
    shop.deliver(
        {"people_2026-01-05.csv": "persn_id,name,born_on\nP1,Ann,2000-01-05\n", "stock_2026-01-05.csv": "item_id,on_hand\nI1,1\n"}
    )  # fmt: skip
    (problem,) = shop.report.problems
    assert problem.name == "people_2026-01-05.csv"
    assert "is it 'persn_id'?" in problem.message
    assert 'headers: ["Person ID", "编号", "persn_id"]' in problem.message
    assert [(file.table, file.loaded) for file in shop.report.files] == [("stock", 1)]


def test_files_of_one_run_are_compared_in_order_of_their_day(shop: Project) -> None:
    shop.deliver({"people_2026-01-06.csv": "person_id,name\nP1,Ann\n", "people_2026-01-05.csv": FIRST})
    assert [(change.name, change.message.split(" is gone")[0]) for change in shop.report.drift] == [
        ("people_2026-01-06.csv", "'born_on' (born_on)"),
        ("people_2026-01-06.csv", "'balance' (balance)"),
    ]


def test_a_file_that_was_loaded_before_is_not_reported_again(shop: Project) -> None:
    shop.deliver({"people_2026-01-05.csv": FIRST})
    shop.deliver({"people_2026-01-06.csv": "person_id,name\nP2,Bob\n"})
    assert changes(shop)
    shop.load()
    assert changes(shop) == []


@pytest.fixture
def published(tmp_path: Path) -> Path:
    """A published file that remembers one delivery of invoices."""
    data = tmp_path / "data"
    data.mkdir()
    headers = "['Invoice No', 'Customer ID', 'Invoice Date', 'Due Date', 'Amount', 'Tax']"
    with duckdb.connect(str(data / "wanamaker.duckdb")) as connection:
        connection.execute("create schema meta")
        connection.execute(
            "create table meta.files as select 'custom' as source, 'invoices' as table_name, 'january.csv' as name, "
            f"{headers} as headers, timestamp '2026-01-31' as exported_at, 'a' as file_id, 'loaded' as status, "
            "cast(null as varchar) as pattern"
        )
    return data


def test_check_compares_with_what_was_published_before_anything_is_loaded(published: Path, capsys) -> None:
    exports = published.parent / "exports"
    exports.mkdir()
    (exports / "invoices_2026-02-28.csv").write_text(
        "Invoice No,Customer ID,Invoice Date,Due Date,Amount\nI1,C1,2026-02-01,2026-03-01,5\n", encoding="utf-8"
    )
    app(["check", str(exports), "--data", str(published)], standalone_mode=False)
    said = capsys.readouterr().out
    assert "changed: invoices_2026-02-28.csv: 'Tax' (tax_amount) is gone" in said
    assert sorted(path.name for path in published.iterdir()) == ["wanamaker.duckdb"]


def test_nothing_published_yet_is_nothing_to_compare_with(shop: Project, tmp_path: Path) -> None:
    shop.write("people_2026-01-05.csv", FIRST)
    options = Options(before=read_before(tmp_path / "none.duckdb", "meta"))
    report, rejects = check(shop.exports, shop.known, None, options, tmp_path / "thrown_away")
    assert (report.drift, rejects, report.problems) == ([], [], [])


def test_a_header_without_rows_is_said(shop: Project) -> None:
    shop.deliver({"people_2026-01-05.csv": FIRST.splitlines()[0] + "\n"})
    assert changes(shop) == ["it holds its header and no row: if rows were expected, export it again"]


def test_a_row_whose_own_id_a_spreadsheet_cut_short_is_rejected(shop: Project) -> None:
    rows = "1.23457E+11,Ann,2000-01-05,1.50\n1.23457E+11,Bob,2000-01-05,2.50\nP3E+1,Cid,2000-01-05,3.50\n"
    shop.deliver({"people_2026-01-05.csv": FIRST.splitlines()[0] + "\n" + rows})
    file = shop.only_file()
    assert (file.loaded, file.duplicate, file.rejected) == (1, 0, 2)
    reasons = shop.rows("select value, reason from registry.rejects")
    assert {value for value, _ in reasons} == {"1.23457E+11"}
    assert all(
        reason.startswith("is an id that a spreadsheet has cut short: export the file again") for _, reason in reasons
    )


def test_other_ids_that_a_spreadsheet_cut_short_are_said(shop: Project) -> None:
    shop.deliver({"calls_2026-01-05.csv": "call_id,called_on,caller\n1.23457E+11,2026-01-01,Ann\n"})
    (words,) = changes(shop)
    assert words.startswith("call_id holds ids such as '1.23457E+11', which a spreadsheet has cut short")


@pytest.mark.parametrize("folder", ["a", "b", "c", "d"])  # other bytes of a row, another order of ids
def test_two_reports_of_one_table_are_each_compared_with_their_own(shop: Project, folder: str) -> None:
    short = f"person_id,name\nP9,{folder}\n"
    shop.deliver({"people_2026-01-05.csv": FIRST, "a/people_2026-01-05.csv": short})
    assert changes(shop) == []
    shop.deliver({"people_2026-01-06.csv": FIRST.replace("Ann", "Anna"), "a/people_2026-01-06.csv": short + "P8,Max\n"})
    assert changes(shop) == []
