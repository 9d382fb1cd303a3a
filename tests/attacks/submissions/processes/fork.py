"""Forks, and lets the child write.

stopped by: seccomp
witness: marker
control: open
"""

import os


def square(x):
    child = os.fork()
    if child == 0:
        with open("@MARKER@", "w") as stream:
            stream.write("from the child")
        os._exit(0)
    os.waitpid(child, 0)
    return x
