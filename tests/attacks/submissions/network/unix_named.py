"""Connects to a socket such as a container engine listens on.

stopped by: seccomp, and the outer wall
witness: heard
control: open
"""

import socket


def square(x):
    with socket.socket(socket.AF_UNIX) as line:
        line.connect("@UNIX@")
        line.sendall(b"GET /containers/json HTTP/1.0\r\n\r\n")
    return x
