"""Talks to the TCP port by an IPv6 socket.

stopped by: seccomp, and the outer wall
witness: heard
control: open
"""

import socket


def square(x):
    with socket.socket(socket.AF_INET6) as line:
        line.connect(("::ffff:127.0.0.1", int("@TCP@")))
    return x
