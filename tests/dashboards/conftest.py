"""Published files that the dashboard tests share."""

from __future__ import annotations

from pathlib import Path

import pytest
import streamlit as st

from dashboards import words
from tests.dashboards import published


@pytest.fixture(autouse=True)
def in_english() -> None:
    """Begin each test in English, whatever language the one before it ended in."""
    words.use("en")


@pytest.fixture(scope="session")
def company_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder whose pointer leads to a small company's figures."""
    data = tmp_path_factory.mktemp("data")
    published.build(data)
    return data


@pytest.fixture
def company(company_data: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The same, as the folder that the dashboards read."""
    return use(company_data, monkeypatch)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder that the dashboards read."""
    return use(tmp_path, monkeypatch)


def use(data: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Let the dashboards read a folder."""
    monkeypatch.setenv("WANAMAKER_DATA", str(data))
    st.cache_data.clear()
    return data
