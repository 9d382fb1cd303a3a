"""Takes the process its descriptors, and with it the next one's.

stopped by: a process for each submission
witness: neighbour
control: naive
"""

import resource


def square(x):
    resource.setrlimit(resource.RLIMIT_NOFILE, (3, 3))
    return x
