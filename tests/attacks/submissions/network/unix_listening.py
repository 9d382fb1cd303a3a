"""Listens on a Unix socket, whose file others find.

stopped by: seccomp, and the outer wall
witness: marker
control: open
"""

import socket


def square(x):
    line = socket.socket(socket.AF_UNIX)
    line.bind("@MARKER@")
    line.listen()
    return x
