"""Makes a file in memory, which no limit on files or memory sees.

stopped by: seccomp
witness: told
control: open
"""

import os


def square(x):
    os.memfd_create("hidden")
    raise ValueError("@WORKED@")
