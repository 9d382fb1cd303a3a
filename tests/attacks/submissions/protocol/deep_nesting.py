"""Nests a list 60,000 deep.

stopped by: msgpack's own limit, and one on the depth of every value
witness: neighbour
control: naive
"""

import os
import struct


def send(data):
    while data:
        data = data[os.write(3, data) :]


def square(x):
    header = b"\x91" * 60_000 + b"\x90"
    send(struct.pack("!II", len(header), 0) + header)
    os._exit(0)
