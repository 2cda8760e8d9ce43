"""Where the probability of treatment is known, no model of it can be wrong: rows whose treatment follows no logistic line."""

import json
import os
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from experiment import run

SETS, USERS = 200, 1200
EFFECT = 0.08


def chance_of(trait: np.ndarray) -> np.ndarray:
    return 0.15 + 0.7 / (1 + np.exp(3 * (1 - trait**2)))


def make(seed: int) -> np.ndarray:
    """Rows of user, trait, treatment, outcome and the probability of treatment."""
    random = np.random.default_rng(seed)
    user = np.repeat(np.arange(USERS), random.integers(1, 4, USERS))
    trait = random.normal(size=len(user))
    chance = chance_of(trait)
    treatment = random.random(len(user)) < chance
    habit = random.normal(scale=0.05, size=USERS)[user]
    outcome = random.random(len(user)) < 0.2 + 0.25 * (np.abs(trait) > 1) + habit + EFFECT * treatment
    return np.column_stack([user, trait, treatment, outcome, chance])


def estimate(rows: np.ndarray, *more: str) -> dict:
    with tempfile.TemporaryDirectory() as name:
        table = Path(name) / "rows.csv"
        lines = (f"{int(u)},{x!r},{int(t)},{int(y)},{e!r}\n" for u, x, t, y, e in rows.tolist())
        table.write_text("user_id,trait,treatment,outcome,chance\n" + "".join(lines), encoding="utf-8")
        return json.loads(run("estimate", "--table", table, "--covariates", "trait", "--json", *more))


@pytest.fixture(scope="module")
def told():
    with ThreadPoolExecutor(os.cpu_count()) as threads:

        def both(seed: int) -> tuple[dict, dict]:
            rows = make(seed)
            return estimate(rows, "--propensity", "chance"), estimate(rows)

        return list(threads.map(both, range(1, 1 + SETS)))


def covering(all_told: list[dict]) -> int:
    intervals = [one["adjusted"]["overlap"]["interval95"] for one in all_told]
    return sum(low <= EFFECT <= high for low, high in intervals)


def test_the_intervals_cover_the_truth(told):
    known = [one for one, _ in told]
    assert 0.92 * SETS <= covering(known) <= 0.98 * SETS
    effects, errors = np.array([[one["adjusted"]["overlap"][key] for key in ("effect", "standardError")] for one in known]).T
    assert abs(effects.mean() - EFFECT) < 3 * effects.std(ddof=1) / np.sqrt(SETS)
    assert 0.85 < errors.mean() / effects.std(ddof=1) < 1.15


def test_the_fitted_probability_misses_it_here(told):
    assert covering([fitted for _, fitted in told]) < 0.2 * SETS


def test_the_ratio_of_the_groups_is_in_doubt_as_often_as_chance_says(told):
    p = np.array([one["sampleRatio"]["pValue"] for one, _ in told])
    assert 0.02 <= (p < 0.05).mean() <= 0.09
    assert 0.4 < np.median(p) < 0.6
    assert all(fitted["sampleRatio"] is None for _, fitted in told)


# Three in ten of the untreated rows are lost on the way, as where only whoever came back is counted.
def test_rows_that_are_missing_from_one_group_are_refused():
    rows = make(1)
    lost = (rows[:, 2] == 0) & (np.arange(len(rows)) % 10 < 3)
    with pytest.raises(AssertionError, match="that is no chance"):
        estimate(rows[~lost], "--propensity", "chance")
