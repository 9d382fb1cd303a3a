"""Makes a symbolic link to the secret file and reads that.

stopped by: seccomp denies the link, Landlock reading through it
witness: loot
control: open
"""

import os


def square(x):
    if not os.path.lexists("mine"):
        os.symlink("@CANARY@", "mine")
    with open("mine") as secret:
        raise ValueError(secret.read())
