"""A header within all limits that unpacks to very much more than it takes.

stopped by: a bound on headers that makes their decoded form harmless
witness: swollen
control: naive
"""

import inspect
import os
import struct


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
    number = nonce()
    # A byte each, 56 and more as an empty list. As many as the grader takes, or any number.
    many = 40_000_000 if set(number) == {"0"} else 1_040_000
    lists = b"\xdd" + struct.pack("!I", many) + b"\x90" * many
    header = b"\x83\xa2ok\xc3\xa5nonce\xb8" + number.encode() + b"\xa5value" + lists
    send(struct.pack("!II", len(header), 0) + header)
    os._exit(0)
