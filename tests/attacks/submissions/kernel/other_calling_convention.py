"""Makes a call by the 32-bit convention, whose numbers are others.

stopped by: seccomp, which kills
witness: told
control: open
needs: x86_64
"""

import ctypes
import mmap

# mov eax, 20 (getpid there); int 0x80; ret
CODE = b"\xb8\x14\x00\x00\x00\xcd\x80\xc3"


def square(x):
    page = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC,
                     flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)  # fmt: skip
    page.write(CODE)
    address = ctypes.addressof(ctypes.c_char.from_buffer(page))
    if ctypes.CFUNCTYPE(ctypes.c_int)(address)() > 0:
        raise ValueError("@WORKED@")
    return x
