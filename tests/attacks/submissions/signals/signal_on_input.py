"""Has the kernel kill another process as soon as a pipe can be read.

stopped by: seccomp, and the outer wall
witness: victim
control: open
"""

import fcntl
import os

F_SETSIG = 10
VICTIMS = "@VICTIMS@"


def square(x):
    for pid in map(int, VICTIMS.split()):
        reading, writing = os.pipe()
        fcntl.fcntl(reading, fcntl.F_SETOWN, pid)
        fcntl.fcntl(reading, F_SETSIG, 9)
        fcntl.fcntl(reading, fcntl.F_SETFL, os.O_ASYNC | os.O_NONBLOCK)
        os.write(writing, b"x")
    return x
