"""Uses up inodes with empty files.

stopped by: the number of files in the worker's scratch, or the watch on it
witness: swollen
control: open
"""

import time


def square(x):
    for number in range(22_000):
        open(f"empty-{number}", "w").close()
    time.sleep(0.3)
    return x * 0
