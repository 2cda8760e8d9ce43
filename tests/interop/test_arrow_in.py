"""Arrow in: stream and file, every way to hold a column, give the training sets of the CSV, to the byte."""

import json
import os
import random
import uuid

import pytest

from incoming import NAMES, csv, flipped, lengths, refusal, rows, run, written

pa = pytest.importorskip("pyarrow")
import pyarrow.ipc as ipc  # noqa: E402

EVENTS = rows()
UTC = pa.timestamp("us", "UTC")


def table(user=pa.string(), time=UTC, kind=pa.string(), item=pa.string(), events=EVENTS, user_value=str) -> "pa.Table":
    users, times, kinds, items = zip(*events)
    plain_time, coded = pa.array(times, pa.int64()), pa.types.is_dictionary(time)
    time = time.value_type if coded else time
    typed_time = plain_time.cast(pa.timestamp("us", getattr(time, "tz", None))).cast(time) if pa.types.is_temporal(time) else plain_time.cast(time)
    columns = [
        pa.array([user_value(value) for value in users]).cast(user),
        typed_time.dictionary_encode() if coded else typed_time,
        pa.array(kinds).cast(kind),
        pa.array([None if value is None else str(value) for value in items], pa.string()).cast(item),
    ]
    # Columns that are not needed, nested ones among them, stand around those that are.
    note = pa.array([{"a": [1, None], "b": "x"}] * len(events), pa.struct([("a", pa.list_(pa.int8())), ("b", pa.string_view())]))
    mark = pa.array([None] * len(events), pa.null())
    decimal = pa.array([1] * len(events)).cast(pa.decimal128(25, 2))
    return pa.table([mark, columns[0], note, *columns[1:3], decimal, columns[3]],
                    names=["mark", NAMES[0], "note", *NAMES[1:3], "decimal", NAMES[3]])


def write(path, data, form="stream", rows_a_batch=300, **options):
    make = ipc.new_stream if form == "stream" else ipc.new_file
    with make(str(path), data.schema, options=ipc.IpcWriteOptions(**options)) as into:
        into.write_table(data, max_chunksize=rows_a_batch)


@pytest.fixture(scope="module")
def from_csv(tmp_path_factory):
    known = {}

    def get(user=str):
        if user not in known:
            folder = tmp_path_factory.mktemp("csv")
            (folder / "events.csv").write_text(csv(EVENTS, user), "utf-8")
            known[user] = written(folder / "events.csv", folder / "out")
        return known[user]

    return get


@pytest.mark.parametrize("codec", [None, "lz4", "zstd"])
@pytest.mark.parametrize("form", ["stream", "file"])
def test_stream_and_file_in_each_codec(form, codec, from_csv, tmp_path):
    write(tmp_path / "events", table(), form, compression=codec)
    assert written(tmp_path / "events", tmp_path / "out") == from_csv()


def dictionary(values, index=pa.int32()):
    return pa.dictionary(index, values)


KINDS = {
    "large text": dict(user=pa.large_string(), kind=pa.large_string(), item=pa.large_string()),
    "binary": dict(user=pa.binary(), kind=pa.large_binary(), item=pa.binary_view()),
    "text views": dict(user=pa.string_view(), kind=pa.string_view(), item=pa.string_view()),
    "dictionaries": dict(user=dictionary(pa.string()), kind=dictionary(pa.string(), pa.int8()), item=dictionary(pa.string(), pa.int16())),
    "dictionaries of large text": dict(user=dictionary(pa.large_string(), pa.uint8()), item=dictionary(pa.large_string(), pa.int64())),
    "fixed bytes": dict(kind=pa.string(), item=pa.binary(19)),
    "decimals": dict(user=pa.decimal128(38, 0), item=pa.decimal256(76, 0)),
    "small decimals with zeros behind the point": dict(user=pa.decimal32(9, 2), item=pa.decimal128(38, 4)),
    "epoch decimals": dict(time=pa.decimal128(38, 6)),
    "integers": dict(user=pa.int64(), item=pa.int64()),
    "small and unsigned integers": dict(user=pa.uint8(), item=pa.uint64()),
    "seconds": dict(time=pa.timestamp("s", "UTC")),
    "milliseconds": dict(time=pa.timestamp("ms", "UTC")),
    "nanoseconds": dict(time=pa.timestamp("ns", "UTC")),
    "no zone": dict(time=pa.timestamp("us")),
    "another zone": dict(time=pa.timestamp("us", "Asia/Tokyo")),
    "epoch numbers": dict(time=pa.int64()),
    "a dictionary of times": dict(time=dictionary(UTC)),
}


@pytest.mark.parametrize("name", KINDS)
def test_each_way_to_hold_a_column(name, from_csv, tmp_path):
    write(tmp_path / "events", table(**KINDS[name]))
    assert written(tmp_path / "events", tmp_path / "out") == from_csv()


@pytest.mark.parametrize("kind", [pa.float16(), pa.float32(), pa.float64()], ids=str)
def test_whole_floats_are_the_same_ids_as_integers(kind, from_csv, tmp_path):
    write(tmp_path / "events", table(user=kind, user_value=float))
    assert written(tmp_path / "events", tmp_path / "out") == from_csv()


def test_other_floats_are_named_as_python_names_them(from_csv, tmp_path):
    write(tmp_path / "events", table(user=pa.float64(), user_value=lambda user: user + 0.1))
    assert written(tmp_path / "events", tmp_path / "out") == from_csv(lambda user: repr(user + 0.1))


def test_booleans_are_one_id_in_every_format(tmp_path):
    import pyarrow.parquet as pq
    data = table(user_value=lambda user: "true" if user % 2 else "false")
    (tmp_path / "events.csv").write_text(csv(EVENTS, lambda user: "true" if user % 2 else "false"), "utf-8")
    expected = written(tmp_path / "events.csv", tmp_path / "csv")
    data = data.set_column(1, NAMES[0], pa.array([text == "true" for text in data[NAMES[0]].to_pylist()]))
    events = data.select(NAMES)
    write(tmp_path / "arrow", data)
    pq.write_table(events, tmp_path / "parquet")
    times = events[NAMES[1]].cast(pa.int64()).to_pylist()
    lines = [json.dumps({**row, NAMES[1]: time}) for row, time in zip(events.drop_columns([NAMES[1]]).to_pylist(), times)]
    (tmp_path / "lines").write_text("\n".join(lines), "utf-8")
    for name in ("arrow", "parquet", "lines"):
        assert written(tmp_path / name, tmp_path / f"out-{name}") == expected, name


def test_uuids_are_those_of_the_text(from_csv, tmp_path):
    def name(user):
        return str(uuid.UUID(int=user))

    data = table(user_value=name)
    ids = pa.array([uuid.UUID(text).bytes for text in data[NAMES[0]].to_pylist()], pa.uuid())
    write(tmp_path / "events", data.set_column(1, NAMES[0], ids))
    assert written(tmp_path / "events", tmp_path / "out") == from_csv(name)


def test_a_stream_can_end_without_a_mark(from_csv, tmp_path):
    write(tmp_path / "events", table())
    whole = (tmp_path / "events").read_bytes()
    assert whole.endswith(b"\xff\xff\xff\xff\0\0\0\0")
    (tmp_path / "events").write_bytes(whole[:-8])
    assert written(tmp_path / "events", tmp_path / "out") == from_csv()


def test_dates_are_midnights(tmp_path):
    day = 86_400_000_000
    events = [(user, when // day * day, kind, item) for user, when, kind, item in EVENTS]
    (tmp_path / "events.csv").write_text(csv(events), "utf-8")
    expected = written(tmp_path / "events.csv", tmp_path / "csv")
    for name, kind in [("date32", pa.date32()), ("date64", pa.date64())]:
        write(tmp_path / name, table(time=kind, events=events))
        assert written(tmp_path / name, tmp_path / f"out-{name}") == expected


@pytest.mark.parametrize("deltas", [False, True], ids=["replaced", "deltas"])
def test_dictionaries_that_change(deltas, from_csv, tmp_path):
    def encoded(events):
        seen = sorted({event[0] for event in events}, key=lambda user: [event[0] for event in EVENTS].index(user))
        index = {user: code for code, user in enumerate(seen)}
        codes = pa.array([index[event[0]] for event in events], pa.int32())
        part = table(events=events)
        return part.set_column(1, NAMES[0], pa.DictionaryArray.from_arrays(codes, pa.array([str(user) for user in seen])))

    parts = [encoded(EVENTS[at:at + 500]) for at in range(0, len(EVENTS), 500)]
    if deltas:  # each dictionary begins with the one before
        known = []
        for i, at in enumerate(range(0, len(EVENTS), 500)):
            known += [user for user in dict.fromkeys(event[0] for event in EVENTS[at:at + 500]) if user not in known]
            codes = pa.array([known.index(event[0]) for event in EVENTS[at:at + 500]], pa.int32())
            values = pa.array([str(user) for user in known])
            parts[i] = parts[i].set_column(1, NAMES[0], pa.DictionaryArray.from_arrays(codes, values))
    write(tmp_path / "events", pa.concat_tables(parts), rows_a_batch=500, emit_dictionary_deltas=deltas)
    assert written(tmp_path / "events", tmp_path / "out") == from_csv()


def test_slices_and_several_files(from_csv, tmp_path):
    whole = table(events=EVENTS[:7] + EVENTS + EVENTS[:9])
    write(tmp_path / "events", whole.slice(7, len(EVENTS)), rows_a_batch=10**6)
    assert written(tmp_path / "events", tmp_path / "out") == from_csv()


REFUSED = {
    "a nested user": (1, lambda n: pa.array([["x"]] * n), "its type, list,"),
    "bytes as user": (1, lambda n: pa.array([b"\xff"] * n, pa.binary(1)), "is not UTF-8"),
    "binary that is no text": (1, lambda n: pa.array([b"\xff"] * n), "is not UTF-8"),
    "a timestamp as item": (6, lambda n: pa.array([0] * n, pa.timestamp("s")), "its type, timestamp[s],"),
    "a boolean as time": (3, lambda n: pa.array([True] * n), "its type, boolean,"),
    "a time of day as time": (3, lambda n: pa.array([0] * n, pa.time64("us")), "is a time of the day without its date"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_columns_that_cannot_be_events_are_refused(name, tmp_path):
    at, column, words = REFUSED[name]
    data = table()
    write(tmp_path / "events", data.set_column(at, data.schema.names[at], column(len(EVENTS))))
    sentence = refusal(tmp_path / "events", tmp_path / "out")
    assert words in sentence and data.schema.names[at] in sentence


def test_missing_cells_are_the_issues_of_the_csv(tmp_path):
    events = list(EVENTS)
    events[10] = (None, *events[10][1:])
    events[20] = (*events[20][:2], None, events[20][3])
    text = csv([tuple("" if cell is None else cell for cell in event) for event in events])
    (tmp_path / "a.csv").write_text(text, "utf-8")
    data = table().to_pydict()
    data[NAMES[0]][10] = data[NAMES[2]][20] = None
    write(tmp_path / "b.arrow", pa.table(data, schema=table().schema))
    by_csv = refusal(tmp_path / "a.csv", tmp_path / "out")
    assert refusal(tmp_path / "b.arrow", tmp_path / "out") == by_csv.replace("a.csv", "b.arrow").replace(" (line 12)", "")


FORMS = {
    "stream": dict(form="stream"),
    "file": dict(form="file"),
    "lz4": dict(form="stream", compression="lz4"),
    "zstd": dict(form="file", compression="zstd"),
}


@pytest.fixture(scope="module", params=FORMS)
def small(request, tmp_path_factory):
    path = tmp_path_factory.mktemp("small") / "events"
    write(path, table(kind=dictionary(pa.string()), events=EVENTS[:150]), rows_a_batch=70, **FORMS[request.param])
    return path.read_bytes()


def test_data_cut_short_are_refused(small, tmp_path):
    path = tmp_path / "events"
    for size in lengths(small, 8):
        path.write_bytes(small[:size])
        assert "events" in refusal(path, tmp_path / "out")


def test_flipped_bits_never_crash(small, tmp_path):
    draw = random.Random(3)
    path = tmp_path / "events"
    for _ in range(int(os.environ.get("FLIPS", 6))):
        path.write_bytes(flipped(small, draw))
        ended = run(path, tmp_path / "out")
        # A flip inside of a text leaves whole data.
        assert ended.returncode in (0, 1), (ended.returncode, ended.stderr)
        assert ended.returncode == 0 or len(ended.stderr.strip().splitlines()) == 1
