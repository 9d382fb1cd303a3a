"""Reaches the calls that make a new file system.

stopped by: seccomp, which kills
witness: told
control: open
"""

import errno

from grader.sandbox import kernel


def square(x):
    # The arguments are nonsense: what counts is that the kernel's own code finds that out.
    try:
        kernel.syscall("fsconfig", 1 << 20, 1 << 20, 0, 0, 0)
    except OSError as error:
        if error.errno not in (
            errno.EINVAL,
            errno.EOPNOTSUPP,
            errno.EBADF,
        ):
            raise
    raise ValueError("@WORKED@")
