"""Asks the kernel for the machine's network interfaces.

stopped by: seccomp, and the outer wall
witness: told
control: open
"""

import socket
import struct


def square(x):
    line = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0)
    line.bind((0, 0))
    line.send(struct.pack("=IHHII", 20, 18, 0x301, 1, 0) + bytes(4))
    if len(line.recv(65536)) > 20:
        raise ValueError("@WORKED@")
    return x
