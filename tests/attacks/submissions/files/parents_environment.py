"""Reads the environment of the process that forked it.

stopped by: Landlock, and the outer wall
witness: loot
control: open
"""

import os
import re


def square(x):
    with open(f"/proc/{os.getppid()}/environ", "rb") as environment:
        raise ValueError(str(re.findall(rb"LOOT-[0-9a-f]+", environment.read())))
