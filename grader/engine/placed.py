"""What workers tell of devices: what the student's code asked for, and where answers lay.

It is the worker's word and may be forged: every part is bounded here, and nothing of it decides an
outcome.
"""

from __future__ import annotations

from typing import Any

from grader.defuse import defuse_line

_MOST = 20
_MOST_NAME = 60
_MOST_LINE = 1_000_000
_KINDS = ("pin", "setting")

Wish = tuple[str, str, int]
"""`pin` (a device scope) or `setting` (a call of tf.config), its name, the line of the module."""


class Placed:
    """Collected over the replies of a worker since the last `clear`."""

    def __init__(self) -> None:
        self.wishes: list[Wish] = []
        self.outputs: list[str] = []

    def clear(self) -> None:
        """Forgets everything."""
        self.wishes.clear()
        self.outputs.clear()

    def add(self, told: Any) -> None:
        """Takes in what a reply tells; what isn't of the expected form is left out."""
        if type(told) is not dict:
            return
        for item in _list(told.get("wishes")):
            match item:
                case [str(kind), str(name), int(line)] if kind in _KINDS and type(line) is int:
                    wish = (kind, _name(name), min(max(line, 0), _MOST_LINE))
                    if wish not in self.wishes and len(self.wishes) < _MOST:
                        self.wishes.append(wish)
        for item in _list(told.get("outputs")):
            if type(item) is str and (name := _name(item)) not in self.outputs:
                self.outputs += [name] if len(self.outputs) < _MOST else []

    def evidence(self) -> dict[str, Any]:
        """As plain JSON; empty if there is nothing to tell."""
        told: dict[str, Any] = {}
        if self.wishes:
            told["wishes"] = [list(wish) for wish in self.wishes]
        if self.outputs:
            told["outputs"] = sorted(self.outputs)
        return told


def _list(value: Any) -> list[Any]:
    return value[:_MOST] if type(value) is list else []


def _name(text: str) -> str:
    return defuse_line(text[: 4 * _MOST_NAME], max_chars=_MOST_NAME)
