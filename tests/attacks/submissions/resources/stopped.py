"""Stops itself, so that it never ends and uses no processor time either.

stopped by: the check's deadline; SIGKILL ends stopped processes too
witness: swollen
control: open
"""

import os
import signal


def square(x):
    os.kill(os.getpid(), signal.SIGSTOP)
    return x * 0
