"""What outcomes are worth (outcome.value), where the truth is known: users whose trait drives both whether they click and what they pay.

Each visit is an exposure, perhaps a click half a minute later and perhaps a purchase an hour later. The trait is a column of the file. A
row buys with the same chance whatever its trait, and its price is 20 + 6 trait + what the click adds, so the difference of mean sums
is the same in every row; unadjusted, the trait's part of the price comes on top.
"""

import json
import os
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from experiment import run

SETS, USERS, VISITS = 100, 700, 3
LEAST = 0.92
CHANCE, PRICE = 0.35, 20
# What a click adds to the price of a purchase, and to its chance.
WORLDS = {"nothing": (0, 0), "a price": (8, 0), "purchases": (0, 0.1)}


def truth_of(world: str) -> float:
    price, chance = WORLDS[world]
    return price * CHANCE if chance == 0 else PRICE * chance


def write_events(path: Path, world: str, seed: int) -> None:
    random = np.random.default_rng(seed)
    more_price, more_chance = WORLDS[world]
    lines = ["user_id,event_timestamp,event_type,product_id,trait,price\n"]
    for user in range(USERS):
        habit = random.normal(scale=2)
        for visit in range(VISITS):
            at = 1_757_000_000 + 200_000 * visit + int(random.integers(80_000))
            trait = random.normal()
            click = random.random() < 1 / (1 + np.exp(0.4 - 1.2 * trait))
            lines.append(f"u{user},{at},impression,i,{trait:.6f},\n")
            if click:
                lines.append(f"u{user},{at + 30},click,i,,\n")
            if random.random() < CHANCE + more_chance * click:
                # Where the click brings purchases, these cost the same for all, so that it brings the same sum to all.
                price = PRICE + habit + more_price * click + random.gamma(2, 5) - 10 + (0 if more_chance else 6 * trait)
                lines.append(f"u{user},{at + 3600},purchase,i,,{price:.2f}\n")
    path.write_text("".join(lines), encoding="utf-8")


def estimate(world: str, seed: int) -> dict:
    with tempfile.TemporaryDirectory() as name:
        events = Path(name) / "events.csv"
        write_events(events, world, seed)
        settings = ["outcome.value=price", 'covariates.columns=["trait"]', "outcome.censored=keep"]
        words = [word for setting in settings for word in ("--set", setting)]
        return json.loads(run("estimate", events, "--json", "--profile", "causal", *words))["adjusted"]["value"]


@pytest.fixture(scope="module", params=WORLDS)
def told(request):
    with ThreadPoolExecutor(os.cpu_count()) as threads:
        return request.param, list(threads.map(lambda seed: estimate(request.param, seed), range(1, 1 + SETS)))


def test_the_intervals_cover_the_difference_of_mean_sums(told):
    world, values = told
    truth = truth_of(world)
    effects, errors = np.array([[one["overlap"][key] for key in ("effect", "standardError")] for one in values]).T
    intervals = np.array([one["overlap"]["interval95"] for one in values])
    covering = ((intervals[:, 0] <= truth) & (truth <= intervals[:, 1])).mean()
    naive = np.array([one["naive"]["effect"] for one in values])
    print(f"{world}: truth {truth:.2f}, mean {effects.mean():.3f}, covering {covering:.2f}, unadjusted {naive.mean():.3f}")
    assert covering >= LEAST
    assert abs(effects.mean() - truth) < 3 * effects.std(ddof=1) / np.sqrt(SETS)
    assert 0.85 < errors.mean() / effects.std(ddof=1) < 1.15


def test_unadjusted_the_trait_comes_on_top(told):
    world, values = told
    if world == "purchases":
        pytest.skip("there the trait drives no price")
    naive = np.array([one["naive"]["effect"] for one in values])
    intervals = np.array([one["naive"]["interval95"] for one in values])
    assert naive.mean() > truth_of(world) + 1.5
    assert (intervals[:, 0] <= truth_of(world)).mean() < 0.5


def test_the_difference_is_that_of_the_means(told):
    _, values = told
    for one in values:
        assert one["column"] == "price"
        assert one["cap"] is None
        assert one["mean"]["treated"] - one["mean"]["control"] == pytest.approx(one["overlap"]["effect"], abs=1e-9)
