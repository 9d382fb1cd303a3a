"""Raises what Ctrl-C raises.

stopped by: a process of its own: Ctrl-C is the grader's to handle
witness: neighbour
control: naive
"""


def square(x):
    raise KeyboardInterrupt
