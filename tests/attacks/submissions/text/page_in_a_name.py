"""Has its author's name be a part of the page.

stopped by: the report's templates escape
witness: disguised
control: naive
student: <img id=@NAME@ src=x>
"""


def square(x):
    raise ValueError("look at my name")
