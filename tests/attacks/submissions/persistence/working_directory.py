"""Makes the place where everybody works read-only and empty.

stopped by: a process for each submission
witness: neighbour
control: naive
"""

import os
import sys


def square(x):
    sys.path.clear()
    sys.path_importer_cache.clear()
    sys.modules.pop("reference", None)
    os.chdir("/")
    return x
