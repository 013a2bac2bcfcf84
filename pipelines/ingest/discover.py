"""Find the files of an exports folder and unwrap archives; nothing is extracted by its own path."""

from __future__ import annotations

import gzip
import shutil
import stat
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import IO

from pipelines.errors import WanamakerError

TABULAR = {".csv", ".tsv", ".txt", ".xlsx", ".xlsm", ".xls", ".json", ".jsonl", ".ndjson", ".parquet"}
PACKED = {".gz", ".zip"}
MAPPING_NAMES = {"mapping.yml", "mapping.yaml"}
LARGEST_UNPACKED = 16 * 2**30
LARGEST_RATIO = 400  # unpacked ÷ packed above which, beyond 256 MiB, an archive is refused
_CHUNK = 4 * 2**20


@dataclass(frozen=True)
class Found:
    """One file to read: its name below the exports folder, where its bytes are, when it was written."""

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
def reading() -> Iterator[None]:
    """Turn what the system says about an unreadable file into words."""
    try:
        yield
    except PermissionError as error:
        raise _RefusedError("there is no permission to read it: change its mode or copy it") from error
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise _RefusedError(
            "the gzip file is cut off or damaged: download or copy it again"
        ) from error
    except (zipfile.BadZipFile, NotImplementedError) as error:
        raise _RefusedError(f"the zip file is damaged ({error}): download or copy it again") from error
    except RuntimeError as error:  # zipfile says so for encrypted members
        raise _RefusedError(f"the zip file cannot be opened ({error}): unpack it yourself") from error


def discover(exports: Path, work: Path) -> tuple[list[Found], list[Problem]]:
    """All readable files below `exports` (or the one file it is), archive members written to `work`.

    Raises WanamakerError where the folder does not exist or holds no file.
    """
    if not exports.exists():
        raise WanamakerError(f"{exports}: there is no such folder; give the folder that holds your exports")
    paths = [exports] if exports.is_file() else sorted(exports.rglob("*"))
    found: list[Found] = []
    problems: list[Problem] = []
    for path in paths:
        relative = path.relative_to(exports) if path != exports else Path(path.name)
        if any(part.startswith((".", "~$")) for part in relative.parts) or path.name in MAPPING_NAMES:
            continue
        name, suffix = relative.as_posix(), path.suffix.lower()
        try:
            with reading():
                mode = path.stat().st_mode
                if stat.S_ISDIR(mode):
                    if suffix in TABULAR | PACKED:
                        raise _RefusedError("it is a folder with the name of a file; its files are read, rename it")  # noqa: TRY301
                    continue
                if not stat.S_ISREG(mode):
                    raise _RefusedError("it is not a regular file")  # noqa: TRY301
                if suffix not in TABULAR | PACKED:
                    continue
                found += _unwrap(name, path, _modified(path), work)
        except FileNotFoundError:
            problems.append(Problem(name, "it is a link to nothing, or vanished while it was read"))
        except _RefusedError as error:
            problems.append(Problem(name, str(error)))
    if not found and not problems:
        raise WanamakerError(
            f"{exports}: there is no file to read (CSV, TSV, XLSX, JSON Lines, Parquet, .gz or .zip); "
            "put your exports there; what was published before stays"
        )
    return found, problems


def _modified(path: Path) -> datetime:
    return datetime.fromtimestamp(int(path.stat().st_mtime), UTC).replace(tzinfo=None)


def _unwrap(name: str, path: Path, modified_at: datetime, work: Path, depth: int = 0) -> list[Found]:
    """The files in a file: itself, or an archive's members, each written to `work` under a number."""
    with path.open("rb") as stream:
        magic = stream.read(4)
    if depth > 3:
        raise _RefusedError("archives are packed into one another more than three deep")
    if magic[:2] == b"\x1f\x8b":
        target = _new_file(work)
        with gzip.open(path) as packed:
            _copy(packed, target, path.stat().st_size)
        inner = name[:-3] if name.lower().endswith(".gz") else name
        return _unwrap(inner, target, modified_at, work, depth + 1)
    if magic == b"PK\x03\x04" and not _is_workbook(path):
        found = []
        with zipfile.ZipFile(path) as archive:
            for member in archive.infolist():
                member_name = _member_name(member)
                inside = PurePosixPath(member_name)
                hidden = any(part.startswith((".", "__MACOSX", "~$")) and part != ".." for part in inside.parts)
                if member.is_dir() or hidden or inside.suffix.lower() not in TABULAR | PACKED:
                    continue
                if inside.is_absolute() or ".." in inside.parts or "\\" in member_name:
                    raise _RefusedError(f"its member {member_name!r} points outside the archive: pack it again without")
                target = _new_file(work)
                with archive.open(member) as packed:
                    _copy(packed, target, max(member.compress_size, 1))
                when = datetime(*member.date_time)  # noqa: DTZ001 (a zip tells local time only)
                found += _unwrap(f"{name}/{member_name}", target, when, work, depth + 1)
        return found
    return [Found(name, path, modified_at)]


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


def _new_file(work: Path) -> Path:
    work.mkdir(parents=True, exist_ok=True)
    return work / f"unpacked-{sum(1 for _ in work.iterdir()):06d}"


def _copy(packed: IO[bytes], target: Path, packed_size: int) -> None:
    written = 0
    with target.open("wb") as out:
        while chunk := packed.read(_CHUNK):
            written += len(chunk)
            if written > LARGEST_UNPACKED or (written > 256 * 2**20 and written > LARGEST_RATIO * packed_size):
                raise _RefusedError(
                    f"it unpacks to more than {written // 2**20} MiB from {packed_size // 2**10} KiB: "
                    "if that is right, unpack it yourself"
                )
            out.write(chunk)


def clear(work: Path) -> None:
    """Remove the work folder and what a killed run left in it."""
    shutil.rmtree(work, ignore_errors=True)
