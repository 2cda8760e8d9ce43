"""Events on their way into the product: one small table, and what the command makes of a file of it."""

import random
from pathlib import Path

from product import ask

NAMES = ["user_id", "event_timestamp", "event_type", "product_id"]
START_US = 1_757_030_400_000_000  # 2025-09-05 00:00 UTC


def rows(count: int = 2000) -> list:
    """(user, microseconds, type, item or None) with ties, and users who come back. Times are whole seconds."""
    draw = random.Random(11)
    events, now = [], 0
    for _ in range(count):
        now += draw.choice([0, 0, 1, 30, 4000])
        kind = draw.choices(["auction", "impression", "click", "purchase"], [3, 5, 2, 1])[0]
        item = None if kind == "auction" or draw.random() < 0.1 else 10**18 + draw.randrange(300)
        events.append((draw.randrange(1, 120), START_US + now * 1_000_000, kind, item))
    return events


def csv(events: list, user=str, item=str) -> str:
    lines = [",".join(NAMES)]
    for who, when, kind, what in events:
        lines.append(",".join([user(who), str(when), kind, "" if what is None else item(what)]))
    return "\n".join(lines) + "\n"


def run(events: Path, out: Path, *settings: str, stdin=None):
    words = [word for setting in settings for word in ("--set", setting)]
    return ask("prepare", events, "--out", out, "--format", "jsonl", "--no-manifest", "--quiet", *words, stdin=stdin)


def written(events: Path, out: Path, *settings: str, stdin=None) -> dict:
    ended = run(events, out, *settings, stdin=stdin)
    assert ended.returncode == 0, ended.stderr
    files = {path.relative_to(out): path.read_bytes() for path in out.rglob("*") if path.is_file()}
    assert files
    return files


def refusal(events: Path, out: Path) -> str:
    """The one sentence of a refusal, after which nothing has been written."""
    ended = run(events, out)
    assert ended.returncode == 1, (ended.returncode, ended.stderr)
    assert len(ended.stderr.strip().splitlines()) == 1, ended.stderr
    assert not out.exists() or not any(path.is_file() for path in out.rglob("*"))
    return ended.stderr


def flipped(whole: bytes, draw: random.Random) -> bytes:
    broken = bytearray(whole)
    for _ in range(draw.choice([1, 1, 2, 8])):
        broken[draw.randrange(len(broken))] ^= 1 << draw.randrange(8)
    return bytes(broken)


def lengths(whole: bytes, count: int) -> list:
    """Where to cut: the first and last bytes, and places between. The unit tests cut everywhere, without a process each."""
    return sorted({1, 3, 8, 12, *range(13, len(whole), max(1, len(whole) // count)), len(whole) - 1})
