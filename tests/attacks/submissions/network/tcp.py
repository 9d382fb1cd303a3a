"""Connects to a TCP port of this machine and talks.

stopped by: seccomp, and the outer wall
witness: heard
control: open
"""

import socket


def square(x):
    with socket.create_connection(("127.0.0.1", int("@TCP@"))) as line:
        line.sendall(b"hello")
    return x
