"""Reaches the kernel's own virtual machine.

stopped by: seccomp, which kills
witness: told
control: open
"""

import errno

from grader.sandbox import kernel


def square(x):
    # The arguments are nonsense: what counts is that the kernel's own code finds that out.
    try:
        kernel.syscall("bpf", 0, 0, 1 << 20)
    except OSError as error:
        if error.errno not in (errno.E2BIG,):
            raise
    raise ValueError("@WORKED@")
