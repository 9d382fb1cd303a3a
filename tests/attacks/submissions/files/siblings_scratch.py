"""Reads what another worker has written into its directory.

stopped by: Landlock, and the outer wall
witness: loot
control: open
"""

import glob


def square(x):
    found = []
    for path in glob.glob("../scratch-*/*"):
        with open(path) as notes:
            found.append(notes.read(100))
    raise ValueError(str(found))
