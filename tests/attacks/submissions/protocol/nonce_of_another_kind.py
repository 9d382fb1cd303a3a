"""Answers by itself, with a number that might compare as anything.

stopped by: nonces compared by type first
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
    array = msgpack.ExtType(1, msgpack.packb(["f4", [2]]))
    send(frame(1.0, bytes(8), nonce=array))
    os._exit(0)
