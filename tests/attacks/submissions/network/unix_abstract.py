"""Connects to an abstract Unix socket, which no file stands for.

stopped by: seccomp, and the outer wall
witness: heard
control: open
"""

import socket


def square(x):
    with socket.socket(socket.AF_UNIX) as line:
        line.connect("\0@ABSTRACT@")
        line.sendall(b"hello")
    return x
