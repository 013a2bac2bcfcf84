"""Bytes that a coverage-guided fuzzer makes up, for as long as a long proof may take."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SECONDS = 60

pytest.importorskip("atheris", reason="needs atheris: pip install atheris (Linux, Python 3.11 to 3.13)")


@pytest.mark.slow
def test_no_bytes_trip_the_decoder(tmp_path: Path) -> None:
    options = [f"-max_total_time={SECONDS}", "-max_len=300", f"-artifact_prefix={tmp_path}/"]
    command = [sys.executable, "-m", "tests.pipeline.fuzz_decoder", *options]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr[-3000:]
