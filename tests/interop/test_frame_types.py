"""Columns of every type that Polars and DuckDB write, as user, item, event type and time: read as their values are written in a
CSV, or refused in one sentence that names the column.
"""

import datetime
import decimal

import pytest

from incoming import NAMES, START_US, csv, run, written

ROLES = dict(zip(["user", "time", "type", "item"], NAMES))
COUNT = 40
KINDS = ["impression", "click", "purchase", "auction"]
ROOM = ["events.unknown=add", "session.minEvents=1", "sequence.padding=null", "rows.bad=drop"]
START = datetime.datetime(2025, 9, 5)
PLAIN = {
    "user": [f"u{i % 3}" for i in range(COUNT)],
    "time": [START_US + i * 1_000_000 for i in range(COUNT)],
    "type": [KINDS[i % 4] for i in range(COUNT)],
    "item": [f"p{i % 5}" for i in range(COUNT)],
}


def check(path, role, texts, tmp_path):
    """`texts`: what the values of the column are; None: it cannot have the role."""
    settings = list(ROOM)
    if role == "type" and texts is not None:  # rows without the types of the plan would all be alike
        settings += [f'treatment.type="{texts[0]}"', f'outcome.type="{next((t for t in texts if t != texts[0]), texts[0])}"']
    if texts is None:
        ended = run(path, tmp_path / "out", *settings)
        assert ended.returncode == 1, (ended.returncode, ended.stderr)
        assert len(ended.stderr.strip().splitlines()) == 1, ended.stderr
        assert f'column "{ROLES[role]}"' in ended.stderr and "damaged" not in ended.stderr, ended.stderr
        return
    events = list(zip(*(texts if name == role else PLAIN[name] for name in ROLES)))
    (tmp_path / "plain.csv").write_text(csv(events), "utf-8")
    assert written(path, tmp_path / "out", *settings) == written(tmp_path / "plain.csv", tmp_path / "plain", *settings)


# --- Polars

# (values, what they are as an id, what they are as a time); None: not what the role can be.
SECONDS = [START + datetime.timedelta(seconds=i) for i in range(COUNT)]
EPOCH_US = PLAIN["time"]
DATES = [START.date() + datetime.timedelta(i) for i in range(COUNT)]


def polars_types(pl) -> dict:
    small = [i % 3 for i in range(COUNT)]
    big = [10**20 + i for i in small]
    days = [f"{day}T00:00:00Z" for day in DATES]
    halves = [decimal.Decimal(i) / 2 for i in small]
    return {
        "Int8": (pl.Series(small, dtype=pl.Int8), list(map(str, small)), None),
        "UInt64": (pl.Series([2**64 - 1 - i for i in small], dtype=pl.UInt64), [str(2**64 - 1 - i) for i in small], None),
        "Int128": (pl.Series(big, dtype=pl.Int128), list(map(str, big)), None),
        "Int128, negative": (pl.Series([-i for i in big], dtype=pl.Int128), [str(-i) for i in big], None),
        "Int128, epoch": (pl.Series(EPOCH_US, dtype=pl.Int128), list(map(str, EPOCH_US)), EPOCH_US),
        "UInt128": (pl.Series(small, dtype=pl.UInt128), None, None),
        "Float32": (pl.Series(small, dtype=pl.Float32), list(map(str, small)), None),
        "Decimal": (pl.Series(small, dtype=pl.Decimal(38, 0)), list(map(str, small)), None),
        "Decimal with a point": (pl.Series(halves, dtype=pl.Decimal(20, 2)), ["0", "0.5", "1"] * 13 + ["0"], None),
        "Decimal, epoch": (pl.Series([decimal.Decimal(us) / 10**6 for us in EPOCH_US], dtype=pl.Decimal(20, 6)),
                           [str(us // 10**6) for us in EPOCH_US], EPOCH_US),
        "Boolean": (pl.Series([i > 0 for i in small]), ["true" if i else "false" for i in small], None),
        "String": (pl.Series(PLAIN["item"]), PLAIN["item"], None),
        "Categorical": (pl.Series(PLAIN["type"], dtype=pl.Categorical), PLAIN["type"], None),
        "Enum": (pl.Series(PLAIN["type"], dtype=pl.Enum(sorted(KINDS))), PLAIN["type"], None),
        "Binary": (pl.Series([text.encode() for text in PLAIN["item"]]), PLAIN["item"], None),
        "Date": (pl.Series(DATES), None, days),
        "Datetime, ms": (pl.Series(SECONDS, dtype=pl.Datetime("ms")), None, EPOCH_US),
        "Datetime, us, a zone": (pl.Series(SECONDS, dtype=pl.Datetime("us")).dt.replace_time_zone("UTC")
                                 .dt.convert_time_zone("Asia/Tokyo"), None, EPOCH_US),
        "Datetime, ns": (pl.Series(SECONDS, dtype=pl.Datetime("ns")), None, EPOCH_US),
        "Time": (pl.Series([datetime.time(10, 0, i) for i in range(COUNT)]), None, None),
        "Duration": (pl.Series([datetime.timedelta(microseconds=us) for us in EPOCH_US]), list(map(str, EPOCH_US)), EPOCH_US),
        "Null": (pl.Series([None] * COUNT), None, None),
        "List": (pl.Series([[text] for text in PLAIN["item"]]), None, None),
        "Array": (pl.Series([[i, 1] for i in small], dtype=pl.Array(pl.Int64, 2)), None, None),
        "Struct": (pl.Series([{"id": text} for text in PLAIN["item"]]), None, None),
    }


POLARS = ["Int8", "UInt64", "Int128", "Int128, negative", "Int128, epoch", "UInt128", "Float32", "Decimal", "Decimal with a point",
          "Decimal, epoch", "Boolean", "String", "Categorical", "Enum", "Binary", "Date", "Datetime, ms", "Datetime, us, a zone",
          "Datetime, ns", "Time", "Duration", "Null", "List", "Array", "Struct"]


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("name", POLARS)
@pytest.mark.parametrize("form", ["parquet", "ipc", "ipc_stream"])
def test_polars(form, name, role, tmp_path):
    pl = pytest.importorskip("polars")
    values, ids, times = polars_types(pl)[name]
    frame = pl.DataFrame({column: values if asked == role else PLAIN[asked] for asked, column in ROLES.items()})
    getattr(frame, f"write_{form}")(tmp_path / "events")
    texts = times if role == "time" else ids
    if name == "Null" and role == "item":  # no item has a value, which is none that is refused
        texts = [None] * COUNT
    if form == "parquet" and "128" in name:  # bytes without a mark, of which nothing says whether they have a sign
        texts = None
    check(tmp_path / "events", role, texts, tmp_path)


def test_objects_of_polars_are_in_no_file(tmp_path):
    """It refuses to write them; a stream gets their addresses in memory, which are no text."""
    pl = pytest.importorskip("polars")
    frame = pl.DataFrame({"user_id": pl.Series([object()], dtype=pl.Object)})
    for form in ("parquet", "ipc"):
        with pytest.raises(BaseException, match="cannot write 'Object'"):
            getattr(frame, f"write_{form}")(tmp_path / "events")


# --- DuckDB

DUCKDB = {  # an expression over i; ids; times
    "UTINYINT": ("(i % 3)::UTINYINT", lambda i: str(i % 3), None),
    "UBIGINT": ("18446744073709551615 - (i % 3)::UBIGINT", lambda i: str(18446744073709551615 - i % 3), None),
    "HUGEINT, small": ("(i % 3)::HUGEINT", lambda i: str(i % 3), None),
    "HUGEINT, epoch": (f"({START_US} + i * 1000000)::HUGEINT", lambda i: str(EPOCH_US[i]), lambda i: EPOCH_US[i]),
    "UHUGEINT": ("(i % 3)::UHUGEINT", lambda i: str(i % 3), None),
    "DECIMAL": ("(i % 3)::DECIMAL(38, 0)", lambda i: str(i % 3), None),
    "DECIMAL with a point": ("((i % 3) / 2)::DECIMAL(9, 2)", lambda i: ["0", "0.5", "1"][i % 3], None),
    "BOOLEAN": ("i % 3 > 0", lambda i: "true" if i % 3 else "false", None),
    "UUID": ("('00000000-0000-0000-0000-00000000000' || (1 + i % 3))::UUID",
             lambda i: f"00000000-0000-0000-0000-00000000000{1 + i % 3}", None),
    "ENUM": ("['impression', 'click', 'purchase', 'auction'][1 + i % 4]::kind", lambda i: KINDS[i % 4], None),
    "BLOB": ("('p' || (i % 5))::BLOB", lambda i: f"p{i % 5}", None),
    "DATE": ("DATE '2025-09-05' + i::INT", None, lambda i: f"{DATES[i]}T00:00:00Z"),
    "TIMESTAMP_S": ("(TIMESTAMP '2025-09-05' + INTERVAL (i) SECOND)::TIMESTAMP_S", None, lambda i: EPOCH_US[i]),
    "TIMESTAMP_MS": ("(TIMESTAMP '2025-09-05' + INTERVAL (i) SECOND)::TIMESTAMP_MS", None, lambda i: EPOCH_US[i]),
    "TIMESTAMP_NS": ("(TIMESTAMP '2025-09-05' + INTERVAL (i) SECOND)::TIMESTAMP_NS", None, lambda i: EPOCH_US[i]),
    "TIMESTAMPTZ": ("TIMESTAMPTZ '2025-09-05 00:00:00+00' + INTERVAL (i) SECOND", None, lambda i: EPOCH_US[i]),
    "TIME": ("TIME '10:00:00' + INTERVAL (i) SECOND", None, None),
    "TIMETZ": ("'10:00:00+02'::TIMETZ", None, None),
    "INTERVAL": ("INTERVAL (i) SECOND", None, None),
    "LIST": ("[i]", None, None),
    "STRUCT": ("{'id': i}", None, None),
    "MAP": ("MAP {'id': i}", None, None),
    "UNION": ("union_value(id := i)", None, None),
}
PLAIN_SQL = {
    "user": "'u' || (i % 3)",
    "time": f"{START_US} + i * 1000000",
    "type": "['impression', 'click', 'purchase', 'auction'][1 + i % 4]",
    "item": "'p' || (i % 5)",
}


@pytest.fixture(scope="module")
def duck():
    connection = pytest.importorskip("duckdb").connect()
    connection.execute("SET TimeZone = 'UTC'")
    connection.execute("CREATE TYPE kind AS ENUM ('auction', 'impression', 'click', 'purchase')")
    return connection


def copied(connection, path, role, expression, options):
    columns = ", ".join(f"{expression if asked == role else PLAIN_SQL[asked]} AS {column}" for asked, column in ROLES.items())
    connection.execute(f"COPY (SELECT {columns} FROM range({COUNT}) t(i)) TO '{path}' ({options})")


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("name", DUCKDB)
@pytest.mark.parametrize("options", ["FORMAT parquet", "FORMAT parquet, PARQUET_VERSION v2"])
def test_duckdb(options, name, role, duck, tmp_path):
    expression, ids, times = DUCKDB[name]
    copied(duck, tmp_path / "events", role, expression, options)
    text_of = times if role == "time" else ids
    check(tmp_path / "events", role, text_of and [text_of(i) for i in range(COUNT)], tmp_path)


def test_long_integers_that_duckdb_rounds_are_noticed(duck, tmp_path):
    """A HUGEINT is a DOUBLE in Parquet, so that ids beyond 2^53 have become one another before anybody reads them."""
    copied(duck, tmp_path / "events", "user", "100000000000000000000::HUGEINT + i % 3", "FORMAT parquet")
    ended = run(tmp_path / "events", tmp_path / "out", *ROOM)
    assert ended.returncode == 0 and "has lost digits" in ended.stderr, ended.stderr
