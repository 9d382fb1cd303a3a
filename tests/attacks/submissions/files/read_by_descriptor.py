"""Gets a handle on the ground, which needs no right to read, and goes on from it.

stopped by: Landlock, and the outer wall
witness: loot
control: open
"""

import os


def square(x):
    ground = os.open("@GROUND@", os.O_PATH)
    secret = os.open("secret/canary", os.O_RDONLY, dir_fd=ground)
    raise ValueError(os.read(secret, 100).decode())
