"""The notebook's processing as plain functions over a data frame: slow, obvious, and done by pandas and NumPy.

What the product gives is compared with what comes out of here. The frame needs the columns USER_ID,
event_timestamp (datetime64), event_type and product_id (None where there is none).
"""

import json
from typing import NamedTuple

import numpy as np
import pandas as pd

EVENT_TYPES = ["auction", "impression", "click", "purchase"]
SPECIAL_TOKENS = {"pad": "[PAD]", "auction": "[AUCTION]", "unk": "[UNK]"}
PARTS = ["train", "validation", "test"]


class Options(NamedTuple):
    gap_hours: float = 24
    min_length: int = 2
    max_length: int = 500
    train: float = 0.7
    validation: float = 0.15
    seed: int = 42


class Result(NamedTuple):
    vocabulary: dict
    sessions: pd.DataFrame  # all, before the split
    parts: dict  # part -> data frame, with the rows' positions before the split as index
    metadata: dict


def process(events: pd.DataFrame, options: Options = Options()) -> Result:
    numbered = number_sessions(events, options.gap_hours)
    sizes = numbered.groupby("key").size()
    kept = numbered[numbered["key"].isin(sizes[sizes >= options.min_length].index)]
    vocabulary = fit_vocabulary(kept)
    rows = [make_row(key, session, vocabulary, options) for key, session in kept.groupby("key", sort=False)]
    sessions = pd.DataFrame(rows)
    parts = split_users(sessions, options)
    return Result(vocabulary, sessions, parts, describe(vocabulary, parts, options))


def number_sessions(events: pd.DataFrame, gap_hours: float) -> pd.DataFrame:
    """All events, user by user in order of first appearance, with the key of their session."""
    timelines = []
    longest = pd.Timedelta(hours=gap_hours)
    for user, timeline in events.groupby("USER_ID", sort=False):
        timeline = timeline.sort_values("event_timestamp")
        silence = timeline["event_timestamp"].diff()
        opens = silence.isna() | (silence > longest)
        timelines.append(timeline.assign(key=[f"{user}_{number}" for number in opens.cumsum()]))
    return pd.concat(timelines, ignore_index=True)


def fit_vocabulary(events: pd.DataFrame) -> dict:
    items = sorted(events["product_id"].dropna().unique())
    event_to_int = {name: number for number, name in enumerate(EVENT_TYPES)}
    item_to_int = {name: number for number, name in enumerate([*SPECIAL_TOKENS.values(), *items])}
    return {
        "event_to_int": event_to_int,
        "int_to_event": {number: name for name, number in event_to_int.items()},
        "item_to_int": item_to_int,
        "int_to_item": {number: name for name, number in item_to_int.items()},
        "special_tokens": SPECIAL_TOKENS,
    }


def make_row(key: str, session: pd.DataFrame, vocabulary: dict, options: Options) -> dict:
    session = session.sort_values("event_timestamp")  # once more, and it may move tied events
    clicks = session["event_type"] == "click"
    before = session
    if clicks.any():
        first_click = session.index.get_loc(clicks.idxmax())
        before = session.iloc[: max(first_click, 1)]  # a click that comes first stays alone
    start = session["event_timestamp"].iloc[0]
    sequence = [make_token(event, start, vocabulary) for _, event in before.iterrows()]
    padding = (vocabulary["event_to_int"]["auction"], vocabulary["item_to_int"]["[AUCTION]"], 0.0)
    sequence += [padding] * (options.min_length - len(sequence))
    sequence = sequence[: options.max_length]
    return {
        "session_id": key,
        "user_id": key.rsplit("_", 1)[0],
        "sequence": sequence,
        "sequence_length": len(sequence),
        "treatment": int(clicks.any()),
        "outcome": int((session["event_type"] == "purchase").any()),
    }


def make_token(event: pd.Series, start: pd.Timestamp, vocabulary: dict) -> tuple:
    items = vocabulary["item_to_int"]
    if event["event_type"] == "auction":
        item = items["[AUCTION]"]
    elif pd.isna(event["product_id"]):
        item = items["[UNK]"]
    else:
        item = items.get(event["product_id"], items["[UNK]"])
    minutes = (event["event_timestamp"] - start).total_seconds() / 60.0
    return vocabulary["event_to_int"][event["event_type"]], item, minutes


def split_users(sessions: pd.DataFrame, options: Options) -> dict:
    users = np.array(list(dict.fromkeys(sessions["user_id"])), dtype=object)
    np.random.seed(options.seed)
    np.random.shuffle(users)
    first = int(len(users) * options.train)
    second = int(len(users) * (options.train + options.validation))
    chosen = [users[:first], users[first:second], users[second:]]
    return {part: sessions[sessions["user_id"].isin(set(names))].copy() for part, names in zip(PARTS, chosen)}


def describe(vocabulary: dict, parts: dict, options: Options) -> dict:
    return {
        "session_gap_hours": options.gap_hours,
        "min_session_length": options.min_length,
        "max_session_length": options.max_length,
        "vocab_size": {"events": len(vocabulary["event_to_int"]), "items": len(vocabulary["item_to_int"])},
        "data_splits": {
            part: {
                "sessions": len(frame),
                "users": frame["user_id"].nunique(),
                "treatment_rate": rate(frame["treatment"]),
                "outcome_rate": rate(frame["outcome"]),
            }
            for part, frame in parts.items()
        },
    }


def rate(column: pd.Series):
    """None for an empty part, where the notebook writes NaN, which is not JSON."""
    return float(column.mean()) if len(column) else None


def to_json(value: dict) -> bytes:
    return json.dumps(value, indent=2).encode()  # keys that are numbers become text
