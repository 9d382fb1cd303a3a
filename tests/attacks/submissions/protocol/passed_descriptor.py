"""Passes descriptors along with its reply until the reader has none left.

stopped by: seccomp: no sendmsg; and the kernel drops what comes with a plain read
witness: mark
control: naive
"""

import inspect
import os
import socket
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
    data = frame([9.0, 2.25], nonce=nonce())
    try:
        channel = socket.socket(fileno=os.dup(3))
        for _ in range(2_000):
            socket.send_fds(channel, [data], [0, 1, 2])
    except OSError:
        send(data)
    os._exit(0)
