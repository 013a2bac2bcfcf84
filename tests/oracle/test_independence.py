"""The oracle is a second calculation only as long as it shares nothing with the first."""

from __future__ import annotations

import ast
import re
import sys
from pathlib import Path

import pytest

FOLDER = Path(__file__).parent
MODULES = sorted(path for path in FOLDER.glob("*.py") if not path.name.startswith(("test_", "conftest")))
_SQL = re.compile(r"\b(select\s.+\sfrom|group\s+by|order\s+by|left\s+join|partition\s+by)\b", re.IGNORECASE | re.DOTALL)


def imported(tree: ast.AST) -> set[str]:
    """Every module that a file imports."""
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add(node.module or "")
    return names


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.name)
def test_an_oracle_module_imports_the_standard_library_and_its_own_kind_alone(path):
    others = {
        name
        for name in imported(ast.parse(path.read_text(encoding="utf-8")))
        if not name.startswith("tests.oracle") and name.split(".")[0] not in sys.stdlib_module_names
    }
    assert others == set()
    assert "sqlite3" not in path.read_text(encoding="utf-8")


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.name)
def test_an_oracle_module_contains_no_sql_and_opens_no_model(path):
    texts = [
        node.value
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]
    assert [text for text in texts if _SQL.search(text)] == []
    assert [text for text in texts if re.search(r"\.sql\b|\bmodels/|\bmacros/", text)] == []


def test_sql_and_foreign_imports_are_recognised():
    assert _SQL.search("select amount from marts.channel_roi")
    assert imported(ast.parse("import duckdb\nfrom pipelines.flows import Request")) == {"duckdb", "pipelines.flows"}
