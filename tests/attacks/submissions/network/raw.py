"""Opens a raw socket, if need be in a network namespace of its own.

stopped by: seccomp, and the outer wall
witness: told
control: open
"""

import socket

from grader.sandbox import kernel

NEW_USER_AND_NETWORK = 0x50000000

# While it is imported: later there are threads, and then there is no new user namespace.
try:
    socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP)
except PermissionError:
    kernel.syscall("unshare", NEW_USER_AND_NETWORK)
    socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP)
raise ImportError("@WORKED@")
