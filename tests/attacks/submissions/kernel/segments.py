"""Looks at its local descriptor table, a rich source of holes in the kernel.

stopped by: seccomp, which kills
witness: told
control: open
needs: x86_64
"""

import ctypes

from grader.sandbox import kernel


def square(x):
    kernel.syscall("modify_ldt", 0, ctypes.create_string_buffer(16), 16)
    raise ValueError("@WORKED@")
