"""Nests folders until no path reaches the innermost.

stopped by: the number of files in the worker's scratch, or the watch on it
witness: told
control: open
"""

import os


def square(x):
    for _ in range(5_500):
        os.mkdir("deeper")
        os.chdir("deeper")
    raise ValueError("@WORKED@")
