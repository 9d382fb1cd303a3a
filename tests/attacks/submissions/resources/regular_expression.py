"""Matches a regular expression that backtracks for centuries.

stopped by: the check's deadline, kept by another process
witness: swollen
control: open
"""

import re


def square(x):
    return x if re.match(r"(a|a)*$", "a" * 60 + "b") else x * x
