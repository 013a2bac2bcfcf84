"""Finding files: archives are unwrapped, nothing is extracted by its own path, nothing unreadable stops the rest."""

from __future__ import annotations

import gzip
import io
import os
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipelines.errors import WanamakerError
from pipelines.ingest import discover as module
from pipelines.ingest.discover import Problem, discover

TABLE = b"person_id\nP1\n"


def zipped(members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name, (2026, 1, 5, 12, 0, 0)), content, method)
    return buffer.getvalue()


@pytest.fixture
def exports(tmp_path: Path) -> Path:
    folder = tmp_path / "exports"
    folder.mkdir()
    return folder


@pytest.fixture
def find(tmp_path: Path, exports: Path) -> Callable[[], tuple[dict[str, bytes], list[Problem]]]:
    def run() -> tuple[dict[str, bytes], list[Problem]]:
        found, problems = discover(exports, tmp_path / "work")
        return {file.name: file.path.read_bytes() for file in found}, problems

    return run


def test_files_of_all_folders_are_found_in_order_of_their_names(exports: Path, find: Callable) -> None:
    for name in (
        "b/people.csv",
        "a.tsv",
        "A.CSV",
        "notes.md",
        ".hidden.csv",
        "~$open.xlsx",
        "mapping.yml",
        ".x/y.csv",
    ):
        path = exports / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(TABLE)
    found, problems = find()
    assert list(found) == ["A.CSV", "a.tsv", "b/people.csv"]
    assert not problems


def test_a_file_may_be_given_instead_of_a_folder(tmp_path: Path) -> None:
    path = tmp_path / "people.dat"
    path.write_bytes(TABLE)
    found, _ = discover(path, tmp_path / "work")
    assert [file.name for file in found] == ["people.dat"]


def test_a_folder_that_does_not_exist_is_named(tmp_path: Path) -> None:
    with pytest.raises(WanamakerError, match="nowhere: there is no such folder"):
        discover(tmp_path / "nowhere", tmp_path / "work")


def test_an_empty_folder_says_what_belongs_there(exports: Path, tmp_path: Path) -> None:
    with pytest.raises(WanamakerError, match=r"there is no file to read .* what was published before stays"):
        discover(exports, tmp_path / "work")


def test_a_folder_named_like_a_file_is_named_and_its_files_are_read(exports: Path, find: Callable) -> None:
    (exports / "people.csv").mkdir()
    (exports / "people.csv" / "inner.csv").write_bytes(TABLE)
    found, problems = find()
    assert list(found) == ["people.csv/inner.csv"]
    assert problems == [Problem("people.csv", "it is a folder with the name of a file; its files are read, rename it")]


def test_a_link_to_nothing_is_named(exports: Path, find: Callable) -> None:
    (exports / "people.csv").symlink_to(exports / "gone.csv")
    assert find()[1] == [Problem("people.csv", "it is a link to nothing, or vanished while it was read")]


def test_a_pipe_is_no_file(exports: Path, find: Callable) -> None:
    os.mkfifo(exports / "people.csv")
    assert find()[1] == [Problem("people.csv", "it is not a regular file")]


def test_a_file_without_permission_is_named_and_the_others_are_read(
    exports: Path, find: Callable, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("locked.csv", "people.csv"):
        (exports / name).write_bytes(TABLE)
    opened = Path.open

    def refuse(path: Path, *arguments: object, **options: object) -> object:
        if path.name == "locked.csv":
            raise PermissionError(13, "Permission denied", str(path))
        return opened(path, *arguments, **options)

    monkeypatch.setattr(Path, "open", refuse)
    found, problems = discover(exports, exports.parent / "work")
    assert [file.name for file in found] == ["people.csv"]
    assert problems == [Problem("locked.csv", "there is no permission to read it: change its mode or copy it")]


def test_a_folder_without_permission_is_named(exports: Path, find: Callable, monkeypatch: pytest.MonkeyPatch) -> None:
    (exports / "people.csv").write_bytes(TABLE)
    (exports / "locked").mkdir()
    scan = os.scandir

    def refuse(path: str) -> object:
        if str(path).endswith("locked"):
            raise PermissionError(13, "Permission denied", str(path))
        return scan(path)

    monkeypatch.setattr(os, "scandir", refuse)
    found, problems = find()
    assert list(found) == ["people.csv"]
    assert problems == [Problem("locked", "the folder cannot be read: give permission, or copy it")]


def test_gzip_is_unpacked_whatever_its_name(exports: Path, find: Callable) -> None:
    (exports / "people.csv.gz").write_bytes(gzip.compress(TABLE))
    (exports / "visits.csv").write_bytes(gzip.compress(TABLE))
    assert find() == ({"people.csv": TABLE, "visits.csv": TABLE}, [])


def test_members_of_a_zip_are_named_after_it(exports: Path, find: Callable) -> None:
    content = {"a/people.csv": TABLE, "__MACOSX/a/._people.csv": b"x", "readme.pdf": b"x"}
    (exports / "all.zip").write_bytes(zipped(content))
    assert find() == ({"all.zip/a/people.csv": TABLE}, [])


def test_a_chinese_member_name_in_gbk_is_read(exports: Path, find: Callable) -> None:
    content = zipped({"XXXX.csv": TABLE}).replace(b"XXXX", "人员".encode("gb18030"))
    (exports / "all.zip").write_bytes(content)
    assert list(find()[0]) == ["all.zip/人员.csv"]


def test_a_member_is_as_old_as_the_archive_says(exports: Path, tmp_path: Path) -> None:
    (exports / "all.zip").write_bytes(zipped({"people.csv": TABLE}))
    found, _ = discover(exports, tmp_path / "work")
    assert found[0].modified_at == datetime(2026, 1, 5, 12, 0, 0)


def test_a_member_with_a_nonsense_date_is_as_old_as_the_archive(exports: Path, tmp_path: Path) -> None:
    info = zipfile.ZipInfo("people.csv")
    info.date_time = (1980, 0, 0, 0, 0, 0)
    path = exports / "all.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(info, TABLE)
    os.utime(path, (1_000_000_000, 1_000_000_000))
    found, _ = discover(exports, tmp_path / "work")
    assert found[0].modified_at == datetime.fromtimestamp(1_000_000_000, UTC)


def test_archives_in_archives_are_unpacked(exports: Path, find: Callable) -> None:
    (exports / "all.zip").write_bytes(zipped({"inner.zip": zipped({"people.csv.gz": gzip.compress(TABLE)})}))
    assert find() == ({"all.zip/inner.zip/people.csv": TABLE}, [])


def test_archives_nested_too_deep_are_refused(exports: Path, find: Callable) -> None:
    content = zipped({"people.csv": TABLE})
    for depth in range(3):
        content = zipped({f"{depth}.zip": content})
    (exports / "all.zip").write_bytes(content)
    found, problems = find()
    assert not found
    assert "more than 3 deep" in problems[0].message


@pytest.mark.parametrize("member", ["../people.csv", "/etc/people.csv", "a\\..\\people.csv", "a/../../people.csv"])
def test_a_member_that_points_outside_is_refused(exports: Path, find: Callable, member: str) -> None:
    (exports / "all.zip").write_bytes(zipped({member: TABLE}))
    found, problems = find()
    assert not found
    assert "points outside the archive: pack it again without" in problems[0].message
    assert not (exports.parent / "people.csv").exists()


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("people.csv.gz", gzip.compress(TABLE * 1000, mtime=0)[:-20], "the archive is cut off or damaged"),
        ("people.csv.gz", b"\x1f\x8b" + b"nonsense" * 9, "the archive is cut off or damaged"),
        ("all.zip", zipped({"people.csv": TABLE * 99})[:-40], "the zip file is damaged"),
        (
            "all.zip",
            zipped({"people.csv": TABLE}, zipfile.ZIP_STORED).replace(TABLE, TABLE[::-1]),
            "the zip file is damaged",
        ),
        ("all.zip", zipped({}), "the zip file holds no file to read"),
        ("all.zip", zipped({"readme.pdf": b"x"}), "the zip file holds no file to read"),
    ],
)
def test_a_damaged_archive_is_named(exports: Path, find: Callable, name: str, content: bytes, words: str) -> None:
    (exports / name).write_bytes(content)
    (exports / "people.csv").write_bytes(TABLE)
    found, problems = find()
    assert "people.csv" in found
    assert [problem.name for problem in problems] == [name]
    assert words in problems[0].message


def test_an_encrypted_zip_is_named(exports: Path, find: Callable) -> None:
    content = bytearray(zipped({"people.csv": TABLE}))
    content[6] |= 1  # the flag in the member's own header, and in the directory
    content[content.index(b"PK\x01\x02") + 8] |= 1
    (exports / "all.zip").write_bytes(content)
    assert "encrypted" in find()[1][0].message
    assert "unpack it yourself" in find()[1][0].message


def test_a_zip_bomb_is_refused_and_leaves_nothing(
    exports: Path, find: Callable, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "RATIO_MATTERS_FROM", 2**20)
    (exports / "all.zip").write_bytes(zipped({"people.csv": bytes(8 * 2**20)}))
    (exports / "people.csv").write_bytes(TABLE)
    found, problems = find()
    assert list(found) == ["people.csv"]
    assert "if that is right, unpack it yourself" in problems[0].message
    assert not list((exports.parent / "work").iterdir())


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("leads.ods", "open it and save it as XLSX or CSV"),
        ("线索.et", "open it and save it as XLSX or CSV"),
        ("september.rar", "unpack it here"),
        ("leads.pdf", "export the table as CSV or XLSX"),
        ("leads.csv.crdownload", "download it again"),
    ],
)
def test_a_table_in_a_form_that_is_not_read_is_named(exports: Path, find: Callable, name: str, words: str) -> None:
    (exports / "people.csv").write_bytes(TABLE)
    (exports / name).write_bytes(b"PK\x03\x04")
    found, problems = find()
    assert list(found) == ["people.csv"]
    (problem,) = problems
    assert problem.name == name
    assert words in problem.message


def test_a_workbook_that_is_cut_off_is_called_a_workbook(exports: Path, find: Callable) -> None:
    (exports / "leads.xlsx").write_bytes(zipped({"[Content_Types].xml": b"x" * 999})[:60])
    _, (problem,) = find()
    assert problem.message.startswith("the workbook is cut off or damaged")
