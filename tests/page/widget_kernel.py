"""A kernel for one widget: it sends a line of JSON a message to standard output, and takes those of standard input.

widget_kernel.py EVENTS PLAN: a frame of the CSV file EVENTS, and PLAN as JSON. Once there is a result, one more line compares it with
that of the native command.
"""

import base64
import json
import sys
import warnings

import comm
from comm.base_comm import BaseComm

import causal_sessions
from pyarrow import csv


def tell(line: dict) -> None:
    print(json.dumps(line), flush=True)


class Lines(BaseComm):
    def publish_msg(self, msg_type, data=None, metadata=None, buffers=None, **keys):
        if self.target_name != "jupyter.widget" or data.get("state", {}).get("_model_name") == "LayoutModel":
            return
        tell({"type": msg_type, "data": data, "buffers": [base64.b64encode(buffer).decode() for buffer in buffers or []]})


comm.create_comm = Lines
warnings.simplefilter("ignore", causal_sessions.Notice)
FORMATS = ["arrow", "covariates"]
frame, plan = csv.read_csv(sys.argv[1]), json.loads(sys.argv[2])
widget = causal_sessions.Widget(frame, plan, formats=FORMATS)


def compare(change) -> None:
    made = change["new"]
    wanted = causal_sessions.prepare(frame, widget.plan, audit=True, formats=FORMATS)
    parts = [(part, name) for part in ("train", "validation", "test") for name in FORMATS]
    same = {f"{part} {name}": made.table(part, name).equals(wanted.table(part, name)) for part, name in parts}
    for told in (made, wanted):
        told.report["input"]["files"][0].pop("name")  # the one thing that differs
    for name in ("report", "vocabulary", "metadata", "audit"):
        same[name] = getattr(made, name) == getattr(wanted, name)
    inputs = made.manifest["inputs"]
    for name in ("plan", "rows", "outputs"):
        same[name] = made.manifest[name] == wanted.manifest[name]
    tell({"type": "result", "same": same, "rows": made.train.num_rows, "inputs": inputs, "shown": repr(made)})


widget.observe(compare, "result")
widget.observe(lambda change: tell({"type": "error", "told": change["new"] and change["new"].code}), "error")
widget.observe(lambda change: tell({"type": "plan", "plan": change["new"]}), "plan")
for line in sys.stdin:
    message = json.loads(line)
    buffers = [base64.b64decode(buffer) for buffer in message.pop("buffers", [])]
    widget.comm.handle_msg({"content": {"data": message}, "buffers": buffers})
