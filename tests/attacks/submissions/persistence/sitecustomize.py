"""Leaves a sitecustomize.py, which every Python runs at its start.

stopped by: Landlock
witness: marker
control: open
"""


def square(x):
    with open("@SITE@/sitecustomize.py", "w") as custom:
        custom.write("import this\n")
    return x
