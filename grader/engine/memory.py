"""The reference's answers, remembered by transcript.

Checks ask the reference the same questions for every submission, so each conversation is paid once.
An answer may depend on everything asked before (a metric has state), so it is filed under the
digest of the whole conversation so far. When a conversation leaves the remembered path, a live
worker is brought to the same point by asking it all again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

from grader.asking import Backend
from grader.errors import EngineError, GraderError
from grader.wire import encode

Memory = dict[bytes, Any]


class Remembered:
    """A `Backend` that asks a live one only what hasn't been asked before.

    Args:
        memory: shared by all conversations of a batch.
        open_live: gives a backend in which nothing has been asked since its last `begin`.
        digest: of the conversation so far.
    """

    def __init__(
        self, memory: Memory, open_live: Callable[[], Backend], digest: bytes = b""
    ) -> None:
        self._memory = memory
        self._open_live = open_live
        self._digest = digest
        self._asked: list[dict[str, Any]] = []
        self._live: Backend | None = None

    def ask(self, request: dict[str, Any]) -> Any:
        self._digest = hashlib.sha256(self._digest + encode(request)).digest()
        self._asked.append(request)
        if self._digest not in self._memory:
            self._memory[self._digest] = self._live_answer(request)
        elif self._live is not None:
            self._live_answer(request)
        return self._memory[self._digest]

    def fresh(self) -> Remembered:
        digest = hashlib.sha256(self._digest + b"fresh").digest()
        return Remembered(self._memory, lambda: self._at_this_point().fresh(), digest)

    def _live_answer(self, request: dict[str, Any]) -> Any:
        try:
            return self._at_this_point(self._asked[:-1]).ask(request)
        except EngineError:
            raise
        except GraderError as error:
            raise EngineError(f"the reference solution failed: {error}") from error

    def _at_this_point(self, before: list[dict[str, Any]] | None = None) -> Backend:
        if self._live is None:
            self._live = self._open_live()
            for request in self._asked if before is None else before:
                self._live.ask(request)
        return self._live
