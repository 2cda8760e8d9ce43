"""Polars, lazy where it can be, on BENCH_THREADS threads."""

import os

import harness

os.environ["POLARS_MAX_THREADS"] = str(harness.THREADS)
import polars as pl  # noqa: E402  (it reads the number of threads when imported)

TEXT = {"USER_ID": pl.String, "event_timestamp": pl.String, "event_type": pl.String, "product_id": pl.String}


def scan(path, input_format):
    if input_format == "csv":
        return pl.scan_csv(path, schema_overrides=TEXT)
    if input_format == "ndjson":
        return pl.scan_ndjson(path, schema_overrides=TEXT)
    if input_format == "json":
        return pl.read_json(path, schema_overrides=TEXT).lazy()
    return pl.scan_parquet(path)


def job(path, input_format):
    time = pl.col("event_timestamp")
    if input_format != "parquet":
        time = time.str.to_datetime("%Y-%m-%d %H:%M:%S%.f", time_unit="us")
    # Categories are numbered by first appearance, and numbers sort in half the time that texts need.
    events = scan(path, input_format).select(
        user=pl.col("USER_ID").cast(pl.Categorical),
        time=time,
        type=pl.col("event_type").cast(pl.Enum(harness.EVENT_TYPES)),
        item="product_id",
    )
    user = pl.col("user").to_physical()
    silence = pl.col("time").diff()
    opens = (user != user.shift()) | (silence > pl.duration(hours=harness.GAP_HOURS))
    numbered = (
        events.sort(user, "time", maintain_order=True)
        .with_columns(session=opens.fill_null(True).cum_sum())
        .filter(pl.len().over("session") >= harness.MIN_EVENTS)
        .collect()
    )
    items = numbered["item"].drop_nulls().unique().sort()
    vocabulary = pl.DataFrame({"item": items, "id": pl.int_range(3, 3 + len(items), dtype=pl.UInt32, eager=True)})
    return make_rows(numbered, vocabulary), vocabulary


def make_rows(numbered, vocabulary):
    is_click = pl.col("type") == "click"
    kept = pl.when("treatment").then(pl.max_horizontal("click", 1)).otherwise("events")
    is_short = pl.col("event").list.len() < harness.MIN_EVENTS
    padded = {"event": 0, "item": 1, "minutes": 0.0}
    return (
        numbered.lazy()
        .join(vocabulary.lazy(), on="item", how="left", maintain_order="left")
        .group_by("session", maintain_order=True)
        .agg(
            pl.col("user").first(),
            event=pl.col("type").to_physical(),
            item=pl.when(pl.col("type") == "auction").then(1).otherwise(pl.col("id").fill_null(2)),
            minutes=(pl.col("time") - pl.col("time").first()).dt.total_microseconds() / 60e6,
            treatment=is_click.any(),
            outcome=(pl.col("type") == "purchase").any(),
            click=is_click.arg_max(),
            events=pl.len(),
        )
        .with_columns(pl.col("event", "item", "minutes").list.head(pl.min_horizontal(kept, harness.MAX_EVENTS)))
        .with_columns(
            pl.when(is_short).then(pl.concat_list(name, pl.lit(value).cast(kind))).otherwise(name).alias(name)
            for (name, value), kind in zip(padded.items(), [pl.UInt8, pl.UInt32, pl.Float64])
        )
        .collect()
    )


def figures(result):
    rows, vocabulary = result
    tokens = rows.select(pl.col("event", "item", "minutes").explode())
    return {
        "sessions": len(rows),
        "treated": rows["treatment"].sum(),
        "outcomes": rows["outcome"].sum(),
        "tokens": len(tokens),
        "vocabulary": len(vocabulary) + 3,
        "eventIds": tokens["event"].cast(pl.Int64).sum(),
        "itemIds": tokens["item"].cast(pl.Int64).sum(),
        "minutes": tokens["minutes"].sum(),
    }


harness.run(job, figures)
