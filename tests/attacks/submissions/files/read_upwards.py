"""Climbs from its working directory to the secret file.

stopped by: Landlock, and the outer wall
witness: loot
control: open
"""

import os


def square(x):
    for height in range(1, 8):
        path = os.path.join(*[".."] * height, "secret", "canary")
        if os.path.exists(path):
            with open(path) as secret:
                raise ValueError(secret.read())
    raise PermissionError(1, "not found")
