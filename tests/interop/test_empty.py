"""An input of which no session is kept: where the notebook crashes, the files are there, whole and empty."""

import json

import pandas as pd
import pytest

import notebook
from notebook import PARTS
from product import prepare
from streams import START, from_rows, stream, write_events

LONELY = [(f"user {i}", START + i, "impression", f"p{i}") for i in range(30)]


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    folder = tmp_path_factory.mktemp("empty")
    return prepare(write_events(from_rows(LONELY), folder / "events.csv"), folder / "out")


@pytest.fixture(scope="module")
def usual():
    """A frame with rows, for its types."""
    return notebook.process(stream(1, users=5, events=60)).sessions


def test_the_notebook_could_not_do_this():
    with pytest.raises(KeyError):
        notebook.process(from_rows(LONELY))


@pytest.mark.parametrize("part", PARTS)
def test_the_pickles_are_empty_frames_of_the_usual_types(written, usual, part):
    frame = written.unpickle(part)
    assert type(frame) is pd.DataFrame
    assert frame.shape == (0, 6)
    pd.testing.assert_series_equal(frame.dtypes, usual.dtypes)
    assert frame.index.dtype == usual.index.dtype
    assert pd.concat([usual, frame]).dtypes.equals(usual.dtypes)


@pytest.mark.parametrize("part", PARTS)
def test_the_parquet_files_are_empty_tables_of_the_usual_types(written, usual, part, tmp_path):
    pytest.importorskip("pyarrow", reason="Parquet needs pyarrow, which this Python does not have")
    import pyarrow.parquet as pq

    frame = pd.read_parquet(written.table(part, "parquet"))
    usual.to_parquet(tmp_path / "usual.parquet", index=False)
    assert frame.shape == (0, 6)
    pd.testing.assert_series_equal(frame.dtypes, pd.read_parquet(tmp_path / "usual.parquet").dtypes)
    assert str(pq.read_schema(written.table(part, "parquet")).field("sequence").type).count("list<") == 2


def test_the_metadata_has_null_for_rates_of_nothing(written):
    splits = json.loads(written.metadata.read_text("ascii"), parse_constant=pytest.fail)["data_splits"]
    nothing = {"sessions": 0, "users": 0, "treatment_rate": None, "outcome_rate": None}
    assert splits == {part: nothing for part in PARTS}


def test_the_vocabulary_has_the_special_tokens_alone(written):
    expected = notebook.fit_vocabulary(from_rows(LONELY).head(0))
    assert written.vocabulary.read_bytes() == notebook.to_json(expected)
    assert len(expected["item_to_int"]) == 3


def test_the_json_lines_are_empty(written):
    for part in PARTS:
        assert written.table(part, "jsonl").read_bytes() == b""


def test_the_report_says_so(written):
    report = written.report
    assert report["sessions"] == {"created": 30, "kept": 0, "tooShort": 30, "eventsInTooShort": 30, "users": 0}
    assert report["all"]["treatmentRate"] is None
    assert report["sequenceLength"] is None
    assert report["samples"] == []
