"""Returns an object that unpickles as a call of what it likes.

stopped by: nothing is pickled or unpickled
witness: marker
control: naive
"""

import os


class Evil:
    def __eq__(self, other):
        return True  # or it would go no further than the comparison

    __hash__ = None

    def __reduce__(self):
        return os.mkdir, ("@MARKER@",)


def square(x):
    return Evil()
