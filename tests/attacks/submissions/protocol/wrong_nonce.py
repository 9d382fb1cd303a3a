"""Answers by itself, with a number of its own.

stopped by: a fresh nonce for every question
witness: mark
control: naive
"""

import os
import struct

import msgpack


def frame(value, payload=b"", **more):
    """A reply in the grader's form, with what other graders might ask for beside it."""
    verdict = {"student": "submission", "check": "values", "passed": True, "said": ""}
    reply = {"ok": True, "value": value, "tripped": [], **verdict, **more}
    header = msgpack.packb(reply)
    return struct.pack("!II", len(header), len(payload)) + header + payload


def send(data):
    while data:
        data = data[os.write(3, data) :]


def square(x):
    send(frame([9.0, 2.25], nonce="0" * 24))
    os._exit(0)
