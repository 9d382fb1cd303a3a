"""Has its author's name obeyed by a terminal.

stopped by: the grader takes such characters out
witness: disguised
control: naive
student: \u202eeva\x1b[2J
"""


def square(x):
    raise ValueError("look at my name")
