"""The notebook itself: its cells as they are, without their printing and their files. Quadratic in users and sessions."""

import warnings

import harness
import numpy as np
import pandas as pd

warnings.filterwarnings("ignore")
PAD_TOKEN, AUCTION_TOKEN, UNK_TOKEN = "[PAD]", "[AUCTION]", "[UNK]"


def sessionize_user_events(user_df, gap_hours=24):
    user_df = user_df.sort_values("event_timestamp").copy()
    user_df["time_gap"] = user_df["event_timestamp"].diff()
    session_gap = pd.Timedelta(hours=gap_hours)
    user_df["new_session"] = (user_df["time_gap"] > session_gap) | user_df["time_gap"].isna()
    user_df["session_id"] = user_df["new_session"].cumsum()
    return user_df.drop(["time_gap", "new_session"], axis=1)


def sessionize(df_events):
    sessionized_dfs = []
    for user_id in df_events["USER_ID"].unique():
        user_events = df_events[df_events["USER_ID"] == user_id]
        user_sessions = sessionize_user_events(user_events, harness.GAP_HOURS)
        user_sessions["global_session_id"] = user_id + "_" + user_sessions["session_id"].astype(str)
        sessionized_dfs.append(user_sessions)
    df_sessionized = pd.concat(sessionized_dfs, ignore_index=True)
    session_lengths = df_sessionized.groupby("global_session_id").size()
    valid_sessions = session_lengths[session_lengths >= harness.MIN_EVENTS].index
    return df_sessionized[df_sessionized["global_session_id"].isin(valid_sessions)]


def create_vocabularies(df):
    item_to_int = {PAD_TOKEN: 0, AUCTION_TOKEN: 1, UNK_TOKEN: 2}
    for i, product in enumerate(sorted(df["product_id"].dropna().unique()), start=3):
        item_to_int[product] = i
    return {"event_to_int": {event: i for i, event in enumerate(harness.EVENT_TYPES)}, "item_to_int": item_to_int}


def transform_session_to_sequence(session_df, vocab):
    session_df = session_df.sort_values("event_timestamp").copy()
    first_timestamp = session_df["event_timestamp"].iloc[0]
    click_mask = session_df["event_type"] == "click"
    has_click = click_mask.any()
    T = 1 if has_click else 0
    Y = 1 if (session_df["event_type"] == "purchase").any() else 0
    if has_click:
        first_click_idx = click_mask.idxmax()
        first_click_position = session_df.index.get_loc(first_click_idx)
        pre_treatment_df = session_df.iloc[:first_click_position]
        if len(pre_treatment_df) == 0:
            pre_treatment_df = session_df.iloc[:1]
    else:
        pre_treatment_df = session_df
    X = []
    for _, row in pre_treatment_df.iterrows():
        event_type = row["event_type"]
        event_type_id = vocab["event_to_int"][event_type]
        if event_type == "auction":
            item_id = vocab["item_to_int"][AUCTION_TOKEN]
        elif pd.isna(row["product_id"]):
            item_id = vocab["item_to_int"][UNK_TOKEN]
        else:
            product_id = row["product_id"]
            item_id = vocab["item_to_int"].get(product_id, vocab["item_to_int"][UNK_TOKEN])
        timedelta_minutes = (row["event_timestamp"] - first_timestamp).total_seconds() / 60.0
        X.append((event_type_id, item_id, timedelta_minutes))
    while len(X) < harness.MIN_EVENTS:
        X.append((vocab["event_to_int"]["auction"], vocab["item_to_int"][AUCTION_TOKEN], 0.0))
    return X[: harness.MAX_EVENTS], T, Y


def transform(df_sessionized, vocab):
    session_data = []
    for session_id in df_sessionized["global_session_id"].unique():
        session_df = df_sessionized[df_sessionized["global_session_id"] == session_id]
        X, T, Y = transform_session_to_sequence(session_df, vocab)
        user_id = session_id.rsplit("_", 1)[0]
        session_data.append({
            "session_id": session_id, "user_id": user_id, "sequence": X, "sequence_length": len(X), "treatment": T, "outcome": Y,
        })
    return pd.DataFrame(session_data)


def user_level_split(df, train_ratio=0.7, val_ratio=0.15):
    unique_users = np.asarray(df["user_id"].unique(), dtype=object)  # pandas 3 gives an array that NumPy does not shuffle
    np.random.seed(42)
    np.random.shuffle(unique_users)
    n_users = len(unique_users)
    cuts = [int(n_users * train_ratio), int(n_users * (train_ratio + val_ratio))]
    return [df[df["user_id"].isin(users)].copy() for users in np.split(unique_users, cuts)]


def job(path, _input_format):
    df_events = pd.read_csv(path, dtype={"product_id": "str"})  # the notebook reads Parquet; no matter beside the rest
    df_events["event_timestamp"] = pd.to_datetime(df_events["event_timestamp"])
    df_sessionized = sessionize(df_events)
    vocab = create_vocabularies(df_sessionized)
    df_sessions = transform(df_sessionized, vocab)
    return df_sessions, vocab, user_level_split(df_sessions)


def figures(result):
    df_sessions, vocab, _parts = result
    tokens = np.array([token for sequence in df_sessions["sequence"] for token in sequence])
    return {
        "sessions": len(df_sessions),
        "treated": df_sessions["treatment"].sum(),
        "outcomes": df_sessions["outcome"].sum(),
        "tokens": len(tokens),
        "vocabulary": len(vocab["item_to_int"]),
        **dict(zip(["eventIds", "itemIds", "minutes"], tokens.sum(axis=0))),
    }


harness.run(job, figures)
