"""Wall this process in: the one call a freshly forked worker makes before any of a student's code.

The order matters and is fixed here: descriptors and environment first, limits, Landlock's rules
while paths can still be opened, then every privilege goes, Landlock, seccomp, and last a self-test
that tries what must fail. Nothing of a student's may be loaded, and no thread may exist, before
`wall_in` has returned an empty tuple.
"""

from __future__ import annotations

import os
import sys
import tempfile
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from grader.sandbox import kernel, paths, scratch, seccomp, selftest
from grader.sandbox.errors import SandboxUnavailable
from grader.sandbox.landlock import Ruleset
from grader.sandbox.levels import Level
from grader.sandbox.limits import Limits

if sys.platform != "win32":
    import fcntl  # here and not in the worker, which would pay for it

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["RPC_FD", "Limits", "WallSpec", "wall_in"]

RPC_FD = 3
"""The walled process's channel, for `os.read` and `os.write`: send and recv are denied."""

_CLEAR_OF_FIXED = 10  # descriptors are parked from here up while 0 to 3 are laid out


@dataclass(frozen=True, slots=True)
class WallSpec:
    """What one worker may touch.

    Attributes:
        scratch: existing empty directory, the only place it may write; removed by the caller.
            Under `drop_to_uid` every directory above it must be enterable for that uid.
        submission_dir: directory with this student's module only, read-only.
        read_paths: what else it may read, see `paths.default_read_paths`; missing ones are skipped.
        limits: resource limits.
        level: `Level.STRICT`, or `Level.BASIC` without Landlock.
        canary: an existing file that the worker must not be able to read; put it beside what must
            stay hidden (mode 600), so that a `read_paths` entry that covers it is noticed.
        private_scratch: make the scratch a file system of its own; it takes the right to mount.
        drop_to_uid: uid (and gid) of the worker; `None` keeps the grader's. Needs root and
            `Capabilities.can_drop_uid`; no two workers that run at once may share one, as the
            kernel would count their threads together.
        gpu: leave CUDA's devices and ioctls reachable.
        environment: added to, and overriding, the small environment that the worker gets.
    """

    scratch: str
    submission_dir: str
    read_paths: tuple[str, ...]
    limits: Limits
    level: Level
    canary: str
    private_scratch: bool = False
    drop_to_uid: int | None = None
    gpu: bool = False
    environment: Mapping[str, str] = field(default_factory=dict)


def wall_in(
    spec: WallSpec,
    *,
    rpc_fd: int,
    stdout_fd: int,
    stderr_fd: int,
    stdin_fd: int | None = None,
) -> tuple[str, ...]:
    """Wall this process in, for good, and test the wall.

    Call it in a forked child with a single thread. Afterwards descriptor 0 is `stdin_fd`
    (`/dev/null` if omitted), 1 and 2 the given ones, 3 the channel, and under `STRICT` 4 a handle
    on its own command line. Everything else is closed: an object inherited from the parent that
    still owns a descriptor must be detached by the caller, or its finaliser closes one of these.

    Returns:
        The names of what the self-test could still do, empty if the wall holds. On anything else
        the caller must end this process without running a student's code.

    Raises:
        SandboxUnavailable: this process has other threads, or is on a machine without the layers.
        OSError: a layer couldn't be applied; the message says which.
        ValueError: `drop_to_uid` is root's.
            After any of these tell the grader on descriptor 3, where the channel is by then, and
            end the process.
    """
    parent = os.getppid()
    # First of all: from here on a failure can be told on the channel, at a place that is known.
    _lay_out_descriptors(stdin_fd, stdout_fd, stderr_fd, rpc_fd)
    if len(os.listdir("/proc/self/task")) != 1:
        raise SandboxUnavailable("a worker can only be walled in while it has a single thread")
    os.setsid()
    if spec.private_scratch:
        scratch.mount(spec.scratch, uid=spec.drop_to_uid)
    elif spec.drop_to_uid is not None:
        os.chown(spec.scratch, spec.drop_to_uid, spec.drop_to_uid)
    _set_surroundings(spec)
    spec.limits.apply(own_uid=spec.drop_to_uid is not None)
    # Opening the paths needs the rights that the next lines give up.
    ruleset = _rules(spec) if spec.level is Level.STRICT else None
    if spec.drop_to_uid is not None:
        kernel.become(spec.drop_to_uid)
    kernel.drop_capabilities()
    kernel.no_new_privileges()
    if spec.level is Level.BASIC:
        # A sibling of the same uid could open its memory. Landlock closes that way, and what can
        # be dumped can be watched: the grader sees which deleted files it keeps open.
        kernel.not_dumpable()
    # After the change of uid, which would clear it.
    kernel.die_with_parent(parent)
    if ruleset is not None:
        ruleset.restrict()
    seccomp.install(seccomp.student_filter(os.getpid(), gpu=spec.gpu))
    return selftest.not_blocked(
        canary=spec.canary,
        scratch=spec.scratch,
        files=spec.level is Level.STRICT,
        own_uid=spec.drop_to_uid is not None,
    )


def _lay_out_descriptors(stdin: int | None, stdout: int, stderr: int, rpc: int) -> None:
    """Put the four at 0 to 3, whatever numbers they came with, and close all others."""
    opened = os.open(os.devnull, os.O_RDONLY) if stdin is None else stdin
    # Parked high first: any of them may sit where another has to go.
    parked = [
        fcntl.fcntl(number, fcntl.F_DUPFD, _CLEAR_OF_FIXED)
        for number in (opened, stdout, stderr, rpc)
    ]
    for target, number in enumerate(parked):
        os.dup2(number, target)
    kernel.close_descriptors_from(RPC_FD + 1)


def _set_surroundings(spec: WallSpec) -> None:
    """Environment, working directory and temporary directory: all in scratch, nothing inherited."""
    os.environ.clear()
    os.environ.update(
        {
            "PATH": "/usr/bin:/bin",
            "LANG": "C.UTF-8",
            "HOME": spec.scratch,
            "TMPDIR": spec.scratch,
            "KERAS_HOME": spec.scratch,
            "MPLCONFIGDIR": spec.scratch,
            "TF_CPP_MIN_LOG_LEVEL": "2",
            "PYTHONDONTWRITEBYTECODE": "1",
            **spec.environment,
        }
    )
    # These two were read from the environment when the interpreter started.
    sys.dont_write_bytecode = True
    # AutoGraph writes here; where it can't it only warns, and runs the function unconverted.
    tempfile.tempdir = spec.scratch
    os.chdir(spec.scratch)


def _rules(spec: WallSpec) -> Ruleset:
    # Held open for good: when memory is short the kernel forgets procfs's entries, and the grant
    # on one with them. TensorFlow aborts without its command line.
    os.open(paths.COMMAND_LINE, os.O_PATH)
    ruleset = Ruleset()
    for path in (*spec.read_paths, *paths.ALWAYS_READ):
        ruleset.allow_read(path, missing_ok=True)
    ruleset.allow_read(spec.submission_dir)
    ruleset.allow_write(spec.scratch)
    ruleset.allow_device(os.devnull)
    if spec.gpu:
        for path in paths.GPU_READ:
            ruleset.allow_read(path, missing_ok=True)
        for path in paths.gpu_devices():
            ruleset.allow_device(path)
    return ruleset
