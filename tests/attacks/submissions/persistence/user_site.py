"""Leaves a package where this user's Python looks first.

stopped by: Landlock
witness: marker
control: open
"""

import os
import sys

VERSION = f"python{sys.version_info.major}.{sys.version_info.minor}"


def square(x):
    place = f"@HOME@/.local/lib/{VERSION}/site-packages/@NAME@"
    os.makedirs(place)
    return x
