"""Runs a program.

stopped by: seccomp
witness: marker
control: open
"""

import subprocess


def square(x):
    subprocess.run(["/bin/sh", "-c", "echo here > @MARKER@"], check=True)
    return x
