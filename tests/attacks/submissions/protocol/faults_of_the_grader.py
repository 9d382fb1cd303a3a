"""Answers with an error that looks as if the grader had broken.

stopped by: an error reply is the student's error, whatever its name
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
    error = {
        "kind": "raised",
        "type": "EngineError",
        "bases": ["EngineError", "GraderError", "Exception"],
        "message": "the zygote is gone",
        "frames": [[1, "x", "y"], "z"],
        "errno": None,
    }
    send(frame(None, ok=False, error=error, nonce=nonce()))
    os._exit(0)
