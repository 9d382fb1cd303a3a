"""Leaves a file in the home directory of the user who grades.

stopped by: Landlock, and the outer wall
witness: marker
control: open
"""


def square(x):
    with open("@HOME@/.@NAME@", "w") as stream:
        stream.write("I was here")
    return x
