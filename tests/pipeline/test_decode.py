"""Bytes to text: encodings, line ends, what would trip the reader, and how many records there are."""

from __future__ import annotations

import codecs
from pathlib import Path

import pytest

from pipelines.errors import WanamakerError
from pipelines.ingest import scan as module
from pipelines.ingest.decode import Text, sniff_kind, to_text
from pipelines.ingest.scan import scan
from tests.pipeline.project import Project

TABLE = "编号,姓名\nP1,王小明\nP2,Zoë\n"


def decoded(tmp_path: Path, content: bytes, **options: str) -> Text:
    path = tmp_path / "people.csv"
    path.write_bytes(content)
    return to_text(path, "csv", tmp_path / "copy.csv", **options)


def read(text: Text) -> str:
    return text.path.read_bytes().decode("utf-8").removeprefix("\ufeff")


@pytest.mark.parametrize(
    "content", [TABLE.encode(), codecs.BOM_UTF8 + TABLE.encode(), TABLE.replace("\n", "\r\n").encode()]
)
def test_clean_utf8_is_read_where_it_is(tmp_path: Path, content: bytes) -> None:
    text = decoded(tmp_path, content)
    assert (text.path, text.encoding, text.records, text.notes) == (tmp_path / "people.csv", "utf-8", 3, ())


@pytest.mark.parametrize("encoding", ["gb18030", "utf-16-le", "utf-16-be", "utf-16", "utf-32", "utf-8-sig"])
def test_other_encodings_are_found_and_copied(tmp_path: Path, encoding: str) -> None:
    assert read(decoded(tmp_path, TABLE.encode(encoding))) == TABLE


def test_big_endian_with_its_mark_is_found(tmp_path: Path) -> None:
    assert read(decoded(tmp_path, codecs.BOM_UTF16_BE + TABLE.encode("utf-16-be"))) == TABLE


def test_chinese_utf16_without_mark_is_found_by_its_line_ends(tmp_path: Path) -> None:
    table = "编号,姓名\n" + "一二三四五六七八九十,红星机械有限公司上海分公司\n" * 50
    for encoding in ("utf-16-le", "utf-16-be"):
        assert read(decoded(tmp_path, table.encode(encoding))) == table


@pytest.mark.parametrize("content", [b"person_id,name\nP\x001,A\x00nn\n", b"a,b\n\x001,2\n", b"a\x00,b\n1,2\n"])
def test_utf8_with_nul_bytes_is_not_utf16(tmp_path: Path, content: bytes) -> None:
    text = decoded(tmp_path, content)
    assert text.encoding == "utf-8"
    assert read(text) == content.decode().replace("\0", "")


def test_western_letters_are_read_as_windows_1252_and_said_so(tmp_path: Path) -> None:
    text = decoded(tmp_path, "id,name\n1,Müller\n2,Café – Öl\n".encode("cp1252"))
    assert "Café – Öl" in read(text)
    assert "name it in the mapping" in text.notes[0]


def test_the_mapping_says_the_encoding(tmp_path: Path) -> None:
    assert "Øl" in read(decoded(tmp_path, "id,name\n1,Øl\n".encode("iso-8859-1"), encoding="latin-1"))
    with pytest.raises(WanamakerError, match="there is no encoding named klingon"):
        decoded(tmp_path, b"x", encoding="klingon")


def test_a_few_invalid_bytes_keep_utf8_and_cost_their_rows(shop: Project) -> None:
    rows = "".join(f"P{number},红星机械{number}\n" for number in range(40))
    content = f"person_id,name\n{rows}".encode().replace("红星机械7\n".encode(), b"caf\xe9\n")
    file = shop.load_one("people_2026-01-05.csv", content)
    assert (file.loaded, file.rejected) == (39, 1)
    assert shop.rejects() == [(9, None, "P7,caf\ufffd", "holds bytes that are not valid UTF-8")]


def test_a_byte_that_gb18030_does_not_know_costs_its_row(shop: Project) -> None:
    rows = "".join(f"P{number},红星机械有限公司{number}\n" for number in range(40)).encode("gb18030")
    content = b"person_id,name\n" + rows + b"P99,\xff\n"
    file = shop.load_one("people_2026-01-05.csv", content)
    assert (file.loaded, file.rejected) == (40, 1)
    assert shop.rejects()[0][0] == 42
    assert shop.rejects()[0][3] == "holds bytes that are not valid GB18030"


@pytest.mark.parametrize(
    ("content", "clean"),
    [
        ("a,b\r1,2\r", "a,b\n1,2\n"),
        ("a,b\n1,2\r\n3,4\r", "a,b\n1,2\n3,4\n"),
        ("\n\na,b\n\n\n1,2\n\n", "a,b\n1,2\n"),
        ("\r\n\r\na,b\r\n1,2\r\n", "a,b\n1,2\n"),
        ('a,b\n1,"x\n\ny"\n\n2,z\n', 'a,b\n1,"x\n\ny"\n2,z\n'),
        ('a,b\n1,"x\r\ry"\r2,z', 'a,b\n1,"x\n\ny"\n2,z'),
        ("a,b\n\ufeff1,2\n", "a,b\n1,2\n"),
        ("a,b\n1\0,2\n", "a,b\n1,2\n"),
    ],
)
@pytest.mark.parametrize("chunk", [1, 3, 2**20])
def test_what_would_trip_the_reader_is_mended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: str, clean: str, chunk: int
) -> None:
    monkeypatch.setattr(module, "_CHUNK", chunk)
    text = decoded(tmp_path, content.encode())
    assert read(text).rstrip("\n") == clean.rstrip("\n")
    assert text.path != text.original


@pytest.mark.parametrize(
    ("content", "records"),
    [
        (b"", 0),
        (b"a", 1),
        (b"a\n", 1),
        (b"a\n1", 2),
        (b'a\n"1\n2"\n3\n', 3),
        (b'a\n"1""\n2"\n3', 3),
        (b'a\n"1\n2\n', 2),
    ],
)
@pytest.mark.parametrize("chunk", [1, 2, 2**20])
def test_records_are_counted_by_their_quotes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: bytes, records: int, chunk: int
) -> None:
    monkeypatch.setattr(module, "_CHUNK", chunk)
    path = tmp_path / "a.csv"
    path.write_bytes(content)
    assert scan(path).records == records


@pytest.mark.parametrize(
    "content", ["a, b\n1,2\n", "a,b\n1 ,2\n", "a,b\n1,2 \n", "a,b\n1,\u30002\n", "a,b\n\xa01,2\n", "a,b\n1\t,2\n"]
)
def test_cells_with_space_around_them_are_noticed(tmp_path: Path, content: str) -> None:
    assert decoded(tmp_path, content.encode()).padding


def test_spaces_within_cells_are_no_padding(tmp_path: Path) -> None:
    assert not decoded(tmp_path, b"first name,last name\nMary Ann,van Dyke\n").padding


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"\xef\xbb\xbf\n <HTML><body>Log in", "it is a web page"),
        (b"<?xml version='1.0'?><Workbook>", "it is a web page"),
        (b"%PDF-1.7", "it is a PDF"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1rest", "it is an old Excel file"),
    ],
)
def test_what_is_no_table_is_called_what_it_is(tmp_path: Path, content: bytes, words: str) -> None:
    path = tmp_path / "people.csv"
    path.write_bytes(content)
    with pytest.raises(WanamakerError, match=words):
        sniff_kind(path)


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b'{"a": 1}', "json"),
        (b'\n[\n {"a": 1}]', "json"),
        (b"[a],b\n", "csv"),
        (b"{a},b\n", "csv"),
        (b"<none>,b\n", "csv"),
    ],
)
def test_json_is_told_from_csv_by_content(tmp_path: Path, content: bytes, kind: str) -> None:
    path = tmp_path / "people.txt"
    path.write_bytes(content)
    assert sniff_kind(path) == kind


@pytest.mark.parametrize("chunk", [1, 2, 3, 2**20])
def test_a_wide_space_is_seen_across_chunks_though_a_byte_behind_it_is_broken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, chunk: int
) -> None:
    monkeypatch.setattr(module, "_CHUNK", chunk)
    path = tmp_path / "a.csv"
    path.write_bytes("a,b\n1,x\u3000".encode() + b"\xff\n")
    found = scan(path)
    assert not found.utf8_ok
    assert "\u3000" in found.padding


def test_a_tab_is_trimmed_where_other_spaces_are(tmp_path: Path) -> None:
    assert "\t" in decoded(tmp_path, b"a,b\n\t1,x \n").padding
