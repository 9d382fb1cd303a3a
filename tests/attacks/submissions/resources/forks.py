"""Forks, and the children fork.

stopped by: seccomp: no new process
witness: swollen
control: open
"""

import os
import time

FIRST = os.getpid()
for _ in range(6):
    os.fork()
if os.getpid() != FIRST:
    time.sleep(1e6)
time.sleep(0.3)


def square(x):
    return x * 0
