"""Small companies written by hand: `company({"invoices": "…"})` is the oracle over these exports."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.oracle.marts import Oracle

Small = Callable[..., Oracle]


@pytest.fixture
def company(tmp_path: Path) -> Small:
    """Write tables (header and lines, cells parted by blanks; `_` is an empty cell) and read them."""

    def write(tables: dict[str, str], day: str, clusters: dict[str, str] | None = None) -> Oracle:
        for name, text in tables.items():
            lines = [line.split() for line in text.strip().splitlines()]
            content = "\n".join(",".join("" if cell == "_" else cell for cell in line) for line in lines)
            stem = name if name[-1].isdigit() else f"{name}_{day}"
            (tmp_path / f"{stem}.csv").write_text(content + "\n", encoding="utf-8")
        return Oracle(tmp_path, clusters)

    return write
