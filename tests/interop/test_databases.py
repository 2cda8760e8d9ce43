"""Events as databases write them, by the lines of web/docs/inputs.md, give the training sets of the same events as a plain CSV.

PostgreSQL is a server of its own for these tests, on a socket in a temporary folder; DuckDB is in the process. The rows have the
types of such tables, ids with quotes, tabs, line breaks and backslashes in them, and empty text beside NULL.
CAUSAL_SESSIONS=path runs another command than the one in Node, for example the native one built with sanitizers.
"""

import datetime
import json
import os
import pwd
import random
import re
import shutil
import subprocess
import tempfile
import uuid
from pathlib import Path

import pytest

from incoming import NAMES, run, written

UTC = datetime.timezone.utc
START = datetime.datetime(2025, 9, 5, tzinfo=UTC)
KINDS = ["auction", "impression", "click", "purchase"]
ITEMS = ['lamp "red"', "a,b", "tab\there", "two\nlines", "C:\\temp", "it's", "émile", "\\N-1", "{x}", " padded "]
ROOM = ["session.minEvents=1", "sequence.padding=null", "columns.time=event_time"]


def table() -> list:
    draw, rows, now = random.Random(5), [], START
    users = [uuid.UUID(int=draw.getrandbits(128)) for _ in range(60)]
    for number in range(900):
        now += datetime.timedelta(microseconds=draw.choice([0, 1, 250_000, 1_000_000, 90_123_456, 4_000_000_000]))
        item = draw.choice([None, "", *ITEMS, *ITEMS])
        rows.append({
            "id": number,
            "user_id": draw.choice(users),
            "account": 10**19 + draw.randrange(80),
            "cookie": draw.choice([None, "", "c1", "c2", "c3"]),
            "event_time": now,
            "event_type": draw.choice(KINDS),
            "product_id": item,
            "price": draw.choice([None, "7.50", "19.99", "20.00"]),
            "logged_in": draw.choice([None, True, False]),
        })
    return rows


ROWS = table()


def cell(text) -> str:
    return "" if text is None else '"' + str(text).replace('"', '""') + '"'


def plain(folder: Path, user=None, time=None, item=None) -> Path:
    """The same events as CSV that any tool would write."""
    user = user or (lambda row: row["user_id"])
    time = time or (lambda row: row["event_time"].isoformat())
    item = item or (lambda row: row["product_id"])
    lines = [",".join(NAMES)]
    lines += [",".join(cell(value) for value in (user(row), time(row), row["event_type"], item(row))) for row in ROWS]
    path = folder / "plain.csv"
    path.write_text("\n".join(lines) + "\n", "utf-8", newline="")
    return path


# What is asked of a table: settings, and the same of the plain file. `t` and `f` are how PostgreSQL writes a boolean.
def fallback(row):
    return row["cookie"] or row["user_id"]


ASKED = {
    "as they are": ([], {}),
    "a path into JSON": (["columns.item=properties.product_id"], {}),
    "an element of a list in JSON": (["columns.item=properties.items[0].sku"], {}),
    "numeric": (["columns.user=account"], {"user": lambda row: row["account"]}),
    "numeric with digits behind the point": (
        ["columns.item=price"], {"item": lambda row: row["price"] and row["price"].replace(".50", ".5").replace(".00", "")}),
    "a timestamp without a zone": (["columns.time=local_time"], {}),
    "a timestamp without a zone, in one": (
        ["columns.time=local_time", "time.zone=America/St_Johns"],
        {"time": lambda row: (row["event_time"] + datetime.timedelta(hours=2, minutes=30)).isoformat()}),
    "a date": (["columns.time=day"], {"time": lambda row: row["event_time"].date().isoformat()}),
    "empty text and NULL": (['columns.user=["cookie","user_id"]'], {"user": fallback}),
    "boolean": (
        ["columns.item=logged_in"],
        {"item": lambda row: None if row["logged_in"] is None else str(row["logged_in"]).lower()}),
}


@pytest.fixture(scope="module")
def expected(tmp_path_factory):
    known = {}

    def get(asked: str) -> dict:
        if asked not in known:
            folder = tmp_path_factory.mktemp("plain")
            known[asked] = written(plain(folder, **ASKED[asked][1]), folder / "out", *ROOM[:2])
        return known[asked]

    return get


# --- PostgreSQL

CREATE = """
CREATE TYPE kind AS ENUM ('auction', 'impression', 'click', 'purchase');
CREATE TABLE events (id bigint, user_id uuid, account numeric(20, 0), cookie text, event_time timestamptz, local_time timestamp,
  day date, event_type kind, product_id text, price numeric(12, 2), logged_in boolean, properties jsonb, tags text[]);
"""


def postgres_programs():
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: int(folder.parent.name)) \
        if Path("/usr/lib/postgresql").is_dir() else []
    found = {name: shutil.which(name, path=os.pathsep.join([*map(str, reversed(folders)), os.environ["PATH"]]))
             for name in ("initdb", "pg_ctl", "psql")}
    return found if all(found.values()) else None


def literal(value) -> str:
    if value is None:
        return "NULL"
    return "'" + str(value).replace("'", "''") + "'"


def insert() -> str:
    values = []
    for row in ROWS:
        items = [{"sku": row["product_id"]}, {"sku": "x"}]
        properties = json.dumps({"product_id": row["product_id"], "n": row["id"], "items": items})
        local = row["event_time"].replace(tzinfo=None)
        values.append("(" + ", ".join(map(literal, [
            row["id"], row["user_id"], row["account"], row["cookie"], row["event_time"].isoformat(), local, local.date(),
            row["event_type"], row["product_id"], row["price"], row["logged_in"], properties, '{a,"b c"}'])) + ")")
    return "INSERT INTO events VALUES " + ",\n".join(values) + ";"


class Server:
    def __init__(self, programs: dict):
        self.programs = programs
        # A socket's path may have 107 bytes, which pytest's folders are too deep for.
        self.folder = Path(tempfile.mkdtemp(prefix="pg", dir="/tmp"))
        self.account = {}
        if os.geteuid() == 0:  # as whom no server starts
            nobody = pwd.getpwnam("nobody")
            os.chown(self.folder, nobody.pw_uid, nobody.pw_gid)
            self.account = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}

    def call(self, program: str, *arguments: str):
        ended = subprocess.run([self.programs[program], *arguments], cwd=self.folder, stdin=subprocess.DEVNULL,
                               stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, encoding="utf-8", timeout=120, **self.account)
        assert ended.returncode == 0, ended.stderr

    def start(self):
        self.call("initdb", "-D", "data", "-U", "shop", "--auth=trust", "--no-sync", "-E", "UTF8", "--locale=C")
        options = f"-c listen_addresses= -k {self.folder} -c fsync=off"
        self.call("pg_ctl", "-D", "data", "-w", "-s", "-l", "log", "-o", options, "start")

    def stop(self):
        try:
            if (self.folder / "data" / "postmaster.pid").exists():
                self.call("pg_ctl", "-D", "data", "-m", "immediate", "-s", "stop")
        finally:
            shutil.rmtree(self.folder, ignore_errors=True)

    def psql(self, *arguments: str, zone="UTC", stdin=None) -> subprocess.Popen:
        environment = {**os.environ, "PGTZ": zone, "PGCLIENTENCODING": "UTF8"}
        return subprocess.Popen([self.programs["psql"], "-X", "-q", "-h", str(self.folder), "-U", "shop", "-d", "postgres",
                                 "-v", "ON_ERROR_STOP=1", *arguments],
                                env=environment, stdin=stdin or subprocess.DEVNULL, stdout=subprocess.PIPE)


@pytest.fixture(scope="module")
def postgres():
    programs = postgres_programs()
    if programs is None:
        pytest.skip("PostgreSQL's server is not installed here; apt-get install postgresql")
    server = Server(programs)
    try:
        server.start()
        with server.psql("-f", "-", stdin=subprocess.PIPE) as filled:
            filled.communicate((CREATE + insert()).encode())
            assert filled.returncode == 0
        yield server
    finally:
        server.stop()


COPY = "COPY (SELECT * FROM events ORDER BY id) TO STDOUT WITH (FORMAT {})"
TEXT = ["input.quote=null", "input.escape=\\", 'input.nulls=["\\\\N"]']
POSTGRES = {
    "csv": (["-c", COPY.format("csv, HEADER")], []),
    "csv, quotes everywhere": (["-c", COPY.format("csv, HEADER, FORCE_QUOTE *")], []),
    "psql --csv": (["--csv", "-c", "SELECT * FROM events ORDER BY id"], []),
    "text": (["-c", COPY.format("text, HEADER")], TEXT),
    "a row of JSON": (["-At", "-c", "SELECT row_to_json(e) FROM events e ORDER BY id"], []),
}


def piped(server: Server, way: str, out: Path, settings: list, zone="UTC") -> dict:
    arguments, needed = POSTGRES[way]
    with server.psql(*arguments, zone=zone) as process:
        files = written(Path("-"), out, *ROOM, *needed, *settings, stdin=process.stdout)
    assert process.returncode == 0
    return files


@pytest.mark.parametrize("asked", ASKED)
@pytest.mark.parametrize("way", POSTGRES)
def test_postgresql(way, asked, postgres, expected, tmp_path):
    if way == "text" and "HEADER" in POSTGRES[way][0][1] and version(postgres) < 15:
        pytest.skip("PostgreSQL before 15 writes no header into its text format")
    if asked == "boolean" and way != "a row of JSON":
        source = plain(tmp_path, item=lambda row: None if row["logged_in"] is None else str(row["logged_in"])[0].lower())
        wanted = written(source, tmp_path / "plain", *ROOM[:2])
    elif asked == "numeric with digits behind the point":  # an id is the text that stands there, but for a whole number of JSON
        whole = ".00" if way == "a row of JSON" else " "
        source = plain(tmp_path, item=lambda row: row["price"] and row["price"].replace(whole, ""))
        wanted = written(source, tmp_path / "plain", *ROOM[:2])
    else:
        wanted = expected(asked)
    assert piped(postgres, way, tmp_path / "out", ASKED[asked][0]) == wanted


def version(server: Server) -> int:
    told = subprocess.run([server.programs["psql"], "--version"], capture_output=True, encoding="utf-8").stdout
    return int(re.search(r"\d+", told)[0])


@pytest.mark.parametrize("zone", ["America/St_Johns", "Asia/Kathmandu"])
def test_postgresql_in_the_zone_of_its_session(zone, postgres, expected, tmp_path):
    assert piped(postgres, "csv", tmp_path / "out", [], zone) == expected("as they are")


# --- DuckDB


@pytest.fixture(scope="module")
def duck():
    duckdb = pytest.importorskip("duckdb")
    connection = duckdb.connect()
    connection.execute("SET TimeZone = 'UTC'")
    connection.execute(CREATE.split(";")[0])
    connection.execute("""CREATE TABLE events (id bigint, user_id uuid, account decimal(20, 0), cookie text, event_time timestamptz,
      local_time timestamp, day date, event_type kind, product_id text, price decimal(12, 2), logged_in boolean, properties json,
      tags text[])""")
    connection.execute(insert().replace("'{a,\"b c\"}'", "['a', 'b c']"))
    connection.execute("""ALTER TABLE events ADD COLUMN nested STRUCT(product_id text, items STRUCT(sku text)[])""")
    connection.execute("UPDATE events SET nested = {product_id: product_id, items: [{sku: product_id}, {sku: 'x'}]}")
    return connection


def to_arrow(connection, path: Path, query: str):
    ipc = pytest.importorskip("pyarrow.ipc")
    table = connection.sql(query).to_arrow_table()
    with ipc.new_file(path, table.schema) as writer:
        writer.write_table(table, max_chunksize=300)


def copy(options: str):
    return lambda connection, path, query: connection.execute(f"COPY ({query}) TO '{path}' ({options})")


DUCKDB = {
    "parquet": copy("FORMAT parquet"),
    "parquet v2, zstd": copy("FORMAT parquet, PARQUET_VERSION v2, COMPRESSION zstd, ROW_GROUP_SIZE 300"),
    "csv": copy("FORMAT csv, HEADER"),
    "json": copy("FORMAT json"),
    "json, one array": copy("FORMAT json, ARRAY true"),
    "arrow": to_arrow,
}
SELECT = "SELECT * FROM events ORDER BY id"


@pytest.mark.parametrize("asked", ASKED)
@pytest.mark.parametrize("way", DUCKDB)
def test_duckdb(way, asked, duck, expected, tmp_path):
    wanted = expected(asked)
    if asked == "numeric with digits behind the point" and way == "csv":
        wanted = written(plain(tmp_path, item=lambda row: row["price"]), tmp_path / "plain", *ROOM[:2])
    DUCKDB[way](duck, tmp_path / "events", SELECT)
    assert written(tmp_path / "events", tmp_path / "out", *ROOM, *ASKED[asked][0]) == wanted


@pytest.mark.parametrize("path", ["nested.product_id", "nested.items[0].sku"])
@pytest.mark.parametrize("way", [way for way in DUCKDB if way != "csv"])
def test_nested_columns_of_duckdb(way, path, duck, expected, tmp_path):
    DUCKDB[way](duck, tmp_path / "events", SELECT)
    assert written(tmp_path / "events", tmp_path / "out", *ROOM, f"columns.item={path}") == expected("as they are")


def test_lists_in_a_csv_of_duckdb_are_refused(duck, tmp_path):
    DUCKDB["csv"](duck, tmp_path / "events", SELECT)
    ended = run(tmp_path / "events", tmp_path / "out", *ROOM, "columns.item=nested.items[0].sku")
    assert ended.returncode == 1 and "it begins as JSON and is none" in ended.stderr


@pytest.mark.parametrize("unit", ["timestamp_s", "timestamp_ms", "timestamp_ns"])
@pytest.mark.parametrize("way", DUCKDB)
def test_timestamps_of_duckdb(way, unit, duck, tmp_path):
    columns = f"user_id, local_time::{unit} AS event_time, event_type, product_id"
    DUCKDB[way](duck, tmp_path / "events", f"SELECT {columns} FROM events ORDER BY id")
    step = {"timestamp_s": 1_000_000, "timestamp_ms": 1000, "timestamp_ns": 1}[unit]

    def rounded(row) -> str:
        # As the database rounds, which is its own matter.
        local = row["event_time"].replace(tzinfo=None)
        time = duck.execute(f"SELECT epoch_us(?::timestamp::{unit}::timestamp)", [local]).fetchall()[0][0]
        assert time % step == 0
        return str(time)

    source = plain(tmp_path, time=rounded)
    assert written(tmp_path / "events", tmp_path / "out", *ROOM) == written(source, tmp_path / "plain", *ROOM[:2])


@pytest.mark.parametrize("options", [
    "FORMAT parquet", "FORMAT csv, HEADER", "FORMAT json", "FORMAT parquet, WRITE_PARTITION_COLUMNS true"])
def test_partitions_of_duckdb_are_columns(options, duck, tmp_path):
    duck.execute(f"COPY ({SELECT}) TO '{tmp_path / 'events'}' ({options}, PARTITION_BY (event_type))")
    assert {path.name for path in (tmp_path / "events").iterdir()} == {f"event_type={kind}" for kind in KINDS}
    ordered = SELECT.replace("ORDER BY id", "ORDER BY event_type::text, id")
    duck.execute(f"COPY ({ordered}) TO '{tmp_path / 'events.csv'}' (HEADER)")
    expected = written(tmp_path / "events.csv", tmp_path / "one", *ROOM)
    assert written(tmp_path / "events", tmp_path / "out", *ROOM) == expected


def test_partitions_by_user_whose_names_are_escaped(duck, tmp_path):
    duck.execute("CREATE OR REPLACE TABLE odd AS SELECT *, 'a/b=' || cookie || ' %41' AS shopper FROM events WHERE cookie <> ''")
    duck.execute(f"COPY odd TO '{tmp_path / 'events'}' (FORMAT parquet, PARTITION_BY (event_type, shopper))")
    duck.execute(f"COPY (SELECT * FROM odd ORDER BY event_type::text, shopper, id) TO '{tmp_path / 'events.csv'}' (HEADER)")
    settings = [*ROOM, "columns.user=shopper"]
    assert written(tmp_path / "events", tmp_path / "out", *settings) == written(tmp_path / "events.csv", tmp_path / "one", *settings)


def test_a_column_beside_its_partition(duck, tmp_path):
    """DuckDB and Spark have the folder's value in every row; the column's own counts here, and what it lacks is the folder's."""
    folder = tmp_path / "events" / "event_type=click"
    folder.mkdir(parents=True)
    rows = "SELECT id, user_id, event_time, CASE id % 3 WHEN 0 THEN event_type::text END AS event_type, product_id FROM events"
    duck.execute(f"COPY ({rows} ORDER BY id) TO '{folder / 'part-0.parquet'}'")
    theirs = duck.execute(f"SELECT DISTINCT event_type FROM read_parquet('{folder}/*', hive_partitioning = true)").fetchall()
    assert theirs == [("click",)]
    duck.execute(f"COPY (SELECT * REPLACE (coalesce(event_type, 'click') AS event_type) FROM ({rows}) ORDER BY id) "
                 f"TO '{tmp_path / 'events.csv'}' (HEADER)")
    assert written(tmp_path / "events", tmp_path / "out", *ROOM) == written(tmp_path / "events.csv", tmp_path / "one", *ROOM)
    differ = duck.execute(f"SELECT count(*) FROM ({rows}) WHERE event_type <> 'click'").fetchall()[0][0]
    told = run(tmp_path / "events", tmp_path / "again", *ROOM).stderr
    assert f"of {differ} such rows in 1 file the column's value was taken" in told
