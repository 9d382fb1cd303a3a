"""Hides a pickle that runs a program in an extension of msgpack.

stopped by: nothing is unpickled; unknown extensions are refused
witness: marker
control: naive
"""

import inspect
import os
import pickle
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


class Evil:
    def __reduce__(self):
        return os.mkdir, ("@MARKER@",)


def square(x):
    send(frame(msgpack.ExtType(42, pickle.dumps(Evil())), nonce=nonce()))
    os._exit(0)
