"""Paths into nested columns of Parquet and Arrow find what they find in the same rows as JSON.

COUNT=n tries so many schemas of each format instead of a few.
"""

import datetime
import json
import os
import random

import pytest

pytest.importorskip("pyarrow")

import pyarrow as pa  # noqa: E402
import pyarrow.ipc as ipc  # noqa: E402
import pyarrow.parquet as pq  # noqa: E402

import random_nested  # noqa: E402
from incoming import refusal, run, written  # noqa: E402
from product import ask  # noqa: E402

COUNT = int(os.environ.get("COUNT", 30))


def outcome(path, out, settings) -> tuple:
    ended = run(path, out, *settings)
    assert ended.returncode in (0, 1), (ended.returncode, ended.stderr)
    files = {file.relative_to(out): file.read_bytes() for file in out.rglob("*") if file.is_file()}
    return ended.returncode, files, ended.stderr


def check(seed, write, arrow, tmp_path):
    draw = random.Random(seed)
    table, columns = random_nested.table(draw, arrow)
    path = tmp_path / "events"
    write(draw, path, table)
    (tmp_path / "events.ndjson").write_text(random_nested.ndjson(table), "utf-8")
    settings = ["events.unknown=add", "rows.bad=drop", "session.minEvents=1", "sequence.padding=null"]
    settings += [f"columns.{role}={json.dumps(column)}" for role, column in columns.items()]
    expected = outcome(tmp_path / "events.ndjson", tmp_path / "json", settings)
    found = outcome(path, tmp_path / "out", settings)
    assert found[:2] == expected[:2], (columns, table.schema, found[2], expected[2])


@pytest.mark.parametrize("seed", range(COUNT))
def test_parquet(seed, tmp_path):
    check(seed, random_nested.write_parquet, False, tmp_path)


@pytest.mark.parametrize("seed", range(COUNT))
def test_arrow(seed, tmp_path):
    check(10_000 + seed, random_nested.write_arrow, True, tmp_path)


PARAMETER = pa.struct([("key", pa.string()), ("value", pa.struct([("string_value", pa.string()), ("int_value", pa.int64()),
                                                                 ("double_value", pa.float64())]))])
ITEM = pa.struct([("item_id", pa.string()), ("item_name", pa.string()), ("price", pa.float64())])
GA4 = pa.schema([("event_date", pa.string()), ("event_timestamp", pa.int64()), ("event_name", pa.string()),
                 ("event_params", pa.list_(PARAMETER)), ("user_id", pa.string()), ("user_pseudo_id", pa.string()),
                 ("device", pa.struct([("category", pa.string()), ("language", pa.string())])), ("items", pa.list_(ITEM))])


def ga4_rows() -> list:
    rows, draw = [], random.Random(4)
    for second in range(400):
        kind = draw.choice(["session_start", "view_item_list", "view_item_list", "view_item", "select_item", "purchase"])
        count = 0 if kind == "session_start" else draw.randrange(1, 4)
        items = [{"item_id": draw.choice("ABCDE"), "item_name": "x", "price": 1.5} for _ in range(count)]
        value = {"string_value": None, "int_value": 1_757_055_780, "double_value": None}
        rows.append({"event_date": "20250905", "event_timestamp": 1_757_055_780_000_000 + 700_000_000 * second // 20,
                     "event_name": kind, "event_params": [{"key": "page", "value": {"string_value": "/"}},
                                                          {"key": "ga_session_id", "value": value}],
                     "user_id": None, "user_pseudo_id": f"{draw.randrange(9)}.222", "device": {"category": "mobile"},
                     "items": items})
    return rows


@pytest.mark.parametrize("settings", [
    ["preset=ga4"],
    ["preset=ga4", 'columns.user=event_params[key=ga_session_id].value.int_value'],
    ["preset=ga4", "input.rows=items[]", "columns.item=item_id", "rows.bad=drop"],
], ids=["preset", "by key", "rows"])
def test_ga4(settings, tmp_path):
    rows = ga4_rows()
    (tmp_path / "ga4.ndjson").write_text("".join(json.dumps(row) + "\n" for row in rows))
    table = pa.Table.from_pylist(rows, GA4)
    pq.write_table(table, tmp_path / "ga4.parquet", row_group_size=150)
    with ipc.new_file(tmp_path / "ga4.arrow", table.schema) as writer:
        writer.write_table(table, max_chunksize=150)
    expected = written(tmp_path / "ga4.ndjson", tmp_path / "json", *settings)
    assert written(tmp_path / "ga4.parquet", tmp_path / "parquet", *settings) == expected
    assert written(tmp_path / "ga4.arrow", tmp_path / "arrow", *settings) == expected


def test_a_nested_column_is_no_value(tmp_path):
    table = pa.table({"user": [[{"id": "x"}]] * 3, "time": [1, 2, 3], "type": ["click"] * 3})
    pq.write_table(table, tmp_path / "events.parquet")
    with ipc.new_file(tmp_path / "events.arrow", table.schema) as writer:
        writer.write_table(table)
    for name in ("events.parquet", "events.arrow"):
        assert 'A path names a value in it, such as "user[0].id"' in refusal(tmp_path / name, tmp_path / "out")


MAP = pa.map_(pa.string(), pa.string())
UNREAD = {
    "text of an object": (["", '{"product_id": "a"}', '{"product_id": "b"}'], pa.string(), "more.product_id"),
    "text of a list": ([None, "[]", '[{"item_id": "a"}]'], pa.string(), "more[0].item_id"),
    "text of plain values": (['["a"]'] * 3, pa.string(), "more[0]"),
    "bytes": ([b'{"sku": "a"}'] * 3, pa.binary(), "more.sku"),
    "dictionary": (['{"sku": "a"}'] * 3, pa.dictionary(pa.int8(), pa.string()), "more.sku"),
    "struct": ([{"sku": "a"}] * 3, pa.struct([("sku", pa.string())]), "more.sku"),
    "structs inside": ([{"of": [{"sku": "a"}]}] * 3, pa.struct([("of", pa.list_(pa.struct([("sku", pa.string())])))]), "more.of[0].sku"),
    "map": ([[("color", "red"), ("product_id", "a")]] * 3, MAP, "more[key=product_id].value"),
    "map of others": ([[("color", "red")]] * 3, MAP, "more[key=color].value"),
    "texts": ([["a", "b"]] * 3, pa.list_(pa.string()), "more[0]"),
    "numbers": ([[1, 2]] * 3, pa.list_(pa.int64()), "more[0]"),
    "nothing": (["x", "{", "[user]"], pa.string(), None),
    "an object of other things, by its type": ([{"color": "red"}] * 3, pa.struct([("color", pa.string())]), None),
}


@pytest.mark.parametrize("values, type_, path", UNREAD.values(), ids=UNREAD)
def test_a_column_that_may_hold_the_item_is_told(values, type_, path, tmp_path):
    table = pa.table({"user": ["u"] * 3, "time": [f"2025-09-05 07:0{i}:00" for i in range(3)],
                      "type": ["impression", "click", "purchase"], "more": pa.array(values, type_)})
    pq.write_table(table, tmp_path / "events.parquet")
    with ipc.new_file(tmp_path / "events.arrow", table.schema) as writer:
        writer.write_table(table)
    with ipc.new_stream(tmp_path / "events.arrows", table.schema) as writer:
        writer.write_table(table)
    for name in ("events.parquet", "events.arrow", "events.arrows"):
        told = f'{name}: no item is read, as no column of its own is the item; set columns.item to "{path}" if it is there'
        for ended in (run(tmp_path / name, tmp_path / "out"),
                      ask("inspect", tmp_path / name)):
            assert ended.returncode == 0, ended.stderr
            found = ended.stdout + ended.stderr
            assert told in found if path else "no item is read" not in found, found
        # What reads it is no reason to tell of it.
        if path:
            assert "no item is read" not in run(tmp_path / name, tmp_path / "by path", f"columns.item={path}").stderr


UNITS = {"s": pa.time32, "ms": pa.time32, "us": pa.time64, "ns": pa.time64}
DAY = datetime.date(2025, 9, 5)


@pytest.mark.parametrize("unit", UNITS)
@pytest.mark.parametrize("format_", ["parquet", "arrow"])
@pytest.mark.parametrize("date", [pa.date32(), pa.date64(), pa.string(), pa.dictionary(pa.int8(), pa.string())], ids=str)
def test_a_date_and_a_time_of_the_day_are_an_instant(unit, format_, date, tmp_path):
    clocks = [datetime.time(7, 3), datetime.time(7, 3, 59), datetime.time(23, 59, 59, 0 if unit == "s" else 250_000)]
    days = [DAY] * 3 if date in (pa.date32(), pa.date64()) else [str(DAY)] * 3
    made = pa.table({"user": ["u"] * 3, "date": pa.array(days, date), "time": pa.array(clocks, UNITS[unit](unit)),
                     "type": ["impression", "click", "purchase"]})
    if format_ == "parquet":
        pq.write_table(made, tmp_path / "events", use_dictionary=unit == "us", version="2.6")
    else:
        with ipc.new_file(tmp_path / "events", made.schema) as writer:
            writer.write_table(made)
    lines = [f"u,{DAY} {clock.isoformat()},{type_}" for clock, type_ in zip(clocks, made["type"].to_pylist())]
    (tmp_path / "events.csv").write_text("\n".join(["user,time,type", *lines, ""]))
    joined = written(tmp_path / "events", tmp_path / "out", 'columns.time=["date","time"]')
    assert joined == written(tmp_path / "events.csv", tmp_path / "csv")
    assert '"date"' in refusal(tmp_path / "events", tmp_path / "none")  # the time of the day alone is none
    shown = ask("inspect", tmp_path / "events").stdout
    assert "07:03:59" in shown and "time of day" in shown, shown
