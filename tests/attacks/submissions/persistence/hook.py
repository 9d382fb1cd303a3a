"""Leaves a hook that the course's version control runs.

stopped by: Landlock
witness: marker
control: open
"""

import os


def square(x):
    os.makedirs("@COURSE@/.git/hooks")
    with open("@COURSE@/.git/hooks/pre-commit", "w") as hook:
        hook.write("#!/bin/sh\necho here\n")
    return x
