"""From a cell's outputs to the text that a reader would see under it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from grader.tutorial.inside import MIME

_MOST = 200_000  # characters kept of one text; what is left out is said


@dataclass(frozen=True, slots=True)
class Shown:
    """Texts of one cell, and the record that the kernel made of it."""

    output: str
    stderr: str
    result: str | None
    record: dict[str, Any]


def shown(outputs: Sequence[Any]) -> Shown:
    """What the outputs of an executed cell (nbformat 4) come to."""
    stdout = _Text()
    stderr = _Text()
    result: str | None = None
    record: dict[str, Any] = {}
    for output in outputs:
        kind = output["output_type"]
        if kind == "stream":
            (stderr if output["name"] == "stderr" else stdout).go_on(output["text"])
            continue
        data = output.get("data", {})
        if MIME in data:
            record = data[MIME]
        elif kind == "execute_result":
            result = data.get("text/plain", "")
            stdout.begin(result)
        elif kind == "display_data" and not any(name.startswith("image/") for name in data):
            stdout.begin(data.get("text/plain", ""))
    return Shown(stdout.text, stderr.text, result, record)


@dataclass(slots=True)
class _Text:
    """What lies under a cell, as it grows."""

    text: str = ""
    full: bool = False
    streaming: bool = False

    def go_on(self, more: str) -> None:
        """A stream writes on, on the same line: the other stream may only have come between."""
        if not self.streaming:
            self._break()
        self.streaming = True
        self._add(more)

    def begin(self, more: str) -> None:
        """A result stands on a line of its own."""
        self._break()
        self.streaming = False
        self._add(more)

    def _break(self) -> None:
        if self.text and not self.text.endswith("\n"):
            self._add("\n")

    def _add(self, more: str) -> None:
        if self.full:
            return
        self.text += more
        if len(self.text) > _MOST:
            self.full = True
            self.text = f"{self.text[:_MOST]}\n[... the rest of it was left out]"


def as_plain(output: str, result: str | None, plain: str | None) -> str | None:
    """The output with the result as `repr` writes it; None where that changes nothing."""
    if not result or plain is None or plain == result or result not in output:
        return None
    before, _, after = output.rpartition(result)
    return f"{before}{plain}{after}"
