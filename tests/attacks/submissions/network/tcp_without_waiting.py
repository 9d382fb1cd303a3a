"""Begins to connect and doesn't wait for an answer.

stopped by: seccomp, and the outer wall
witness: heard
control: open
"""

import contextlib
import socket


def square(x):
    line = socket.socket()
    line.setblocking(False)
    with contextlib.suppress(BlockingIOError):
        line.connect(("127.0.0.1", int("@TCP@")))
    return x
