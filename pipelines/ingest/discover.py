"""Find the files of an exports folder and unwrap archives; nothing is extracted by its own path."""

from __future__ import annotations

import gzip
import itertools
import lzma
import os
import shutil
import stat
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import IO

from pipelines.errors import WanamakerError

TABULAR = {".csv", ".tsv", ".txt", ".xlsx", ".xlsm", ".xls", ".json", ".jsonl", ".ndjson", ".parquet"}
PACKED = {".gz", ".zip"}
MAPPING_NAMES = {"mapping.yml", "mapping.yaml"}
_SAVE = "open it and save it as XLSX or CSV"
_UNPACK = "unpack it here"
_EXPORT = "export the table as CSV or XLSX"
_WHOLE = "it is still being downloaded, or broke off: download it again"
NOT_READ = {
    **dict.fromkeys((".ods", ".numbers", ".xlsb", ".et", ".wps", ".dbf"), _SAVE),
    **dict.fromkeys((".rar", ".7z", ".tar", ".tgz", ".bz2", ".xz", ".zst"), _UNPACK),
    **dict.fromkeys((".pdf", ".docx", ".doc", ".pptx", ".htm", ".html", ".mht", ".xml", ".eml", ".msg"), _EXPORT),
    **dict.fromkeys((".sqlite", ".db", ".mdb", ".accdb"), _EXPORT),
    **dict.fromkeys((".crdownload", ".part", ".partial", ".download", ".tmp"), _WHOLE),
}
"""What may hold a table and is not read, by the end of its name, and what to do with it."""
NOT_EXPORTS = "NOT-EXPORTS"  # a folder that holds a file of this name is passed over
LARGEST_UNPACKED = 16 * 2**30
LARGEST_RATIO = 400  # unpacked ÷ packed above which, beyond RATIO_MATTERS_FROM, an archive is refused
LARGEST_SHEET_RATIO = 100  # the same of a workbook, whose sheets are held whole
RATIO_MATTERS_FROM = 256 * 2**20
DEEPEST = 3
_CHUNK = 4 * 2**20


@dataclass(frozen=True)
class Found:
    """One file to read: its name below the exports folder, where its bytes are, when it was written.

    `modified_at` is in UTC, or without a zone where only the local time is known.
    """

    name: str
    path: Path
    modified_at: datetime


@dataclass(frozen=True)
class Problem:
    """A file that could not be taken, and why, in words that say what to do."""

    name: str
    message: str


class _RefusedError(Exception):
    """A file that cannot be read; the text says why."""


@contextmanager
def reading(name: str) -> Iterator[None]:
    """Turn what the system says about an unreadable file of that name into words."""
    try:
        yield
    except PermissionError as error:
        raise _RefusedError("there is no permission to read it: change its mode or copy it") from error
    except FileNotFoundError as error:
        raise _RefusedError("it is a link to nothing, or vanished while it was read") from error
    except (EOFError, zlib.error, lzma.LZMAError, gzip.BadGzipFile) as error:
        raise _RefusedError("the archive is cut off or damaged: download or copy it again") from error
    except (zipfile.BadZipFile, NotImplementedError) as error:
        what = "workbook is cut off or" if name.lower().endswith((".xlsx", ".xlsm")) else "zip file is"
        raise _RefusedError(f"the {what} damaged ({error}): download or copy it again") from error
    except RuntimeError as error:  # zipfile says so for encrypted members
        raise _RefusedError(f"the zip file cannot be opened ({error}): unpack it yourself") from error


def discover(exports: Path, work: Path) -> tuple[list[Found], list[Problem]]:
    """All readable files below `exports` (or the one file it is), archive members written to `work`.

    Raises WanamakerError where the folder does not exist or holds no file.
    """
    if not exports.exists():
        raise WanamakerError(f"{exports}: there is no such folder; give the folder that holds your exports")
    if (exports / NOT_EXPORTS).exists():
        raise WanamakerError(f"{exports}: it says of itself that it holds no exports; give the folder beside it")
    found: list[Found] = []
    problems: list[Problem] = []
    unwrap = _Unwrapper(work)
    for name, path in _candidates(exports, problems):
        try:
            with reading(name):
                _check_kind(path)
                found += unwrap(name, path, _modified(path))
        except _RefusedError as error:
            problems.append(Problem(name, str(error)))
    if not found and not problems:
        raise WanamakerError(
            f"{exports}: there is no file to read (CSV, TSV, XLSX, JSON Lines, Parquet, .gz or .zip); "
            "put your exports there; what was published before stays"
        )
    return found, problems


def _candidates(exports: Path, problems: list[Problem]) -> Iterator[tuple[str, Path]]:
    """Names and paths of what looks like a table, in order of the name; other files and hidden ones are passed over."""
    if exports.is_file():
        yield exports.name, exports
        return

    def unreadable(error: OSError) -> None:
        folder = Path(error.filename).relative_to(exports).as_posix()
        problems.append(Problem(folder, "the folder cannot be read: give permission, or copy it"))

    paths: list[tuple[str, Path]] = []
    unread: list[tuple[str, str]] = []
    for folder, folders, files in os.walk(exports, onerror=unreadable):
        folders[:] = [
            name for name in folders if not _is_hidden(name) and not (Path(folder) / name / NOT_EXPORTS).exists()
        ]
        paths += [
            (path.relative_to(exports).as_posix(), path)
            for name in (*folders, *files)
            if not _is_hidden(name)
            and (path := Path(folder) / name).suffix.lower() in TABULAR | PACKED
            and name not in MAPPING_NAMES
        ]
        unread += [
            ((Path(folder) / name).relative_to(exports).as_posix(), advice)
            for name in files
            if not _is_hidden(name) and (advice := NOT_READ.get(Path(name).suffix.lower()))
        ]
    problems += [Problem(name, f"such files are not read: {advice}") for name, advice in sorted(unread)]
    yield from sorted(paths)


def _is_hidden(name: str) -> bool:
    """Hidden files, and what Excel and macOS leave beside an open or packed file."""
    return name.startswith((".", "~$", "__MACOSX"))


def _check_kind(path: Path) -> None:
    mode = path.stat().st_mode
    if stat.S_ISDIR(mode):
        raise _RefusedError("it is a folder with the name of a file; its files are read, rename it")
    if not stat.S_ISREG(mode):
        raise _RefusedError("it is not a regular file")


def _modified(path: Path) -> datetime:
    return datetime.fromtimestamp(int(path.stat().st_mtime), UTC)


@dataclass
class _Unwrapper:
    """Gives the files in a file: itself, or an archive's members, each written to `work` under a number."""

    work: Path
    numbers: Iterator[int] = field(default_factory=itertools.count)

    def __call__(self, name: str, path: Path, modified_at: datetime, depth: int = 0) -> list[Found]:
        with path.open("rb") as plain:
            magic = plain.read(4)
        packed = magic[:2] == b"\x1f\x8b" or (magic in (b"PK\x03\x04", b"PK\x05\x06") and not _is_workbook(path))
        if packed and depth >= DEEPEST:
            raise _RefusedError(f"archives are packed into one another more than {DEEPEST} deep: unpack it yourself")
        if not packed:
            if magic == b"PK\x03\x04":
                _check_workbook(path)
            return [Found(name, path, modified_at)]
        if magic[:2] == b"\x1f\x8b":
            with gzip.open(path) as stream:
                target = self._write(stream, path.stat().st_size)
            inner = name[:-3] if name.lower().endswith(".gz") else name
            return self(inner, target, modified_at, depth + 1)
        return self._unzip(name, path, modified_at, depth)

    def _unzip(self, name: str, path: Path, modified_at: datetime, depth: int) -> list[Found]:
        found = []
        with zipfile.ZipFile(path) as archive:
            for member in archive.infolist():
                inside = PurePosixPath(member_name := _member_name(member))
                if inside.is_absolute() or ".." in inside.parts or "\\" in member_name:
                    raise _RefusedError(f"its member {member_name!r} points outside the archive: pack it again without")
                is_table = inside.suffix.lower() in TABULAR | PACKED
                if member.is_dir() or not is_table or any(_is_hidden(part) for part in inside.parts):
                    continue
                with archive.open(member) as stream:
                    target = self._write(stream, member.compress_size)
                found += self(f"{name}/{member_name}", target, _member_time(member) or modified_at, depth + 1)
        if not found:
            raise _RefusedError("the zip file holds no file to read")
        return found

    def _write(self, packed: IO[bytes] | gzip.GzipFile, packed_size: int) -> Path:
        """Unpack one stream, as long as it stays within bounds."""
        self.work.mkdir(parents=True, exist_ok=True)
        target = self.work / f"unpacked-{next(self.numbers):06d}"
        written = 0
        with target.open("wb") as out:
            while chunk := packed.read(_CHUNK):
                written += len(chunk)
                suspicious = written > RATIO_MATTERS_FROM and written > LARGEST_RATIO * max(packed_size, 1)
                if written > LARGEST_UNPACKED or suspicious:
                    target.unlink()
                    raise _RefusedError(
                        f"it unpacks to more than {written // 2**20:,} MiB from {packed_size // 2**10:,} KiB: "
                        "if that is right, unpack it yourself"
                    )
                out.write(chunk)
        return target


def _check_workbook(path: Path) -> None:
    """Refuse a workbook that would unpack to far more than a table does."""
    with zipfile.ZipFile(path) as archive:
        unpacked = sum(member.file_size for member in archive.infolist())
    if unpacked > RATIO_MATTERS_FROM and unpacked > LARGEST_SHEET_RATIO * path.stat().st_size:
        raise _RefusedError(
            f"the workbook unpacks to {unpacked // 2**20:,} MiB from {path.stat().st_size // 2**10:,} KiB: "
            "if that is right, save the sheet as CSV"
        )


def _is_workbook(path: Path) -> bool:
    with zipfile.ZipFile(path) as archive:
        return "[Content_Types].xml" in archive.namelist()


def _member_name(member: zipfile.ZipInfo) -> str:
    """The member's name; Chinese Windows writes it in GBK without saying so."""
    if member.flag_bits & 0x800:
        return member.filename
    try:
        return member.filename.encode("cp437").decode("gb18030")
    except UnicodeError:
        return member.filename


def _member_time(member: zipfile.ZipInfo) -> datetime | None:
    """When the member was written, local time; None where the archive says nonsense."""
    try:
        return datetime(*member.date_time)  # noqa: DTZ001 (a zip knows no zone)
    except ValueError:
        return None


def clear(work: Path) -> None:
    """Remove the work folder and what a killed run left in it."""
    shutil.rmtree(work, ignore_errors=True)
