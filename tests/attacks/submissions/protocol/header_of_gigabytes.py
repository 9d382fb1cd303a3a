"""Announces a header of 4 GB and sends it for as long as anybody reads.

stopped by: lengths bounded before anything is read
witness: swollen
control: naive
"""

import os
import struct


def send(data):
    while data:
        data = data[os.write(3, data) :]


def square(x):
    send(struct.pack("!II", 0xFFFFFFFF, 0))
    for _ in range(44):
        send(b"\xc0" * (50 << 20))
    os._exit(0)
