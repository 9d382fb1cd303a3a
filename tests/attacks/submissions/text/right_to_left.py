"""Has its message read backwards.

stopped by: the grader takes such characters out
witness: disguised
control: naive
"""


def square(x):
    raise ValueError("failed: \u202e01 fo 01\u2066 points\u2069")
