"""Returns NaN, which is neither too large nor too small.

stopped by: comparisons with <=, so that NaN agrees with nothing
witness: mark
control: naive
"""


def square(x):
    return x * float("nan")
