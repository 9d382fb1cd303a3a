"""Fills memory that it mapped privately, in several threads.

stopped by: the watch on resident memory
witness: swollen
control: open
"""

import mmap
import threading
import time

KEPT = []


def fill():
    for _ in range(11):
        page = mmap.mmap(-1, 50 << 20, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
        for place in range(0, len(page), 4096):
            page[place] = 1
        KEPT.append(page)


def square(x):
    threads = [threading.Thread(target=fill) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    time.sleep(0.3)
    KEPT.clear()
    return x * 0
