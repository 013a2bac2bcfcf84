"""Models and macros in DuckDB's dialect as dbt would render them, for tests that ask a rule about many rows without a build."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import jinja2

ROOT = Path(__file__).resolve().parents[1]


def model(path: str, *macros: str) -> str:
    """The query of a model under `models`, `ref('name')` being the table `name`; `macros` are files under `macros`."""
    rendered: dict[str, Any] = {}
    adapter = SimpleNamespace(dispatch=lambda name, _: getattr(rendered["module"], f"duckdb__{name}"))
    names = {"adapter": adapter, "ref": lambda name: name, "config": lambda **_: ""}
    environment = jinja2.Environment(extensions=["jinja2.ext.do"], autoescape=False)
    text = "".join((ROOT / "macros" / name).read_text(encoding="utf-8") for name in macros)
    rendered["module"] = environment.from_string(text, globals=names).module
    macros_by_name = {name: value for name, value in vars(rendered["module"]).items() if not name.startswith("_")}
    query = (ROOT / "models" / path).read_text(encoding="utf-8")
    return environment.from_string(query, globals=names | macros_by_name).render()
