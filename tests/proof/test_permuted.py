"""A/A: treatments that are dealt out among users at random did nothing, and the estimate says so as often as it claims to."""

import csv
import json
import os
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from experiment import EFFECT, REPOSITORY, World, run, simulate
from tables import PARTS

PERMUTATIONS = 300
PAGE = REPOSITORY / "web" / "docs" / "estimate.md"


@pytest.fixture(scope="module")
def table():
    """A run's rows in the order of their users: the names of the columns, and the cells."""
    with tempfile.TemporaryDirectory() as name:
        events, out = Path(name) / "events.csv", Path(name) / "out"
        simulate(World(effect=2 * EFFECT), events, seed=11)
        run("prepare", events, "--out", out, "--profile", "causal", "--format", "covariates-csv", "--no-manifest", "--quiet")
        header, rows = [], []
        for part in PARTS:
            with open(out / "data" / f"{part}_sessions_covariates.csv", newline="", encoding="utf-8") as file:
                header, *more = csv.reader(file)
                rows += more
    return header, sorted(rows, key=lambda row: int(row[0]))


def dealt_anew(users: np.ndarray, treatment: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Each user's treatments stay together, but go to whoever comes next in a random order."""
    names, first = np.unique(users, return_index=True)
    runs = np.split(treatment, np.sort(first)[1:])
    return np.concatenate([runs[i] for i in random.permutation(len(names))])


def estimate(table, seed: int) -> dict:
    header, rows = table
    column = header.index("treatment")
    treatment = np.array([row[column] for row in rows])
    users = np.array([row[header.index("user_id")] for row in rows])
    dealt = dealt_anew(users, treatment, np.random.default_rng(seed))
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "permuted.csv"
        with open(path, "w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows([header, *([*row[:column], t, *row[column + 1 :]] for row, t in zip(rows, dealt))])
        return json.loads(run("estimate", "--table", path, "--json"))


@pytest.fixture(scope="module")
def told(table):
    with ThreadPoolExecutor(os.cpu_count()) as threads:
        return list(threads.map(lambda seed: estimate(table, seed), range(1, 1 + PERMUTATIONS)))


def alarms(told: list[dict]) -> int:
    intervals = [one["adjusted"]["overlap"]["interval95"] for one in told]
    return sum(low > 0 or high < 0 for low, high in intervals)


def test_false_alarms_are_as_few_as_claimed(told):
    assert 0.02 * PERMUTATIONS <= alarms(told) <= 0.07 * PERMUTATIONS


def test_the_counts_in_the_docs_are_these(table, told):
    text = " ".join(PAGE.read_text("utf-8").split())
    assert f"the treatments of {len(table[1]):,} rows out among users anew, {PERMUTATIONS} times" in text
    assert f"and {alarms(told)} intervals ({100 * alarms(told) / PERMUTATIONS:.1f}%) exclude 0" in text


def test_the_estimates_are_about_nothing(told):
    effects = np.array([one["adjusted"]["overlap"]["effect"] for one in told])
    errors = np.array([one["adjusted"]["overlap"]["standardError"] for one in told])
    assert abs(effects.mean()) < 3 * effects.std(ddof=1) / np.sqrt(PERMUTATIONS)
    assert 0.85 < errors.mean() / effects.std(ddof=1) < 1.15


def test_what_was_not_permuted_has_an_effect(table):
    header, rows = table
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "rows.csv"
        with open(path, "w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows([header, *rows])
        told = json.loads(run("estimate", "--table", path, "--json"))
    assert told["adjusted"]["overlap"]["interval95"][0] > 0
