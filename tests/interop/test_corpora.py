"""Files that pyarrow ships for its own tests, written by early versions of it, against the CSV of the same rows."""

import json
from pathlib import Path

import pytest

from incoming import written
from product import ask

pa = pytest.importorskip("pyarrow")
DATA = Path(pa.__file__).parent / "tests" / "data"
PARQUET = sorted((DATA / "parquet").glob("*.parquet"))
FEATHER = sorted((DATA / "feather").glob("*.feather"))
# Any table is a stream of events once its columns are named.
DIAMONDS = {"user": "clarity", "time": "price", "type": "cut", "item": "carat"}
OTHER = {"user": "index", "time": "c", "type": "b", "item": "a"}
SETTINGS = ["events.unknown=add", "session.minEvents=1", "sequence.padding=null"]


@pytest.mark.skipif(not PARQUET, reason="this pyarrow comes without its test files")
@pytest.mark.parametrize("path", PARQUET, ids=lambda path: path.stem)
def test_parquet_of_early_pyarrow(path, tmp_path):
    import pyarrow.parquet
    frame = pyarrow.parquet.read_table(path).to_pandas(ignore_metadata=True)
    columns = DIAMONDS if "clarity" in frame else OTHER
    treatment, outcome = sorted(set(frame[columns["type"]].astype(str)))[:2]
    settings = [*SETTINGS, f'treatment.type="{treatment}"', f'outcome.type="{outcome}"']
    settings += [f"columns.{role}={name}" for role, name in columns.items()]
    settings += ["time.unit=s"]  # prices are no times, and refused as such
    plain = tmp_path / "plain.csv"
    frame[list(columns.values())].to_csv(plain, index=False)
    expected = written(plain, tmp_path / "csv", *settings)
    assert sum(data.count(b"\n") for name, data in expected.items() if name.suffix == ".jsonl") > 0
    assert written(path, tmp_path / "parquet", *settings) == expected


@pytest.mark.skipif(not PARQUET + FEATHER, reason="this pyarrow comes without its test files")
@pytest.mark.parametrize("path", PARQUET + FEATHER, ids=lambda path: path.stem)
def test_a_preview_shows_the_names(path):
    import pyarrow.feather
    import pyarrow.parquet
    read = pyarrow.parquet.read_table if path.suffix == ".parquet" else pyarrow.feather.read_table
    ended = ask("inspect", path, "--json")
    assert json.loads(ended.stdout)["columnNames"] == read(path).column_names
