"""Listens on a TCP port for somebody to come in.

stopped by: seccomp, and the outer wall
witness: told
control: open
"""

import socket


def square(x):
    with socket.create_server(("127.0.0.1", 0)):
        raise ValueError("@WORKED@")
