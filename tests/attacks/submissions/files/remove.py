"""Removes everybody's work.

stopped by: Landlock, and the outer wall
witness: marker
control: open
"""

import shutil


def square(x):
    shutil.rmtree("@CLASS@")
    return x
