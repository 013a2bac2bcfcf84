"""Both READMEs name every command and every mart, so that nothing is there which nobody finds."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.cli import app
from pipelines.explain import load_keys

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("name", ["README.md", "README.zh-CN.md"])
def test_readme_names_every_command_and_every_mart(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    commands = [command.name or command.callback.__name__ for command in app.registered_commands if command.callback]
    assert [command for command in commands if f"wanamaker {command}" not in text and command != "demo"] == []
    assert "make demo" in text
    assert [mart for mart in load_keys() if f"`{mart}`" not in text] == []


def test_every_command_shows_an_example() -> None:
    for command in app.registered_commands:
        assert command.callback is not None
        assert "Example: wanamaker" in (command.callback.__doc__ or ""), command.callback.__name__
