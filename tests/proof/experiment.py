"""Simulates data sets, prepares each with both profiles, and estimates the effect from the files that this writes.

Where the intervals are judged, the truth is that of the model, averaged over the exposures of one large stream: an
interval whose error counts the sampling of users claims to cover the effect among users like these, not the effect among
the few users of one data set. simulate says so with a Monte Carlo error of its own, a hundredth of the intervals' width.
"""

import json
import os
import subprocess
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

from estimator import Estimate, estimate_effect
from tables import read_tables

REPOSITORY = Path(__file__).resolve().parents[2]
COMMAND = REPOSITORY / "build" / "release" / "causal-sessions"

EVENTS = 40_000
SETS = 100
# Of a click on a purchase, in log odds.
EFFECT = 2
# Follow-up that the end of the data cuts would count as no purchase.
PLANS = {
    "causal": ["--set", "profile=causal", "--set", "outcome.censored=drop"],
    "notebook": ["--set", "profile=notebook"],
}


class Study(NamedTuple):
    """One effect, many data sets."""

    truth: float
    truth_error: float  # of its Monte Carlo
    estimates: dict[str, list[Estimate]]  # by profile, in order of the seeds

    def covering(self, profile: str, value: float) -> int:
        return sum(estimate.covers(value) for estimate in self.estimates[profile])


def run(*arguments: object) -> None:
    assert COMMAND.exists(), f"{COMMAND} is needed; scripts/test builds what is missing"
    ended = subprocess.run([COMMAND, *map(str, arguments)], capture_output=True, encoding="utf-8")
    assert ended.returncode == 0, ended.stderr


def estimate_set(effect: float, seed: int) -> dict[str, Estimate]:
    with tempfile.TemporaryDirectory() as name:
        events = Path(name) / "events.csv"
        run("simulate", "--out", events, "--events", EVENTS, f"--effect={effect}", "--seed", seed, "--no-truth")
        estimates = {}
        for profile, settings in PLANS.items():
            out = Path(name) / profile
            run("prepare", events, "--out", out, "--format", "npz", "--no-manifest", "--quiet", *settings)
            estimates[profile] = estimate_effect(*read_tables(out))
        return estimates


def read_truth(effect: float) -> dict:
    with tempfile.TemporaryDirectory() as name:
        events = Path(name) / "events.csv"
        run("simulate", "--out", events, "--events", 1_000_000, f"--effect={effect}", "--seed", 0, "--draws", 500_000)
        return json.loads((Path(name) / "events.truth.json").read_text("utf-8"))


def study(effect: float, first_seed: int, sets: int = SETS) -> Study:
    with ThreadPoolExecutor(os.cpu_count()) as threads:  # the work is in the command, and in NumPy
        results = list(threads.map(lambda seed: estimate_set(effect, seed), range(first_seed, first_seed + sets)))
    truth = read_truth(effect)
    return Study(truth["effect"], truth["standardError"], {profile: [r[profile] for r in results] for profile in PLANS})


def both_studies() -> dict[str, Study]:
    return {"effect": study(EFFECT, first_seed=1), "no effect": study(0, first_seed=1001)}
