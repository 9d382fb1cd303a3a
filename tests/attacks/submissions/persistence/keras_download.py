"""Leaves a file among those that Keras has downloaded.

stopped by: Landlock
witness: marker
control: open
"""

import os


def square(x):
    os.makedirs("@HOME@/.keras", exist_ok=True)
    with open("@HOME@/.keras/@NAME@", "w") as weights:
        weights.write("mine")
    return x
