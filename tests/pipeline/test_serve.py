"""`wanamaker serve` says what is wrong before it starts, and runs by its schedule when nothing is."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

COMMAND = [str(Path(sys.executable).with_name("wanamaker")), "serve"]
INVOICES = "invoice_id,account_id,issued_on,due_on,amount,currency\nI-1,A-1,2026-01-05,2026-02-04,100.00,CNY\n"


def serve(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*COMMAND, *arguments], capture_output=True, text=True, timeout=300, check=False)


@pytest.fixture
def exports(tmp_path: Path) -> Path:
    folder = tmp_path / "exports"
    folder.mkdir()
    (folder / "invoices.csv").write_text(INVOICES, encoding="utf-8")
    return folder


def test_exports_that_are_not_there_are_named(tmp_path: Path) -> None:
    ended = serve(str(tmp_path / "nowhere"), "--data", str(tmp_path / "data"))
    assert ended.returncode == 2
    assert "nowhere: there is no such file or folder" in ended.stderr


def test_a_schedule_that_cannot_be_read_is_named(exports: Path, tmp_path: Path) -> None:
    ended = serve(str(exports), "--data", str(tmp_path / "data"), "--every", "every morning")
    assert ended.returncode == 2
    assert "--every 'every morning' is not a schedule" in ended.stderr


def test_a_port_that_is_taken_is_named(exports: Path, tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = str(other.getsockname()[1])
        ended = serve(str(exports), "--data", str(tmp_path / "data"), "--port", port)
    assert ended.returncode == 2
    assert f"port {port} is taken" in ended.stderr


@pytest.mark.slow
def test_a_schedule_publishes_and_ends_on_ctrl_c(exports: Path, tmp_path: Path) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    data = tmp_path / "data"
    process = subprocess.Popen(
        [*COMMAND, str(exports), "--data", str(data), "--every", "* * * * *", "--port", port],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=os.environ | {"PYTHONUNBUFFERED": "1"},
    )
    try:
        until = time.monotonic() + 600
        while not list((data / "published").glob("*.duckdb")) and time.monotonic() < until:
            assert process.poll() is None
            time.sleep(1)
        assert list((data / "published").glob("*.duckdb"))
    finally:
        process.send_signal(signal.SIGINT)
        words, _ = process.communicate(timeout=120)
    assert f"history of runs: http://127.0.0.1:{port}" in words
