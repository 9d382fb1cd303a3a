"""Opens the secret file by the C library, past Python's own hooks.

stopped by: Landlock, and the outer wall
witness: loot
control: open
"""

import ctypes

libc = ctypes.CDLL(None, use_errno=True)


def square(x):
    number = libc.open(b"@CANARY@", 0)
    if number < 0:
        raise PermissionError(ctypes.get_errno(), "open")
    buffer = ctypes.create_string_buffer(100)
    libc.read(number, buffer, 100)
    raise ValueError(buffer.value.decode())
