"""Replaces the loop that serves it: reads the questions itself and answers them.

stopped by: numbers compared with the reference's: an own loop knows no better ones
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


def serve():
    while True:
        header, payload = struct.unpack("!II", read(8))
        question = msgpack.unpackb(read(header), ext_hook=lambda code, data: None)
        read(payload)
        send(frame([9.0, 2.25], nonce=question.get("nonce", "")))


def read(count):
    data = b""
    while len(data) < count:
        piece = os.read(3, count - len(data))
        if not piece:
            os._exit(0)
        data += piece
    return data


def square(x):
    send(frame([9.0, 2.25], nonce=nonce()))
    try:
        serve()
    finally:
        os._exit(0)
