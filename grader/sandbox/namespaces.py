"""The outer wall: namespaces around the zygote, put up by bubblewrap where it is installed.

Inside it there is no network, no other process and no file but Python, the libraries and one
working directory, so that students' code can't even find out what else exists. Bubblewrap gives
this to an ordinary user too. The inner wall (`wall.wall_in`) holds without it and doesn't rely on
it; what is lost without it, the report says.

https://github.com/containers/bubblewrap
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from grader.sandbox import paths

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["OuterWall", "Probe", "probe", "separate", "try_out"]

_PROGRAM = "bwrap"
_NAMESPACES = ("ipc", "mnt", "net", "uts")
_PROBE_SECONDS = 60.0
# What the zygote does for a worker: give it a uid and its scratch, mount that, give all of it up.
_CAPABILITIES = (
    "CHOWN",
    "DAC_OVERRIDE",
    "SETUID",
    "SETGID",
    "SETPCAP",
    "SYS_ADMIN",
    "SYS_RESOURCE",
)


@dataclass(frozen=True, slots=True)
class OuterWall:
    """How bubblewrap can be used here.

    Attributes:
        program: its path.
        user: a user namespace is needed, as for everybody but a full root.
        processes: it can have a process namespace with a procfs of its own; inside a container
            whose procfs is partly masked the kernel refuses that.
        mounts: the zygote may keep the right to mount its workers' scratch.
    """

    program: str
    user: bool
    processes: bool
    mounts: bool

    def command(
        self, argv: Sequence[str], *, read: Sequence[str], write: Sequence[str], gpu: bool = False
    ) -> list[str]:
        """`argv` (its first item an absolute path) as a command that runs inside the wall.

        Args:
            read: files and directories that are to be there, read-only; missing ones are skipped.
            write: directories that are to be there as they are.
            gpu: with the devices, and what CUDA reads about them.
        """
        made = [self.program, "--die-with-parent", "--chdir", "/"]
        made += ["--unshare-net", "--unshare-ipc", "--unshare-uts"]
        if self.user:
            made.append("--unshare-user")
            made += ["--cap-add", "CAP_SYS_ADMIN"] if self.mounts else []
        else:
            # Root's own capabilities, without those that nothing here needs.
            made += ["--cap-drop", "ALL"]
            made += [word for name in _CAPABILITIES for word in ("--cap-add", f"CAP_{name}")]
        if self.processes:
            made += ["--unshare-pid", "--proc", "/proc"]
        else:
            made += ["--bind", "/proc", "/proc"]
        made += ["--dev-bind", "/dev", "/dev"] if gpu else ["--dev", "/dev"]
        # The C library counts processors here.
        shown = [
            *read,
            *_links(argv[0]),
            "/sys/devices/system/cpu",
            *(paths.GPU_READ if gpu else ()),
        ]
        # Parents first: a later, deeper mount would otherwise be hidden by an earlier one.
        binds = sorted({path for path in shown if not path.startswith(("/proc", "/dev"))})
        # Left to itself bubblewrap makes these for their owner only, and a worker has another uid.
        above = {str(parent) for path in (*binds, *write) for parent in Path(path).parents}
        for folder in sorted(above - {"/"}):
            made += ["--perms", "0755", "--dir", folder]
        for path in binds:
            made += ["--ro-bind-try", path, path]
        for path in write:
            made += ["--bind", path, path]
        return [*made, "--", *argv]


@dataclass(frozen=True, slots=True)
class Probe:
    """What a trial process found where the zygote would run.

    Attributes:
        can_drop_uid: it could take a worker's uid and still read Python.
        unreachable: a path that it couldn't read then, empty if none is known.
        private_scratch: it could mount a directory in memory of its own for a worker.
    """

    can_drop_uid: bool
    unreachable: str
    private_scratch: bool


def probe(read: Sequence[str]) -> tuple[OuterWall | None, Probe, str]:
    """The strongest outer wall to be had here, what is possible inside it, and why not a stronger.

    Runs a small process for each way until one works.

    Args:
        read: what a worker must be able to read.
    """
    program = shutil.which(_PROGRAM)
    why = f"{_PROGRAM} isn't installed"
    if program is not None:
        root = os.geteuid() == 0
        ways = [
            OuterWall(program, user, processes, mounts)
            for user in ((False, True) if root else (True,))
            for processes in (True, False)
            for mounts in ((True, False) if user else (True,))
        ]
        for wall in ways:
            found, problem = try_out(wall, read)
            if found is not None:
                return wall, found, ""
            why = problem or why
    found, problem = try_out(None, read)
    return None, found or Probe(False, "", False), why


def try_out(wall: OuterWall | None, read: Sequence[str]) -> tuple[Probe | None, str]:
    """What a process finds inside `wall`, or without one; None and why where it can't run."""
    with tempfile.TemporaryDirectory(prefix="grader-probe-") as folder:
        argv = paths.command("grader.sandbox.probe", folder)
        command = argv if wall is None else wall.command(argv, read=read, write=[folder])
        try:
            done = subprocess.run(
                command, input=json.dumps(list(read)), capture_output=True, text=True,
                timeout=_PROBE_SECONDS, cwd="/", check=False,
            )  # fmt: skip
            answer = json.loads(done.stdout)
        except (OSError, subprocess.TimeoutExpired) as error:
            return None, str(error)
        except ValueError:
            said = done.stderr.strip().splitlines() or [f"status {done.returncode}"]
            return None, said[-1]
    inside = {str(kind): str(name) for kind, name in answer["namespaces"].items()}
    if wall is not None and not separate(inside):
        return None, f"{_PROGRAM} ran, but not in namespaces of its own"
    return Probe(answer["can_drop_uid"], answer["unreachable"], answer["private_scratch"]), ""


def own_namespaces() -> dict[str, str]:
    """The namespaces of this process, by kind."""
    return {kind: os.readlink(f"/proc/self/ns/{kind}") for kind in _NAMESPACES}


def separate(inside: dict[str, str]) -> bool:
    """Whether a process with these namespaces shares none of them with this one."""
    ours = own_namespaces()
    return all(inside.get(kind, name) != name for kind, name in ours.items())


def _links(path: str) -> list[str]:
    """A program's path with every symbolic link on the way to the file itself."""
    found = [path]
    while os.path.islink(found[-1]) and len(found) < 40:
        found.append(os.path.join(os.path.dirname(found[-1]), os.readlink(found[-1])))
    return found
