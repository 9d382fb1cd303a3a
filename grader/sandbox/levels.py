"""What this machine can do for isolation, what a level needs, and what the report must admit.

A layer that is missing is never skipped in silence: `require` refuses, in one line that names the
layer and how to get it, and `notes` lists what the level in force doesn't promise.
"""

from __future__ import annotations

import enum
import os
import platform
import sys
from dataclasses import dataclass

from grader.sandbox import landlock, namespaces, seccomp, syscalls
from grader.sandbox.errors import SandboxUnavailable
from grader.sandbox.namespaces import OuterWall
from grader.sandbox.paths import default_read_paths
from grader.text import Text

__all__ = [
    "TRUNCATION_ABI",
    "Capabilities",
    "Level",
    "SandboxUnavailable",
    "detect",
    "notes",
    "require",
    "why_uid_stays",
]

TRUNCATION_ABI = 3
"""The first Landlock that governs truncation, without which a file can be emptied."""


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
        private_scratch: whether a worker's scratch can be a file system of its own.
        outer: how the zygote can be put into namespaces of its own, None if it can't.
        no_outer: why not, in one line; empty if it can.
    """

    system: str
    machine: str
    landlock_abi: int
    seccomp: bool
    uid: int
    can_drop_uid: bool
    unreachable: str
    private_scratch: bool
    outer: OuterWall | None
    no_outer: str


def detect() -> Capabilities:
    """Look at this machine.

    Leaves nothing behind: no thread, no descriptor, no changed state. Some of it is tried by a
    small process, which takes about 0.1 s.
    """
    system, machine = platform.system(), platform.machine()
    known = system == "Linux" and syscalls.supported(machine)
    if not known:
        return Capabilities(system, machine, 0, False, _uid(), False, "", False, None, "")
    outer, inside, no_outer = namespaces.probe(default_read_paths())
    return Capabilities(
        system=system,
        machine=machine,
        landlock_abi=landlock.abi(),
        seccomp=seccomp.available(),
        uid=_uid(),
        can_drop_uid=inside.can_drop_uid,
        unreachable=inside.unreachable,
        private_scratch=inside.private_scratch,
        outer=outer,
        no_outer=no_outer,
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
            f"and {why_uid_stays(capabilities).en}: "
            "install Python where every user can read it, or run the grader as an ordinary user"
        )


def notes(capabilities: Capabilities, level: Level = Level.STRICT) -> tuple[Text, ...]:
    """What the report must say that `level` doesn't promise on this machine, a sentence each."""
    found: list[Text] = []
    if capabilities.outer is None:
        found.append(
            Text(
                f"no namespaces of its own ({capabilities.no_outer}): students' code can find out"
                " whether a path exists, though not read it",
                f"没有独立的命名空间（{capabilities.no_outer}）：学生代码能探知某个路径是否存在，"
                "但读不到其内容",
            )
        )
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
        if not capabilities.can_drop_uid:
            why = why_uid_stays(capabilities)
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
    if not capabilities.private_scratch:
        found.append(
            Text(
                "a worker's scratch is a directory on disk: the grader watches its size, but files"
                " that are deleted while in use can escape it",
                "工作进程的临时目录位于磁盘上：评分程序监视其大小，但使用中被删除的文件可能统计不到",
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
    if abi >= TRUNCATION_ABI:
        return
    ask = "or ask for the weaker wall by name with --sandbox basic"
    if abi == 0:
        raise SandboxUnavailable(
            "Landlock is missing, so --sandbox strict can't be had: use Linux 6.2 or newer with "
            f"landlock among the security modules (kernel option lsm=landlock,...), {ask}"
        )
    raise SandboxUnavailable(
        f"Landlock ABI {abi} doesn't govern truncation of files, so --sandbox strict can't be had: "
        f"use Linux 6.2 or newer (ABI {TRUNCATION_ABI}), {ask}"
    )


def why_uid_stays(capabilities: Capabilities) -> Text:
    """Why a worker can't have a uid of its own here."""
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
