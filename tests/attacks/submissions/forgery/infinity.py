"""Returns infinity, with which every tolerance grows along.

stopped by: a tolerance relative to the right answer, and finite answers only
witness: mark
control: naive
"""


def square(x):
    return x * 0.0 + float("inf")
