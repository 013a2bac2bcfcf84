"""A mapping reads any export: scalar expressions over its headers, its own dates, marks and shape."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from pipelines.errors import WanamakerError
from pipelines.ingest import expressions
from tests.pipeline.conftest import CONTRACT, contracts_of
from tests.pipeline.project import Project

NAME = "export_2026-01-05.csv"
COLUMNS = ("person_id", "name", "born_on", "seen_at", "balance", "discount_rate", "visits", "is_active", "grade")


def people(columns: dict[str, Any], **options: Any) -> dict[str, Any]:
    return {"file": "export*", "table": "people", "columns": columns} | options


def mapped(shop: Project, content: str | bytes, *entries: dict[str, Any], name: str = NAME) -> list[tuple[Any, ...]]:
    """The people that a file holds under a mapping."""
    shop.write(name, content)
    shop.load(mapping=list(entries))
    assert not shop.report.problems, shop.report.problems
    texts = ", ".join(f"{name}::varchar" for name in COLUMNS)
    return shop.rows(f"select {texts} from shop.people order by _exported_at, _row_number, person_id")


def refused(shop: Project, content: str, *entries: dict[str, Any]) -> str:
    """What is said of a file that a mapping does not fit."""
    return shop.problem(NAME, content, mapping=list(entries))


def test_headers_with_spaces_expressions_and_constants(shop: Project) -> None:
    content = "Customer No.,First Name,Last,Amount (net),Group\n7,Ann,Lee,5.5,A\n8,,Li,6,B\n"
    columns = {
        "person_id": "'C' || \"Customer No.\"",
        "name": "concat_ws(' ', \"First Name\", Last)",
        "balance": "Amount (net)",
        "visits": 3,
        "is_active": "\"Group\" = 'A'",
        "grade": "case when \"Group\" = 'A' then 'Gold' else 'Silver' end",
    }
    assert mapped(shop, content, people(columns)) == [
        ("C7", "Ann Lee", None, None, "5.50", None, "3", "true", "Gold"),
        ("C8", "Li", None, None, "6.00", None, "3", "false", "Silver"),
    ]


def test_an_empty_cell_is_null_in_an_expression(shop: Project) -> None:
    rows = mapped(shop, "a,b\n1,N/A\n2,x\n", people({"person_id": "a", "name": "coalesce(b, 'none')"}))
    assert [row[1] for row in rows] == ["none", "x"]


def test_where_leaves_rows_out_and_counts_them(shop: Project) -> None:
    rows = mapped(
        shop,
        "a,b\n1,x\n2,\n,\nTotal,9\n",
        people({"person_id": "a", "visits": "b"}, where="b is not null and a <> 'Total'"),
    )
    assert rows == []
    file = shop.report.files[0]
    assert (file.rows_read, file.excluded, file.rejected, file.skipped) == (3, 2, 1, 1)


def test_record_number_and_file_name_can_be_used_and_skip_no_broken_record(shop: Project) -> None:
    columns = {"person_id": "_row_number", "name": "_file_name || ': ' || a"}
    rows = mapped(shop, "a,b\nx,1\nbroken\ny,2\nbroken\nbroken\nz,3\n", people(columns))
    assert [row[:2] for row in rows] == [("1", f"{NAME}: x"), ("3", f"{NAME}: y"), ("6", f"{NAME}: z")]
    assert shop.rows("select person_id::bigint = _row_number from shop.people") == [(True,)] * 3


def test_date_formats_are_those_of_the_mapping_and_no_others(shop: Project) -> None:
    columns = {"person_id": "a", "born_on": "b", "seen_at": "c"}
    content = "a,b,c\n1,05/01/2026,05/01/2026 10:30\n2,2026-01-05,\n"
    rows = mapped(shop, content, people(columns, dates=["%d/%m/%Y", "%d/%m/%Y %H:%M"]))
    assert [row[2:4] for row in rows] == [("2026-01-05", "2026-01-05 10:30:00")]
    assert shop.rejects() == [(3, "b", "2026-01-05", "is not a date in the column's format %d/%m/%Y or %d/%m/%Y %H:%M")]
    assert not shop.report.files[0].notes


def test_decimal_and_thousands_marks(shop: Project) -> None:
    content = "a;b\n1;1.234,50\n2;12\n3;1,5\n4;1.5\n"
    rows = mapped(shop, content, people({"person_id": "a", "balance": "b"}, decimal=",", delimiter=";"))
    assert [row[4] for row in rows] == ["1234.50", "12.00", "1.50"]
    rows = mapped(shop, content, people({"person_id": "a", "balance": "b"}, decimal=",", thousands="", delimiter=";"))
    assert [row[0] for row in rows] == ["2", "3"]


def test_encoding_and_a_file_without_header(shop: Project) -> None:
    content = "1,Øl\n2,Zoë\n".encode("iso-8859-1")
    rows = mapped(shop, content, people({"person_id": "id", "name": "who"}, encoding="latin-1", header=["id", "who"]))
    assert [row[:2] for row in rows] == [("1", "Øl"), ("2", "Zoë")]
    assert "has 3 names, the file 2 columns" in refused(
        shop, "1,x\n", people({"person_id": "a"}, header=["a", "b", "c"])
    )


@pytest.mark.parametrize("blank", ["", "\n\n"])
def test_the_row_of_the_header_is_a_line_of_the_file(shop: Project, blank: str) -> None:
    row = 3 + len(blank)
    content = f'a,b\n"x\ny",z{blank}\na,b\n1,Ann\n2,x,y\n'
    rows = mapped(shop, content, people({"person_id": "a", "name": "b"}, header_row=row + 1))
    assert [entry[:2] for entry in rows] == [("1", "Ann")]
    assert shop.rejects()[0][0] == row + 3


def test_a_row_of_the_header_beyond_the_file_is_named(shop: Project) -> None:
    assert "header_row: 9, but there is nothing on that line" in refused(
        shop, "a\n1\n", people({"person_id": "a"}, header_row=9)
    )


def test_a_sheet_and_its_row_of_the_header(shop: Project) -> None:
    import xlsxwriter

    path = shop.exports / "export_2026-01-05.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        for name in ("first", "second"):
            sheet = book.add_worksheet(name)
            sheet.write(2, 0, "a")
            sheet.write(4, 0, name)
    shop.load(mapping=[people({"person_id": "a"}, sheet="second", header_row=3)])
    assert shop.column("person_id", "shop.people") == ["second"]
    assert shop.only_file().name == "export_2026-01-05.xlsx[second]"


def test_one_file_feeds_several_tables_and_one_table_twice(shop: Project) -> None:
    content = "agent,manager,item,count\nAnn,Mary,I1,3\nBob,Mary,I2,x\n"
    entries = [
        people({"person_id": "agent"}),
        people({"person_id": "manager", "name": "'boss of ' || agent"}),
        {"file": "export*", "table": "stock", "columns": {"item_id": "item", "on_hand": "count"}},
    ]
    rows = mapped(shop, content, *entries)
    assert [row[:2] for row in rows] == [("Ann", None), ("Bob", None), ("Mary", "boss of Bob")]
    counts = {file.table: (file.rows_read, file.loaded, file.duplicate, file.rejected) for file in shop.report.files}
    assert counts == {"people": (4, 3, 1, 0), "stock": (2, 1, 0, 1)}


def test_repeated_and_empty_headers_have_names_of_their_own(shop: Project) -> None:
    columns = {"person_id": "Amount", "name": "Amount_2", "visits": "column_3"}
    assert [row[:2] for row in mapped(shop, "Amount,Amount,,c1\n1,2,3,4\n", people(columns))] == [("1", "2")]


def test_a_header_that_looks_like_a_column_by_position_is_itself(shop: Project) -> None:
    rows = mapped(shop, "c1,c0\nfirst,second\n", people({"person_id": "c1", "name": "upper(c0)"}))
    assert [row[:2] for row in rows] == [("first", "SECOND")]


def test_a_comment_in_an_expression_does_no_harm(shop: Project) -> None:
    assert [row[0] for row in mapped(shop, "a,b\n1,2\n", people({"person_id": "a || b -- both"}))] == ["12"]


@pytest.mark.parametrize(
    ("expression", "words"),
    [
        ("Nme", "names the header 'Nme', which the file lacks; did you mean 'Name'?"),
        ("upper(Nme)", "names the header 'Nme', which the file lacks; did you mean 'Name'?"),
        ("Created Date", "names the header 'Created Date', which the file lacks; did you mean 'Create Date'?"),
        ("Xyz", "which the file lacks; its headers are: a, Name, Create Date"),
        ("current_date", "current_date is refused in 'current_date': figures do not depend on the clock"),
        ("cast(current_timestamp as varchar)", "current_timestamp is refused"),
        ("a::integer", "cannot be computed on this file: Conversion Error: Could not convert string 'x'"),
        ("a + interval 1 day", "cannot be computed on this file: Binder Error"),
    ],
)
def test_an_expression_that_the_file_does_not_bear_is_named(shop: Project, expression: str, words: str) -> None:
    assert words in refused(shop, "a,Name,Create Date\nx,1,2\n", people({"person_id": "a", "name": expression}))


@pytest.mark.parametrize(
    ("expression", "words"),
    [
        ("(select 1)", "a subquery is refused"),
        ("a in (select person_id from shop.people)", "a subquery is refused"),
        ("exists(select 1)", "a subquery is refused"),
        ("row_number() over ()", "a window function is refused"),
        ("sum(a)", "the function sum is refused"),
        ("string_agg(a, ',')", "the function string_agg is refused"),
        ("count(*)", "the function count_star is refused"),
        ("unnest([1])", "the function unnest is refused"),
        ("read_text('/etc/passwd')", "the function read_text is refused"),
        ("read_blob('/etc/passwd')", "the function read_blob is refused"),
        ("read_csv('/etc/passwd')", "the function read_csv is refused"),
        ("getenv('HOME')", "the function getenv is refused"),
        ("getvariable('x')", "the function getvariable is refused"),
        ("current_setting('memory_limit')", "the function current_setting is refused"),
        ("random()", "the function random is refused"),
        ("uuid()", "the function uuid is refused"),
        ("gen_random_uuid()", "the function gen_random_uuid is refused"),
        ("now()", "the function now is refused"),
        ("today()", "the function today is refused"),
        ("age(a::date)", "the function age is refused"),
        ("current_localtimestamp()", "the function current_localtimestamp is refused"),
        ("nextval('s')", "the function nextval is refused"),
        ("geomean(a)", "the function geomean is refused"),
        ("pg_typeof(a)", "the function pg_typeof is refused"),
        ("query('select 1')", "the function query is refused"),
        ("if(true, now(), a)", "the function now is refused"),
        ("list_transform([a], lambda x: x)", "a lambda is refused"),
        ("?", "a parameter is refused"),
        ("#1", "a column by position is refused"),
        ("columns('a')", "a star is refused"),
        ("a, b", "is neither a header nor an expression: it is not one scalar expression"),
        ("a; drop table x", "is neither a header nor an expression"),
        ("'open", "is neither a header nor an expression"),
        ("select a from b", "is neither a header nor an expression"),
    ],
)
def test_what_is_not_scalar_is_refused_by_name(expression: str, words: str) -> None:
    with pytest.raises(WanamakerError) as error:
        expressions.parse(expression)
    assert words in str(error.value)


@pytest.mark.parametrize("text", ["a from people", "a union select 1", "a order by b"])
def test_a_clause_is_taken_for_a_header_and_runs_nothing(shop: Project, text: str) -> None:
    assert "which the file lacks" in refused(shop, "a,b\n1,2\n", people({"person_id": "a", "name": text}))


@pytest.mark.parametrize(
    "expression",
    [
        "a", "Created Date", '"Created Date"', "'USD'", "5", "a || b", "coalesce(a, b)", "nullif(a, '')", "if(a = 'x', b, a)",
        "case when a > b then 1 end", "a between '1' and '2'", "a in ('x', 'y')", "a like 'x%'", "regexp_extract(a, '[0-9]+')",
        "split_part(a, '-', 1)", "strptime(a, '%Y')::date", "try_cast(a as decimal(18, 2)) * -1", "round(a::double, 2)::varchar",
        "substr(a, 1, 3)", "a[1:3]", "upper(trim(a))", "lpad(a, 5, '0')", "date '2026-01-01'", "a is not null", "try(a::date)",
        "string_split(a, ';')[1]", "list_max([a, b])", "greatest(a, b)", "_row_number", "Amount (USD)", "Age", "md5(a)",
        "Probability (%)", "Cost / conv.", "Order", "date_trunc('month', a::date)", "a::date + interval 1 day",
    ],
)  # fmt: skip
def test_scalar_expressions_and_headers_pass(expression: str) -> None:
    expressions.parse(expression)


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        ({"colums": {}}, "tables.1.colums: is not a mapping key; the keys are: file, table, source, columns"),
        ({"table": "persons"}, "there is no table shop.persons; the tables of shop are: people"),
        ({"columns": {"person_id": "a", "nick": "b"}}, "people has no column nick; it has: person_id, name"),
        ({"columns": {"name": "a"}}, "the column person_id is required and not mapped"),
        ({"columns": {"person_id": None}}, "person_id has no header and no expression"),
        ({"columns": {"person_id": "now()"}}, "export* → people: person_id: the function now is refused"),
        ({"where": "random() > 0.5"}, "where: the function random is refused"),
        ({"key": ["nick"]}, "people has no column nick"),
        ({"key": "name"}, "the key of people is person_id: leave key out"),
        ({"load": "append"}, "load: append is refused: people has a key; choose upsert or full"),
        ({"load": "sometimes"}, "tables.1.load: Input should be 'upsert', 'full', 'replace' or 'append'"),
        ({"exported_at": "soon"}, "'soon' is not a date such as 2026-01-31"),
        ({"dates": "%Q"}, "'%Q' is not a date format such as %m/%d/%Y"),
        ({"decimal": ",", "thousands": ","}, "decimal and thousands are both ','"),
        ({"decimal": "comma"}, "tables.1.decimal: String should have at most 1 character"),
        ({"header": ["a"], "header_row": 1}, "header and header_row exclude each other"),
        ({"header_row": 0}, "tables.1.header_row: Input should be greater than or equal to 1"),
        (
            {"table": "visits", "columns": {"visited_on": "a", "page": "b"}, "load": "upsert"},
            "load: upsert needs a key",
        ),
        ({"table": "visits", "columns": {"visited_on": "a", "page": "b"}, "load": "replace"}, "replace needs a range"),
    ],
)
def test_a_mapping_that_cannot_work_is_refused_at_once(shop: Project, entry: dict[str, Any], words: str) -> None:
    with pytest.raises(WanamakerError) as error:
        shop.mapping([{"file": "export*", "table": "people", "columns": {"person_id": "a"}} | entry])
    assert words in str(error.value)
    assert "mapping.yml" in str(error.value) or "there is no table" in str(error.value)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("tables: [", "it is not valid YAML"),
        ("table: x", "tables: Field required"),
        ("tables: 5", "tables: Input should be"),
    ],
)
def test_a_mapping_file_that_is_none_is_named(shop: Project, content: str, words: str) -> None:
    from pipelines.ingest.mapping import read_mapping

    path = shop.base / "mapping.yml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(WanamakerError) as error:
        read_mapping(path, shop.known)
    assert words in str(error.value)


def test_yaml_days_and_truths_are_expressions(shop: Project) -> None:
    path = shop.base / "mapping.yml"
    path.write_text(
        "tables: [{file: export*, source: shop, table: people, "
        "columns: {person_id: a, born_on: 2026-01-05, is_active: yes}, exported_at: 2026-01-31}]",
        encoding="utf-8",
    )
    from pipelines.ingest.mapping import read_mapping

    entry = read_mapping(path, shop.known).tables[0]
    assert entry.columns == {"person_id": "a", "born_on": "'2026-01-05'", "is_active": "true"}
    assert entry.exported_at == "2026-01-31 00:00:00"


def test_entries_of_one_table_must_agree_how_it_is_loaded(shop: Project) -> None:
    entries = [people({"person_id": "a"}), people({"person_id": "b"}, load="full")]
    assert "entries for people disagree on load or key" in refused(shop, "a,b\n1,2\n", *entries)


def test_a_changed_mapping_is_read_anew(shop: Project) -> None:
    shop.write(NAME, "a,b\n1,Ann\n2,Bob\n")
    shop.load(mapping=[people({"person_id": "a"})])
    shop.load(mapping=[people({"person_id": "a", "name": "b"})])
    assert shop.rows("select person_id, name from shop.people order by 1") == [("1", "Ann"), ("2", "Bob")]
    assert shop.rows("select count(*) from registry.files") == [(1,)]


def test_a_mapping_that_names_another_table_takes_the_first_back(shop: Project) -> None:
    shop.write(NAME, "a,b\n1,2\n")
    shop.load(mapping=[people({"person_id": "a"})])
    shop.load(mapping=[{"file": "export*", "table": "stock", "columns": {"item_id": "a"}}])
    assert shop.rows("from shop.people") == []
    assert shop.column("item_id", "shop.stock") == ["1"]


def test_a_mapping_with_another_day_takes_the_first_back(shop: Project) -> None:
    shop.write("export.csv", "a,b\n1,2\n")
    for day in ("2026-01-31", "2026-02-28"):
        shop.load(mapping=[people({"person_id": "a"}, exported_at=day)])
    assert [str(at)[:10] for at in shop.column("_exported_at", "shop.people")] == ["2026-02-28"]


def test_a_mapping_that_fails_leaves_what_stood(shop: Project) -> None:
    shop.write(NAME, "a,b\n1,1/2/2026\n")
    shop.load(mapping=[people({"person_id": "a"})])
    before = shop.state()
    for wrong in ({"name": "c"}, {"born_on": "b"}, {"name": "a::date"}):
        shop.load(mapping=[people({"person_id": "a"} | wrong)])
        assert len(shop.report.problems) == 1
        assert shop.state() == before


def test_a_file_read_through_a_mapping_keeps_it_when_none_is_given(shop: Project) -> None:
    shop.write(NAME, "a,b\n1,2\n")
    shop.load(mapping=[people({"person_id": "a"})])
    before = shop.state()
    report = shop.load()
    assert not report.problems
    assert shop.state() == before


def test_the_same_bytes_under_two_names_have_the_first_name_in_any_order(tmp_path: Path) -> None:
    states = []
    for number, order in enumerate((["a", "b"], ["b", "a"])):
        folder = tmp_path / str(number)
        folder.mkdir()
        shop = Project(folder, contracts_of(CONTRACT, folder))
        for letter in order:
            shop.deliver(
                {f"export_{letter}_2026-01-05.csv": "a\n1\n"},
                mapping=[people({"person_id": "a", "name": "_file_name"})],
            )
        states.append(shop.state())
    assert states[0] == states[1]
    assert states[0]["shop.people"][0][1] == "export_a_2026-01-05.csv"
