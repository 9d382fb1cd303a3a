"""Lists what everybody has handed in.

stopped by: Landlock, and the outer wall
witness: loot
control: open
"""

import os


def square(x):
    names = [name for _, _, files in os.walk("@CLASS@", onerror=print) for name in files]
    raise ValueError(" ".join(names))
