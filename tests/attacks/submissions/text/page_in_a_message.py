"""Has its message be a part of the page.

stopped by: the report's templates escape
witness: disguised
control: naive
"""


def square(x):
    raise ValueError('<img id=@NAME@ src=x onerror="alert(1)">')
