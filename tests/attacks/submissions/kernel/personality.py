"""Turns off that addresses are random, which makes exploits easy.

stopped by: seccomp, which kills
witness: told
control: open
"""

from grader.sandbox import kernel

ADDR_NO_RANDOMIZE = 0x40000


def square(x):
    kernel.syscall("personality", ADDR_NO_RANDOMIZE)
    raise ValueError("@WORKED@")
