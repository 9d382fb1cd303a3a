"""Reaches the kernel's measuring of everything.

stopped by: seccomp, which kills
witness: told
control: open
"""

import errno

from grader.sandbox import kernel


def square(x):
    # The arguments are nonsense: what counts is that the kernel's own code finds that out.
    try:
        kernel.syscall("perf_event_open", 0, 0, 0, 0, 1 << 40)
    except OSError as error:
        if error.errno not in (errno.EINVAL,):
            raise
    raise ValueError("@WORKED@")
