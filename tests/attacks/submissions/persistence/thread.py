"""Leaves a thread that spoils what comes after.

stopped by: Landlock, and the end of the worker's process
witness: marker
control: naive
"""

import os
import threading
import time


def spoil():
    time.sleep(0.2)
    with open("@MARKER@", "w") as stream:
        stream.write("later")
    os._exit(1)


def square(x):
    threading.Thread(target=spoil).start()
    return x
