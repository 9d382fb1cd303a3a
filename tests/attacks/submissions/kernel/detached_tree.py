"""Gets a handle on the whole tree of files.

stopped by: seccomp, which kills
witness: told
control: open
"""

import ctypes

from grader.sandbox import kernel

HERE = (1 << 64) - 100


def square(x):
    kernel.syscall("open_tree", HERE, ctypes.create_string_buffer(b"/"), 0)
    raise ValueError("@WORKED@")
