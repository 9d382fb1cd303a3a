"""Opens the secret file to everybody.

stopped by: seccomp, which pretends: Landlock doesn't govern modes
witness: marker
control: open
"""

import os


def square(x):
    os.chmod("@CANARY@", 0o666)
    return x
