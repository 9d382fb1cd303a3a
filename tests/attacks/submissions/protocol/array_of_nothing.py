"""Sends an array with a dimension of 0 and others that are huge.

stopped by: shapes compared before values
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


def square(x):
    array = msgpack.ExtType(1, msgpack.packb(["f4", [0, (1 << 31) - 1, (1 << 31) - 1]]))
    send(frame(array, b"", nonce=nonce()))
    os._exit(0)
