"""Leaves a file in /dev/shm.

stopped by: Landlock, and the outer wall
witness: marker
control: open
"""


def square(x):
    with open("/dev/shm/@NAME@", "w") as stream:
        stream.write("I was here")
    return x
