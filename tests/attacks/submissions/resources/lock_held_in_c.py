"""Holds the interpreter's lock in C, where no signal handler and no thread of Python's runs.

stopped by: the check's deadline, kept by another process
witness: swollen
control: open
"""


def square(x):
    return x * sum(range(10**15))
