"""Raises an exception whose text, class and traceback all raise exceptions.

stopped by: words of an exception are read where it was raised, and whatever they raise is caught
witness: neighbour
control: naive
"""


class Evil(Exception):
    ag_error_metadata = property(lambda self: 1 / 0)
    errno = property(lambda self: 1 / 0)
    __traceback__ = property(lambda self: 1 / 0)

    def __str__(self):
        raise self

    __repr__ = __str__


def square(x):
    raise Evil
