"""The power that is told before outcomes are looked at: the spread of estimates over data sets lies where it says."""

import json
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest

from experiment import World, run, simulate

SETS = 60
Z_OF_POWER = 0.8416212335729143
WORLDS = [World(), World(pace=10, impulse=0.05)]


class Told(NamedTuple):
    effect: float
    standard_error: float
    # Of the difference, by the two cases, at the outcome rate that the rows turn out to have.
    independent: float
    alike: float


def told(world: World, seed: int) -> Told:
    with tempfile.TemporaryDirectory() as name:
        events = Path(name) / "events.csv"
        simulate(world, events, seed)
        words = (events, "--json", "--profile", "causal")
        blind = json.loads(run("audit", *words, "--blind"))
        estimate = json.loads(run("estimate", *words))
    overlap, naive = estimate["adjusted"]["overlap"], estimate["naive"]
    reach = (overlap["interval95"][1] - overlap["interval95"][0]) / 2 / overlap["standardError"] + Z_OF_POWER
    rate = sum(naive[arm]["outcomes"] for arm in ("control", "treated")) / estimate["rows"]
    [half] = [case for case in blind["design"]["smallestDifference"] if case["outcomeRate"] == 0.5]
    scale = np.sqrt(rate * (1 - rate)) / 0.5 / reach
    return Told(overlap["effect"], overlap["standardError"], half["rowsIndependent"] * scale, half["rowsAlike"] * scale)


@pytest.mark.parametrize("world", WORLDS, ids=str)
def test_the_spread_of_estimates_lies_between_the_two_cases(world):
    with ThreadPoolExecutor(2) as threads:
        sets = list(threads.map(lambda seed: told(world, seed), range(1, 1 + SETS)))
    effects, errors, independent, alike = (np.array(values) for values in zip(*sets))
    # The models explain a part of the outcome; and the spread itself is known to a tenth.
    for spread in (effects.std(ddof=1), errors.mean()):
        assert 0.8 * independent.mean() < spread < 1.15 * alike.mean(), (spread, independent.mean(), alike.mean())
    assert independent.mean() < alike.mean()
