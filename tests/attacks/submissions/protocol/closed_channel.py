"""Closes the channel and ends as if all were well.

stopped by: an answer is asked for: silence is a crash
witness: mark
control: naive
"""

import os


def square(x):
    os.close(3)
    os._exit(0)
