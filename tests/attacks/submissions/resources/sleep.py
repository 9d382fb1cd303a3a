"""Sleeps for days.

stopped by: the check's deadline, which is one of the clock and not of the processor
witness: swollen
control: open
"""

import time


def square(x):
    time.sleep(1e6)
    return x * x
