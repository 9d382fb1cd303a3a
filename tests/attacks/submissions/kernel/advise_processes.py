"""Reaches the call that changes how others' memory is kept.

stopped by: seccomp, which kills
witness: told
control: open
"""

import errno

from grader.sandbox import kernel


def square(x):
    # The arguments are nonsense: what counts is that the kernel's own code finds that out.
    try:
        kernel.syscall("process_madvise", 1 << 20, 0, 0, 20, 0)
    except OSError as error:
        if error.errno not in (
            errno.EBADF,
            errno.EINVAL,
        ):
            raise
    raise ValueError("@WORKED@")
