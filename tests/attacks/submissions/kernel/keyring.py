"""Asks for the keys of the user who grades.

stopped by: seccomp, which kills
witness: told
control: open
"""

from grader.sandbox import kernel

GET_ID, SESSION = 0, (1 << 64) - 3


def square(x):
    kernel.syscall("keyctl", GET_ID, SESSION, 0)
    raise ValueError("@WORKED@")
