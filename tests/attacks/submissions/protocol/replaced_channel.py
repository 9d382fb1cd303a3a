"""Puts another file in the channel's place.

stopped by: an answer is asked for: silence is a crash
witness: mark
control: naive
"""

import os


def square(x):
    os.dup2(os.open(os.devnull, os.O_RDWR), 3)
    return x * 0
