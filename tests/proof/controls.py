"""Streams with events that the treatment cannot cause: their own model, which shares no code with the product's simulator.

Users come on several days and are exposed a few minutes apart. At each exposure clicks, purchases and the control events follow
by log odds that grow with the exposures of the visit so far, which is recorded, and with a trait of the user, which is not.
"""

import csv
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import NamedTuple

import numpy as np

CONTROLS = 12
TYPES = [f"control{k:02}" for k in range(CONTROLS)]
BEGIN = datetime(2025, 9, 5, tzinfo=timezone.utc)


class Shop(NamedTuple):
    hidden: float = 0  # weight of the trait, in log odds a standard deviation
    effect: float = 0  # of a click on the purchase, in log odds
    users: int = 450
    visits: int = 4

    def __str__(self) -> str:
        return f"hidden {self.hidden:g}, effect {self.effect:g}"


def happens(random: np.random.Generator, log_odds: float) -> bool:
    return random.random() < 1 / (1 + np.exp(-log_odds))


def write_stream(shop: Shop, path: Path, seed: int) -> None:
    random = np.random.default_rng([seed, 7])
    # How often each control happens, and how much of it the trait is: both near to what they are of purchases.
    often, weight = random.uniform(-2.9, -2.3, CONTROLS), random.normal(1, 0.2, CONTROLS)
    rows = []

    def add(user: int, seconds: float, event: str) -> None:
        rows.append((f"u{user}", (BEGIN + timedelta(seconds=seconds)).isoformat(timespec="microseconds"), event, f"p{random.integers(40)}"))

    for user in range(shop.users):
        trait = shop.hidden * random.normal()
        for visit in range(shop.visits):
            now = 86_400 * (3 * visit + random.uniform(0, 1.5))
            for seen in range(1, 1 + random.integers(1, 5)):
                add(user, now, "impression")
                clicks = happens(random, -2 + 0.4 * seen + trait)
                if clicks:
                    add(user, now + random.uniform(2, 60), "click")
                if happens(random, -2.6 + 0.4 * seen + shop.effect * clicks + trait):
                    add(user, now + random.uniform(90, 120), "purchase")
                for k in range(CONTROLS):
                    if happens(random, often[k] + 0.4 * seen + weight[k] * trait):
                        add(user, now + random.uniform(120, 180), TYPES[k])
                now += random.uniform(200, 400)
    with open(path, "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(("user_id", "event_time", "event_type", "product_id"))
        writer.writerows(rows)
