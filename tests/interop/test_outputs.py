"""Every format, read by the programs that users read it with, agrees to the last bit with the JSON lines."""

import csv
import json
import pathlib
import re
import subprocess
import sys

import pytest

numpy = pytest.importorskip("numpy")

HERE = pathlib.Path(__file__).resolve().parent
COMMAND = HERE.parent.parent / "build/release/causal-sessions"
FORMATS = "parquet,pickle,jsonl,parquet-flat,csv,arrow,arrow-stream,npz,safetensors,safetensors-padded"
PARTS = ("train", "validation", "test")
LISTS = ("event_ids", "item_ids", "minutes")

# Ids that formats are prone to change, one session each; the first would run in a spreadsheet.
USERS = ["=1+1", "00", "1e5", "NA", "9007199254740993", "a,b", 'q"q', "line\nbreak", "ü😀", "-2", "@x", "+3", "\ttab"]


def events():
    yield "user_id,timestamp,event_type,item_id\n"
    for u, user in enumerate(USERS):
        cell = '"' + user.replace('"', '""') + '"'
        for second in range(2 + u * u % 23):
            kind = ("impression", "impression", "click", "purchase")[(second * 7 + u) % 4 if second else 0]
            yield f"{cell},2024-01-01 0{u % 10}:00:{second:02}.{(second * 123457) % 1000000:06},{kind},item {second % 5}\n"


@pytest.fixture(scope="module")
def out(tmp_path_factory):
    folder = tmp_path_factory.mktemp("outputs")
    (folder / "events.csv").write_text("".join(events()), encoding="utf-8", newline="")
    arguments = [COMMAND, "prepare", folder / "events.csv", "--out", folder, "--format", FORMATS, "--quiet"]
    subprocess.run(arguments, check=True)
    return folder


def path_of(out, part, suffix):
    return out / "data" / f"{part}_sessions{suffix}"


def sessions(out, part):
    """The JSON lines as rows of the flat table."""
    rows = []
    for line in path_of(out, part, ".jsonl").read_text(encoding="utf-8").split("\n")[:-1]:
        row = json.loads(line)
        sequence = row.pop("sequence")
        rows.append(row | {name: [token[i] for token in sequence] for i, name in enumerate(LISTS)})
    return rows


def same(rows, expected):
    assert len(rows) == len(expected)
    for row, other in zip(rows, expected):
        assert set(row) == set(other)
        for key, value in other.items():
            assert list(row[key]) == value if isinstance(value, list) else row[key] == value, key


@pytest.fixture(params=PARTS)
def part(request, out):
    assert sessions(out, "train")
    return request.param


@pytest.mark.parametrize("suffix", ["_flat.parquet", ".arrow", ".arrows"])
def test_pyarrow(out, part, suffix):
    pa = pytest.importorskip("pyarrow")
    path = path_of(out, part, suffix)
    if suffix == "_flat.parquet":
        import pyarrow.parquet
        table = pyarrow.parquet.read_table(path)
    elif suffix == ".arrow":
        with pa.memory_map(str(path)) as file:
            table = pa.ipc.open_file(file).read_all()
    else:
        table = pa.ipc.open_stream(path.read_bytes()).read_all()
    table.validate(full=True)
    kinds = {"event_ids": pa.int16(), "item_ids": pa.int32(), "minutes": pa.float64()}
    for name, kind in kinds.items():
        assert table.schema.field(name).type.value_type == kind
    assert table.schema.field("index").type == pa.int64()
    same(table.to_pylist(), sessions(out, part))


def test_pandas(out, part):
    pandas = pytest.importorskip("pandas")
    expected = sessions(out, part)
    for frame in (pandas.read_parquet(path_of(out, part, "_flat.parquet")), pandas.read_feather(path_of(out, part, ".arrow"))):
        same(frame.to_dict("records"), expected)
    nested = pandas.read_parquet(path_of(out, part, ".parquet"))
    pickled = pandas.read_pickle(path_of(out, part, ".pkl"))
    assert list(pickled.index) == [row["index"] for row in expected]
    for frame in (nested, pickled):
        for row, other in zip(frame.to_dict("records"), expected):
            assert row["session_id"] == other["session_id"] and row["user_id"] == other["user_id"]
            assert [tuple(token) for token in row["sequence"]] == list(zip(*(other[name] for name in LISTS)))


def test_polars(out, part):
    polars = pytest.importorskip("polars")
    expected = sessions(out, part)
    same(polars.read_parquet(path_of(out, part, "_flat.parquet")).to_dicts(), expected)
    same(polars.read_ipc(path_of(out, part, ".arrow")).to_dicts(), expected)
    same(polars.read_ipc_stream(path_of(out, part, ".arrows")).to_dicts(), expected)


def test_duckdb(out, part):
    duckdb = pytest.importorskip("duckdb")
    for suffix in ("_flat.parquet", ".jsonl"):
        reader = "read_parquet" if suffix == "_flat.parquet" else "read_json_auto"
        wanted = "*" if suffix == "_flat.parquet" else '"index", session_id'
        relation = duckdb.sql(f"select {wanted} from {reader}('{path_of(out, part, suffix)}') order by \"index\"")
        rows = [dict(zip(relation.columns, row)) for row in relation.fetchall()]
        if wanted == "*":
            same(rows, sessions(out, part))
        else:
            assert [row["index"] for row in rows] == [row["index"] for row in sessions(out, part)]


def ids(arrays):
    ends, text = arrays["user_id_offsets"], bytes(arrays["user_id_bytes"])
    return [text[ends[i]:ends[i + 1]].decode() for i in range(len(ends) - 1)]


def check_rows(arrays, expected):
    assert ids(arrays) == [row["user_id"] for row in expected]
    assert [f"{user}_{number}" for user, number in zip(ids(arrays), arrays["session_numbers"])] == [
        row["session_id"] for row in expected
    ]
    for name in ("index", "sequence_length", "treatment", "outcome"):
        assert arrays[name].tolist() == [row[name] for row in expected]


@pytest.mark.parametrize("suffix", [".npz", ".safetensors"])
def test_ragged_arrays(out, part, suffix):
    if suffix == ".npz":
        arrays = dict(numpy.load(path_of(out, part, suffix), allow_pickle=False))
    else:
        arrays = pytest.importorskip("safetensors.numpy").load_file(path_of(out, part, suffix))
    types = {"offsets": "int64", "event_ids": "int16", "item_ids": "int32", "minutes": "float64", "treatment": "int8",
             "outcome": "int8", "index": "int64"}
    assert {name: str(arrays[name].dtype) for name in types} == types
    expected = sessions(out, part)
    check_rows(arrays, expected)
    for name in LISTS:
        assert [arrays[name][a:b].tolist() for a, b in zip(arrays["offsets"], arrays["offsets"][1:])] == [
            row[name] for row in expected
        ]


def test_padded_arrays(out, part):
    load_file = pytest.importorskip("safetensors.numpy").load_file
    arrays = load_file(path_of(out, part, "_padded.safetensors"))
    longest = max(row["sequence_length"] for part_name in PARTS for row in sessions(out, part_name))
    expected = sessions(out, part)
    check_rows(arrays, expected)
    assert arrays["mask"].dtype == bool and arrays["mask"].shape == (len(expected), longest)
    for i, row in enumerate(expected):
        assert arrays["mask"][i].tolist() == [at < row["sequence_length"] for at in range(longest)]
        for name in LISTS:
            assert arrays[name][i, : row["sequence_length"]].tolist() == row[name]
            assert not arrays[name][i, row["sequence_length"]:].any()


@pytest.mark.parametrize("keep", ["first", "last"])
def test_padded_to_a_chosen_length(out, tmp_path, keep):
    load_file = pytest.importorskip("safetensors.numpy").load_file
    settings = ["--set", "output.padTo=3", "--set", f"sequence.keep={keep}"]
    subprocess.run([COMMAND, "prepare", out / "events.csv", "--out", tmp_path, "--format", "jsonl,safetensors-padded",
                    "--quiet", *settings], check=True)
    arrays = load_file(path_of(tmp_path, "train", "_padded.safetensors"))
    for i, row in enumerate(sessions(tmp_path, "train")):
        kept = row["minutes"][:3] if keep == "first" else row["minutes"][-3:]
        assert arrays["minutes"][i, : len(kept)].tolist() == kept
        assert arrays["mask"][i].sum() == len(kept) and arrays["sequence_length"][i] == row["sequence_length"]


def test_csv_harmless_and_kept(out, part, tmp_path):
    subprocess.run([COMMAND, "prepare", out / "events.csv", "--out", tmp_path, "--format", "csv", "--quiet",
                    "--set", "output.csvFormulas=keep"], check=True)
    expected = sessions(out, part)
    for folder, kept in ((out, False), (tmp_path, True)):
        with open(path_of(folder, part, ".csv"), encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        assert len(rows) == len(expected)
        for row, other in zip(rows, expected):
            guard = "'" if other["user_id"][0] in "=+-@\t\r" and not kept else ""
            assert row["user_id"] == guard + other["user_id"] and row["session_id"] == guard + other["session_id"]
            assert [list(token) for token in zip(*(other[name] for name in LISTS))] == json.loads(row["sequence"])
            assert int(row["index"]) == other["index"] and int(row["outcome"]) == other["outcome"]


def torch_python():
    """A Python that has PyTorch: this one, or Debian's with its package python3-torch; None if neither."""
    for python in (sys.executable, "/usr/bin/python3"):
        if subprocess.run([python, "-c", "import numpy, torch"], capture_output=True).returncode == 0:
            return python
    return None


def test_the_example_of_the_docs_for_pytorch(out, part, tmp_path):
    python = torch_python()
    if python is None:
        pytest.skip("PyTorch is not installed; Debian has it as python3-torch")
    page = (HERE.parent.parent / "web/docs/outputs.md").read_text(encoding="utf-8")
    code = re.search(r"## Reading them in Python\n.*?```python\n(.*?)```", page, re.DOTALL)[1]
    assert len([line for line in code.splitlines() if line.strip()]) <= 12
    show = """
import json, sys
sessions = Sessions(sys.argv[1])
for i in range(len(sessions)):
    x, treatment, outcome = sessions[i]
    row = {name: values.tolist() for name, values in x.items()}
    print(json.dumps(row | {"treatment": int(treatment), "outcome": int(outcome)}))
"""
    (tmp_path / "example.py").write_text(code + show, encoding="utf-8")
    ended = subprocess.run([python, tmp_path / "example.py", path_of(out, part, ".npz")], capture_output=True, text=True)
    assert ended.returncode == 0, ended.stderr
    keys = (*LISTS, "treatment", "outcome")
    assert [json.loads(line) for line in ended.stdout.splitlines()] == [
        {key: row[key] for key in keys} for row in sessions(out, part)
    ]
