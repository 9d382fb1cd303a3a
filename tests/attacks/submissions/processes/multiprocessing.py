"""Computes in processes of its own, which it doesn't end.

stopped by: seccomp
witness: survivor
control: open
"""

import multiprocessing
import time


def square(x):
    multiprocessing.get_context("fork").Process(target=time.sleep, args=(600,)).start()
    return x
