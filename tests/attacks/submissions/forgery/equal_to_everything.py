"""Returns an object that is equal to everything.

stopped by: only plain values cross the wire, and no operator of a student's decides
witness: mark
control: naive
"""


class Same:
    __hash__ = None

    def __eq__(self, other):
        return True


def square(x):
    return Same()
