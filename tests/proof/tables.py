"""Reads the tables of a run and sums each sequence up."""

import json
from pathlib import Path
from typing import NamedTuple

import numpy as np

PARTS = ("train", "validation", "test")


class Table(NamedTuple):
    covariates: np.ndarray  # (rows, 2): log(1 + impressions), hours since the session's first event
    treatment: np.ndarray
    outcome: np.ndarray
    user: np.ndarray  # id, to cluster by


def read_part(path: Path, impression: int) -> Table:
    data = dict(np.load(path))
    begin, end = data["offsets"][:-1], data["offsets"][1:]
    impressions_before = np.concatenate([[0], np.cumsum(data["event_ids"] == impression)])
    impressions = impressions_before[end] - impressions_before[begin]
    hours = data["minutes"][end - 1] / 60
    ids = data["user_id_bytes"].tobytes()
    places = data["user_id_offsets"]
    users = np.array([ids[a:b] for a, b in zip(places[:-1], places[1:])], dtype=object)
    return Table(np.column_stack([np.log1p(impressions), hours]), data["treatment"], data["outcome"], users)


def read_tables(folder: Path) -> Table:
    """All three parts together: nothing is learned here that would need a test part."""
    vocabulary = json.loads((folder / "models" / "vocab.json").read_text("utf-8"))
    impression = vocabulary["event_to_int"]["impression"]
    parts = [read_part(folder / "data" / f"{part}_sessions.npz", impression) for part in PARTS]
    return Table(*(np.concatenate(columns) for columns in zip(*parts)))
