"""A randomized experiment with real customers, made observational: what an estimate should find is then known.

The file (K. Hillstrom's MineThatData challenge, 2008: 64,000 customers, a men's, a women's or no e-mail at random, visits within two
weeks) is no part of this project. CAUSAL_SESSIONS_HILLSTROM says where it is; else it is looked for beside the repository.

Rejection sampling (Keith et al., TMLR 2023) keeps a row with a probability proportional to P*(T | C) / P(T). Then customers who bought
more and lately are mailed more often, and they visit more often without a mail too; of C itself no value becomes rarer.
"""

import csv
import gzip
import json
import os
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest

from experiment import REPOSITORY, run

FILE = Path(os.environ.get("CAUSAL_SESSIONS_HILLSTROM", REPOSITORY.parent / "shared" / "data" / "hillstrom.csv.gz"))
needs_file = pytest.mark.skipif(not FILE.exists(), reason=f"{FILE} is not there; CAUSAL_SESSIONS_HILLSTROM names the experiment's file")

SELECTING = ("history", "newbie", "recency")
OTHERS = ("mens", "womens", "zip_code", "channel")
CONTROL, MENS = "No E-Mail", "Mens E-Mail"


class Customers(NamedTuple):
    """Rows of an experiment; what is written of a row stands in `line`."""

    line: np.ndarray  # its covariates, as CSV
    treatment: np.ndarray
    outcome: np.ndarray
    propensity: np.ndarray  # under the selection

    def take(self, rows: np.ndarray) -> "Customers":
        return Customers(*(column[rows] for column in self))

    def difference(self) -> tuple[float, float]:
        """Of the visits between the arms, and its standard error."""
        arms = [self.outcome[self.treatment == arm] for arm in (0, 1)]
        return arms[1].mean() - arms[0].mean(), float(np.sqrt(sum(arm.var(ddof=1) / len(arm) for arm in arms)))

    def selected(self, random: np.random.Generator) -> "Customers":
        share = self.treatment.mean()
        ratio = np.where(self.treatment == 1, self.propensity / share, (1 - self.propensity) / (1 - share))
        return self.take(random.random(len(ratio)) < ratio / ratio.max())


def standardized(values: np.ndarray) -> np.ndarray:
    return (values - values.mean()) / values.std()


def read_customers(arms: tuple[str, ...]) -> Customers:
    """Of these arms; the last one is the treatment."""
    with gzip.open(FILE, "rt", encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["segment"] in arms]
    history, newbie, recency = (np.array([float(row[name]) for row in rows]) for name in SELECTING)
    score = 0.6 * standardized(np.log1p(history)) - newbie - 0.6 * standardized(recency)
    propensity = 1 / (1 + np.exp(score.mean() - score))
    lines = np.array([",".join(row[name] for name in SELECTING + OTHERS) for row in rows], dtype=object)
    treatment, outcome = (np.array(values) for values in zip(*((row["segment"] == arms[-1], int(row["visit"])) for row in rows)))
    return Customers(lines, treatment.astype(int), outcome, propensity)


def estimate(customers: Customers, covariates: tuple[str, ...] = SELECTING + OTHERS, *more: str) -> dict:
    """What the command tells of a table of them."""
    with tempfile.TemporaryDirectory() as name:
        table = Path(name) / "customers.csv"
        rows = zip(customers.line, customers.treatment, customers.outcome, customers.propensity)
        text = "".join(f"{line},{t},{y},{float(e)!r}\n" for line, t, y, e in rows)
        table.write_text(",".join(SELECTING + OTHERS) + ",mailed,visit,chance\n" + text, encoding="utf-8")
        roles = ["--treatment", "mailed", "--outcome", "visit", "--covariates", ",".join(covariates)]
        return json.loads(run("estimate", "--table", table, *roles, "--json", *more))


def in_parallel(make, seeds: range) -> list:
    with ThreadPoolExecutor(os.cpu_count()) as threads:  # the work is in the command
        return list(threads.map(make, seeds))
