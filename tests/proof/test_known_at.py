"""What came in late and stands before time zero all the same: an estimate that uses it is wrong, and columns.knownAt mends it.

Whoever buys has the beginning of the order put into the log at the time of the first look, before the exposure. So a history that
is made by the times of the events knows who will buy.
"""

import json
import os
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from experiment import run

SETS, USERS, VISITS = 40, 500, 3
EFFECT = 0.15


def make(seed: int) -> str:
    random = np.random.default_rng(seed)
    lines = ["user_id,event_timestamp,event_type,product_id,keen,ingested"]

    def add(user: int, time: float, kind: str, keen: object, known: float) -> None:
        lines.append(f"u{user},{int(time)},{kind},i,{keen},{int(known)}")

    for user in range(USERS):
        for visit in range(VISITS):
            keen = random.integers(2)
            start = 1_757_000_000 + 200_000 * visit + random.integers(80_000)
            add(user, start, "impression", keen, start)
            click = random.random() < (0.5 if keen else 0.2)
            if click:
                add(user, start + 30, "click", "", start + 30)
            if random.random() < 0.15 + 0.25 * keen + EFFECT * click:
                bought = start + 3600
                add(user, bought, "purchase", "", bought)
                add(user, start - 20, "auction", "", bought)
    add(USERS, 1_757_000_000 + 700_000, "impression", 0, 1_757_000_000 + 700_000)
    return "\n".join(lines) + "\n"


def estimate(path: Path, *more: str) -> dict:
    return json.loads(run("estimate", path, "--profile", "causal", "--set", 'covariates.columns=["keen"]', "--json", *more))


@pytest.fixture(scope="module")
def told():
    """Of each set by what was known, and by the times of the events alone."""

    def both(seed: int) -> tuple[dict, dict]:
        with tempfile.TemporaryDirectory() as name:
            path = Path(name) / "events.csv"
            path.write_text(make(seed), encoding="utf-8")
            return estimate(path, "--set", "columns.knownAt=ingested"), estimate(path)

    with ThreadPoolExecutor(os.cpu_count()) as threads:
        return list(threads.map(both, range(1, 1 + SETS)))


def overlap(one: dict) -> tuple[float, bool]:
    figure = one["adjusted"]["overlap"]
    low, high = figure["interval95"]
    return figure["effect"], low <= EFFECT <= high


def test_what_was_known_gives_the_effect(told):
    effects, covers = zip(*(overlap(known) for known, _ in told))
    assert sum(covers) >= 0.8 * SETS
    assert abs(np.mean(effects) - EFFECT) < 3 * np.std(effects, ddof=1) / np.sqrt(SETS)


def test_what_came_in_later_takes_it_away(told):
    effects, covers = zip(*(overlap(leaking) for _, leaking in told))
    assert sum(covers) <= 0.1 * SETS
    assert np.mean(effects) < EFFECT / 2
