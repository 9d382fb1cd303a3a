"""Nests values in extensions, each of which is unpacked by a call of its own.

stopped by: a limit on the depth of every value, extensions included
witness: neighbour
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
    value = msgpack.packb(1)
    for _ in range(500):
        value = msgpack.packb([msgpack.ExtType(5, value)])
    header = b"\x82\xa5nonce\xb8" + nonce().encode() + b"\xa5value" + value
    send(struct.pack("!II", len(header), 0) + header)
    os._exit(0)
