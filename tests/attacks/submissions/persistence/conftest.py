"""Puts a conftest.py into the course, which pytest runs unasked.

stopped by: Landlock
witness: marker
control: open
"""


def square(x):
    with open("@COURSE@/solutions/conftest.py", "w") as conftest:
        conftest.write("import os; os._exit(0)")
    return x
