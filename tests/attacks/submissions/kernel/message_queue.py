"""Makes a message queue that stays when its maker is gone.

stopped by: seccomp
witness: told
control: open
"""

import ctypes

CREATE = 0o1600
PRIVATE = 0


def square(x):
    if ctypes.CDLL(None).msgget(PRIVATE, CREATE) >= 0:
        raise ValueError("@WORKED@")
    return x
