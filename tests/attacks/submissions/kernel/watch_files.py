"""Has the kernel tell it what others do with their files.

stopped by: seccomp, and the outer wall
witness: told
control: open
"""

import ctypes


def square(x):
    libc = ctypes.CDLL(None)
    watch = libc.inotify_init()
    if watch >= 0 and libc.inotify_add_watch(watch, b"@CLASS@", 0xFFF) >= 0:
        raise ValueError("@WORKED@")
    return x
