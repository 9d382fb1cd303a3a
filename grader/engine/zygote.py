"""The grader's end of a zygote: starts it, has it fork workers, and ends it."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grader.course import Exercise
from grader.engine import gpus
from grader.engine.config import EngineConfig
from grader.engine.processes import has_ended, pid_of
from grader.engine.trees import Removals, remove_tree
from grader.engine.worker import Worker, WorkerLimits
from grader.errors import EngineError
from grader.placement import HOST_MB
from grader.sandbox import levels
from grader.sandbox.limits import Limits as KernelLimits
from grader.sandbox.namespaces import separate
from grader.sandbox.paths import command, default_read_paths
from grader.sandbox.probe import FIRST_WORKER_UID
from grader.settings import GPU_SETTINGS, SETTINGS

START_SECONDS = 120.0
_RPC_ONLY = 1 << 18
_UIDS = 16  # of one zygote, taken in turn
_LAST_UID = 65_533  # 65534 is nobody's, and a container often knows none beyond


@dataclass(frozen=True, slots=True)
class _Uids:
    """Uids from `first` on that no other zygote on this machine uses while `claim` is open."""

    first: int
    claim: socket.socket


def _claim_uids() -> _Uids:
    """Uids for one zygote's workers.

    Two workers of one uid would share the kernel's limit on threads: one student's thread bomb
    would abort TensorFlow in another's process. An abstract socket's name is free again as soon
    as its owner has ended, however it ended.

    Raises:
        EngineError: all are taken.
    """
    for first in range(FIRST_WORKER_UID, _LAST_UID - _UIDS + 2, _UIDS):
        claim = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        try:
            claim.bind(f"\0grader-workers-{first}")
        except OSError:
            claim.close()
            continue
        return _Uids(first, claim)
    raise EngineError("every uid for workers is in use: too many graders run on this machine")


class Zygote:
    """A process that has imported TensorFlow and forks walled workers on request.

    Args:
        work: directory for what it writes; the system's temporary one by default.

    Attributes:
        pid: the process that forks; behind an outer wall it isn't the one that was started.

    Raises:
        SandboxUnavailable: this machine lacks a layer of the wall that `config.level` needs.
        EngineError: the zygote didn't come up.
    """

    def __init__(self, config: EngineConfig, work: Path | None = None) -> None:
        self.config = config
        self._capabilities = capabilities = levels.detect()
        levels.require(config.level, capabilities)
        where = config.placement.gpus
        self._place = gpus.claim(where) if where else None
        self._uids = _claim_uids() if capabilities.can_drop_uid else None
        self._jobs = 0
        self._read_paths = default_read_paths()  # once: looking them up takes milliseconds
        self._references: dict[str, Path] = {}
        self._pidfd = -1
        self.removals = Removals()
        self.root = Path(tempfile.mkdtemp(prefix="grader-", dir=work))
        if self._uids is not None:
            self.root.chmod(0o711)  # a worker under its own uid must get to its scratch
        self._canary = self.root / "canary"
        self._canary.write_text("no worker may read this")
        self._canary.chmod(0o600)
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._log = self.root / "zygote.log"
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                self._command(theirs.fileno()),
                env=self._environment(),
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=log,
                cwd="/",
                start_new_session=True,
            )
        theirs.close()
        self._control.settimeout(START_SECONDS)
        try:
            ready, descriptors = self._receive_with(1)
            self._pidfd = descriptors[0]
            self.pid = pid_of(self._pidfd)
            self._examine(ready)
        except BaseException:
            self.close()
            raise

    def _command(self, channel: int) -> list[str]:
        """What is started, with `channel` as the number of its socket to this process."""
        argv = command("grader.worker.zygote", str(channel))
        outer = self._capabilities.outer
        if outer is None:
            return argv
        return outer.command(
            argv, read=self._read_paths, write=[str(self.root)], gpu=self.config.placement.cuda
        )

    def _examine(self, ready: dict[str, Any]) -> None:
        """Refuses a zygote that isn't as it has to be.

        Raises:
            EngineError: it can't be forked safely, or isn't behind the outer wall.
        """
        threads = ready.get("threads")
        if threads != 1:
            raise EngineError(
                f"the zygote has {threads} threads after importing TensorFlow and"
                " can't be forked safely; is a TensorFlow plugin installed?"
            )
        if self._capabilities.outer is not None and not separate(ready["namespaces"]):
            raise EngineError("the zygote isn't in namespaces of its own")

    def _environment(self) -> dict[str, str]:
        environment = {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", **SETTINGS}
        if not self.config.placement.cuda or self._place is None:
            return {**environment, "CUDA_VISIBLE_DEVICES": "-1"}
        return {**environment, **GPU_SETTINGS, "CUDA_VISIBLE_DEVICES": self._place.gpu}

    def alive(self) -> bool:
        """Whether the process is still there."""
        return self._process.poll() is None and not has_ended(self._pidfd, 0.0)

    def stage(self, name: str, source: bytes) -> Path:
        """Writes a module into a read-only directory of its own; returns the file."""
        folder = Path(tempfile.mkdtemp(prefix="submission-", dir=self.root))
        folder.chmod(0o755)
        file = folder / name
        file.write_bytes(source)
        file.chmod(0o444)
        return file

    def stage_reference(self, exercise: Exercise) -> Path:
        """The reference, staged once however often it is needed."""
        if exercise.id not in self._references:
            solution = exercise.solution
            self._references[exercise.id] = self.stage(solution.name, solution.read_bytes())
        return self._references[exercise.id]

    def unstage(self, file: Path) -> None:
        """Removes what `stage` wrote, and whatever else came to lie beside it."""
        try:
            file.unlink(missing_ok=True)
            file.parent.rmdir()
        except OSError:  # only at the level `basic` can a worker write there
            self.removals.start(file.parent)

    def spawn(self, file: Path, exercise: Exercise, *, trusted: bool) -> Worker:
        """A new worker for the module in `file`, walled in but not yet imported.

        Args:
            trusted: the module is the reference, whose use of the library isn't watched.

        Raises:
            EngineError: the zygote is gone, or the wall doesn't hold.
        """
        if trusted:
            return self._spawn(file, [], [])
        return self._spawn(file, exercise.shortcuts, exercise.shortcut_ops)

    def try_out(self) -> None:
        """Walls in a worker, has it test its wall, and ends it: all that a machine must be able to.

        Raises:
            EngineError: the wall doesn't hold.
        """
        self._spawn(self.stage("nothing.py", b""), [], []).close()

    def _spawn(self, file: Path, shortcuts: Sequence[str], ops: Sequence[str]) -> Worker:
        self._jobs += 1
        scratch = Path(tempfile.mkdtemp(prefix="scratch-", dir=self.root))
        ours, theirs = socket.socketpair()
        output = os.open(os.devnull, os.O_WRONLY)
        message = {
            "op": "spawn",
            "scratch": str(scratch),
            "submission_dir": str(file.parent),
            "module": file.name,
            "shortcuts": list(shortcuts),
            "ops": list(ops),
            "read_paths": self._read_paths,
            "limits": self._kernel_limits(),
            "level": self.config.level.value,
            "canary": str(self._canary),
            "private_scratch": self._capabilities.private_scratch,
            "uid": None if self._uids is None else self._uids.first + self._jobs % _UIDS,
            "placement": {
                "device": self.config.placement.device,
                "memory_mb": self.config.placement.memory_mb,
                "cuda": self.config.placement.cuda,
            },
            "environment": self._environment(),
        }
        try:
            socket.send_fds(
                self._control, [json.dumps(message).encode()], [theirs.fileno(), output]
            )
            spawned, descriptors = self._receive_with(1)
        except OSError as error:
            ours.close()
            raise EngineError(f"the zygote is gone: {error}{self._last_words()}") from error
        except EngineError:
            ours.close()
            raise
        finally:
            theirs.close()
            os.close(output)
        where = self.config.placement
        limits = WorkerLimits(
            memory_mb=self.config.limits.memory_mb + (HOST_MB if where.cuda else 0),
            device_mb=where.memory_mb,
            scratch=scratch,
            watch_scratch=not self._capabilities.private_scratch,
        )
        worker = Worker(self, int(spawned["pid"]), descriptors[0], ours, limits)
        try:
            worker.wait_for_wall()
        except BaseException:
            worker.close()
            raise
        return worker

    def reap(self, pid: int) -> int:
        """The wait status of a worker that has ended or has been told to."""
        try:
            self._control.send(json.dumps({"op": "reap", "pid": pid}).encode())
            return int(self._receive()["status"])
        except (OSError, KeyError) as error:
            raise EngineError(f"the zygote is gone: {error}{self._last_words()}") from error

    def close(self) -> None:
        """Ends the zygote (its workers die with it) and removes everything it wrote."""
        self._control.close()
        if self._pidfd >= 0:
            with contextlib.suppress(ProcessLookupError):
                signal.pidfd_send_signal(self._pidfd, signal.SIGKILL)
            os.close(self._pidfd)
            self._pidfd = -1
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGKILL)
        self._process.wait()
        self.removals.finish()
        remove_tree(self.root)
        if self._uids is not None:
            self._uids.claim.close()
        if self._place is not None:
            self._place.claim.close()

    def _kernel_limits(self) -> dict[str, Any]:
        memory = self.config.limits.memory_mb << 20
        limits = KernelLimits(
            # The grader's clock ends a check, whatever it does on all cores until then: this only
            # stops what outlives the grader.
            cpu_seconds=int(self.config.limits.submission_seconds * (os.cpu_count() or 1)) + 60,
            # What TensorFlow maps without using it comes on top: 2.4 GB in `fit`.
            address_bytes=None if self.config.placement.cuda else memory + (3 << 30),
            data_bytes=None if self.config.placement.cuda else memory + (1 << 30),
        )
        return {name: getattr(limits, name) for name in limits.__slots__}

    def _receive(self) -> dict[str, Any]:
        return self._receive_with(0)[0]

    def _receive_with(self, count: int) -> tuple[dict[str, Any], list[int]]:
        """A message and the `count` descriptors that come with it."""
        try:
            data, descriptors, _, _ = socket.recv_fds(self._control, _RPC_ONLY, count)
        except OSError as error:
            raise EngineError(f"the zygote doesn't answer: {error}{self._last_words()}") from error
        if not data or len(descriptors) != count:
            raise EngineError(f"the zygote ended{self._last_words()}")
        answer: dict[str, Any] = json.loads(data)
        return answer, descriptors

    def _last_words(self) -> str:
        try:
            lines = self._log.read_text("utf-8", "replace").strip().splitlines()
        except OSError:
            return ""
        return f" ({lines[-1][:300]})" if lines else ""
