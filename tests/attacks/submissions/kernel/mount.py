"""Makes a user namespace, in which it may mount, and hides a directory.

stopped by: seccomp, which kills
witness: told
control: open
"""

import ctypes

from grader.sandbox import kernel

NEW_USER_AND_MOUNTS = 0x10020000


def text(value):
    return ctypes.create_string_buffer(value)


# While it is imported: later there are threads, and then there is no new user namespace.
kernel.syscall("unshare", NEW_USER_AND_MOUNTS)
kernel.syscall("mount", text(b"mine"), text(b"@GROUND@/class"), text(b"tmpfs"), 0, text(b""))
raise ImportError("@WORKED@")
