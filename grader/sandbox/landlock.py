"""Landlock: which files a process may read or write, decided by the process itself, for good.

Everything that this kernel's Landlock can govern is governed, so what isn't granted is denied.
Executing is granted nowhere; mapping shared libraries needs reading only.
"""

from __future__ import annotations

import ctypes
import errno
import os
import stat
import struct
import sys

from grader.sandbox import kernel, syscalls
from grader.sandbox.errors import SandboxUnavailable

_EXECUTE = 1 << 0
_WRITE_FILE = 1 << 1
_READ_FILE = 1 << 2
_READ_DIR = 1 << 3
_REMOVE_DIR = 1 << 4
_REMOVE_FILE = 1 << 5
_MAKE_DIR = 1 << 7
_MAKE_REG = 1 << 8
_REFER = 1 << 13
_TRUNCATE = 1 << 14
_IOCTL_DEV = 1 << 15

_READ = _READ_FILE | _READ_DIR
# REFER: checkpoints and SavedModel rename across directories and fail without it. No symbolic
# links, pipes, sockets or devices: nothing of TensorFlow's makes them.
_WRITE = (
    _READ | _WRITE_FILE | _TRUNCATE | _REMOVE_DIR | _REMOVE_FILE | _MAKE_DIR | _MAKE_REG | _REFER
)
_DEVICE = _READ_FILE | _WRITE_FILE | _IOCTL_DEV
_ON_FILES = _EXECUTE | _WRITE_FILE | _READ_FILE | _TRUNCATE | _IOCTL_DEV

_LAST_KNOWN_ABI = 5  # of the file rights; a later kernel's further rights aren't ours to name
_RIGHTS_BY_ABI = {1: (1 << 13) - 1, 2: (1 << 14) - 1, 3: (1 << 15) - 1, 4: (1 << 15) - 1}
_ALL_RIGHTS = (1 << 16) - 1
_TCP_BIND_AND_CONNECT = 3  # from ABI 4
_ABSTRACT_SOCKETS_AND_SIGNALS = 3  # from ABI 6
_VERSION_QUERY = 1
_RULE_PATH_BENEATH = 1
_LOG_SAME_EXEC_OFF = 1  # from ABI 7


def abi() -> int:
    """The version of Landlock in force here, 0 where there is none."""
    if sys.platform != "linux" or not syscalls.supported():
        return 0
    try:
        return kernel.syscall("landlock_create_ruleset", 0, 0, _VERSION_QUERY)
    except OSError as error:
        # Not in this kernel, not enabled at boot, or denied by the filter of a container.
        if error.errno in (errno.ENOSYS, errno.EOPNOTSUPP, errno.EPERM):
            return 0
        raise


class Ruleset:
    """Grants, gathered while paths can be opened; `restrict` puts them in force.

    Raises:
        SandboxUnavailable: this kernel has no Landlock.
    """

    def __init__(self) -> None:
        self._abi = abi()
        if self._abi == 0:
            raise SandboxUnavailable("Landlock is missing here")
        self._governed = _RIGHTS_BY_ABI.get(min(self._abi, _LAST_KNOWN_ABI), _ALL_RIGHTS)
        words = [self._governed]
        if self._abi >= 4:
            words.append(_TCP_BIND_AND_CONNECT)
        if self._abi >= 6:
            words.append(_ABSTRACT_SOCKETS_AND_SIGNALS)
        packed = struct.pack(f"{len(words)}Q", *words)
        attributes = ctypes.create_string_buffer(packed, len(packed))
        self._fd = kernel.syscall("landlock_create_ruleset", attributes, len(packed), 0)

    def allow_read(self, path: str, *, missing_ok: bool = False) -> None:
        """Grant reading a file, or a directory with all below it.

        Raises:
            OSError: it can't be opened; a missing one is skipped if `missing_ok`.
        """
        self._allow(path, _READ, missing_ok)

    def allow_write(self, path: str) -> None:
        """Grant reading, writing, making, moving and removing below the directory `path`."""
        self._allow(path, _WRITE, False)

    def allow_device(self, path: str) -> None:
        """Grant reading, writing and ioctl on the device node (or the directory of them) `path`."""
        self._allow(path, _DEVICE, False)

    def restrict(self) -> None:
        """Put the grants in force for this thread and all that it starts, and close the ruleset.

        Raises:
            OSError: the kernel refused, as it does without `kernel.no_new_privileges`.
        """
        # A student's denied calls would otherwise fill the machine's audit log.
        flags = _LOG_SAME_EXEC_OFF if self._abi >= 7 else 0
        kernel.syscall("landlock_restrict_self", self._fd, flags)
        os.close(self._fd)

    def _allow(self, path: str, rights: int, missing_ok: bool) -> None:
        try:
            target = os.open(path, os.O_PATH | os.O_CLOEXEC)
        except FileNotFoundError:
            if missing_ok:
                return
            raise
        try:
            granted = rights & self._governed
            if not stat.S_ISDIR(os.fstat(target).st_mode):
                granted &= _ON_FILES
            rule = ctypes.create_string_buffer(struct.pack("=Qi", granted, target), 12)
            kernel.syscall("landlock_add_rule", self._fd, _RULE_PATH_BENEATH, rule, 0)
        finally:
            os.close(target)
