"""Makes a classmate's file look as if it had come too late.

stopped by: seccomp, which pretends: Landlock doesn't govern times
witness: marker
control: open
"""

import os


def square(x):
    os.utime("@MATE@", (4e9, 4e9))
    return x
