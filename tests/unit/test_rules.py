"""A rules file is checked against the seed's declaration before dbt sees it."""

from __future__ import annotations

import pytest

from pipelines.contracts import ROOT
from pipelines.errors import WanamakerError
from pipelines.transform import overlay_seeds

SEEDS = ROOT / "seeds"
HEADER = "basis,bucket,from_day,to_day,sort_order"


def rules(tmp_path, name, text):
    folder = tmp_path / "rules"
    folder.mkdir()
    (folder / name).write_text(text, encoding="utf-8")
    return folder


def test_a_rules_file_replaces_the_seed_of_its_name_and_the_rest_stay(tmp_path):
    folder = rules(tmp_path, "aging_buckets.csv", f"{HEADER}\ndue,not_due,,0,0\n")
    overlay_seeds(SEEDS, folder, tmp_path / "overlay")
    assert (tmp_path / "overlay" / "aging_buckets.csv").read_text(encoding="utf-8").endswith("due,not_due,,0,0\n")
    assert (tmp_path / "overlay" / "stages.csv").read_bytes() == (SEEDS / "stages.csv").read_bytes()
    overlay_seeds(SEEDS, None, tmp_path / "overlay")
    assert (tmp_path / "overlay" / "aging_buckets.csv").read_bytes() == (SEEDS / "aging_buckets.csv").read_bytes()


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("buckets.csv", HEADER, "there is no rule file of that name"),
        ("aging_buckets.csv", "basis,bucket,from_day,to_day\n", "missing: sort_order"),
        ("aging_buckets.csv", f"{HEADER},colour\n", "unknown: colour"),
        ("aging_buckets.csv", f"{HEADER}\ndue,1-30,one,30,1\n", "line 2, column from_day: 'one' is not a bigint"),
        ("aging_buckets.csv", f"{HEADER}\ndue,1-30,1,30\n", "line 2: it has 4 cells, the header has 5"),
    ],
)
def test_what_does_not_fit_is_named(name, text, words, tmp_path):
    with pytest.raises(WanamakerError, match=words):
        overlay_seeds(SEEDS, rules(tmp_path, name, text), tmp_path / "overlay")


def test_a_missing_folder_of_rules_is_named(tmp_path):
    with pytest.raises(WanamakerError, match="there is no such folder of rules"):
        overlay_seeds(SEEDS, tmp_path / "nowhere", tmp_path / "overlay")
