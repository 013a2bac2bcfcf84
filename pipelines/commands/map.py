"""`wanamaker map`: show what a mapping of some files could be."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rich import box
from rich.table import Table
from rich.text import Text

from pipelines.contracts import load_contracts
from pipelines.errors import WanamakerError, shown
from pipelines.ingest.propose import LEAST, Proposal, as_yaml, propose


def proposals_for(files: Sequence[Path], timezone: str) -> list[Proposal]:
    """A proposal for each of the files; raises WanamakerError for one that is not there or holds no table."""
    for path in files:
        if not path.is_file():
            raise WanamakerError(f"{path}: there is no such file")
    with tempfile.TemporaryDirectory() as folder:
        return propose(files, load_contracts(), timezone, Path(folder))


def as_table(proposal: Proposal) -> Table:
    """Each header of a file with the column it could feed, how surely and why."""
    named = f"{proposal.name}[{proposal.sheet}]" if proposal.sheet else proposal.name
    tables = " and ".join(entry.table.name for entry in proposal.entries)
    table = Table(title=Text(shown(f"{named} → {tables}")), title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("header", overflow="fold")
    table.add_column("feeds")
    table.add_column("sure", justify="right")
    table.add_column("because", overflow="fold")
    for seen in proposal.profile.columns:
        if not seen.header:
            continue
        targets = proposal.targets(seen.position)
        for name, guess in targets:
            table.add_row(
                Text(shown(seen.header)), f"{name}.{guess.column}", f"{guess.confidence:.0%}", Text(guess.reason)
            )
        if not targets:
            table.add_row(Text(shown(seen.header)), "–", "", f"nothing fits by {LEAST:.0%}")
    return table


def as_json(proposals: Sequence[Proposal]) -> dict[str, Any]:
    """The proposals and their mapping file, for programs."""
    return {
        "files": [
            {
                "file": proposal.name,
                "sheet": proposal.sheet,
                "recognised": proposal.recognised,
                "columns": [
                    {
                        "header": seen.header,
                        "feeds": [
                            {
                                "table": name,
                                "column": guess.column,
                                "confidence": guess.confidence,
                                "reason": guess.reason,
                            }
                            for name, guess in proposal.targets(seen.position)
                        ],
                    }
                    for seen in proposal.profile.columns
                ],
                "missing": [f"{entry.table.name}.{name}" for entry in proposal.entries for name in entry.missing],
                "notes": proposal.notes,
            }
            for proposal in proposals
        ],
        "mapping": as_yaml(proposals),
    }
