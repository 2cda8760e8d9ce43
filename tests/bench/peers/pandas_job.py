"""pandas, vectorised: one stable sort, then shifts, running sums and grouped reductions; no loop over rows.

X is flat columns with the sessions' offsets: what pandas is best at, and no worse for training.
"""

import harness
import numpy as np
import pandas as pd

MINUTE_US = 60e6


def read(path, input_format):
    if input_format == "csv":
        return pd.read_csv(path, usecols=harness.COLUMNS, engine="pyarrow", dtype={"product_id": "str"})
    if input_format == "parquet":
        return pd.read_parquet(path, columns=harness.COLUMNS)
    return pd.read_json(path, lines=input_format == "ndjson", dtype=False, convert_dates=False)


def job(path, input_format):
    events = number_sessions(read(path, input_format))
    items = events["item"].astype("category").cat.codes.to_numpy().astype("int64")  # in the order of their texts
    events["item_id"] = np.where(events["type"] == "auction", 1, np.where(items < 0, 2, items + 3))
    vocabulary = np.sort(events["item"].dropna().unique())
    sessions = reduce_sessions(events)
    tokens = cut_tokens(events, sessions)
    return sessions, tokens, vocabulary, split_users(sessions)


def number_sessions(table):
    """Events of sessions that are kept, in order, with their session's number."""
    time = pd.to_datetime(table["event_timestamp"], format="ISO8601")
    events = pd.DataFrame({
        "user": pd.factorize(table["USER_ID"])[0],  # numbers by first appearance
        "time": time.to_numpy().astype("datetime64[us]").astype("int64"),
        "type": pd.Categorical(table["event_type"], harness.EVENT_TYPES),
        "item": table["product_id"],
    })
    events = events.iloc[np.lexsort((events["time"], events["user"]))]  # stable
    silence = events["time"].diff()
    opens = events["user"].ne(events["user"].shift()) | (silence > harness.GAP_HOURS * 60 * MINUTE_US)
    session = opens.cumsum()
    events["session"] = session
    sizes = np.bincount(session)
    return events[sizes[session] >= harness.MIN_EVENTS].reset_index(drop=True)


def reduce_sessions(events):
    position = pd.Series(np.arange(len(events)))
    grouped = events.groupby("session", sort=False)
    sessions = pd.DataFrame({"user": grouped["user"].first(), "start": grouped["time"].first(), "events": grouped.size()})
    sessions["first"] = sessions["events"].cumsum() - sessions["events"]
    clicks = position[events["type"] == "click"].groupby(events["session"]).first()
    sessions["click"] = clicks
    sessions["treatment"] = sessions["click"].notna().astype("int64")
    buyers = events.loc[events["type"] == "purchase", "session"].unique()
    sessions["outcome"] = sessions.index.isin(buyers).astype("int64")
    before = (sessions["click"] - sessions["first"]).clip(lower=1)
    sessions["length"] = before.fillna(sessions["events"]).clip(upper=harness.MAX_EVENTS).astype("int64")
    return sessions


def cut_tokens(events, sessions):
    """X of all sessions, one after the other; the padding behind each is in place."""
    first, length = sessions["first"].to_numpy(), sessions["length"].to_numpy()
    padded = np.maximum(length, harness.MIN_EVENTS)
    offsets = np.concatenate(([0], np.cumsum(padded)))
    row = np.repeat(np.arange(len(sessions)), padded)
    step = np.arange(offsets[-1]) - offsets[row]
    is_event = step < length[row]
    source = np.where(is_event, first[row] + step, 0)
    minutes = (events["time"].to_numpy()[source] - sessions["start"].to_numpy()[row]) / MINUTE_US
    return {
        "offsets": offsets,
        "event": np.where(is_event, events["type"].cat.codes.to_numpy()[source], 0),
        "item": np.where(is_event, events["item_id"].to_numpy()[source], 1),
        "minutes": np.where(is_event, minutes, 0.0),
    }


def split_users(sessions):
    """The notebook's own split, which NumPy gives at no cost."""
    users = sessions["user"].unique()
    np.random.seed(42)
    np.random.shuffle(users)
    cuts = [int(len(users) * 0.7), int(len(users) * (0.7 + 0.15))]
    return [sessions[sessions["user"].isin(part)] for part in np.split(users, cuts)]


def figures(result):
    sessions, tokens, vocabulary, _parts = result
    return {
        "sessions": len(sessions),
        "treated": sessions["treatment"].sum(),
        "outcomes": sessions["outcome"].sum(),
        "tokens": len(tokens["event"]),
        "vocabulary": len(vocabulary) + 3,
        "eventIds": tokens["event"].sum(),
        "itemIds": tokens["item"].sum(),
        "minutes": tokens["minutes"].sum(),
    }


harness.run(job, figures)
