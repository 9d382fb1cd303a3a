"""Has its message clear the screen and set the window's title.

stopped by: the grader takes such characters out
witness: disguised
control: naive
"""


def square(x):
    raise ValueError("\x1b[2J\x1b]0;all passed\x07\x9b31m\r10 of 10 points\x08")
