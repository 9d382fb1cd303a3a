"""Tells that it was imported, and what it answers, before it is.

stopped by: bytes that nobody asked for end the worker
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


send(frame(None) + frame([9.0, 2.25]) + frame([1.0], check="gradient"))


def square(x):
    os._exit(0)
