"""Sends random headers of the right length.

stopped by: structure checked before anything is used
witness: neighbour
control: naive
"""

import os
import random
import struct


def send(data):
    while data:
        data = data[os.write(3, data) :]


def square(x):
    header = random.Random(5).randbytes(900)
    send(struct.pack("!II", len(header), 0) + header)
    os._exit(0)
