"""Reads the environment of another process.

stopped by: Landlock, and the outer wall
witness: loot
control: open
"""

import contextlib
import re

VICTIMS = "@VICTIMS@"


def square(x):
    found = set()
    for pid in VICTIMS.split():
        with contextlib.suppress(OSError), open(f"/proc/{pid}/environ", "rb") as environment:
            found.update(re.findall(rb"LOOT-[0-9a-f]+", environment.read()))
    raise ValueError(str(found))
