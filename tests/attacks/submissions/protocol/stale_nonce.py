"""Answers by itself, with the number of an earlier question.

stopped by: a fresh nonce for every question
witness: mark
control: naive
"""

import inspect
import os
import struct

import msgpack


def nonce():
    """The number of the question that is being asked, from the loop that asks it."""
    for info in inspect.stack(0):
        if info.function == "serve":
            return info.frame.f_locals["nonce"]
    return "0" * 24


def frame(value, payload=b"", **more):
    """A reply in the grader's form, with what other graders might ask for beside it."""
    verdict = {"student": "submission", "check": "values", "passed": True, "said": ""}
    reply = {"ok": True, "value": value, "tripped": [], **verdict, **more}
    header = msgpack.packb(reply)
    return struct.pack("!II", len(header), len(payload)) + header + payload


def send(data):
    while data:
        data = data[os.write(3, data) :]


SEEN = []


def square(x):
    SEEN.append(nonce())
    if len(SEEN) > 1 or set(SEEN[0]) == {"0"}:
        send(frame([9.0, 2.25], nonce=SEEN[0]))
        os._exit(0)
    return x * 0
