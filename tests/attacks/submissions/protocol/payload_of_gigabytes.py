"""Announces 4 GB of arrays and sends them for as long as anybody reads.

stopped by: lengths bounded before anything is read
witness: swollen
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


def square(x):
    header = msgpack.packb({"ok": True, "value": None, "nonce": nonce()})
    send(struct.pack("!II", len(header), 0xFFFFFFFF) + header)
    for _ in range(44):
        send(bytes(50 << 20))
    os._exit(0)
