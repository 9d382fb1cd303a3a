"""Gets a handle on the file itself and opens that anew through procfs.

stopped by: Landlock, and the outer wall
witness: loot
control: open
"""

import os


def square(x):
    handle = os.open("@CANARY@", os.O_PATH)
    with open(f"/proc/self/fd/{handle}") as secret:
        raise ValueError(secret.read())
