"""Event streams to compare on: the golden cases, and random ones with fixed seeds."""

import csv
import datetime
import random
from pathlib import Path

import numpy as np
import pandas as pd

from notebook import EVENT_TYPES
from product import REPOSITORY

COLUMNS = ["USER_ID", "event_timestamp", "event_type", "product_id"]
CASES = sorted((REPOSITORY / "tests" / "cases" / "notebook").iterdir())

SECOND = 1_000_000
HOUR = 3600 * SECOND
START = 1_757_030_400 * SECOND  # 2025-09-05 00:00 UTC


def read_events(path: Path) -> pd.DataFrame:
    """Ids stay text; only an empty cell is missing."""
    with path.open(newline="", encoding="utf-8") as file:
        header, *rows = csv.reader(file)
    assert header == COLUMNS
    users, times, types, items = zip(*rows)
    return make_frame(users, np.array(times, dtype="datetime64[us]"), types, [item or None for item in items])


def make_frame(users, times, types, items) -> pd.DataFrame:
    columns = {
        "USER_ID": list(users),
        "event_timestamp": pd.Series(np.asarray(times).astype("datetime64[ns]")),
        "event_type": list(types),
        "product_id": pd.Series(list(items), dtype=object),
    }
    return pd.DataFrame(columns)


def write_events(events: pd.DataFrame, path: Path) -> Path:
    epoch = datetime.datetime(1970, 1, 1)
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        micros = events["event_timestamp"].to_numpy().astype("datetime64[us]").astype("int64")
        for user, micro, kind, item in zip(events["USER_ID"], micros, events["event_type"], events["product_id"]):
            time = epoch + datetime.timedelta(microseconds=int(micro))
            writer.writerow([user, time.isoformat(sep=" "), kind, item or ""])
    return path


def from_rows(rows) -> pd.DataFrame:
    """Rows of (user, microseconds, type, item)."""
    users, times, types, items = zip(*rows)
    return make_frame(users, np.array(times, dtype="datetime64[us]"), types, items)


def stream(seed: int, users=40, events=1500, pool=60, tied=0.4, days=4, weights=(4, 8, 1, 1), order="input") -> pd.DataFrame:
    """Events of all users mixed; a share of them at the instant of the one before."""
    random_ = random.Random(seed)
    names = [f"ext1:{random_.getrandbits(64):016x}" for _ in range(users)]
    times = sorted(START + random_.randrange(days * 24 * HOUR) for _ in range(events))
    rows = []
    for time in times:
        user = random_.choice(names)
        if rows and random_.random() < tied:
            user, time = rows[-1][:2]
        kind = random_.choices(EVENT_TYPES, weights)[0]
        item = f"p{random_.randrange(pool)}" if kind != "auction" and random_.random() < 0.9 else None
        rows.append((user, time, kind, item))
    if order == "shuffled":
        random_.shuffle(rows)
    elif order == "by type":
        rows.sort(key=lambda row: row[2])
    elif order == "backwards":
        rows.reverse()
    return from_rows(rows)


def tie_patterns(seed: int) -> pd.DataFrame:
    """A user for each way to repeat times: what decides is the sort's own path through them."""
    random_ = random.Random(seed)
    shapes = {
        "equal": lambda n: [0] * n,
        "two values": lambda n: [random_.randrange(2) for _ in range(n)],
        "few values": lambda n: [random_.randrange(1 + n // 8) for _ in range(n)],
        "half tied": lambda n: [random_.randrange(n) for _ in range(n)],
        "ascending": lambda n: sorted(random_.randrange(1 + n // 3) for _ in range(n)),
        "descending": lambda n: sorted((random_.randrange(1 + n // 3) for _ in range(n)), reverse=True),
        "organ pipe": lambda n: [min(i, n - i) for i in range(n)],
        "saw": lambda n: [i % 7 for i in range(n)],
        "nearly sorted": lambda n: [i + random_.randrange(5) for i in range(n)],
    }
    rows = []
    for name, shape in shapes.items():
        for size in (2, 3, 15, 16, 17, 18, 31, 33, 40, 64, 65, 100, 129, 300):
            for offset in shape(size):
                kind = random_.choices(EVENT_TYPES, (4, 8, 1, 1))[0]
                item = None if kind == "auction" else f"p{random_.randrange(50)}"
                rows.append((f"{name} {size}", START + offset * 1_003_001, kind, item))
    return from_rows(rows)


def against_the_sort(seed: int) -> pd.DataFrame:
    """Musser's sequence, on which the median of three is always a bad pivot, with ties: sorts fall back to a heap."""
    random_ = random.Random(seed)
    rows = []
    for size in (400, 1000, 2000):
        half = size // 2
        sequence = [i if i % 2 else half + i - 1 for i in range(1, half + 1)] + [2 * i for i in range(1, half + 1)]
        for repeats in (2, 3, 5):
            for i, value in enumerate(sequence):
                kind = random_.choices(EVENT_TYPES, (1, 3, 0, 1))[0]
                rows.append((f"{size} by {repeats}", START + value // repeats * 1_003_001, kind, f"p{i}"))
    return from_rows(rows)


def unusual_ids(seed: int) -> pd.DataFrame:
    random_ = random.Random(seed)
    names = ["a_1", "a", "00", "0", "-1", "1e5", "NA", "NaN", "null", "日本", "é", "e\u0301", "🛒", "a,b", 'say "hi"', " x ", "１", "Z",
             "\u007f", "\ufffd", "two\nlines", "back\\slash", "12345678901234567890", "None", "x" * 300]
    rows = []
    for i in range(800):
        kind = random_.choices(EVENT_TYPES, (4, 8, 1, 1))[0]
        item = None if kind == "auction" else random_.choice(names)
        rows.append((random_.choice(names), START + random_.randrange(72 * HOUR), kind, item))
    return from_rows(rows)


def exact_gaps() -> pd.DataFrame:
    """Silences of a day to the microsecond, and one microsecond to either side."""
    rows = []
    for name, gap in {"shorter": -1, "exact": 0, "longer": 1}.items():
        for step in range(4):
            rows.append((name, START + step * (24 * HOUR + gap), "impression", f"p{step}"))
            rows.append((name, START + step * (24 * HOUR + gap), "click" if step == 2 else "auction", None))
    return from_rows(rows)


def items_of_auctions() -> pd.DataFrame:
    """Auctions that name an item: in the vocabulary, but not in X."""
    return from_rows([
        ("u", START, "auction", "only in an auction"), ("u", START + 5, "impression", "seen"),
        ("v", START, "auction", "of a session that is dropped"),
        ("w", START, "click", "first"), ("w", START + 7, "purchase", "first"),
    ])


STREAMS = {
    "ordered": lambda: stream(1),
    "shuffled rows": lambda: stream(2, order="shuffled"),
    "sorted by type": lambda: stream(3, order="by type", tied=0.7),
    "backwards": lambda: stream(4, order="backwards"),
    "all tied": lambda: stream(5, users=12, tied=0.98, events=600),
    "no ties": lambda: stream(6, tied=0),
    "many users": lambda: stream(7, users=700, events=2500),
    "long sessions": lambda: stream(8, users=2, events=2600, days=1, weights=(3, 9, 0, 1)),
    "many days": lambda: stream(9, users=15, days=60, tied=0.2),
    "no clicks": lambda: stream(10, weights=(1, 3, 0, 1)),
    "clicks everywhere": lambda: stream(11, weights=(1, 1, 6, 1)),
    "a single user": lambda: stream(12, users=1, events=80),
    "two users": lambda: stream(13, users=2, events=90),
    "empty validation": lambda: stream(14, users=3, events=120),
    "four users": lambda: stream(15, users=4, events=120),
    "tie patterns": lambda: tie_patterns(16),
    "tie patterns again": lambda: tie_patterns(17),
    "unusual ids": lambda: unusual_ids(18),
    "exact gaps": exact_gaps,
    "items of auctions": items_of_auctions,
    "before 1970": lambda: from_rows([("u", -3 * HOUR - 7 + i * 1_234_567, EVENT_TYPES[i % 3], f"p{i}") for i in range(40)]),
}
