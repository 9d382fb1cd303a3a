"""Fails, and puts it right when the process ends.

stopped by: a worker is killed, and has no last word
witness: mark
control: naive
"""

import atexit
import os
import struct

import msgpack


def last_word():
    for check in ("values", "gradient"):
        verdict = {"student": "submission", "check": check, "passed": True, "said": ""}
        header = msgpack.packb({**verdict, "ok": True, "value": 1.0, "nonce": "0" * 24})
        os.write(3, struct.pack("!II", len(header), 0) + header)


atexit.register(last_word)


def square(x):
    return x * 0 + 1
