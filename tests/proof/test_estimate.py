"""The built-in estimate: the recipe once more in NumPy, and its intervals on simulated streams whose truth is known.

The oracle shares no code with the product: Newton's method on the files of a run, the jackknife by leaving users out.
"""

import csv
import json
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from experiment import EFFECT, SETS, World, read_truth, run, simulate
from tables import KEYS, PARTS

CAUSAL = ["--set", "profile=causal"]
FOLDS = 5
# Covariates that are no amounts, besides those whose names begin or end alike.
PLAIN = {"shown_before", "treated_before", "day"}
# Clicks all but certain or impossible by the history; purchases on impulse while exposures are seconds apart.
WORLDS = [World(pace=10, impulse=0.05), World(pace=10, impulse=0.05, effect=EFFECT), World(effect=-1)]


def read_rows(folder: Path) -> dict[str, np.ndarray]:
    header, rows = [], []
    for part in PARTS:
        with open(folder / "data" / f"{part}_sessions_covariates.csv", newline="", encoding="utf-8") as file:
            header, *more = csv.reader(file)
            rows += more
    return {name: np.array(values) for name, values in zip(header, zip(*rows))}


def features(columns: dict[str, np.ndarray]) -> np.ndarray:
    made = []
    for name, texts in columns.items():
        if name in KEYS:
            continue
        values = texts.astype(float)
        plain = name in PLAIN or name.startswith("never_") or name.endswith(("_sin", "_cos"))
        made.append(values if plain else np.log1p(values))
    x = np.column_stack(made)
    x = x[:, x.std(axis=0) > 1e-9]
    return (x - x.mean(axis=0)) / x.std(axis=0)


def risks(x: np.ndarray, labels: np.ndarray, predict: np.ndarray) -> np.ndarray:
    """Ridge logistic regression with half the squared coefficients as the penalty, but for the intercept's."""
    with_one, predicted = (np.column_stack([np.ones(len(values)), values]) for values in (x, predict))
    penalty = np.diag([0.0] + [1.0] * x.shape[1])
    b = np.zeros(with_one.shape[1])
    for _ in range(100):
        p = 1 / (1 + np.exp(-with_one @ b))
        step = np.linalg.solve((with_one.T * (p * (1 - p))) @ with_one + penalty, with_one.T @ (labels - p) - penalty @ b)
        b += step
        if np.abs(step).max() < 1e-13:
            break
    return 1 / (1 + np.exp(-predicted @ b))


def leave_users_out(influence: np.ndarray, users: np.ndarray) -> float:
    names = np.unique(users)
    moved = [influence[users == user].sum() / (users != user).sum() for user in names]
    return float(np.sqrt((len(names) - 1) / len(names) * np.square(moved).sum()))


def test_the_figures_are_those_of_numpy():
    with tempfile.TemporaryDirectory() as name:
        events, out = Path(name) / "events.csv", Path(name) / "out"
        simulate(World(effect=EFFECT), events, seed=5, count=20_000)
        settings = [*CAUSAL, "--set", f"split.folds={FOLDS}"]
        run("prepare", events, "--out", out, "--format", "covariates-csv", "--no-manifest", "--quiet", *settings)
        told = json.loads(run("estimate", events, "--json", *settings))
        columns = read_rows(out)
    order = np.argsort(columns["index"].astype(int))
    columns = {name: values[order] for name, values in columns.items()}
    t, y, fold = (columns[name].astype(int) for name in ("treatment", "outcome", "fold"))
    x = features(columns)
    e, m0, m1 = (np.empty(len(t)) for _ in range(3))
    for k in range(FOLDS):
        here, rest = fold == k, fold != k
        e[here] = risks(x[rest], t[rest], x[here])
        m0[here], m1[here] = (risks(x[rest & (t == arm)], y[rest & (t == arm)], x[here]) for arm in (0, 1))
    h = e * (1 - e)
    score = h * (m1 - m0) + t * (1 - e) * (y - m1) - (1 - t) * e * (y - m0)
    tau = score.sum() / h.sum()
    influence = (score - tau * h + (m1 - m0 - tau) * (1 - 2 * e) * (t - e)) / h.mean()
    adjusted = told["adjusted"]
    assert told["rows"] == len(t)
    assert adjusted["overlap"]["effect"] == pytest.approx(tau, abs=1e-9)
    assert adjusted["overlap"]["standardError"] == pytest.approx(leave_users_out(influence, columns["user_id"]), abs=1e-9)
    psi = t * (y - m0) - (1 - t) * e / (1 - e) * (y - m0)
    assert adjusted["treated"]["effect"] == pytest.approx(psi.mean() / t.mean(), abs=1e-9)
    clipped = e.clip(0.01, 0.99)
    psi = m1 - m0 + t * (y - m1) / clipped - (1 - t) * (y - m0) / (1 - clipped)
    assert adjusted["all"]["effect"] == pytest.approx(psi.mean(), abs=1e-9)
    _, of_row, rows = np.unique(columns["user_id"], return_inverse=True, return_counts=True)
    weight = 1 / rows[of_row]
    assert adjusted["byUser"]["effect"] == pytest.approx((weight * score).sum() / (weight * h).sum(), abs=1e-9)
    w = t * (1 - e) + (1 - t) * e
    mean = [np.average(x[t == arm], axis=0, weights=w[t == arm]) for arm in (0, 1)]
    assert len(adjusted["balance"]) == x.shape[1]
    for j, row in enumerate(adjusted["balance"]):
        share = w * np.where(t == 1, (x[:, j] - mean[1][j]) / w[t == 1].sum(), (mean[0][j] - x[:, j]) / w[t == 0].sum())
        assert row["weightedSmd"] == pytest.approx(mean[1][j] - mean[0][j], abs=1e-8)
        assert row["weightedError"] == pytest.approx(leave_users_out(len(t) * share, columns["user_id"]), abs=1e-8)
    assert told["effectiveUsers"] == pytest.approx(len(t) ** 2 / np.square(rows).sum())
    assert told["naive"]["difference"] == pytest.approx(y[t == 1].mean() - y[t == 0].mean())


def estimated(world: World, seed: int) -> dict:
    with tempfile.TemporaryDirectory() as name:
        events = Path(name) / "events.csv"
        simulate(world, events, seed)
        return json.loads(run("estimate", events, "--json", *CAUSAL))


@pytest.fixture(scope="module")
def studies():
    with ThreadPoolExecutor() as threads:
        return {world: list(threads.map(lambda seed: estimated(world, seed), range(1, 1 + SETS))) for world in WORLDS}


@pytest.mark.parametrize("world", WORLDS, ids=str)
@pytest.mark.parametrize(("figure", "truth"), [("overlap", "effectOnOverlap"), ("treated", "effectOnTreated"), ("all", "effect")])
def test_the_intervals_cover_the_truth(studies, world, figure, truth):
    true = read_truth(world).get(truth, 0) if world.effect else 0
    effects = [told["adjusted"][figure] for told in studies[world]]
    covering = sum(low <= true <= high for low, high in (effect["interval95"] for effect in effects))
    assert covering >= 0.9 * SETS
    mean = np.mean([effect["effect"] for effect in effects])
    error = np.std([effect["effect"] for effect in effects], ddof=1)
    assert abs(mean - true) < 3 * error / np.sqrt(SETS)
    # Wide intervals cover anything, so the errors have to be honest too.
    assert 0.8 < np.mean([effect["standardError"] for effect in effects]) / error < 1.25


@pytest.mark.parametrize("world", WORLDS, ids=str)
def test_the_naive_intervals_do_not(studies, world):
    true = read_truth(world).get("effectOnOverlap", 0) if world.effect else 0
    naive = [told["naive"]["interval95"] for told in studies[world]]
    adjusted = [told["adjusted"]["overlap"]["interval95"] for told in studies[world]]
    covering = [sum(low <= true <= high for low, high in intervals) for intervals in (naive, adjusted)]
    assert covering[0] < covering[1] - 5
