"""Every model builds without a single export, and every rule's unit test passes."""

from __future__ import annotations

import re

import pytest

pytestmark = pytest.mark.dbt


def test_every_model_builds_and_every_unit_test_passes_without_any_export(dbt):
    done = dbt("build")
    tail = "\n".join(
        line for line in done.stdout.splitlines() if re.search(r"FAIL|ERROR|WARN|Done|actual differs|[+-]{3}|^\|", line)
    )
    assert done.returncode == 0, tail
    summary = re.search(r"PASS=(\d+) WARN=(\d+) ERROR=(\d+) SKIP=(\d+)", done.stdout)
    assert summary is not None
    assert int(summary[1]) > 500
    assert summary.groups()[1:] == ("0", "0", "0"), tail
