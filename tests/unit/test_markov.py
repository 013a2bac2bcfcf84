"""The absorbing chain: published removal effects, and what must hold for any journeys."""

from __future__ import annotations

import itertools

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.estimates.markov import CONVERSION, NULL, START, removal_effect_table, removal_effects

Journey = tuple[list[str], int, int]


def transitions(journeys: list[Journey]) -> list[tuple[str, str, float]]:
    rows: list[tuple[str, str, float]] = []
    for channels, conversions, nulls in journeys:
        states = [START, *channels]
        rows += [(before, after, conversions + nulls) for before, after in itertools.pairwise(states)]
        rows += [(channels[-1], CONVERSION, conversions), (channels[-1], NULL, nulls)]
    return [row for row in rows if row[2]]


def converting(rows: list[tuple[str, str, float]], without: str | None = None) -> float:
    """The chance to convert, by solving the chain anew with one channel's journeys ending there."""
    names = sorted({state for row in rows for state in row[:2]} - {CONVERSION, NULL})
    counts = np.zeros((len(names), len(names)))
    ends = np.zeros(len(names))
    totals = np.zeros(len(names))
    for before, after, journeys in rows:
        place = names.index(before)
        totals[place] += journeys
        if after == CONVERSION:
            ends[place] += journeys
        elif after in names and after != without:
            counts[place, names.index(after)] += journeys
    shares = np.divide(counts, totals[:, None])
    solved = np.linalg.solve(np.eye(len(names)) - shares, ends / totals)
    return float(solved[names.index(START)])


def test_three_channels_of_which_two_are_indispensable():
    """Worked case 6."""
    rows = transitions([(["C1", "C2", "C3"], 1, 0), (["C1"], 0, 1), (["C2", "C3"], 0, 1)])
    assert converting(rows) == pytest.approx(1 / 3)
    assert removal_effects(rows) == pytest.approx({"C1": 0.5, "C2": 1.0, "C3": 1.0})


def test_two_channels_that_also_convert_alone():
    """Worked case 7: of 4 conversions 2.4 and 1.6."""
    rows = transitions([(["Google"], 2, 1), (["Mailing"], 1, 0), (["Google", "Mailing"], 1, 0)])
    assert converting(rows) == pytest.approx(0.8)
    effects = removal_effects(rows)
    assert effects == pytest.approx({"Google": 0.75, "Mailing": 0.5})
    assert 4 * effects["Google"] / sum(effects.values()) == pytest.approx(2.4)


def test_nothing_converts_and_there_is_nothing():
    assert removal_effects(transitions([(["a", "b"], 0, 3)])) == {"a": 0.0, "b": 0.0}
    assert removal_effects([]) == {}


def test_a_channel_that_follows_itself_is_no_endless_loop():
    rows = transitions([(["a", "a", "a", "b"], 1, 5), (["b", "a"], 2, 0)])
    assert removal_effects(rows)["a"] == pytest.approx(1 - converting(rows, without="a") / converting(rows))


channels = st.lists(st.sampled_from("abcdef"), min_size=1, max_size=6)
journeys = st.lists(st.tuples(channels, st.integers(0, 9), st.integers(0, 9)), min_size=1, max_size=12)


@settings(max_examples=60, deadline=None)
@given(journeys)
def test_one_inverse_gives_what_solving_without_each_channel_gives(found):
    rows = transitions(found)
    effects = removal_effects(rows)
    whole = converting(rows) if rows else 0.0
    for name, effect in effects.items():
        assert effect == pytest.approx(1 - converting(rows, without=name) / whole if whole else 0.0, abs=1e-9)


@settings(max_examples=30, deadline=None)
@given(journeys, st.randoms(use_true_random=False))
def test_the_order_of_the_rows_does_not_matter(found, random):
    rows = transitions(found)
    shuffled = random.sample(rows, len(rows))
    assert removal_effects(shuffled) == pytest.approx(removal_effects(rows), abs=1e-12)


def test_inputs_are_solved_apart():
    rows = [{"path_source": source, "from_state": a, "to_state": b, "journeys": n} for source, a, b, n in [
        ("paths", START, "a", 1.0), ("paths", "a", CONVERSION, 1.0),
        ("opportunities", START, "b", 2.0), ("opportunities", "b", NULL, 2.0),
    ]]  # fmt: skip
    assert removal_effect_table(pa.Table.from_pylist(rows)).to_pylist() == [
        {"path_source": "opportunities", "channel": "b", "removal_effect": 0.0},
        {"path_source": "paths", "channel": "a", "removal_effect": 1.0},
    ]
    empty = removal_effect_table(pa.table({"path_source": [], "from_state": [], "to_state": [], "journeys": []}))
    assert empty.column_names == ["path_source", "channel", "removal_effect"]
