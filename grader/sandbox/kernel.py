"""Thin wrappers around the system calls that Python doesn't offer; each failure names the call."""

from __future__ import annotations

import ctypes
import errno
import functools
import os
import signal
import socket
import struct

from grader.sandbox import syscalls

_PR_SET_PDEATHSIG = 1
_PR_SET_DUMPABLE = 4
_PR_CAPBSET_DROP = 24
_PR_SET_NO_NEW_PRIVS = 38
_PR_CAP_AMBIENT, _PR_CAP_AMBIENT_CLEAR_ALL = 47, 4
_CAPABILITY_VERSION_3 = 0x20080522
_CLONE_NEWNS, _CLONE_NEWUSER, _CLONE_NEWNET = 0x20000, 0x10000000, 0x40000000
_SIOCSIFFLAGS, _IFF_UP = 0x8914, 1
_MS_NOSUID, _MS_NODEV, _MS_NOEXEC, _MS_REC, _MS_PRIVATE = 2, 4, 8, 1 << 14, 1 << 18
_MOST_CAPABILITIES = 64
_NO_ID = -1  # means "leave as it is" to setres*id, so it can't be a worker's uid


@functools.cache
def _libc() -> ctypes.CDLL:
    # At the first call and not at import: there is no such library on Windows.
    library = ctypes.CDLL(None, use_errno=True)
    library.syscall.restype = ctypes.c_long
    return library


def syscall(name: str, *arguments: int | ctypes.Array[ctypes.c_char]) -> int:
    """Make the system call `name`.

    Raises:
        OSError: it failed; the message names the call.
        SandboxUnavailable: this machine's numbers aren't known.
    """
    # Whole registers: ctypes would pass a Python int as 32 bits and leave the rest to chance.
    words = [ctypes.c_ulong(item) if isinstance(item, int) else item for item in arguments]
    result: int = _libc().syscall(ctypes.c_long(syscalls.number(name)), *words)
    if result == -1:
        _fail(name)
    return result


def prctl(option: int, *arguments: int) -> int:
    """Call prctl with up to four arguments.

    Raises:
        OSError: it failed; the message names the option.
    """
    padded = (*arguments, 0, 0, 0, 0)[:4]
    words = [ctypes.c_ulong(item) for item in padded]
    result: int = _libc().prctl(ctypes.c_int(option), *words)
    if result == -1:
        _fail(f"prctl {option}")
    return result


def no_new_privileges() -> None:
    """No exec may ever grant more than this process has; Landlock and seccomp ask for it."""
    prctl(_PR_SET_NO_NEW_PRIVS, 1)


def not_dumpable() -> None:
    """Close this process's memory, descriptors and environment to others of the same user."""
    prctl(_PR_SET_DUMPABLE, 0)


def die_with_parent(parent: int) -> None:
    """Have the kernel kill this process when its parent ends.

    Args:
        parent: what `os.getppid()` said earlier. If the parent is gone already this process ends.
    """
    prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os.kill(os.getpid(), signal.SIGKILL)


def become(uid: int) -> None:
    """Give up root for `uid`, as user and group, real, effective and saved, without other groups.

    Raises:
        OSError: it isn't allowed.
        ValueError: `uid` is root's or no uid at all.
    """
    if uid <= 0:
        raise ValueError(f"a worker can't run as uid {uid}")
    os.setgroups([])
    os.setresgid(uid, uid, uid)
    os.setresuid(uid, uid, uid)


def drop_capabilities() -> None:
    """Give up every capability: bounding, ambient, permitted, effective and inheritable.

    Raises:
        OSError: the kernel refused.
    """
    for capability in range(_MOST_CAPABILITIES):
        try:
            prctl(_PR_CAPBSET_DROP, capability)
        except OSError as error:
            # EINVAL: past the last one. EPERM: no capability is held, so none can be dropped.
            if error.errno in (errno.EINVAL, errno.EPERM):
                break
            raise
    prctl(_PR_CAP_AMBIENT, _PR_CAP_AMBIENT_CLEAR_ALL)
    header = ctypes.create_string_buffer(struct.pack("II", _CAPABILITY_VERSION_3, 0), 8)
    nothing = ctypes.create_string_buffer(24)
    syscall("capset", header, nothing)


def effective_capabilities() -> int:
    """The capabilities of this process as a bit set."""
    header = ctypes.create_string_buffer(struct.pack("II", _CAPABILITY_VERSION_3, 0), 8)
    held = ctypes.create_string_buffer(24)
    syscall("capget", header, held)
    low, _, _, high, _, _ = struct.unpack("6I", held.raw)
    return int(low | high << 32)


def close_descriptors_from(first: int) -> None:
    """Close every descriptor from `first` up."""
    try:
        syscall("close_range", first, 0xFFFFFFFF, 0)
    except OSError as error:
        if error.errno != errno.ENOSYS:
            raise
        os.closerange(first, os.sysconf("SC_OPEN_MAX"))


def unshare_mounts() -> None:
    """Give this process a mount namespace of its own, of which nobody outside sees a change.

    Raises:
        OSError: it takes CAP_SYS_ADMIN over the present one.
    """
    syscall("unshare", _CLONE_NEWNS)
    _mount(b"none", "/", None, _MS_REC | _MS_PRIVATE, None)


def leave_network() -> None:
    """Go on in a network namespace of its own, in which only the loopback device exists.

    An ordinary user gets it together with a user namespace that maps nobody but that user.

    Raises:
        OSError: the machine doesn't allow it, or the process has several threads.
    """
    import fcntl  # there is none on Windows

    uid, gid = os.getuid(), os.getgid()
    try:
        syscall("unshare", _CLONE_NEWNET)
    except PermissionError:
        syscall("unshare", _CLONE_NEWUSER | _CLONE_NEWNET)
        for name, text in (
            ("setgroups", "deny"),
            ("uid_map", f"{uid} {uid} 1"),
            ("gid_map", f"{gid} {gid} 1"),
        ):
            with open(f"/proc/self/{name}", "w") as file:
                file.write(text)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        request = struct.pack("16sh14x", b"lo", _IFF_UP)
        fcntl.ioctl(any_socket, _SIOCSIFFLAGS, request)


def mount_tmpfs(folder: str, options: str) -> None:
    """Mount a tmpfs without devices and programs over `folder`."""
    _mount(b"tmpfs", folder, b"tmpfs", _MS_NOSUID | _MS_NODEV | _MS_NOEXEC, options.encode())


def _mount(
    source: bytes, target: str, kind: bytes | None, flags: int, options: bytes | None
) -> None:
    result = _libc().mount(source, os.fsencode(target), kind, ctypes.c_ulong(flags), options)
    if result == -1:
        _fail(f"mount on {target}")


def _fail(what: str) -> None:
    number = ctypes.get_errno()
    raise OSError(number, f"{what}: {os.strerror(number)}")
