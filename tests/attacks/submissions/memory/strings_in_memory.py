"""Goes through every container in memory for texts with a secret or another's work.

stopped by: a zygote that never had a check, an answer or a submission in its memory
witness: loot
control: naive
"""

import gc
import re

SECRET = re.compile(r"LOOT-[0-9a-f]{32}")
gc.unfreeze()


def texts():
    for holder in gc.get_objects():
        for found in gc.get_referents(holder):
            if type(found) is str:
                yield found
            elif type(found) in (bytes, bytearray):
                yield bytes(found).decode("latin-1")


def square(x):
    loot = {secret for text in texts() for secret in SECRET.findall(text)}
    raise ValueError(f"found {sorted(loot)}")
