"""Leaves a .pth file, whose lines every Python runs at its start.

stopped by: Landlock
witness: marker
control: open
"""

import contextlib
import site


def square(x):
    places = ["@SITE@", site.getusersitepackages(), *site.getsitepackages()]
    for place in places:
        with contextlib.suppress(OSError), open(f"{place}/@NAME@.pth", "w") as path:
            path.write("import this\n")
    return x
