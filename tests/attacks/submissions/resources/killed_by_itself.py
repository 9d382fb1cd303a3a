"""Sends itself the signal that the grader would send.

stopped by: a process of its own for each submission
witness: neighbour
control: naive
"""

import os
import signal


def square(x):
    os.kill(os.getpid(), signal.SIGKILL)
