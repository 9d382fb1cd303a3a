"""Sends its reply byte by byte, one each time before patience ends.

stopped by: a deadline for the whole frame
witness: neighbour
control: naive
"""

import os
import struct
import time


def send(data):
    while data:
        data = data[os.write(3, data) :]


def square(x):
    send(struct.pack("!II", 1000, 10**6))
    for _ in range(10**6):
        send(b"x")
        time.sleep(0.05)
