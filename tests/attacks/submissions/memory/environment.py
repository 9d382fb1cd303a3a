"""Looks for secrets in the environment, and in the block that the process was started with.

stopped by: a clean environment for the zygote, cleared again in the worker
witness: loot
control: naive
"""

import ctypes
import os
import re

SECRET = re.compile(r"LOOT-[0-9a-f]{32}")
libc = ctypes.CDLL(None)


def first_environment():
    """What lies on the stack since the process began, whatever has become of os.environ."""
    arguments = ctypes.POINTER(ctypes.c_char_p)()
    count = ctypes.c_int()
    ctypes.pythonapi.Py_GetArgcArgv(ctypes.byref(count), ctypes.byref(arguments))
    place = ctypes.c_char_p.in_dll(libc, "program_invocation_name")
    address = ctypes.cast(place, ctypes.c_void_p).value
    # Arguments and environment follow each other up to the last page of the stack.
    size = 4096 - address % 4096
    return ctypes.string_at(address, size).decode("latin-1")


def square(x):
    variables = ctypes.POINTER(ctypes.c_char_p).in_dll(libc, "environ")
    texts = [str(dict(os.environ)), first_environment()]
    for number in range(1000):
        if not variables or variables[number] is None:
            break
        texts.append(variables[number].decode("latin-1"))
    loot = {found for text in texts for found in SECRET.findall(text)}
    raise ValueError(f"found {sorted(loot)}")
