"""Fresh processes for a check that itself is a fork: its zygote makes them, in milliseconds."""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Sequence
from pathlib import Path
from typing import IO

from grader.engine.local import Process
from grader.errors import EngineError


class Forked:
    """A fork of the zygote that serves one module; as much of a `Popen` as is needed."""

    def __init__(self, pid: int, stdin: IO[bytes], stdout: IO[bytes], zygote: Forker) -> None:
        self._pid = pid
        self._zygote = zygote
        self.stdin: IO[bytes] | None = stdin
        self.stdout: IO[bytes] | None = stdout

    def kill(self) -> None:
        """Ends it, and waits for that."""
        self._zygote.ask({"end": self._pid})

    def wait(self) -> int:
        """It has ended with `kill`."""
        return 0


class Forker:
    """Asks the zygote for processes.

    Args:
        wants: the socket to it.
    """

    def __init__(self, wants: socket.socket) -> None:
        self._wants = wants

    def __call__(self, file: Path, shortcuts: Sequence[str], ops: Sequence[str]) -> Process:
        their_stdin, stdin = os.pipe()
        stdout, their_stdout = os.pipe()
        message: dict[str, object] = {
            "file": os.fspath(file),
            "shortcuts": list(shortcuts),
            "ops": list(ops),
        }
        pid = self.ask(message, their_stdin, their_stdout)["pid"]
        os.close(their_stdin)
        os.close(their_stdout)
        return Forked(pid, os.fdopen(stdin, "wb"), os.fdopen(stdout, "rb"), self)

    def ask(self, message: dict[str, object], *descriptors: int) -> dict[str, int]:
        """The zygote's answer.

        Raises:
            EngineError: it is gone.
        """
        try:
            socket.send_fds(self._wants, [json.dumps(message).encode()], list(descriptors))
            reply = self._wants.recv(4096)
        except OSError as error:
            raise EngineError(f"the warm process is gone ({error.strerror})") from None
        if not reply:
            raise EngineError("the warm process is gone")
        answer: dict[str, int] = json.loads(reply)
        return answer
