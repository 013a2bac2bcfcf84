"""The SQL of a single model in DuckDB's dialect, to run it on tables that stand for what it reads: no project, no warehouse."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import jinja2

ROOT = Path(__file__).resolve().parent.parent
_MACROS = ("engine/*.sql", "money/*.sql", "leads/*.sql", "links/*.sql", "channel_of.sql")


def model_sql(name: str) -> str:
    """Give a model's own SQL with the names of the tables it reads.

    Raises FileNotFoundError where there is no such model.
    """
    model = next((ROOT / "models").rglob(f"{name}.sql"), None)
    if model is None:
        raise FileNotFoundError(name)
    files = [path for part in _MACROS for path in sorted((ROOT / "macros").glob(part))]
    rendered: dict[str, Any] = {}
    adapter = SimpleNamespace(dispatch=lambda macro, _: rendered[f"duckdb__{macro}"])
    known = {"adapter": adapter, "ref": lambda table: table, "config": lambda **_: ""}
    environment = jinja2.Environment(autoescape=False, extensions=["jinja2.ext.do"])
    macros = environment.from_string("".join(path.read_text(encoding="utf-8") for path in files), globals=known).module
    rendered |= {macro: getattr(macros, macro) for macro in vars(macros) if not macro.startswith("_")}
    return environment.from_string(model.read_text(encoding="utf-8"), globals=known | rendered).render()
