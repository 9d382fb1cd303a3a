"""Leaves a file in the system's temporary directory.

stopped by: Landlock, and the outer wall
witness: marker
control: open
"""


def square(x):
    with open("/tmp/@NAME@", "w") as stream:
        stream.write("I was here")
    return x
