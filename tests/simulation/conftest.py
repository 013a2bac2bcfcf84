"""Small companies, each simulated once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from pipelines.contracts import load_contracts
from pipelines.ingest.load import Report, ingest
from pipelines.simulation import simulate
from pipelines.simulation.setting import Wanted
from pipelines.simulation.writer import STYLES

Tables = Callable[[str], pl.DataFrame]


@pytest.fixture(scope="session")
def clean(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A flawless company of 24 months."""
    out = tmp_path_factory.mktemp("clean")
    simulate(out, Wanted(scale=0.05, noise=0))
    return out


@pytest.fixture(scope="session")
def tables(clean: Path) -> Tables:
    """The newest export of a table, as it is written; truth as `truth/<name>`."""

    def read(name: str) -> pl.DataFrame:
        if name.startswith("truth/"):
            return pl.read_csv(clean / f"{name}.csv", infer_schema_length=None)
        style = STYLES.get(name)
        stem, encoding = (style.name, style.encoding) if style else (name, "utf-8")
        path = max((clean / "exports").glob(f"{stem}_2*.csv"))
        frame = pl.read_csv(path.read_bytes().decode(encoding).encode(), infer_schema_length=None)
        return frame.rename({shown: column for column, shown in style.headers.items()} if style else {})

    return read


def loaded(out: Path, data: Path) -> Report:
    """What ingest makes of a company's exports."""
    return ingest(out / "exports", data, load_contracts())
