"""Several treatments: those who take one are not those who take another, and each is asked apart.

Clicks of a simulated stream are told as clicks or taps, so that both have the effect of a click. Who has seen more taps more often, and
buys more often anyway: as they are, clicks and taps differ.
"""

import csv
import json
import os
import subprocess
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from experiment import COMMAND, EFFECT, World, read_truth, simulate

SETS, EVENTS = 100, 120_000
# Three Monte Carlo errors below 95 %.
LEAST = 0.88
WORLD = World(impulse=0.02, effect=EFFECT)
CAUSAL = ["--set", "profile=causal", "--set", 'events.types=["auction","impression","click","tap","purchase"]']


def tell_taps(events: Path, seed: int) -> None:
    """The more items a user has been shown so far, the surer a click is told as a tap."""
    random = np.random.default_rng(seed)
    with open(events, newline="", encoding="utf-8") as file:
        header, *rows = csv.reader(file)
    user, kind = header.index("USER_ID"), header.index("event_type")
    shown: dict[str, int] = {}
    for row in rows:
        if row[kind] == "impression":
            shown[row[user]] = shown.get(row[user], 0) + 1
        elif row[kind] == "click" and random.random() < 1 / (1 + np.exp(2 - 0.7 * np.log1p(shown.get(row[user], 0)))):
            row[kind] = "tap"
    with open(events, "w", newline="", encoding="utf-8") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *rows])


def estimate(events: Path, setting: str) -> dict:
    """A refusal has its document too."""
    command = [COMMAND, "estimate", events, "--json", *CAUSAL, "--set", setting]
    return json.loads(subprocess.run(command, capture_output=True, encoding="utf-8").stdout)


def estimate_set(seed: int) -> dict[str, dict]:
    with tempfile.TemporaryDirectory() as name:
        events = Path(name) / "events.csv"
        simulate(WORLD, events, seed, EVENTS)
        tell_taps(events, seed)
        settings = {"apart": 'treatment.otherTypes=["tap"]', "compared": "treatment.comparator=tap"}
        return {key: estimate(events, setting) for key, setting in settings.items()}


@pytest.fixture(scope="module")
def told():
    with ThreadPoolExecutor(os.cpu_count()) as threads:
        return list(threads.map(estimate_set, range(1, 1 + SETS)))


def told_of(told: list, key: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Effects, intervals and unadjusted differences of the sets that were not refused, which are nearly all."""
    kept = [one[key] for one in told if one[key]["adjusted"]]
    assert len(kept) >= 0.9 * SETS
    overlap = [one["adjusted"]["overlap"] for one in kept]
    naive = np.array([one["naive"]["difference"] for one in kept])
    return np.array([one["effect"] for one in overlap]), np.array([one["interval95"] for one in overlap]), naive


def covering(intervals: np.ndarray, truth: float) -> float:
    return ((intervals[:, 0] <= truth) & (truth <= intervals[:, 1])).mean()


def apart_from(values: np.ndarray, truth: float) -> float:
    """In standard errors of the mean."""
    return (values.mean() - truth) / (values.std(ddof=1) / np.sqrt(len(values)))


def test_a_treatment_does_as_much_as_another_that_is_the_same(told):
    effects, intervals, naive = told_of(told, "compared")
    assert covering(intervals, 0) >= LEAST
    assert abs(apart_from(effects, 0)) < 3
    assert apart_from(naive, 0) < -4, "unadjusted, those who tap seem to buy for it"


def test_a_treatment_against_none_is_not_mixed_with_another(told):
    truth = read_truth(WORLD)["effectOnOverlap"]
    effects, intervals, naive = told_of(told, "apart")
    assert covering(intervals, truth) >= LEAST
    assert abs(apart_from(effects, truth)) < 3
    assert apart_from(naive, truth) > 4
