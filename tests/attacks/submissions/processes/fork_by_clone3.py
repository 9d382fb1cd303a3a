"""Forks by the newest system call, whose flags a filter can't see.

stopped by: seccomp
witness: survivor
control: open
"""

import ctypes
import os
import signal
import struct
import time

from grader.sandbox import kernel


def square(x):
    arguments = struct.pack("4Q", 0, 0, 0, 0) + struct.pack("7Q", signal.SIGCHLD, *[0] * 6)
    if kernel.syscall("clone3", ctypes.create_string_buffer(arguments), len(arguments)) == 0:
        time.sleep(600)
        os._exit(0)
    return x
