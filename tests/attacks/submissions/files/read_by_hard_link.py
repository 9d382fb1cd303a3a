"""Gives the secret file a second name in its own directory.

stopped by: Landlock, and the outer wall
witness: loot
control: open
"""

import os


def square(x):
    if not os.path.exists("mine"):
        os.link("@CANARY@", "mine")
    with open("mine") as secret:
        raise ValueError(secret.read())
