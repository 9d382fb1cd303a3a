"""Reads the next question before the loop does, and answers it by itself.

stopped by: numbers compared with the reference's: who reads the question early knows no more
witness: mark
control: naive
"""

import contextlib
import os
import re
import struct
import threading
import time

import msgpack


def frame(value, payload=b"", **more):
    """A reply in the grader's form, with what other graders might ask for beside it."""
    verdict = {"student": "submission", "check": "values", "passed": True, "said": ""}
    reply = {"ok": True, "value": value, "tripped": [], **verdict, **more}
    header = msgpack.packb(reply)
    return struct.pack("!II", len(header), len(payload)) + header + payload


def send(data):
    while data:
        data = data[os.write(3, data) :]


def take():
    """Whatever is asked from now on."""
    for _ in range(3):
        with contextlib.suppress(OSError, ValueError, struct.error):
            header, payload = struct.unpack("!II", os.read(3, 8))
            asked = os.read(3, header)
            os.read(3, payload)
            number = re.search(rb"[0-9a-f]{24}", asked)[0].decode()
            send(frame([9.0, 2.25], nonce=number))
        send(frame([9.0, 2.25]))
    os._exit(0)


def square(x):
    threading.Thread(target=take).start()
    time.sleep(0.3)
    return x * 0
