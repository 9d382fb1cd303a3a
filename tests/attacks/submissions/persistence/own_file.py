"""Rewrites its own file before anybody looks at it again.

stopped by: Landlock
witness: marker
control: open
"""

import os


def square(x):
    os.chmod(__file__, 0o666)
    with open(__file__, "w") as own:
        own.write("def square(x):\n    return x * x\n")
    return x
