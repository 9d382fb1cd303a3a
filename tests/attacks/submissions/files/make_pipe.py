"""Makes a named pipe that would hold up whoever opens it.

stopped by: seccomp, and Landlock
witness: marker
control: open
"""

import os


def square(x):
    os.mkfifo("@MARKER@")
    return x
