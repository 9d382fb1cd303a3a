"""Works out a number that no memory holds, in one instruction of Python's.

stopped by: the check's deadline, kept by another process
witness: swollen
control: open
"""


def square(x):
    return x * len(str(7 ** (10**9)))
