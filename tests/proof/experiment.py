"""Simulates data sets, prepares each by several designs, and estimates the effect from the files that this writes.

Where the intervals are judged, the truth is that of the model, averaged over the exposures of one large stream: an
interval whose error counts the sampling of users claims to cover the effect among users like these, not the effect among
the few users of one data set. simulate says so with a Monte Carlo error of its own, a hundredth of the intervals' width.
"""

import functools
import json
import os
import subprocess
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

import numpy as np

from estimator import Estimate, estimate_effect
from tables import Table, read_covariates, read_sequences

REPOSITORY = Path(__file__).resolve().parents[2]
COMMAND = REPOSITORY / "build" / "release" / "causal-sessions"

EVENTS = 40_000
SETS = 100
# Of a click on a purchase, in log odds.
EFFECT = 2


class World(NamedTuple):
    """What the simulated users are like."""

    pace: float = 1
    impulse: float = 0
    effect: float = 0
    linger: float = 1

    @property
    def options(self) -> list[str]:
        return [f"--{name}={value:g}" for name, value in self._asdict().items()]

    def __str__(self) -> str:
        return ", ".join(f"{name} {value:g}" for name, value in self._asdict().items())


class Design(NamedTuple):
    """A plan, and how its table is read."""

    settings: tuple[str, ...]
    format: str
    read: object  # folder -> Table


def causal(*settings: str) -> Design:
    return Design(("profile=causal", *settings), "covariates-csv", read_covariates)


DEFAULT = causal()
NOTEBOOK = Design(("profile=notebook",), "npz", read_sequences)

# Exposures minutes and seconds apart, purchases that ask nothing of the click or none, with an effect and without.
WORLDS = [World(pace, impulse, effect) for pace in (1, 10) for impulse in (0, 0.05) for effect in (0, EFFECT)]


class Study(NamedTuple):
    """One world and design, many data sets."""

    truth: float
    truth_error: float  # of its Monte Carlo
    estimates: list[Estimate]  # in order of the seeds

    def covering(self, value: float) -> int:
        return sum(estimate.covers(value) for estimate in self.estimates)

    def mean_and_error(self) -> tuple[float, float]:
        effects = np.array([estimate.effect for estimate in self.estimates])
        return effects.mean(), effects.std(ddof=1) / np.sqrt(len(effects))


def run(*arguments: object) -> str:
    assert COMMAND.exists(), f"{COMMAND} is needed; scripts/test builds what is missing"
    ended = subprocess.run([COMMAND, *map(str, arguments)], capture_output=True, encoding="utf-8")
    assert ended.returncode == 0, ended.stderr
    return ended.stdout


def settings_of(design: Design) -> list[str]:
    return [word for setting in design.settings for word in ("--set", setting)]


def simulate(world: World, events: Path, seed: int, count: int = EVENTS) -> None:
    run("simulate", "--out", events, "--events", count, "--seed", seed, "--no-truth", *world.options)


def prepare(events: Path, out: Path, design: Design) -> Table:
    run("prepare", events, "--out", out, "--format", design.format, "--no-manifest", "--quiet", *settings_of(design))
    return design.read(out)


def audit(world: World, design: Design, seed: int = 1) -> dict[str, dict]:
    """Findings by code."""
    with tempfile.TemporaryDirectory() as name:
        events = Path(name) / "events.csv"
        simulate(world, events, seed)
        found = json.loads(run("audit", events, "--json", *settings_of(design)))
    return {finding["code"]: finding for finding in found["findings"]}


def estimate_set(world: World, designs: dict[str, Design], seed: int) -> dict[str, Estimate]:
    with tempfile.TemporaryDirectory() as name:
        events = Path(name) / "events.csv"
        simulate(world, events, seed)
        return {key: estimate_effect(*prepare(events, Path(name) / key, design)) for key, design in designs.items()}


@functools.cache  # a million events each
def read_truth(world: World) -> dict:
    if world.effect == 0:
        return {"effect": 0, "standardError": 0}
    with tempfile.TemporaryDirectory() as name:
        events = Path(name) / "events.csv"
        run("simulate", "--out", events, "--events", 1_000_000, "--seed", 0, "--draws", 500_000, *world.options)
        return json.loads((Path(name) / "events.truth.json").read_text("utf-8"))


def study(world: World, designs: dict[str, Design], sets: int = SETS) -> dict[str, Study]:
    with ThreadPoolExecutor(os.cpu_count()) as threads:  # the work is in the command, and in NumPy
        results = list(threads.map(lambda seed: estimate_set(world, designs, seed), range(1, 1 + sets)))
    truth = read_truth(world)
    return {key: Study(truth["effect"], truth["standardError"], [result[key] for result in results]) for key in designs}
