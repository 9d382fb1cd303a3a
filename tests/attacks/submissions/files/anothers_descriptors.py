"""Opens anew what another process holds open.

stopped by: Landlock, and the outer wall
witness: loot
control: open
"""

import contextlib
import os
import stat

VICTIMS = "@VICTIMS@"


def square(x):
    found = []
    for pid in VICTIMS.split():
        for number in range(3, 30):
            path = f"/proc/{pid}/fd/{number}"
            with contextlib.suppress(OSError):
                if stat.S_ISREG(os.stat(path).st_mode):
                    with open(path) as stolen:
                        found.append(stolen.read(100))
    raise ValueError(str(found))
