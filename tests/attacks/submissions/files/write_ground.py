"""Writes a file where everybody may write.

stopped by: Landlock, and the outer wall
witness: marker
control: open
"""


def square(x):
    with open("@MARKER@", "w") as stream:
        stream.write("I was here")
    return x
