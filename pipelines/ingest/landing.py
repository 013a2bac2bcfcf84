"""Landing: the bytes of every accepted delivery, once, each with a small JSON of how it was read."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from pathlib import Path
from typing import Any

from pipelines.errors import WanamakerError
from pipelines.ingest.mapping import TableMapping

_CHUNK = 4 * 2**20


def digest_of(path: Path) -> str:
    """SHA-256 of a file's bytes."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


@dataclass(frozen=True)
class Delivery:
    """One file as it feeds one table: what raw is a function of.

    `sheet` tells a workbook's sheets apart; `mapping` is the entry it was read with, if any.
    """

    sha256: str
    name: str
    sheet: str | None
    source: str
    table: str
    exported_at: datetime
    exported_at_from: str
    mapping: dict[str, Any] | None = None
    accept_shrink: bool = False

    @property
    def file_id(self) -> str:
        """Id that raw rows carry: bytes, sheet, table and day of export."""
        text = "|".join((self.sha256, self.sheet or "", self.source, self.table, self.exported_at.isoformat()))
        return hashlib.sha256(text.encode()).hexdigest()[:16]

    @property
    def reading_id(self) -> str:
        """Hash of how it is read: another mapping or acceptance is another reading of the same delivery."""
        text = json.dumps([self.mapping, self.accept_shrink], sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:12]

    @property
    def entry(self) -> TableMapping | None:
        """The mapping entry it was read with."""
        return TableMapping.model_validate(self.mapping) if self.mapping is not None else None


class Landing:
    """The landing folder: `<aa>/<sha256>` holds bytes, `<aa>/<sha256>.<file_id>-<reading_id>.json` a delivery."""

    def __init__(self, folder: Path) -> None:
        """Open (and make) the folder."""
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def bytes_of(self, sha256: str) -> Path:
        """Where the bytes of that hash are kept."""
        return self.folder / sha256[:2] / sha256

    def add(self, delivery: Delivery, path: Path) -> None:
        """Keep the bytes and the JSON; the JSON comes last, so a delivery is there whole or not at all."""
        kept = self.bytes_of(delivery.sha256)
        kept.parent.mkdir(exist_ok=True)
        if not kept.exists() or kept.stat().st_size != path.stat().st_size:
            partial = kept.with_name(f"{kept.name}.partial")
            shutil.copyfile(path, partial)
            partial.replace(kept)
        record = kept.with_name(f"{delivery.sha256}.{delivery.file_id}-{delivery.reading_id}.json")
        if record.exists():
            return
        partial = record.with_suffix(".partial")
        content = asdict(delivery) | {"exported_at": delivery.exported_at.isoformat()}
        with partial.open("w", encoding="utf-8") as out:
            json.dump(content, out, ensure_ascii=False, indent=1)
            out.flush()
            os.fsync(out.fileno())
        partial.replace(record)
        for older in record.parent.glob(f"{delivery.sha256}.{delivery.file_id}-*.json"):
            if older != record:
                older.unlink()

    def remove(self, delivery: Delivery) -> None:
        """Take back a delivery that turned out to be unreadable; its bytes stay where another one uses them."""
        kept = self.bytes_of(delivery.sha256)
        for record in kept.parent.glob(f"{delivery.sha256}.{delivery.file_id}-*.json"):
            record.unlink()
        if not any(kept.parent.glob(f"{delivery.sha256}.*.json")):
            kept.unlink(missing_ok=True)

    def known(self) -> dict[str, tuple[str, Path]]:
        """For each delivery that landed: file_id → its reading_id and its JSON."""
        found: dict[str, tuple[str, Path]] = {}
        for folder in sorted(self.folder.iterdir()):
            if not folder.is_dir():
                continue
            for path in folder.glob("*.json"):
                file_id, _, reading_id = path.name.split(".")[1].partition("-")
                current = found.get(file_id)
                if current is None or path.stat().st_mtime_ns > current[1].stat().st_mtime_ns:
                    found[file_id] = (reading_id, path)
        return found

    def read(self, path: Path) -> Delivery:
        """The delivery in one JSON; raises WanamakerError where it is damaged."""
        try:
            content = json.loads(path.read_text(encoding="utf-8"))
            content["exported_at"] = datetime.fromisoformat(content["exported_at"])
            return Delivery(**{key: content[key] for key in (entry.name for entry in fields(Delivery))})
        except (OSError, ValueError, KeyError) as error:
            raise WanamakerError(
                f"{path}: the record of a delivery is damaged ({error}); remove it and load the file again"
            ) from error
