"""Reads the command lines of all processes.

stopped by: Landlock, and the outer wall
witness: loot
control: open
"""

import contextlib
import os
import re


def square(x):
    found = set()
    for name in os.listdir("/proc"):
        with contextlib.suppress(OSError), open(f"/proc/{name}/cmdline", "rb") as line:
            found.update(re.findall(rb"LOOT-[0-9a-f]+", line.read()))
    raise ValueError(str(found))
