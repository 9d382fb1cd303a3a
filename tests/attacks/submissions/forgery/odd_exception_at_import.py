"""Raises what isn't an Exception while it is imported.

stopped by: everything that an import raises is caught, in a process of its own
witness: neighbour
control: naive
"""


class Odd(BaseException):
    pass


raise Odd


def square(x):
    return x * x
