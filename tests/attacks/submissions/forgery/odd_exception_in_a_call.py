"""Raises what isn't an Exception when it is asked.

stopped by: everything that a call raises is caught, in a process of its own
witness: neighbour
control: naive
"""


def square(x):
    raise GeneratorExit
