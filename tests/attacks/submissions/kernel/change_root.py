"""Reaches the call that sets another root directory.

stopped by: seccomp, which kills
witness: told
control: open
"""

import errno

from grader.sandbox import kernel


def square(x):
    # The arguments are nonsense: what counts is that the kernel's own code finds that out.
    try:
        kernel.syscall("chroot", 0)
    except OSError as error:
        if error.errno not in (errno.EFAULT,):
            raise
    raise ValueError("@WORKED@")
