"""From one request to one reply, whatever the student's code does in between."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from grader.wire import WireError, encode
from grader.worker.load import describe, import_module
from grader.worker.placing import Placing
from grader.worker.probes import NoSuchName, Prober
from grader.worker.traces import TraceWatch
from grader.worker.tripwires import Tripwires

_NONCE = "0" * 24  # a reply has to fit its frame together with the request's nonce


class Answerer:
    """Imports a module, then turns requests into replies that always fit a frame.

    A reply is `{"ok": True, "value": …}` or `{"ok": False, "error": {…}}`, with `"tripped"`, the
    uses of forbidden shortcuts since the last reply, and `"device"` (see `placing`) where there is
    something to tell.

    Args:
        placing: None in the self-check, where the student's own settings hold.
    """

    def __init__(self, watch: TraceWatch, wires: Tripwires, placing: Placing | None = None) -> None:
        self._watch = watch
        self._placing = placing
        self._wires = wires
        self._prober: Prober | None = None
        self._file = ""

    def settle(self, device: str, memory_mb: int) -> str:
        """Puts this process on its device, before `load`; what is in the way, "" for nothing."""
        assert self._placing is not None
        return self._placing.settle(device, memory_mb)

    def load(self, file: Path, shortcuts: Sequence[str], ops: Sequence[str]) -> dict[str, Any]:
        """Arms the tripwires and imports `file`; the reply's value is None."""
        self._file = str(file)
        self._watch.module_file = self._wires.module_file = self._file
        if self._placing is not None:
            self._placing.module_file = self._file
        self._wires.arm(shortcuts, ops)
        try:
            module = import_module(file)
        except KeyboardInterrupt:
            raise
        except BaseException as error:
            return self._failure("import", error)
        self._prober = Prober(module, self._watch, self._placing)
        return {"ok": True, "value": None, **self._noticed()}

    def reply(self, request: dict[str, Any]) -> dict[str, Any]:
        """The reply to one request; the module must have been loaded."""
        assert self._prober is not None
        try:
            reply = {"ok": True, "value": self._prober.answer(request), **self._noticed()}
            encode({**reply, "nonce": _NONCE})
        except KeyboardInterrupt:
            raise
        except NoSuchName as missing:
            error = {"kind": "missing", "name": missing.name, "near": missing.near}
            return {"ok": False, "error": error, **self._noticed()}
        except WireError as error:
            return self._failure("too_large", error)
        except BaseException as error:
            return self._failure("raised", error)
        return reply

    def _failure(self, kind: str, error: BaseException) -> dict[str, Any]:
        return {
            "ok": False,
            "error": {"kind": kind, **describe(error, self._file)},
            **self._noticed(),
        }

    def _noticed(self) -> dict[str, Any]:
        tripped = [list(use) for use in self._wires.take()]
        return {"tripped": tripped, **(self._placing.take() if self._placing else {})}
