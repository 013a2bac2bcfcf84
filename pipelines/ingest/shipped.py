"""The mappings that come with wanamaker: exports of ERP systems that are known by all of the headers they name."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from pipelines.contracts import ROOT, Contracts, normalise_name
from pipelines.ingest import expressions
from pipelines.ingest.decode import Text
from pipelines.ingest.mapping import TableMapping, read_mapping
from pipelines.ingest.recognise import candidate_layouts


@dataclass(frozen=True)
class Shipped:
    """A mapping file that comes with wanamaker, and the headers by which its exports are known."""

    vendor: str
    entries: tuple[TableMapping, ...]
    headers: frozenset[str]


@lru_cache(maxsize=2)
def shipped_mappings(folder: Path = ROOT / "pipelines" / "mappings") -> tuple[Path, ...]:
    """The mapping files that come with wanamaker, in order of their names."""
    return tuple(sorted(folder.glob("*.yml")))


def find_shipped(text: Text, contracts: Contracts) -> tuple[TableMapping, ...]:
    """The entries of the mapping all of whose headers stand in one line near the top of a text, if there is one."""
    if not any(source.name == "custom" for source in contracts.sources):
        return ()
    lines = [layout.names for layout in candidate_layouts(text)]
    for shipped in map(_read, shipped_mappings()):
        if any(shipped.headers <= names for names in lines):
            return shipped.entries
    return ()


@lru_cache(maxsize=32)
def _read(path: Path) -> Shipped:
    from pipelines.contracts import load_contracts

    entries = read_mapping(path, load_contracts()).tables
    named = (
        name for entry in entries for text in entry.expressions.values() for name in expressions.parse(text).headers
    )
    headers = frozenset(normalise_name(name) for name in named if name not in expressions.OWN_NAMES)
    return Shipped(path.stem, entries, headers)
