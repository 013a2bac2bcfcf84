"""The SQL of a single model, to run it on tables that stand for what it reads: no project, no warehouse."""

from __future__ import annotations

from pathlib import Path

import jinja2

ROOT = Path(__file__).resolve().parent.parent
_MACROS = ("money/money.sql", "leads/*.sql")


def model_sql(name: str) -> str:
    """Give a model's own SQL with the names of the tables it reads; only macros that no engine decides are known.

    Raises FileNotFoundError where there is no such model.
    """
    model = next((ROOT / "models").rglob(f"{name}.sql"), None)
    if model is None:
        raise FileNotFoundError(name)
    macros = [path.read_text(encoding="utf-8") for part in _MACROS for path in sorted((ROOT / "macros").glob(part))]
    source = "".join([*macros, model.read_text(encoding="utf-8")])
    environment = jinja2.Environment(autoescape=False, extensions=["jinja2.ext.do"])
    return environment.from_string(source).render(ref=lambda table: table, config=lambda **_: "")
