"""The causal profile's columns, channels and covariates: every format tells the same, as Python reads it."""

import json
import pickle

import numpy as np
import pandas as pd
import pytest

from product import command

PARTS = ["train", "validation", "test"]
CHANNELS = ["gap_minutes", "hour", "weekday", "minutes_to_time_zero"]
ROW_COLUMNS = ["trial", "time_zero_us", "censored", "fold"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("causal")
    command("simulate", "--events", "20000", "--seed", "5", "--out", str(folder / "events.csv"), "--quiet")
    formats = "parquet,parquet-flat,pickle,jsonl,csv,npz,safetensors,covariates,covariates-csv"
    command("prepare", str(folder / "events.csv"), "--profile", "causal", "--out", str(folder), "--format", formats, "--quiet",
            "--set", 'sequence.channels=["gap","hour","weekday","toTimeZero"]', "--set", "split.folds=5")
    return folder / "data"


@pytest.fixture(params=PARTS)
def lines(request, folder):
    """(part, the frame that the JSON lines give)"""
    text = (folder / f"{request.param}_sessions.jsonl").read_text("utf-8")
    return request.param, pd.DataFrame([json.loads(line) for line in text.splitlines()])


def test_the_row_columns_are_in_every_format(folder, lines):
    part, expected = lines
    names = ["session_id", "user_id", "sequence_length", "treatment", "outcome", *ROW_COLUMNS]
    frames = [pd.read_csv(folder / f"{part}_sessions.csv", dtype={"user_id": str, "session_id": str})]
    with (folder / f"{part}_sessions.pkl").open("rb") as file:
        frames.append(pickle.load(file))
    parquet = pytest.importorskip("pyarrow.parquet")
    frames += [parquet.read_table(folder / f"{part}_sessions{end}.parquet").to_pandas() for end in ("", "_flat")]
    for frame in frames:
        pd.testing.assert_frame_equal(frame[names].reset_index(drop=True), expected[names], check_dtype=False)


def test_tokens_carry_their_channels(folder, lines):
    part, expected = lines
    sequences = [[tuple(token) for token in sequence] for sequence in expected["sequence"]]
    with (folder / f"{part}_sessions.pkl").open("rb") as file:
        assert [list(sequence) for sequence in pickle.load(file)["sequence"]] == sequences
    arrays = np.load(folder / f"{part}_sessions.npz")
    tokens = [token for sequence in sequences for token in sequence]
    for position, name in enumerate(["event_ids", "item_ids", "minutes", *CHANNELS]):
        np.testing.assert_array_equal(arrays[name], np.array([token[position] for token in tokens]), err_msg=name)
    assert arrays["event_ids"].min() >= 2, "0 and 1 are [PAD] and [UNK]"


def test_the_padded_form_needs_no_fake_events(folder):
    vocabulary = json.loads((folder.parent / "models" / "vocab.json").read_text("utf-8"))
    assert list(vocabulary["event_to_int"])[:2] == ["[PAD]", "[UNK]"]
    assert vocabulary["item_to_int"]["[PAD]"] == 0


def test_covariates_are_numbers_that_a_model_takes(folder, lines):
    part, expected = lines
    frame = pd.read_csv(folder / f"{part}_sessions_covariates.csv", dtype={"user_id": str, "session_id": str})
    parquet = pytest.importorskip("pyarrow.parquet")
    from_parquet = parquet.read_table(folder / f"{part}_sessions_covariates.parquet").to_pandas()
    pd.testing.assert_frame_equal(from_parquet, frame, check_dtype=False)
    covariates = frame.columns[list(frame.columns).index("fold") + 1 : list(frame.columns).index("treatment")]
    assert {"span_minutes", "events_auction", "events_impression", "distinct_items", "hour_sin", "earlier_sessions", "earlier_treatments", "popularity"} <= set(covariates)
    assert not {"events", "events_click", "events_purchase"} & set(covariates), "a sum of others, and what no eligible row holds"
    matrix = frame[covariates].to_numpy(dtype=float)
    assert np.isfinite(matrix).all()
    # Here nothing is shown within five minutes but the exposure's own items, so two columns are one.
    assert (frame["exposures_5_minutes"] == frame["items_shown"]).all()
    matrix = frame[covariates.drop("items_shown")].to_numpy(dtype=float)
    with_intercept = np.column_stack([np.ones(len(matrix)), matrix / matrix.std(axis=0)])
    assert np.linalg.matrix_rank(with_intercept) == with_intercept.shape[1], "a regression takes every column"
    events = frame["events_auction"] + frame["events_impression"]
    np.testing.assert_array_equal(events, expected["sequence_length"], "no session is longer than 500 events here")
    assert frame.groupby("cluster")["user_id"].nunique().max() == 1
    assert frame.groupby("cluster")["fold"].nunique().max() == 1, "a user is in one fold"
    for name in ("treatment", "outcome", "censored", "time_zero_us"):
        np.testing.assert_array_equal(frame[name], expected[name])


def test_folds_are_of_even_size(folder):
    users = pd.concat([pd.read_csv(folder / f"{part}_sessions_covariates.csv") for part in PARTS]).drop_duplicates("cluster")
    shares = users["fold"].value_counts(normalize=True)
    assert len(shares) == 5
    assert shares.between(0.1, 0.3).all()


