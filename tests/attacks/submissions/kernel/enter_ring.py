"""Reaches the call that runs what is queued.

stopped by: seccomp, which kills
witness: told
control: open
"""

import errno

from grader.sandbox import kernel


def square(x):
    # The arguments are nonsense: what counts is that the kernel's own code finds that out.
    try:
        kernel.syscall("io_uring_enter", 1 << 20, 0, 0, 0, 0, 0)
    except OSError as error:
        if error.errno not in (errno.EBADF,):
            raise
    raise ValueError("@WORKED@")
