"""Landing: the bytes of every accepted delivery, once, each with a small JSON of how it was read."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, dataclass, fields, replace
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from pipelines.errors import WanamakerError
from pipelines.ingest.mapping import TableMapping

_CHUNK = 16 * 2**20  # large, so that hashing seldom waits for another thread


def digest_of(path: Path) -> str:
    """SHA-256 of a file's bytes."""
    digest = hashlib.sha256()
    with path.open("rb", buffering=0) as stream:
        while chunk := stream.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


@dataclass(frozen=True)
class Delivery:
    """One file as it feeds one table: what raw is a function of.

    `sheet` tells a workbook's sheets apart; `mapping` holds the entries it is read with, none where it was
    recognised by its headers.
    """

    sha256: str
    name: str
    sheet: str | None
    source: str
    table: str
    exported_at: datetime
    exported_at_from: str
    mapping: tuple[dict[str, Any], ...] = ()
    accept_shrink: bool = False

    @cached_property
    def file_id(self) -> str:
        """Id that raw rows carry: bytes, sheet, table and day of export."""
        text = "|".join((self.sha256, self.sheet or "", self.source, self.table, self.exported_at.isoformat()))
        return hashlib.sha256(text.encode()).hexdigest()[:16]

    @cached_property
    def reading_id(self) -> str:
        """Hash of how it is read: another mapping or acceptance is another reading of the same delivery."""
        name = self.name if any(entry.uses_file_name for entry in self.entries) else None
        text = json.dumps([self.mapping, self.accept_shrink, name], sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:12]

    @cached_property
    def entries(self) -> tuple[TableMapping, ...]:
        """The mapping entries it is read with."""
        return tuple(TableMapping.model_validate(entry) for entry in self.mapping)

    def is_same_part(self, other: Delivery) -> bool:
        """Whether both are the same rows for the same table, whenever exported."""
        return (self.sha256, self.sheet, self.source, self.table) == (
            other.sha256, other.sheet, other.source, other.table,
        )  # fmt: skip


class Landing:
    """The landing folder: `<aa>/<sha256>` holds bytes, `<aa>/<sha256>.<file_id>.json` a delivery of them."""

    def __init__(self, folder: Path) -> None:
        """Open (and make) the folder."""
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self._copies: dict[Path, Future[Path]] = {}
        self._by_bytes: dict[str, dict[str, Delivery]] = {}
        for delivery in map(self._read, sorted(folder.glob("*/*.json"))):
            self._by_bytes.setdefault(delivery.sha256, {})[delivery.file_id] = delivery

    def sweep(self) -> None:
        """Remove what a killed run left half written; only the one active run may do so."""
        for partial in (*self.folder.glob("*.partial"), *self.folder.glob("*/*.partial")):
            partial.unlink()

    @property
    def deliveries(self) -> dict[str, Delivery]:
        """What landed, by file_id."""
        return {file_id: delivery for same in self._by_bytes.values() for file_id, delivery in same.items()}

    def of_bytes(self, sha256: str) -> list[Delivery]:
        """The deliveries of those bytes."""
        return list(self._by_bytes.get(sha256, {}).values())

    def bytes_of(self, sha256: str) -> Path:
        """Where the bytes of that hash are kept."""
        return self.folder / sha256[:2] / sha256

    def may_hold(self, path: Path) -> bool:
        """Whether bytes of that length landed, so that these may be the same."""
        return path.stat().st_size in self._sizes

    @cached_property  # a file that comes twice in one run is only copied twice
    def _sizes(self) -> set[int]:
        kept = map(self.bytes_of, self._by_bytes)
        return {path.stat().st_size for path in kept if path.exists()}

    @contextmanager
    def copying(self, path: Path) -> Iterator[Future[Path]]:
        """Copy bytes into the folder by a thread of their own; `add` keeps that copy, else it goes again."""
        partial = self.folder / "new.partial"
        with ThreadPoolExecutor(1) as thread:
            copied = thread.submit(shutil.copyfile, path, partial)
            self._copies[path] = copied
            try:
                yield copied
            finally:
                copied.exception()
                self._copies.pop(path, None)
                partial.unlink(missing_ok=True)

    def add(self, delivery: Delivery, path: Path) -> Delivery:
        """Keep a delivery and its bytes, those at `path` or their copy; gives it as it stands among the others.

        Whatever order the same bytes come in, the outcome is the same: a file's time counts only where
        nothing better dates these bytes, and then the earliest; of two names the first in order; an
        acceptance stays.
        """
        settled = self.settle(delivery)
        self._keep_bytes(settled.sha256, path)
        self.write(settled)
        for other in self._others(delivery):
            if other.exported_at_from == "time" and other.file_id != settled.file_id:
                self.remove(other)
        return settled

    def settle(self, delivery: Delivery) -> Delivery:
        """The delivery as it would stand among the others."""
        return _settle(delivery, self._others(delivery))

    def known(self, delivery: Delivery) -> Delivery | None:
        """The delivery of that file_id, as it landed."""
        return self._by_bytes.get(delivery.sha256, {}).get(delivery.file_id)

    def _others(self, delivery: Delivery) -> list[Delivery]:
        return [other for other in self.of_bytes(delivery.sha256) if other.is_same_part(delivery)]

    def write(self, delivery: Delivery) -> None:
        """Write the JSON in one move: a delivery is there whole or not at all."""
        known = self._by_bytes.setdefault(delivery.sha256, {})
        if known.get(delivery.file_id) == delivery:
            return
        record = self._record(delivery)
        partial = record.with_suffix(".partial")
        content = asdict(delivery) | {"exported_at": delivery.exported_at.isoformat()}
        with partial.open("w", encoding="utf-8") as out:
            json.dump(content, out, ensure_ascii=False, indent=1)
            out.flush()
            os.fsync(out.fileno())
        partial.replace(record)
        known[delivery.file_id] = delivery

    def accept(self, delivery: Delivery) -> Delivery:
        """Record with a delivery that it may delete more than half of the live rows."""
        accepted = replace(delivery, accept_shrink=True)
        self.write(accepted)
        return accepted

    def is_sound(self, delivery: Delivery) -> bool:
        """Whether the bytes that were kept are the ones that came."""
        kept = self.bytes_of(delivery.sha256)
        return kept.exists() and digest_of(kept) == delivery.sha256

    def renew(self, delivery: Delivery, path: Path) -> None:
        """Keep the bytes again where those kept are damaged."""
        if not self.is_sound(delivery):
            self.bytes_of(delivery.sha256).unlink(missing_ok=True)
            self._keep_bytes(delivery.sha256, path)

    def remove(self, delivery: Delivery) -> None:
        """Take back a delivery; its bytes stay where another one uses them."""
        self._record(delivery).unlink(missing_ok=True)
        self._by_bytes.get(delivery.sha256, {}).pop(delivery.file_id, None)
        if not self.of_bytes(delivery.sha256):
            self.bytes_of(delivery.sha256).unlink(missing_ok=True)

    def _record(self, delivery: Delivery) -> Path:
        kept = self.bytes_of(delivery.sha256)
        return kept.with_name(f"{delivery.sha256}.{delivery.file_id}.json")

    def _keep_bytes(self, sha256: str, path: Path) -> None:
        kept = self.bytes_of(sha256)
        if kept.exists() and kept.stat().st_size == path.stat().st_size:
            return
        kept.parent.mkdir(exist_ok=True)
        partial = kept.with_name(f"{sha256}.partial")
        try:
            copied = self._copies.pop(path, None)
            partial = copied.result() if copied else shutil.copyfile(path, partial)
            partial.replace(kept)
        except BaseException:
            partial.unlink(missing_ok=True)
            raise

    def _read(self, path: Path) -> Delivery:
        try:
            content = json.loads(path.read_text(encoding="utf-8"))
            content["exported_at"] = datetime.fromisoformat(content["exported_at"])
            content["mapping"] = tuple(content["mapping"])
            return Delivery(**{entry.name: content[entry.name] for entry in fields(Delivery)})
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise WanamakerError(
                f"{path}: the record of a delivery is damaged ({error}); remove it and load the file again"
            ) from error


def _settle(delivery: Delivery, others: Iterable[Delivery]) -> Delivery:
    """The delivery among others of the same part."""
    dated = [other for other in others if other.exported_at_from != "time"]
    same = [other for other in dated if other.file_id == delivery.file_id]
    if delivery.exported_at_from == "time":
        if dated:
            best = max(dated, key=lambda other: other.exported_at)
            return replace(best, mapping=delivery.mapping) if best.name == delivery.name else best
        same = [other for other in others if other.exported_at_from == "time"]
        delivery = replace(delivery, exported_at=min(each.exported_at for each in (delivery, *same)))
    return replace(
        delivery,
        name=min(each.name for each in (delivery, *same)),
        accept_shrink=any(each.accept_shrink for each in (delivery, *same)),
    )
