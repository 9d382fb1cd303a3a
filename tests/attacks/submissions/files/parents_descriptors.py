"""Opens anew what the process that forked it holds open.

stopped by: Landlock, and the outer wall
witness: loot
control: open
"""

import contextlib
import os
import stat


def square(x):
    found = []
    for number in range(64):
        path = f"/proc/{os.getppid()}/fd/{number}"
        with contextlib.suppress(OSError):
            if stat.S_ISREG(os.stat(path).st_mode):
                with open(path) as stolen:
                    found.append(stolen.read(100))
    raise ValueError(str(found))
