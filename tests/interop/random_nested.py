"""Random tables whose columns are nested, random paths into them, and random ways to write them: the rows as JSON are the
measure for Parquet and Arrow."""

import datetime
import decimal
import json
import math
import random

import pyarrow as pa
import pyarrow.ipc as ipc
import pyarrow.parquet as pq

TEXTS = ["a", "b", "c", "é", 'say "x"', "back\\slash", "two\nlines", "日本", "7", "{\"id\": \"in text\"}"]
UTC = datetime.timezone.utc


class Leaf:
    """A type of plain values."""

    def __init__(self, type_, draw_value):
        self.type, self.draw_value = type_, draw_value


def leaf(draw: random.Random, arrow: bool) -> Leaf:
    kind = draw.choice(["text", "text", "text", "int", "int", "float", "bool", "dictionary", "time", "date", "clock", "decimal",
                        "null"])
    if kind == "text":
        return Leaf(draw.choice([pa.string(), pa.large_string()] + [pa.string_view()] * arrow), lambda: draw.choice(TEXTS))
    if kind == "dictionary":
        return Leaf(pa.dictionary(pa.int8(), pa.string()), lambda: draw.choice(TEXTS))
    if kind == "int":
        return Leaf(draw.choice([pa.int64(), pa.int32(), pa.uint8()]), lambda: draw.randrange(6))
    if kind == "float":
        return Leaf(pa.float64(), lambda: draw.choice([1.0, 2.5, -0.25, math.nan, 1e300]))
    if kind == "bool":
        return Leaf(pa.bool_(), lambda: draw.random() < 0.5)
    if kind == "time":
        zone = draw.choice([None, "UTC"])
        return Leaf(pa.timestamp(draw.choice(["ms", "us"]), zone), lambda: moment(draw.randrange(100_000), zone))
    if kind == "date":
        return Leaf(pa.date32(), lambda: datetime.date(2025, 9, draw.randrange(1, 30)))
    if kind == "clock":
        type_ = draw.choice([pa.time32("s"), pa.time32("ms"), pa.time64("us"), pa.time64("ns")])
        return Leaf(type_, lambda: moment(draw.randrange(86_400), None).time())
    if kind == "decimal":
        return Leaf(pa.decimal128(9, 2), lambda: decimal.Decimal(draw.randrange(-500, 500)).scaleb(-2))
    return Leaf(pa.null(), lambda: None)


def moment(second: int, zone):
    return datetime.datetime(2025, 9, 5, tzinfo=UTC if zone else None) + datetime.timedelta(seconds=second)


def nested(draw: random.Random, depth: int, arrow: bool, missing: float):
    """A type, how a value of it is drawn, and the paths below it with the types at their ends."""
    kind = draw.choice(["struct", "struct", "list", "list", "map"]) if depth > 0 else "leaf"
    if depth < 3 and kind != "leaf" and draw.random() < 0.25:
        kind = "leaf"
    if kind == "leaf":
        one = leaf(draw, arrow)
        return one.type, lambda: None if draw.random() < missing else one.draw_value(), [("", one.type)]
    if kind == "struct":
        names = draw.sample(["id", "key", "value", "x", "with.dot", "ünï"], draw.randrange(1, 4))
        made = {name: nested(draw, depth - 1, arrow, missing) for name in names}
        paths = [(step(name) + path, end) for name, (_, _, below) in made.items() for path, end in below]
        type_ = pa.struct([(name, one[0]) for name, one in made.items()])
        return type_, lambda: None if draw.random() < missing else {name: one[1]() for name, one in made.items()}, paths
    inner, value, below = nested(draw, depth - 1, arrow, missing)
    if kind == "map":
        type_ = pa.map_(pa.string(), inner)
        paths = [(f"[{index}].value{path}", end) for path, end in below for index in (0, "key=a", "key=b")]
        def drawn():
            return None if draw.random() < missing else [(draw.choice(TEXTS), value()) for _ in range(draw.randrange(4))]
        return type_, drawn, paths
    lists = [pa.list_(inner), pa.list_(inner), pa.large_list(inner), pa.list_(inner, 2)]
    type_ = draw.choice(lists + [pa.list_view(inner), pa.large_list_view(inner)] * arrow)
    size = 2 if isinstance(type_, pa.FixedSizeListType) else None
    paths = []
    for path, end in below:
        paths += [("[0]" + path, end), ("[1]" + path, end), ("[]" + path, end)]
        if pa.types.is_struct(inner):
            key = draw.choice(list(inner))
            if pa.types.is_string(key.type):
                paths.append((f"[{key.name}=a]{path}" if "." not in key.name else "[0]" + path, end))

    def drawn():
        return None if draw.random() < missing else [value() for _ in range(size or draw.choice([0, 1, 1, 2, 3, 9]))]

    return type_, drawn, paths


def step(name: str) -> str:
    return f'["{name}"]' if "." in name else f".{name}"


def table(draw: random.Random, arrow: bool) -> tuple:
    """A table, and the plan's columns that name something in it."""
    count = draw.choice([1, 30, 300])
    missing = draw.choice([0, 0.1, 0.3])
    columns, paths = {}, []
    for name in ["a", "b", "user"]:
        type_, value, below = nested(draw, draw.choice([1, 2, 3]), arrow, missing)
        while not below[0][0] or not any(is_id(end) for _, end in below):
            type_, value, below = nested(draw, draw.choice([1, 2, 3]), arrow, missing)
        columns[name] = pa.array([value() for _ in range(count)], type_)
        paths.append([(name + path, end) for path, end in below])
    times = [moment(9 * i, "UTC") for i in range(count)]
    if draw.random() < 0.5:
        columns["m"] = pa.array([{"t": time, "u": i} for i, time in enumerate(times)],
                                pa.struct([("u", pa.int32()), ("t", pa.timestamp("us", "UTC"))]))
    else:
        columns["ts"] = pa.array(times, pa.timestamp("ms", "UTC"))
    names = list(columns)
    draw.shuffle(names)
    item = draw.choice([path for path, end in paths[0] if is_id(end)])
    kind = draw.choice([path for path, end in paths[1] if is_id(end)])
    user = draw.choice([path for path, end in paths[2] if is_id(end)])
    chosen = {"item": item, "time": "m.t" if "m" in columns else "ts", "user": single(user),
              "type": single(kind) if draw.random() < 0.5 else {"value": "click"}}
    made = pa.table({name: columns[name] for name in names})
    first = draw.randrange(max(1, count // 3))
    return made.slice(first), chosen


def single(path: str) -> str:
    """Without lists that make rows, of which there can be one."""
    return path.replace("[]", "[0]")


def is_id(type_) -> bool:
    return not pa.types.is_null(type_)


def plain(value, type_):
    """A value as JSON has it."""
    if value is None:
        return None
    if pa.types.is_struct(type_):
        return {field.name: plain(value[field.name], field.type) for field in type_}
    if pa.types.is_map(type_):
        return [{"key": key, "value": plain(one, type_.item_type)} for key, one in value]
    if isinstance(value, list):
        return [plain(one, type_.value_type) for one in value]
    if isinstance(value, float):
        return None if math.isnan(value) else value
    if isinstance(value, datetime.datetime):
        return value.isoformat().replace("+00:00", "Z")
    if isinstance(value, (datetime.date, datetime.time)):
        return value.isoformat()
    if isinstance(value, decimal.Decimal):
        text = f"{value:f}".rstrip("0").rstrip(".")
        return "0" if text in ("-0", "") else text
    return value


def ndjson(made: pa.Table) -> str:
    lists = {field.name: (field.type, made[field.name].to_pylist()) for field in made.schema}
    lines = []
    for row in range(made.num_rows):
        lines.append(json.dumps({name: plain(values[row], type_) for name, (type_, values) in lists.items()},
                                ensure_ascii=False))
    return "".join(line + "\n" for line in lines)


def write_parquet(draw: random.Random, path, made: pa.Table) -> None:
    # pyarrow fails to unpack a dictionary that has no values.
    coded = draw.random() < 0.5 or "dictionary" in str(made.schema)
    pq.write_table(made, path, compression=draw.choice(["none", "snappy", "zstd", "gzip"]),
                   row_group_size=draw.choice([7, 100, 10_000]), data_page_size=draw.choice([1, 64, 1 << 20]),
                   write_batch_size=draw.choice([1, 3, 1024]), data_page_version=draw.choice(["1.0", "2.0"]),
                   use_dictionary=coded, use_compliant_nested_type=draw.random() < 0.7,
                   version=draw.choice(["1.0", "2.6"]), store_schema=draw.random() < 0.5)


def write_arrow(draw: random.Random, path, made: pa.Table) -> None:
    options = ipc.IpcWriteOptions(compression=draw.choice([None, "lz4", "zstd"]), unify_dictionaries=True)
    make = ipc.new_stream if draw.random() < 0.5 else ipc.new_file
    with make(path, made.schema, options=options) as writer:
        writer.write_table(made, max_chunksize=draw.choice([7, 100, 10_000]))
