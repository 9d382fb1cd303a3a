"""Goes through another process's root directory.

stopped by: Landlock, and the outer wall
witness: loot
control: open
"""

import contextlib

VICTIMS = "@VICTIMS@"


def square(x):
    found = []
    for pid in VICTIMS.split():
        with contextlib.suppress(OSError), open(f"/proc/{pid}/root@CANARY@") as secret:
            found.append(secret.read())
    raise ValueError(str(found))
