"""Starts itself again, with a library loaded before all others.

stopped by: seccomp
witness: marker
control: open
"""

import os
import sys


def square(x):
    code = "import os; open('@MARKER@', 'w').write(os.environ['LD_PRELOAD'])"
    os.execve(sys.executable, [sys.executable, "-c", code], {"LD_PRELOAD": "./mine.so"})
