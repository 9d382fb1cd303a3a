"""Sets an alarm that goes off while the next one is graded.

stopped by: a process for each submission
witness: neighbour
control: naive
"""

import signal


def square(x):
    signal.setitimer(signal.ITIMER_REAL, 0.001)
    return x
