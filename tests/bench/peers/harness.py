"""What the Python peers share: the protocol of measure.mjs, and the figures that every peer must agree on.

A peer prints {"seconds"} when its result is in memory, waits for a line while its memory is looked at, then prints
{"figures"}. Imports come before the clock starts: they are no part of the job.
"""

import json
import os
import sys
import time

THREADS = int(os.environ.get("BENCH_THREADS", "1"))
EVENT_TYPES = ["auction", "impression", "click", "purchase"]
COLUMNS = ["USER_ID", "event_timestamp", "event_type", "product_id"]
GAP_HOURS, MIN_EVENTS, MAX_EVENTS = 24, 2, 500


def run(job, figures):
    """job(path, format) -> result; figures(result) -> the numbers that are compared."""
    path, input_format = sys.argv[1:3]
    start = time.perf_counter()
    try:
        result = job(path, input_format)
    except Exception as error:  # a peer that cannot is a result too
        say({"error": str(error) or type(error).__name__})
        sys.exit(1)
    say({"seconds": time.perf_counter() - start})
    sys.stdin.readline()
    say({"figures": {name: float(value) for name, value in figures(result).items()}})


def say(value):
    print(json.dumps(value), flush=True)
