"""What this machine can do for isolation, what a level needs, and what the report must admit.

A layer that is missing is never skipped in silence: `require` refuses, in one line that names the
layer and how to get it, and `notes` lists what the level in force doesn't promise.
"""

from __future__ import annotations

import enum
import errno
import os
import platform
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

from grader.sandbox import kernel, landlock, seccomp, syscalls
from grader.sandbox.errors import SandboxUnavailable
from grader.sandbox.paths import default_read_paths
from grader.text import Text

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = [
    "FIRST_WORKER_UID",
    "Capabilities",
    "Level",
    "SandboxUnavailable",
    "detect",
    "notes",
    "require",
]

FIRST_WORKER_UID = 60_000
"""A worker that drops root becomes this uid, or one counted up from it."""

_TRUNCATION_ABI = 3  # the first Landlock that governs truncation
_CAP_CHOWN, _CAP_SETGID, _CAP_SETUID = 0, 6, 7


class Level(enum.Enum):
    """How strongly a student's process is walled in; the value is what `--sandbox` takes."""

    STRICT = "strict"
    BASIC = "basic"


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What was found on this machine.

    Attributes:
        system: the operating system as `platform.system()` names it.
        machine: the processor as `platform.machine()` names it.
        landlock_abi: version of Landlock, 0 where there is none.
        seccomp: whether a system call filter that kills can be installed.
        uid: the effective uid of the grader.
        can_drop_uid: whether a worker may run under a uid of its own and still read Python.
        unreachable: a path that a worker under its own uid couldn't read, empty if none is known.
        user_namespaces: whether an ordinary process may make a user namespace (`bwrap` needs it).
    """

    system: str
    machine: str
    landlock_abi: int
    seccomp: bool
    uid: int
    can_drop_uid: bool
    unreachable: str
    user_namespaces: bool


def detect(read_paths: Sequence[str] | None = None) -> Capabilities:
    """Look at this machine.

    Leaves nothing behind: no thread, no descriptor, no changed state. As root it forks one child
    that tries a worker's uid, so call it while the process has no other thread.

    Args:
        read_paths: what a worker must be able to read; `default_read_paths()` if omitted.
    """
    system, machine = platform.system(), platform.machine()
    known = system == "Linux" and syscalls.supported(machine)
    if not known:
        return Capabilities(system, machine, 0, False, _uid(), False, "", False)
    unreachable, droppable = "", False
    if _uid() == 0:
        paths = default_read_paths() if read_paths is None else tuple(read_paths)
        droppable, unreachable = _try_worker_uid(paths)
    return Capabilities(
        system=system,
        machine=machine,
        landlock_abi=landlock.abi(),
        seccomp=seccomp.available(),
        uid=_uid(),
        can_drop_uid=droppable,
        unreachable=unreachable,
        user_namespaces=_user_namespaces(),
    )


def require(level: Level, capabilities: Capabilities) -> None:
    """Return if `level` can be had here.

    Raises:
        SandboxUnavailable: it can't; one line names the missing layer and how to get it.
    """
    if capabilities.system != "Linux":
        raise SandboxUnavailable(
            f"grading needs Linux to wall in students' code, and this is {capabilities.system}: "
            "run the grader in its Linux container or under WSL2 "
            "(the self-check `pytest exercises/<id>` runs natively)"
        )
    if not syscalls.supported(capabilities.machine):
        raise SandboxUnavailable(
            f"the system call filter is written for {' and '.join(syscalls.MACHINES)}, "
            f"not for {capabilities.machine}: grade on one of those machines"
        )
    if not capabilities.seccomp:
        raise SandboxUnavailable(
            "seccomp is missing and no level does without it: use a kernel (4.14 or newer) built "
            "with CONFIG_SECCOMP_FILTER, or a container whose profile allows seccomp()"
        )
    if level is Level.STRICT:
        _require_landlock(capabilities.landlock_abi)
    elif capabilities.uid == 0 and not capabilities.can_drop_uid:
        raise SandboxUnavailable(
            "--sandbox basic as root needs workers with a uid of their own, "
            f"and {_why_uid_stays(capabilities).en}: "
            "install Python where every user can read it, or run the grader as an ordinary user"
        )


def notes(capabilities: Capabilities, level: Level = Level.STRICT) -> tuple[Text, ...]:
    """What the report must say that `level` doesn't promise on this machine, a sentence each."""
    found: list[Text] = []
    if level is Level.BASIC:
        found.append(
            Text(
                "sandbox basic: Landlock isn't used, files are protected by their modes alone",
                "沙箱级别 basic：未使用 Landlock，文件只受其权限位保护",
            )
        )
        if not capabilities.can_drop_uid:
            found.append(
                Text(
                    "workers run under the grader's own uid: students' code can read and change"
                    " whatever this user can, hidden checks and other submissions included",
                    "工作进程使用评分程序自己的 uid：学生代码可以读写该用户能读写的一切，"
                    "包括隐藏检查和其他人的提交",
                )
            )
    else:
        found.append(
            Text(
                "no mount namespace: students' code can't read files outside its folder,"
                " but can find out whether a path exists",
                "没有挂载命名空间：学生代码读不到自己目录之外的文件，但能探知某个路径是否存在",
            )
        )
        if not capabilities.can_drop_uid:
            why = _why_uid_stays(capabilities)
            found.append(
                Text(
                    f"workers keep the grader's uid: {why.en}",
                    f"工作进程沿用评分程序的 uid：{why.zh}",
                )
            )
        if capabilities.landlock_abi < 6:
            found.append(
                Text(
                    f"Landlock ABI {capabilities.landlock_abi}: signals and abstract sockets"
                    " are held by seccomp alone",
                    f"Landlock ABI {capabilities.landlock_abi}：信号与抽象套接字仅由 seccomp 阻挡",
                )
            )
    if not capabilities.can_drop_uid:
        found.append(
            Text(
                "without a uid of its own a worker's threads aren't counted by the kernel:"
                " memory limits and the grader's watch hold them",
                "没有独立 uid 时内核不统计工作进程的线程数：由内存上限和评分程序的监视来限制",
            )
        )
    return tuple(found)


def _require_landlock(abi: int) -> None:
    if abi >= _TRUNCATION_ABI:
        return
    ask = "or ask for the weaker wall by name with --sandbox basic"
    if abi == 0:
        raise SandboxUnavailable(
            "Landlock is missing, so --sandbox strict can't be had: use Linux 6.2 or newer with "
            f"landlock among the security modules (kernel option lsm=landlock,...), {ask}"
        )
    raise SandboxUnavailable(
        f"Landlock ABI {abi} doesn't govern truncation of files, so --sandbox strict can't be had: "
        f"use Linux 6.2 or newer (ABI {_TRUNCATION_ABI}), {ask}"
    )


def _why_uid_stays(capabilities: Capabilities) -> Text:
    if capabilities.uid != 0:
        return Text("only root can give a process another uid", "只有 root 能给进程换 uid")
    if capabilities.unreachable:
        return Text(
            f"{capabilities.unreachable} isn't readable for another user",
            f"其他用户读不到 {capabilities.unreachable}",
        )
    return Text(
        "this root lacks the capabilities CHOWN, SETUID and SETGID, or uids for workers",
        "此 root 缺少 CHOWN、SETUID、SETGID 权能，或没有可供工作进程使用的 uid",
    )


def _uid() -> int:
    return -1 if sys.platform == "win32" else os.geteuid()


def _try_worker_uid(paths: Sequence[str]) -> tuple[bool, str]:
    """Whether a forked child can take a worker's uid and read `paths`, and the first it can't."""
    held = kernel.effective_capabilities()
    if any(not held >> bit & 1 for bit in (_CAP_CHOWN, _CAP_SETGID, _CAP_SETUID)):
        return False, ""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        _report_from_child(writer, paths)
    os.close(writer)
    try:
        with os.fdopen(reader, "rb") as stream:
            answer = stream.read(1 << 16)
    finally:
        os.waitpid(child, 0)
    verdict, _, path = answer.partition(b"\0")
    return verdict == b"ok", os.fsdecode(path)


def _report_from_child(writer: int, paths: Sequence[str]) -> None:
    """Write `ok` or `no\\0<path>` to `writer`, then end: never returns to the caller's code."""
    try:
        kernel.become(FIRST_WORKER_UID)
        blocked = next((found for found in map(_blocked_at, paths) if found), "")
        os.write(writer, b"no\0" + os.fsencode(blocked) if blocked else b"ok\0")
    except BaseException:
        os._exit(1)
    os._exit(0)


def _blocked_at(path: str) -> str:
    """The first directory on the way to `path`, or itself, that this process may not enter."""
    if os.access(path, os.R_OK):
        return ""
    try:
        os.stat(path)
    except OSError as error:
        if error.errno != errno.EACCES:
            return ""  # not there at all: nobody reads it, and the wall skips it
        parent = os.path.dirname(path)
        return _blocked_at(parent) or path
    return path


def _user_namespaces() -> bool:
    if not os.path.exists("/proc/self/ns/user"):
        return False
    most = _setting("user/max_user_namespaces")
    # These two exist on some distributions only.
    allowed = _setting("kernel/unprivileged_userns_clone")
    fenced = _setting("kernel/apparmor_restrict_unprivileged_userns")
    return most != 0 and allowed != 0 and fenced in (None, 0)


def _setting(name: str) -> int | None:
    """The kernel's setting `name`, `None` where it isn't known."""
    try:
        with open(f"/proc/sys/{name}", encoding="ascii") as stream:
            return int(stream.read())
    except (OSError, ValueError):
        return None
