"""Writes without end to standard output and standard error.

stopped by: output that goes nowhere
witness: swollen
control: naive
"""

import os

TEXT = b"x" * (1 << 16)


def square(x):
    for _ in range(12_000):
        os.write(1, TEXT)
        os.write(2, TEXT)
    raise ValueError("it took it all")
