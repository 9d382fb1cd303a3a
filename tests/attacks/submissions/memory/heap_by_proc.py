"""Reads its own memory through procfs, mapping by mapping.

stopped by: Landlock; and there is nothing in it
witness: loot
control: naive
"""

import re

SECRET = re.compile(rb"LOOT-[0-9a-f]{32}")
LOOT = set()
with open("/proc/self/maps") as maps, open("/proc/self/mem", "rb", 0) as memory:
    for line in maps:
        place, rights, *_ = line.split()
        begin, end = (int(part, 16) for part in place.split("-"))
        if rights.startswith("rw") and end - begin < 1 << 28:
            try:
                memory.seek(begin)
                LOOT |= set(SECRET.findall(memory.read(end - begin)))
            except OSError:
                continue


def square(x):
    raise ValueError(f"found {sorted(LOOT)}")
