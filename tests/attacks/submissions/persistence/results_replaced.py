"""Puts a file of its own in the place of the results.

stopped by: Landlock
witness: marker
control: open
"""

import os


def square(x):
    with open("mine", "w") as results:
        results.write('{"points": 10}')
    os.replace("mine", "@OUT@/results.json")
    return x
