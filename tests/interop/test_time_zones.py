"""Local times of named zones against Python's zoneinfo: every change of the clock from 1990 to 2037, and a second on either side.

With CAUSAL_SESSIONS=path of the native command it is every zone, and both have the machine's data. The command in Node has
Node's own, so a few zones are asked there, and answers that differ while the versions do are told and not judged.
"""

import datetime
import json
import re
import shutil
import subprocess
import warnings
import zoneinfo
from pathlib import Path

import pytest

from product import NATIVE, NODE, ask

UTC = datetime.timezone.utc
FIRST, LAST = (int(datetime.datetime(year, 1, 1, tzinfo=UTC).timestamp()) for year in (1990, 2038))
DAY = 86_400
FEW = ["Africa/Cairo", "Africa/Casablanca", "America/New_York", "America/Sao_Paulo", "America/St_Johns", "Antarctica/Casey",
       "Antarctica/Troll", "Asia/Hebron", "Asia/Kathmandu", "Asia/Pyongyang", "Australia/Lord_Howe", "Europe/Berlin",
       "Europe/Dublin", "Pacific/Apia", "Pacific/Chatham", "UTC"]
ZONES = sorted(zoneinfo.available_timezones()) if NATIVE else FEW


def offset_at(zone, utc: int) -> int:
    return int(datetime.datetime.fromtimestamp(utc, zone).utcoffset().total_seconds())


def changes(zone) -> list:
    """(UTC second, offset before, offset after) of each, by steps of a day."""
    found, offset = [], offset_at(zone, FIRST)
    for at in range(FIRST, LAST, DAY):
        before, end = at, min(at + DAY, LAST - 1)
        while offset_at(zone, end) != offset:
            after = end
            while after - before > 1:
                middle = (before + after) // 2
                if offset_at(zone, middle) == offset:
                    before = middle
                else:
                    after = middle
            found.append((after, offset, offset_at(zone, after)))
            before, offset = after, offset_at(zone, after)
    return found


def local_seconds(zone) -> list:
    """What the clock shows around each change and between them, as seconds of a clock that runs on."""
    seconds, last = {FIRST + DAY, LAST - 2 * DAY}, FIRST
    for at, before, after in changes(zone):
        for near in (-1, 0, 1):
            seconds |= {at + before + near, at + after + near}
        seconds |= {at + (before + after) // 2, (last + at) // 2}
        last = at
    return sorted(seconds)


def expected(zone, local: int) -> tuple:
    """UTC by Temporal's "compatible", and what the clock did there."""
    naive = datetime.datetime.fromtimestamp(local, UTC).replace(tzinfo=None)
    first, second = (naive.replace(tzinfo=zone, fold=fold) for fold in (0, 1))
    utc = int(first.timestamp())
    if first.utcoffset() == second.utcoffset():
        return utc, "plain"
    return utc, "repeated" if offset_at(zone, utc) == first.utcoffset().total_seconds() else "skipped"


def read(name: str, seconds: list, folder: Path) -> tuple:
    """What the product makes of them: UTC by position, and its counts."""
    events = folder / "events.csv"
    rows = ["user,time,type,item"]
    for number, local in enumerate(seconds):
        rows.append(f"u,{datetime.datetime.fromtimestamp(local, UTC):%Y-%m-%d %H:%M:%S},impression,i{number:06}")
    events.write_text("\n".join(rows) + "\n")
    settings = [f"time.zone={name}", "session.gapHours=1000000", "session.minEvents=1", "sequence.maxEvents=1000000"]
    words = [word for setting in settings for word in ("--set", setting)]
    ended = ask("prepare", events, "--out", folder / "out", "--format", "jsonl", "--no-manifest", "--json", *words)
    assert ended.returncode == 0, ended.stderr
    report = json.loads(ended.stdout)["report"]
    first = int(datetime.datetime.fromisoformat(report["input"]["time"]["first"].replace("Z", "+00:00")).timestamp())
    utc = [0] * len(seconds)
    for path in (folder / "out").rglob("*.jsonl"):
        for line in path.read_text("utf-8").splitlines():
            for _, item, minutes in json.loads(line)["sequence"]:
                utc[item - 3] = first + round(minutes * 60)  # items are numbered in their order, behind three tokens
    counts = {notice["code"]: notice["counts"] for notice in report["notices"]}
    return utc, counts.get("clockChanges", {"skipped": 0, "repeated": 0})


def versions() -> tuple:
    """Of the machine's data, and of those that the command has."""
    folder = next((Path(path) for path in zoneinfo.TZPATH if Path(path).is_dir()), Path("/usr/share/zoneinfo"))
    stated = folder / "tzdata.zi"
    machine = re.match(r"# version (\S+)", stated.read_text("utf-8"))[1] if stated.exists() else "unknown"
    if NATIVE:
        return machine, machine
    node = subprocess.run([NODE, "-p", "process.versions.tz"], capture_output=True, encoding="utf-8")
    return machine, node.stdout.strip()


@pytest.mark.skipif(not ZONES, reason="Python has no data of zones here")
def test_every_change_of_the_clock(tmp_path):
    wrong, differing, asked = [], [], 0
    machine, command = versions()
    for number, name in enumerate(ZONES):
        if name in ("Factory", "localtime", "posixrules"):  # no zone of a place
            continue
        zone = zoneinfo.ZoneInfo(name)
        seconds = local_seconds(zone)
        answers = [expected(zone, local) for local in seconds]
        folder = tmp_path / str(number)
        folder.mkdir()
        utc, counts = read(name, seconds, folder)
        shutil.rmtree(folder)
        asked += len(seconds)
        states = [state for _, state in answers]
        alike = utc == [time for time, _ in answers] and counts == {
            state: states.count(state) for state in ("skipped", "repeated")}
        if not alike:
            at = next((i for i, (time, _) in enumerate(answers) if utc[i] != time), None)
            told = f"{name}: {counts}" if at is None else (
                f"{name}: local second {seconds[at]} is {utc[at]}, by Python {answers[at][0]} ({answers[at][1]})")
            (wrong if machine == command else differing).append(told)
    if differing:
        warnings.warn(f"zones differ between Python's data ({machine}) and the command's ({command}): {differing}")
    assert not wrong, wrong
    assert asked > (len(FEW) - 1) * 10
    print(f"{asked} local times of {len(ZONES)} zones, data {machine} and {command}")
