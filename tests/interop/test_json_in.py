"""JSON as pandas writes it, in each orient that holds a table, gives the training sets of the CSV; others are refused by name."""

import json

import pandas as pd
import pytest

from incoming import NAMES, csv, refusal, rows, written

EVENTS = rows()


def frame(time: str) -> "pd.DataFrame":
    users, times, kinds, items = zip(*EVENTS)
    moments = pd.to_datetime(pd.Series(times), unit="us", utc=True)
    return pd.DataFrame({
        "note": [[i, {"a": None}] for i in range(len(EVENTS))],
        NAMES[0]: users,
        NAMES[1]: times if time == "numbers" else moments,
        NAMES[2]: kinds,
        NAMES[3]: pd.array(items, dtype="Int64") if time == "numbers" else [None if item is None else str(item) for item in items],
    })


@pytest.fixture(scope="module")
def from_csv(tmp_path_factory):
    folder = tmp_path_factory.mktemp("csv")
    (folder / "events.csv").write_text(csv(EVENTS), "utf-8")
    return written(folder / "events.csv", folder / "out")


WAYS = {
    "default": {},
    "columns": {"orient": "columns"},
    "records": {"orient": "records"},
    "lines": {"orient": "records", "lines": True},
    "indented": {"indent": 2},
    "gzip": {"compression": "gzip"},
}


@pytest.mark.parametrize("time", ["numbers", "iso", "epoch"])
@pytest.mark.parametrize("way", WAYS)
def test_every_orient_of_a_table(way, time, from_csv, tmp_path):
    events = tmp_path / "events.json"
    dates = {} if time == "numbers" else {"date_format": time}
    frame(time).to_json(events, **WAYS[way], **dates)
    assert written(events, tmp_path / "out") == from_csv


@pytest.mark.parametrize("index", ["text", "dates", "shuffled"])
def test_any_index(index, from_csv, tmp_path):
    table = frame("numbers")
    if index == "text":
        table.index = [f'row "{i}" é' for i in range(len(table))]
    elif index == "dates":
        table.index = pd.date_range("2025-01-01", periods=len(table), freq="h")
    else:
        table.index = range(len(table), 0, -1)
    table.to_json(tmp_path / "events", orient="columns")
    assert written(tmp_path / "events", tmp_path / "out") == from_csv


def test_a_dict_of_lists(from_csv, tmp_path):
    table = dict(zip(NAMES, map(list, zip(*EVENTS))))
    (tmp_path / "events").write_text(json.dumps(table), "utf-8")
    assert written(tmp_path / "events", tmp_path / "out") == from_csv


@pytest.mark.parametrize("orient", ["split", "table", "index"])
def test_other_orients_are_named(orient, tmp_path):
    events = tmp_path / "events"
    frame("numbers").drop(columns="note").to_json(events, orient=orient)
    assert f'orient="{orient}"; write it with orient="records"' in refusal(events, tmp_path / "out")
