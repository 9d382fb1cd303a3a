"""jupyter_client's extension point for starting kernels: forked, instead of a new Python each.

Registered as the entry point `grader-fork` of `jupyter_client.kernel_provisioners`; see
https://jupyter-client.readthedocs.io/en/stable/provisioning.html
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.provisioning.local_provisioner import LocalProvisioner

from grader.errors import EngineError

NAME = "grader-fork"
_START_SECONDS = 300.0  # importing TensorFlow from a cold disk


class ForkServer:
    """The process that kernels are forked from; use as a context manager.

    Attributes:
        modules: what it imports before the first fork, where it is installed.
    """

    def __init__(self, modules: tuple[str, ...], environment: dict[str, str], log: Path) -> None:
        self.modules = modules
        self._environment = environment
        self._log = log
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None

    def __enter__(self) -> ForkServer:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        argv = [sys.executable, "-m", "grader.tutorial.forkserver", str(theirs.fileno())]
        with theirs, self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [*argv, *self.modules],
                env=self._environment,
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        ours.settimeout(_START_SECONDS)
        self._control = ours
        try:
            if not ours.recv(1 << 10):
                raise EngineError(f"the process for kernels ended{self._last_words()}")
        except (OSError, EngineError) as error:
            self.__exit__()
            raise EngineError(f"no process for kernels: {error}") from error
        return self

    def __exit__(self, *_: object) -> None:
        if self._control is not None:
            self._control.close()
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def fork(
        self, argv: list[str], cwd: str, env: dict[str, str], *, offline: bool, stand_ins: bool
    ) -> Forked:
        """A new kernel with the command line `argv`.

        Raises:
            EngineError: the server is gone.
        """
        assert self._control is not None
        message = {
            "argv": argv, "cwd": cwd, "env": env, "offline": offline, "stand_ins": stand_ins
        }  # fmt: skip
        with self._lock, self._log.open("ab") as log:
            try:
                socket.send_fds(self._control, [json.dumps(message).encode()], [log.fileno()])
                data, descriptors, _, _ = socket.recv_fds(self._control, 1 << 10, 1)
            except OSError as error:
                raise EngineError(f"the process for kernels is gone: {error}") from error
        if not data or not descriptors:
            raise EngineError(f"the process for kernels ended{self._last_words()}")
        return Forked(json.loads(data)["pid"], descriptors[0])

    def _last_words(self) -> str:
        with contextlib.suppress(OSError):
            lines = self._log.read_text("utf-8", "replace").strip().splitlines()
            return f": {lines[-1]}" if lines else ""
        return ""


class Forked:
    """A forked kernel, with as much of `subprocess.Popen` as jupyter_client asks for."""

    stdin = stdout = stderr = None

    def __init__(self, pid: int, pidfd: int) -> None:
        self.pid = pid
        self._pidfd = pidfd
        self._ended = False

    def poll(self) -> int | None:
        """0 once the process has ended (its status is its parent's to read), None before."""
        if not self._ended and select.select([self._pidfd], [], [], 0)[0]:
            self._ended = True
            os.close(self._pidfd)
        return 0 if self._ended else None

    def wait(self) -> int:
        """Waits for its end."""
        if not self._ended:
            select.select([self._pidfd], [], [])
        self.poll()
        return 0

    def send_signal(self, number: int) -> None:
        """Sends a signal to it, and to nobody that got its number afterwards."""
        if self.poll() is None:
            signal.pidfd_send_signal(self._pidfd, number)

    def kill(self) -> None:
        """Ends it."""
        self.send_signal(signal.SIGKILL)


class ForkProvisioner(LocalProvisioner):
    """Starts a kernel by a fork of the `ForkServer` that its kernel manager carries."""

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:
        """Forks a kernel that reads its sockets from the connection file in `cmd`."""
        argv = ["ipykernel_launcher", *cmd[cmd.index("-f") :]]
        manager: Any = self.parent
        server: ForkServer = manager.fork_server
        forked = server.fork(
            argv,
            kwargs["cwd"],
            kwargs["env"],
            offline=bool(manager.offline),
            stand_ins=bool(manager.stand_ins),
        )
        self.process: Any = forked
        self.pid = forked.pid
        self.pgid = forked.pid  # it leads a session of its own
        self.cwd = kwargs["cwd"]
        return self.connection_info
