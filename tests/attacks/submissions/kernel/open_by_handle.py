"""Reaches the call that opens files past every directory.

stopped by: seccomp, which kills
witness: told
control: open
"""

import errno

from grader.sandbox import kernel


def square(x):
    # The arguments are nonsense: what counts is that the kernel's own code finds that out.
    try:
        kernel.syscall("open_by_handle_at", 1 << 20, 0, 0)
    except OSError as error:
        if error.errno not in (
            errno.EFAULT,
            errno.EBADF,
        ):
            raise
    raise ValueError("@WORKED@")
