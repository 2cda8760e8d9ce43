"""What the command writes is what the notebook's processing gives, read back by pandas."""

import pickletools

import numpy as np
import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

import notebook
from notebook import PARTS
from product import prepare
from streams import CASES, STREAMS, read_events, write_events

NAMES = [case.name for case in CASES] + list(STREAMS)


@pytest.fixture(scope="module", params=NAMES)
def compared(request, tmp_path_factory):
    """(what the command wrote, what the notebook's processing gives) for one input."""
    folder = tmp_path_factory.mktemp("stream")
    golden = [case for case in CASES if case.name == request.param]
    events = read_events(golden[0] / "events.csv") if golden else STREAMS[request.param]()
    path = write_events(events, folder / "events.csv")
    return prepare(path, folder / "out"), notebook.process(events)


def test_the_vocabulary_equals_json_dump(compared):
    written, expected = compared
    assert written.vocabulary.read_bytes() == notebook.to_json(expected.vocabulary)


def test_the_metadata_equals_json_dump(compared):
    written, expected = compared
    assert written.metadata.read_bytes() == notebook.to_json(expected.metadata)


@pytest.mark.parametrize("part", PARTS)
def test_the_pickle_loads_as_the_same_frame(compared, part):
    written, expected = compared
    frame = written.unpickle(part)
    assert type(frame) is pd.DataFrame
    assert_same_frame(frame, expected.parts[part])
    # assert_frame_equal looks into lists with a tolerance; these are the same numbers of the same types.
    assert list(frame["sequence"]) == list(expected.parts[part]["sequence"])
    for sequence in frame["sequence"]:
        assert type(sequence) is list
        assert {(type(token), *map(type, token)) for token in sequence} == {(tuple, int, int, float)}


def test_the_pickle_names_nothing_but_pandas(compared):
    written, _ = compared
    for part in PARTS:
        texts = []
        for code, argument, _at in pickletools.genops(written.table(part, "pkl").read_bytes()):
            if "UNICODE" in code.name:
                texts.append(argument)
            assert code.name not in ("GLOBAL", "INST"), code.name
            if code.name == "STACK_GLOBAL":
                assert tuple(texts[-2:]) in {("pandas", "DataFrame"), ("operator", "getitem"), ("builtins", "slice")}


@pytest.mark.parametrize("part", PARTS)
def test_the_pickled_frame_can_be_worked_with(compared, part):
    written, expected = compared
    frame, same = written.unpickle(part), expected.parts[part]
    frame["half"] = frame["sequence_length"] / 2
    assert frame["half"].sum() * 2 == same["sequence_length"].sum()
    means = frame.groupby("treatment")["outcome"].mean()
    assert_frame_equal(means.to_frame(), same.groupby("treatment")["outcome"].mean().to_frame())
    assert list(frame[frame["outcome"] == 1].index) == list(same[same["outcome"] == 1].index)


@pytest.mark.parametrize("part", PARTS)
def test_the_json_lines_hold_the_same_rows(compared, part):
    written, expected = compared
    rows = [{"index": index, **row} for index, row in zip(expected.parts[part].index, expected.parts[part].to_dict("records"))]
    for row in rows:
        row["sequence"] = [list(token) for token in row["sequence"]]
    assert written.lines(part) == rows


@pytest.mark.parametrize("part", PARTS)
def test_the_parquet_file_reads_as_the_notebooks_would(compared, part, tmp_path):
    pytest.importorskip("pyarrow", reason="Parquet needs pyarrow, which this Python does not have")
    written, expected = compared
    path = tmp_path / "expected.parquet"
    expected.parts[part].to_parquet(path, index=False)
    frame, same = pd.read_parquet(written.table(part, "parquet")), pd.read_parquet(path)
    assert_same_frame(frame.drop(columns="sequence"), same.drop(columns="sequence"))
    assert list(frame.columns) == list(same.columns)
    for mine, theirs in zip(frame["sequence"], same["sequence"]):
        assert type(mine) is type(theirs) and mine.dtype == theirs.dtype and len(mine) == len(theirs)
        for token, same_token in zip(mine, theirs):
            assert token.dtype == same_token.dtype == np.float64
            assert token.tobytes() == same_token.tobytes()


@pytest.mark.parametrize("part", PARTS)
def test_the_parquet_schema_is_pyarrows(compared, part):
    pa = pytest.importorskip("pyarrow", reason="Parquet needs pyarrow, which this Python does not have")
    import pyarrow.parquet as pq

    written, expected = compared
    # Of any rows: pyarrow cannot tell the type of a sequence from an empty frame.
    theirs = pa.Schema.from_pandas(expected.sessions, preserve_index=False)
    mine = pq.read_schema(written.table(part, "parquet"))
    assert [(field.name, describe(field.type)) for field in mine] == [(field.name, describe(field.type)) for field in theirs]
    assert str(mine.field("sequence").type.value_type.value_type) == "double"


@pytest.mark.parametrize("part", PARTS)
def test_the_parquet_rows_and_statistics_fit(compared, part):
    pytest.importorskip("pyarrow", reason="Parquet needs pyarrow, which this Python does not have")
    import pyarrow.parquet as pq

    written, expected = compared
    file = pq.ParquetFile(written.table(part, "parquet"))
    assert file.metadata.num_rows == len(expected.parts[part])
    table = file.read()
    table.validate(full=True)
    assert table.num_rows == len(expected.parts[part])
    for group in range(file.metadata.num_row_groups):
        for column in range(file.metadata.num_columns):
            chunk = file.metadata.row_group(group).column(column)
            statistics = chunk.statistics
            if statistics is None or not statistics.has_min_max:
                continue
            values = file.read_row_group(group, columns=[chunk.path_in_schema]).column(0)
            for _ in range(chunk.path_in_schema.count(".") // 2):
                values = values.combine_chunks().flatten()
            values = values.to_pylist()
            assert (statistics.min, statistics.max) == (min(values), max(values)), chunk.path_in_schema


def assert_same_frame(frame, expected):
    assert_frame_equal(frame, expected, check_exact=True, check_dtype=True, check_index_type="equiv", check_column_type="equiv")
    assert frame.index.dtype == expected.index.dtype


def describe(kind):
    """A type without the name of its list elements and the width of its offsets."""
    text = str(kind).replace("large_string", "string")
    return text.replace("element: ", "").replace("item: ", "")
