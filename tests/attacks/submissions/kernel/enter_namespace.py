"""Reaches the call that joins another's namespaces.

stopped by: seccomp, which kills
witness: told
control: open
"""

import errno

from grader.sandbox import kernel


def square(x):
    # The arguments are nonsense: what counts is that the kernel's own code finds that out.
    try:
        kernel.syscall("setns", 1 << 20, 0)
    except OSError as error:
        if error.errno not in (errno.EBADF,):
            raise
    raise ValueError("@WORKED@")
