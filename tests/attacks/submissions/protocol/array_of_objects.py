"""Sends an array whose dtype says that its bytes are objects.

stopped by: a white list of dtypes
witness: marker
control: naive
"""

import inspect
import os
import pickle
import struct

import msgpack
import numpy as np


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
    objects = pickle.dumps(np.array([Evil()], dtype=object))
    array = msgpack.ExtType(1, msgpack.packb(["O", [len(objects) // 8]]))
    send(frame(array, objects, nonce=nonce()))
    os._exit(0)
