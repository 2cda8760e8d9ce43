"""Random tables of events in Arrow's types, random ways to write them, and the CSV of their values as pyarrow has them."""

import datetime
import decimal
import math
import random
import uuid

import numpy as np
import pyarrow as pa
import pyarrow.ipc as ipc
import pyarrow.parquet as pq

from incoming import NAMES, START_US

EPOCH = datetime.datetime(1970, 1, 1)
TEXTS = ["a", "0", "00", "-1", "é", "日本", "user 7", 'say "x"', "x" * 40, "1e5", "12345678901234567890"]


def drawn_decimal(draw: random.Random, precision: int, scale: int) -> decimal.Decimal:
    digits = draw.choice([draw.randrange(1, 10), draw.randrange(10 ** draw.randrange(1, precision + 1))])
    if draw.random() < 0.4:  # with zeros behind its point, or nothing else
        digits = digits // 10**max(scale - 1, 0) * 10**max(scale - 1, 0)
    sign = draw.choice([0, 0, 1]) if digits else 0
    if scale < 0:
        return decimal.Decimal((-1) ** sign * digits * 10**-scale)
    return decimal.Decimal((sign, tuple(int(digit) for digit in str(digits)), -scale))


def decimal_type(draw: random.Random):
    make, most = draw.choice([(pa.decimal32, 9), (pa.decimal64, 18), (pa.decimal128, 38), (pa.decimal256, 76)])
    precision = draw.choice([most, draw.randrange(1, most + 1)])
    return make, precision


def ids(draw: random.Random, parquet: bool) -> tuple:
    """A type and some twenty values of it."""
    count = 20
    kind = draw.choice(["text", "text", "bytes", "fixed", "integer", "integer", "float", "decimal", "decimal", "decimal", "boolean",
                        "uuid", "duration", "date text"])
    if kind in ("text", "date text"):
        types = [pa.string(), pa.large_string(), pa.string_view()]
        return draw.choice(types), [draw.choice(TEXTS) for _ in range(count)]
    if kind == "bytes":
        types = [pa.binary(), pa.large_binary(), pa.binary_view()]
        return draw.choice(types), [draw.choice(TEXTS).encode() for _ in range(count)]
    if kind == "fixed":
        return pa.binary(6), [f"id{draw.randrange(20):04}".encode() for _ in range(count)]
    if kind == "integer":
        bits, signed = draw.choice([8, 16, 32, 64]), draw.random() < 0.5
        most = 2 ** (bits - signed) - 1
        low = -most - 1 if signed else 0
        values = [draw.choice([low, most, draw.randrange(0, 20), draw.randrange(low, most + 1)]) for _ in range(count)]
        return getattr(pa, f"{'' if signed else 'u'}int{bits}")(), values
    if kind == "float":
        bits = draw.choice([16, 32, 64])
        values = [draw.choice([float(draw.randrange(-50, 50)), draw.randrange(-64, 64) / 4, math.nan]) for _ in range(count)]
        return getattr(pa, f"float{bits}")(), values
    if kind == "decimal":
        make, precision = decimal_type(draw)
        scale = draw.choice([0, 0, draw.randrange(0, precision + 1)])
        if not parquet and make is pa.decimal256 and draw.random() < 0.3:
            scale = -draw.randrange(1, 5)  # which pyarrow cannot make of the smaller ones
        return make(precision, scale), [drawn_decimal(draw, precision, scale) for _ in range(count)]
    if kind == "boolean":
        return pa.bool_(), [True, False]
    if kind == "uuid":
        return pa.uuid(), [uuid.UUID(int=draw.getrandbits(128)) for _ in range(count)]
    return pa.duration(draw.choice(["s", "ms", "us", "ns"])), [draw.randrange(100) for _ in range(count)]


def times(draw: random.Random) -> tuple:
    """A type and values of it, in whose terms the events are an hour or so apart."""
    steps = [draw.randrange(40 * 24 * 3600) for _ in range(60)]
    seconds = [START_US // 10**6 + step for step in steps]
    kind = draw.choice(["timestamp", "timestamp", "date", "integer", "decimal", "decimal", "float", "text", "duration"])
    if kind == "timestamp":
        unit = draw.choice(["s", "ms", "us", "ns"])
        factor = {"s": 1, "ms": 10**3, "us": 10**6, "ns": 10**9}[unit]
        zone = draw.choice([None, "UTC", "Asia/Tokyo"])
        return pa.timestamp(unit, zone), [second * factor + draw.randrange(factor) for second in seconds]
    if kind == "date":
        return draw.choice([pa.date32(), pa.date64()]), [EPOCH.date() + datetime.timedelta(second // 86400) for second in seconds]
    if kind in ("integer", "duration"):
        power = draw.choice([0, 3, 6, 9])
        kinds = [pa.duration(draw.choice(["s", "us"]))] if kind == "duration" else [pa.int64(), pa.uint64()]
        return draw.choice(kinds), [second * 10**power + draw.randrange(10**power) for second in seconds]
    if kind == "decimal":
        make, most = draw.choice([(pa.decimal64, 18), (pa.decimal128, 38), (pa.decimal256, 76)])
        scale = draw.choice([0, 3, 6, 8, 8 if most == 18 else draw.randrange(9, most - 10)])
        digits = [second * 10**scale + draw.choice([0, draw.randrange(10**scale)]) for second in seconds]
        return make(most, scale), [decimal.Decimal((0, tuple(int(digit) for digit in str(of)), -scale)) for of in digits]
    if kind == "float":
        return pa.float64(), [second + draw.choice([0, 0.5, 0.25]) for second in seconds]
    return draw.choice([pa.string(), pa.string_view()]), [(EPOCH + datetime.timedelta(seconds=s)).isoformat() for s in seconds]


def array(draw: random.Random, kind, values: list, parquet: bool):
    """The values in this type, or coded: in a dictionary, with missing values among the codes or the values, or in runs."""
    form = draw.choice(["plain", "plain", "dictionary"] if parquet else ["plain", "dictionary", "runs", "runs of codes"])
    if parquet and not (pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_binary(kind)):
        form = "plain"  # pyarrow writes no other dictionaries
    if isinstance(kind, pa.UuidType) and form in ("dictionary", "runs of codes"):
        form = "plain"  # and reads none of these

    def plain(of):
        if isinstance(kind, pa.UuidType):
            return pa.ExtensionArray.from_storage(kind, pa.array([v and v.bytes for v in of], pa.binary(16)))
        if pa.types.is_timestamp(kind) or pa.types.is_duration(kind):
            return pa.array(of, pa.int64()).cast(kind)
        return pa.array(np.array([math.nan if v is None else v for v in of], np.float16), pa.float16(),
                        mask=np.array([v is None for v in of], bool)) if kind == pa.float16() else pa.array(of, kind)

    def coded(of):
        distinct = list(dict.fromkeys([value for value in of if value is not None]))
        draw.shuffle(distinct)
        if not parquet and draw.random() < 0.3:
            distinct.insert(draw.randrange(len(distinct) + 1), None)
        place = {value: i for i, value in enumerate(distinct)}
        codes = pa.array([place.get(value) for value in of], draw.choice([pa.int8(), pa.int32(), pa.uint16(), pa.int64()]))
        return pa.DictionaryArray.from_arrays(codes, plain(distinct), safe=False)

    if form == "plain" or not values:
        return plain(values)
    if form == "dictionary":
        return coded(values)
    heads = [i for i in range(len(values)) if i == 0 or values[i] is not values[i - 1]]
    ends = pa.array([*heads[1:], len(values)], draw.choice([pa.int16(), pa.int32(), pa.int64()]))
    of = [values[i] for i in heads]
    return pa.RunEndEncodedArray.from_arrays(ends, coded(of) if form == "runs of codes" else plain(of))


def table(draw: random.Random, parquet: bool) -> pa.Table:
    count = draw.choice([1, 2, 60, 400, 400])
    columns = [ids(draw, parquet), times(draw), ids(draw, parquet), ids(draw, parquet)]
    arrays = []
    for kind, values in columns:
        missing = draw.choice([0, 0, 0.05, 0.6])
        repeats = draw.choice([0, 0.5, 0.95])
        drawn = []
        while len(drawn) < count:
            if drawn and draw.random() < repeats:
                drawn.append(drawn[-1])
            else:
                drawn.append(None if draw.random() < missing else draw.choice(values))
        arrays.append(array(draw, kind, drawn, parquet))
    extra = pa.array([None if i % 3 else b"\xff" for i in range(count)], pa.binary())
    return pa.table([arrays[0], extra, *arrays[1:]], names=[NAMES[0], "raw", *NAMES[1:]])


def write_arrow(draw: random.Random, path, data: pa.Table) -> pa.Table:
    old = draw.random() < 0.25
    options = ipc.IpcWriteOptions(compression=draw.choice([None, None, "lz4", "zstd"]), use_legacy_format=old,
                                  metadata_version=ipc.MetadataVersion.V4 if old else ipc.MetadataVersion.V5)
    make = draw.choice([ipc.new_stream, ipc.new_file])
    runs = [kind for kind in data.schema.types if pa.types.is_run_end_encoded(kind)]
    # Of a slice of codes in runs pyarrow 26 writes the codes without their dictionary.
    whole = any(pa.types.is_dictionary(kind.value_type) for kind in runs)
    if not whole and draw.random() < 0.5 and len(data) > 2:
        data = data.slice(draw.randrange(len(data) // 2))
    with make(str(path), data.schema, options=options) as into:
        into.write_table(data, max_chunksize=10**6 if whole else draw.choice([1, 7, 100, 10**6]))
    return data


def write_parquet(draw: random.Random, path, data: pa.Table) -> pa.Table:
    coded = draw.random() < 0.5
    encodings = {}
    for name in [] if coded else data.schema.names:
        kind = data.schema.field(name).type
        if pa.types.is_string(kind) or pa.types.is_binary(kind):
            encodings[name] = draw.choice(["PLAIN", "DELTA_LENGTH_BYTE_ARRAY", "DELTA_BYTE_ARRAY"])
        elif kind in (pa.int64(), pa.int32()) or pa.types.is_timestamp(kind):
            encodings[name] = draw.choice(["PLAIN", "DELTA_BINARY_PACKED", "BYTE_STREAM_SPLIT"])
        elif pa.types.is_decimal256(kind) or kind in (pa.float16(), pa.float64(), pa.binary(6)):
            encodings[name] = draw.choice(["PLAIN", "BYTE_STREAM_SPLIT"])
        elif pa.types.is_boolean(kind):
            encodings[name] = draw.choice(["PLAIN", "RLE"])
    pq.write_table(data, path, compression=draw.choice(["none", "snappy", "gzip", "zstd", "brotli", "lz4"]), use_dictionary=coded,
                   column_encoding=encodings or None, data_page_version=draw.choice(["1.0", "2.0"]),
                   data_page_size=draw.choice([50, 1000, 10**6]), row_group_size=draw.choice([1, 30, 10**6]) if len(data) < 100 else 150,
                   store_decimal_as_integer=draw.random() < 0.5, write_page_checksum=draw.random() < 0.5, version="2.6")
    return pq.read_table(path)


def text(value, kind) -> str:
    """As web/docs/inputs.md says that an id is written."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    if pa.types.is_boolean(kind):
        return "true" if value else "false"
    if isinstance(value, bytes):
        return value.decode()
    if isinstance(value, decimal.Decimal):
        digits = format(value, "f")
        return digits.rstrip("0").rstrip(".") if "." in digits else digits
    if isinstance(value, float):
        return str(int(value)) if value == int(value) else repr(value)
    return str(value)


def time_text(value, kind) -> str:
    if value is None or not pa.types.is_timestamp(kind):
        return text(value, kind)
    power = {"s": 0, "ms": 3, "us": 6, "ns": 9}[kind.unit]
    seconds, rest = divmod(value, 10**power)
    fraction = f".{rest:0{power}}" if power else ""
    return (EPOCH + datetime.timedelta(seconds=seconds)).isoformat() + fraction + ("Z" if kind.tz else "")


def plain(column: pa.ChunkedArray) -> tuple:
    """Its values, without the ways to encode them, and their type; counts of time as the numbers they are."""
    values, kind = [], column.type
    while pa.types.is_dictionary(kind) or pa.types.is_run_end_encoded(kind):
        kind = kind.value_type
    for chunk in column.chunks:
        if pa.types.is_run_end_encoded(chunk.type):
            runs = decoded(chunk.values, kind)
            ends = chunk.run_ends.to_pylist()
            run = 0
            for row in range(chunk.offset, chunk.offset + len(chunk)):
                while ends[run] <= row:
                    run += 1
                values.append(runs[run])
        else:
            values += decoded(chunk, kind)
    return values, kind


def decoded(chunk, kind) -> list:
    if pa.types.is_dictionary(chunk.type):
        of = decoded(chunk.dictionary, kind)
        return [None if code is None else of[code] for code in chunk.indices.to_pylist()]
    if pa.types.is_timestamp(kind) or pa.types.is_duration(kind):
        return chunk.cast(pa.int64()).to_pylist()
    return chunk.to_pylist()


def csv(data: pa.Table) -> tuple:
    """The CSV of the events, and their types, the most frequent first."""
    columns = []
    for name in NAMES:
        values, kind = plain(data[name])
        columns.append([(time_text if name == NAMES[1] else text)(value, kind) for value in values])
    quoted = lambda cell: '"' + cell.replace('"', '""') + '"' if '"' in cell or "," in cell else cell
    lines = [",".join(NAMES)] + [",".join(map(quoted, row)) for row in zip(*columns)]
    kinds = sorted({kind for kind in columns[2] if kind}, key=lambda kind: (-columns[2].count(kind), kind))
    return "\n".join(lines) + "\n", kinds
