"""Reads the tables of a run."""

import json
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

PARTS = ("train", "validation", "test")
# Columns of the covariates table that are no covariates.
KEYS = {"index", "session_id", "user_id", "cluster", "trial", "time_zero_us", "censored", "fold", "treatment", "outcome"}


class Table(NamedTuple):
    covariates: np.ndarray  # (rows, k)
    treatment: np.ndarray
    outcome: np.ndarray
    user: np.ndarray  # id, to cluster by


def read_covariates(folder: Path) -> Table:
    """The table of covariates, all of them as they are, and all three parts: nothing is learned that would need a test part."""
    paths = [folder / "data" / f"{part}_sessions_covariates.csv" for part in PARTS]
    texts = {name: str for name in ("session_id", "user_id", "cluster")}
    rows = pd.concat([pd.read_csv(path, dtype=texts) for path in paths])
    covariates = rows[[name for name in rows.columns if name not in KEYS]].to_numpy(float)
    numbers = (rows[name].to_numpy(int) for name in ("treatment", "outcome"))
    return Table(covariates, *numbers, rows["user_id"].to_numpy(object))


def read_part(path: Path, impression: int) -> Table:
    """A table of sequences, each summed up by the log of its impressions and the hours that it spans."""
    data = dict(np.load(path))
    begin, end = data["offsets"][:-1], data["offsets"][1:]
    impressions_before = np.concatenate([[0], np.cumsum(data["event_ids"] == impression)])
    impressions = impressions_before[end] - impressions_before[begin]
    hours = data["minutes"][end - 1] / 60
    ids = data["user_id_bytes"].tobytes()
    places = data["user_id_offsets"]
    users = np.array([ids[a:b] for a, b in zip(places[:-1], places[1:])], dtype=object)
    return Table(np.column_stack([np.log1p(impressions), hours]), data["treatment"], data["outcome"], users)


def read_sequences(folder: Path) -> Table:
    vocabulary = json.loads((folder / "models" / "vocab.json").read_text("utf-8"))
    impression = vocabulary["event_to_int"]["impression"]
    parts = [read_part(folder / "data" / f"{part}_sessions.npz", impression) for part in PARTS]
    return Table(*(np.concatenate(columns) for columns in zip(*parts)))
