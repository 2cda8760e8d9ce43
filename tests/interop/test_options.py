"""The notebook's constants, changed: the plan's keys mean what they mean there."""

import pytest

import notebook
from notebook import PARTS, Options
from product import prepare
from streams import against_the_sort, stream, write_events

OPTIONS = {
    "short gap": (Options(gap_hours=1), ["session.gapHours=1"]),
    "part of an hour": (Options(gap_hours=0.5), ["session.gapHours=0.5"]),
    "no gap": (Options(gap_hours=0), ["session.gapHours=0"]),
    "longer sessions": (Options(min_length=6), ["session.minEvents=6", "sequence.minEvents=6"]),
    "single events": (Options(min_length=1), ["session.minEvents=1", "sequence.minEvents=1"]),
    "cut early": (Options(max_length=3), ["sequence.maxEvents=3"]),
    "another seed": (Options(seed=7), ["split.seed=7"]),
    "largest seed": (Options(seed=4294967295), ["split.seed=4294967295"]),
    "seed 0": (Options(seed=0), ["split.seed=0"]),
    "other shares": (Options(train=0.6, validation=0.3), ["split.train=0.6", "split.validation=0.3", "split.test=0.1"]),
    "all for training": (Options(train=1, validation=0), ["split.train=1", "split.validation=0", "split.test=0"]),
    "none for training": (Options(train=0, validation=0.5), ["split.train=0", "split.validation=0.5", "split.test=0.5"]),
}


@pytest.fixture(scope="module")
def events():
    return stream(21, users=57, events=1200, days=3, tied=0.5)


@pytest.mark.parametrize("name", OPTIONS)
def test_same_with(name, events, tmp_path):
    options, settings = OPTIONS[name]
    written = prepare(write_events(events, tmp_path / "events.csv"), tmp_path / "out", *settings)
    expected = notebook.process(events, options)
    assert written.vocabulary.read_bytes() == notebook.to_json(expected.vocabulary)
    assert written.metadata.read_bytes() == notebook.to_json(expected.metadata)
    for part in PARTS:
        frame = written.unpickle(part)
        assert frame.to_dict("records") == expected.parts[part].to_dict("records")
        assert list(frame.index) == list(expected.parts[part].index)


def test_sequences_that_make_the_sort_change_its_method(tmp_path):
    events = against_the_sort(22)
    written = prepare(write_events(events, tmp_path / "events.csv"), tmp_path / "out", "sequence.maxEvents=2000")
    expected = notebook.process(events, Options(max_length=2000))
    assert expected.sessions["sequence_length"].max() == 2000
    for part in PARTS:
        assert written.unpickle(part).to_dict("records") == expected.parts[part].to_dict("records")


def test_a_seed_of_any_size_shuffles_as_numpy_does(events, tmp_path):
    path = write_events(events.head(150), tmp_path / "events.csv")
    for seed in (1, 42, 2**31, 987654321):
        written = prepare(path, tmp_path / str(seed), f"split.seed={seed}")
        expected = notebook.process(events.head(150), Options(seed=seed))
        for part in PARTS:
            assert list(written.unpickle(part)["session_id"]) == list(expected.parts[part]["session_id"])
