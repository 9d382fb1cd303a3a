"""Changes what another worker has written into its directory.

stopped by: Landlock
witness: marker
control: open
"""

import glob


def square(x):
    for path in glob.glob("../scratch-*/*"):
        with open(path, "w") as notes:
            notes.write("nothing")
    return x
