"""Takes another process its descriptors and its memory by limits.

stopped by: seccomp, and the outer wall
witness: victim
control: open
"""

import resource

VICTIMS = "@VICTIMS@"


def square(x):
    for pid in map(int, VICTIMS.split()):
        resource.prlimit(pid, resource.RLIMIT_NOFILE, (3, 3))
        resource.prlimit(pid, resource.RLIMIT_AS, (4096, 4096))
    return x
