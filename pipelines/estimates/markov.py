"""Attribution by an absorbing Markov chain, solved exactly.

States are the channels, a start and two ends: conversion and null. A channel's removal effect is the share of
conversions that is lost when every journey that reaches the channel ends there without converting (Anderl et al. 2016).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa

START = "(start)"
CONVERSION = "(conversion)"
NULL = "(null)"

Floats = npt.NDArray[np.float64]


def removal_effects(transitions: Sequence[tuple[str, str, float]]) -> dict[str, float]:
    """Give the removal effect of every channel, by name.

    Args:
        transitions: from state, to state and how many journeys went that way (0 or more); rows of one pair add up.

    Returns:
        One number between 0 and 1 for each channel; all 0 where nothing converts.

    With F the inverse of I - Q, the expected visits, a journey ever reaches channel k with probability (s F)_k / F_kk
    and converts from there with probability (F r)_k: their product is what removing k loses. One inverse serves all.

    """
    channels = sorted({state for row in transitions for state in row[:2]} - {START, CONVERSION, NULL})
    if not channels:
        return {}
    places = {name: place for place, name in enumerate([*channels, CONVERSION, NULL, START])}
    counts = np.zeros((len(places), len(places)))
    for from_state, to_state, journeys in transitions:
        counts[places[from_state], places[to_state]] += journeys
    size = len(channels)
    start = _shares(counts[places[START]])[:size]
    leaving = np.apply_along_axis(_shares, 1, counts[:size])
    visits = np.linalg.inv(np.eye(size) - leaving[:, :size])
    converting = visits @ leaving[:, places[CONVERSION]]
    expected = start @ visits
    probability = float(start @ converting)
    if probability <= 0:
        return dict.fromkeys(channels, 0.0)
    lost = expected / np.diag(visits) * converting / probability
    return {name: float(min(max(lost[place], 0.0), 1.0)) for place, name in enumerate(channels)}


def removal_effect_table(transitions: pa.Table) -> pa.Table:
    """Give removal effects by input: columns path_source, channel, removal_effect.

    Args:
        transitions: columns path_source, from_state, to_state, journeys.

    """
    by_source: dict[str, list[tuple[str, str, float]]] = {}
    for row in transitions.to_pylist():
        by_source.setdefault(row["path_source"], []).append(
            (row["from_state"], row["to_state"], float(row["journeys"]))
        )
    rows = [
        {"path_source": source, "channel": channel, "removal_effect": effect}
        for source, own in sorted(by_source.items())
        for channel, effect in removal_effects(own).items()
    ]
    schema = pa.schema([("path_source", pa.string()), ("channel", pa.string()), ("removal_effect", pa.float64())])
    return pa.Table.from_pylist(rows, schema=schema)


def _shares(counts: Floats) -> Floats:
    total = counts.sum()
    return counts / total if total else counts
