"""Says everything twice in one reply, first wrong and then right.

stopped by: one meaning for the grader: the last; and it is compared like any other
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


def send(data):
    while data:
        data = data[os.write(3, data) :]


def pairs(*said):
    body = b"".join(msgpack.packb(key) + msgpack.packb(value) for key, value in said)
    return b"\xde" + struct.pack("!H", len(said)) + body


def square(x):
    header = pairs(
        ("ok", False),
        ("nonce", "0" * 24),
        ("nonce", nonce()),
        ("ok", True),
        ("tripped", []),
        ("value", None),
        ("value", [9.0, 2.25]),
        ("student", "submission"),
        ("check", "values"),
        ("passed", False),
        ("passed", True),
        ("said", ""),
    )
    send(struct.pack("!II", len(header), 0) + header)
    os._exit(0)
