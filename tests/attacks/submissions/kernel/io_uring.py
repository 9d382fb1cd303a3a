"""Has the kernel open and read by a queue that no filter of calls sees.

stopped by: seccomp, which kills
witness: told
control: open
"""

import ctypes

from grader.sandbox import kernel


def square(x):
    kernel.syscall("io_uring_setup", 8, ctypes.create_string_buffer(120))
    raise ValueError("@WORKED@")
