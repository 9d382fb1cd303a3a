"""Talks to the grader on the channel of the process that forked it.

stopped by: every descriptor but four is closed
witness: neighbour
control: open
"""

import contextlib
import os
import socket


def square(x):
    for number in range(4, 256):
        with contextlib.suppress(OSError):
            line = socket.socket(fileno=os.dup(number))
            if line.type == socket.SOCK_SEQPACKET:
                line.send(b'{"status": "well done"}')
    return x
