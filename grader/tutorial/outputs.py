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
    pieces: list[str] = []
    stderr: list[str] = []
    result: str | None = None
    record: dict[str, Any] = {}
    for output in outputs:
        kind = output["output_type"]
        if kind == "stream":
            (stderr if output["name"] == "stderr" else pieces).append(output["text"])
            continue
        data = output.get("data", {})
        if MIME in data:
            record = data[MIME]
        elif kind == "execute_result":
            result = data.get("text/plain", "")
            pieces.append(result)
        elif kind == "display_data" and not any(name.startswith("image/") for name in data):
            pieces.append(data.get("text/plain", ""))
    return Shown(_joined(pieces), _joined(stderr), result, record)


def _joined(pieces: Sequence[str]) -> str:
    text = ""
    for piece in pieces:
        if text and not text.endswith("\n"):
            text += "\n"
        text += piece
        if len(text) > _MOST:
            return f"{text[:_MOST]}\n[... the rest of it was left out]"
    return text
