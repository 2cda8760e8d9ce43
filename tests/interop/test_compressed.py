"""gzip and zstd around text: the training sets of the plain file, and one sentence for what is broken."""

import gzip
import io
import json
import os
import random
import zipfile
import zlib

import pytest

from incoming import csv, flipped, lengths, refusal, rows, written
from product import ask

TEXT = csv(rows()).encode()


def ndjson() -> bytes:
    names = TEXT.decode().splitlines()[0].split(",")
    lines = (dict(zip(names, line.split(","))) for line in TEXT.decode().splitlines()[1:])
    return "".join(json.dumps({key: value or None for key, value in line.items()}) + "\n" for line in lines).encode()


def zstd(data: bytes, checksum=True, **options) -> bytes:
    zstandard = pytest.importorskip("zstandard")
    return zstandard.ZstdCompressor(write_checksum=checksum, **options).compress(data)


def zstd_frames(data: bytes, most: int) -> bytes:
    """Frames of every kind of block, of one byte to `most`, with and without checksums and sizes."""
    draw, frames, at = random.Random(8), [], 0
    while at < len(data):
        size = draw.randint(1, most)
        options = {"checksum": draw.random() < 0.7, "write_content_size": draw.random() < 0.7}
        frames.append(zstd(data[at : at + size], level=draw.choice([1, 3, 19]), **options))
        at += size
    return b"".join(frames)


@pytest.fixture(scope="module")
def plain(tmp_path_factory):
    folder = tmp_path_factory.mktemp("plain")
    (folder / "events.csv").write_bytes(TEXT)
    return written(folder / "events.csv", folder / "out")


WHOLE = {
    "gzip": lambda: gzip.compress(TEXT),
    "gzip of two members": lambda: gzip.compress(TEXT[:5000]) + gzip.compress(TEXT[5000:], 1),
    "gzip with padding": lambda: gzip.compress(TEXT) + bytes(512),
    "gzip with an empty member": lambda: gzip.compress(b"") + gzip.compress(TEXT),
    "gzip of JSON lines": lambda: gzip.compress(ndjson()),
    "zstd": lambda: zstd(TEXT),
    "zstd at level 19": lambda: zstd(TEXT, level=19),
    "zstd of two frames": lambda: zstd(TEXT[:777]) + zstd(TEXT[777:]),
    "zstd of thousands of frames": lambda: zstd_frames(TEXT, 40),
    "zstd of repeated bytes": lambda: zstd(TEXT + b"\n" * 400_000) + zstd(b"\n" * 7),
    "zstd after a skippable frame": lambda: b"\x5a\x2a\x4d\x18\x03\0\0\0abc" + zstd(TEXT),
    "zstd of JSON lines": lambda: zstd(ndjson()),
}


@pytest.mark.parametrize("name", WHOLE)
def test_the_sets_are_those_of_the_plain_file(name, plain, tmp_path):
    path = tmp_path / "events"  # the name says nothing
    path.write_bytes(WHOLE[name]())
    assert written(path, tmp_path / "out") == plain


@pytest.mark.parametrize("name", ["gzip", "gzip of two members", "zstd", "zstd of two frames"])
def test_a_file_cut_short_is_refused(name, tmp_path):
    whole = WHOLE[name]()
    path = tmp_path / "events"
    for size in lengths(whole, 8):
        if name == "zstd of two frames" and size == len(zstd(TEXT[:777])):
            continue  # one whole frame
        path.write_bytes(whole[:size])
        assert "events" in refusal(path, tmp_path / "out")


@pytest.mark.parametrize("name", ["gzip", "zstd"])
def test_flipped_bits_are_noticed(name, tmp_path):
    whole = WHOLE[name]()
    draw = random.Random(5)
    path = tmp_path / "events"
    for _ in range(int(os.environ.get("FLIPS", 6))):
        broken = flipped(whole, draw)
        if name == "gzip" and broken[10:] == whole[10:]:
            continue  # the header's time and system are not covered by the checksum
        path.write_bytes(broken)
        assert "events" in refusal(path, tmp_path / "out")


REFUSED = {
    "an empty payload": (lambda: gzip.compress(b""), "is empty"),
    "an empty zstd payload": (lambda: zstd(b""), "is empty"),
    "compressed twice": (lambda: gzip.compress(gzip.compress(TEXT)), "inside compressed data"),
    "something behind": (lambda: gzip.compress(TEXT) + b"more", "something else follows"),
    "something behind the padding": (lambda: gzip.compress(TEXT) + bytes(9) + b"more", "something else follows"),
    "bzip2": (lambda: b"BZh91AY&SY" + bytes(40), "bzip2"),
    "xz": (lambda: b"\xfd7zXZ\0" + bytes(40), "xz"),
    "7z": (lambda: b"7z\xbc\xaf\x27\x1c" + bytes(40), "7z"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_not_read_is_named(name, tmp_path):
    data, word = REFUSED[name]
    (tmp_path / "events").write_bytes(data())
    assert word in refusal(tmp_path / "events", tmp_path / "out")


def archive(*names: str, encrypted: bool = False) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as into:
        for name in names:
            into.writestr(name, "user_id,time\n")
    data = bytearray(file.getvalue())
    if encrypted:
        data[6] |= 1
    return bytes(data)


@pytest.mark.parametrize("data, word", [
    (archive("events.csv"), "events/events.csv: no column looks like the type"),
    (archive("events.csv", encrypted=True), "password"),
    (archive("[Content_Types].xml", "xl/workbook.xml"), ".xlsx"),
    (archive(), "empty zip"),
])
def test_zip_files_without_events_are_refused_as_what_they_are(data, word, tmp_path):
    (tmp_path / "events").write_bytes(data)
    assert word in refusal(tmp_path / "events", tmp_path / "out")


def test_a_bomb_is_named_with_its_figures(tmp_path):
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    start = packer.compress(TEXT) + packer.flush(zlib.Z_FULL_FLUSH)
    row = packer.compress(b"u,2025-09-05 00:00:00,impression," + b"p" * 10_000_000 + b"\n") + packer.flush(zlib.Z_FULL_FLUSH)
    (tmp_path / "events").write_bytes(start + row * 110)
    sentence = refusal(tmp_path / "events", tmp_path / "out")
    assert "more than 1024 MB and 1000 times their size" in sentence and "zip bomb" in sentence


@pytest.mark.parametrize("name", ["gzip", "zstd"])
def test_inspect_looks_inside(name, tmp_path):
    (tmp_path / "events").write_bytes(WHOLE[name]())
    ended = ask("inspect", tmp_path / "events", "--json")
    assert ended.returncode == 0, ended.stderr
    seen = json.loads(ended.stdout)
    seen = seen[0] if isinstance(seen, list) else seen
    assert (seen["compression"], seen["format"], seen["columns"]["user"]) == (name, "csv", "user_id")
