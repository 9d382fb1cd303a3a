"""Notices at run time when the student's code uses a shortcut the exercise rules out.

The functions and classes themselves are armed, not their names, so an alias, a `getattr` or a
string handed to a registry trips the same wire. A use counts only with a line of the student's on
the stack: the grader's own probes may use the library freely. This runs beside hostile code, which
could disarm it; the static screening is the other half.
"""

from __future__ import annotations

import functools
import importlib
import inspect
import types
from collections.abc import Sequence
from typing import Any

from grader.worker.load import called_by_student


class Tripwires:
    """Arms `shortcuts` (dotted names) and `ops` (TensorFlow operation types)."""

    def __init__(self) -> None:
        self.module_file = ""
        self.tripped: list[tuple[str, int]] = []

    def arm(self, shortcuts: Sequence[str], ops: Sequence[str]) -> None:
        """Must be called before the student's module is imported."""
        seen: set[int] = set()
        for shortcut in shortcuts:
            for name, target in _resolve(shortcut):
                if id(target) in seen:
                    continue
                seen.add(id(target))
                if isinstance(target, type):
                    self._arm_class(name, target)
                else:
                    self._arm_function(name, target)
        if ops:
            self._arm_operations(frozenset(ops))

    def take(self) -> list[tuple[str, int]]:
        """(name, student's line) of each use since the last time, and forgets them."""
        taken, self.tripped = self.tripped[:20], []
        return taken

    def note(self, name: str) -> None:
        """Called by an armed function; `name` is what the exercise calls the shortcut."""
        line = called_by_student(self.module_file)
        if line is not None and len(self.tripped) < 20:
            self.tripped.append((name, line))

    def _arm_class(self, name: str, target: type) -> None:
        init = target.__init__  # type: ignore[misc]

        @functools.wraps(init)
        def armed(this: Any, *args: Any, **kwargs: Any) -> None:
            self.note(name)
            init(this, *args, **kwargs)

        # Keras decides by the signature what a class's configuration holds.
        armed.__signature__ = inspect.signature(init)  # type: ignore[attr-defined]
        target.__init__ = armed  # type: ignore[misc]

    def _arm_function(self, name: str, target: Any) -> None:
        """Swaps the code object, so that references taken long before are armed too."""
        plain = inspect.unwrap(target)
        if not isinstance(plain, types.FunctionType) or plain.__closure__:
            plain = target if isinstance(target, types.FunctionType) else plain
        if not isinstance(plain, types.FunctionType):
            return
        original = types.FunctionType(
            plain.__code__, plain.__globals__, plain.__name__, plain.__defaults__, plain.__closure__
        )
        original.__kwdefaults__ = plain.__kwdefaults__
        registry = plain.__globals__.setdefault("__grader_tripwires__", {})
        key = f"{name}:{id(plain)}"
        registry[key] = (self.note, name, original)
        stub = _stub(key, plain.__code__)
        if stub is not None:
            plain.__code__ = stub

    def _arm_operations(self, wanted: frozenset[str]) -> None:
        from tensorflow.python.framework import op_callbacks

        def seen(op_type: str, *_: Any, **__: Any) -> None:
            name = op_type.decode() if isinstance(op_type, bytes) else op_type
            if name in wanted:
                self.note(f"the operation {name}")

        op_callbacks.add_op_callback(seen)


def _stub(key: str, code: types.CodeType) -> types.CodeType | None:
    """Code that notes the use and goes on to the original, with the free variables it had."""
    free = code.co_freevars
    lines = ["def maker():"]
    lines += [f"    {name} = None" for name in free]
    lines += [
        "    def armed(*args, **kwargs):",
        *(f"        {name}" for name in free),
        f"        note, name, original = __grader_tripwires__[{key!r}]",
        "        note(name)",
        "        return original(*args, **kwargs)",
        "    return armed",
    ]
    # The text is made of our own key and of names from the library's code, nothing of a student's.
    namespace: dict[str, Any] = {}
    exec(compile("\n".join(lines), "<tripwire>", "exec"), namespace)
    armed: types.FunctionType = namespace["maker"]()
    return armed.__code__ if armed.__code__.co_freevars == free else None


def _resolve(shortcut: str) -> list[tuple[str, Any]]:
    """The objects a dotted name stands for; a trailing `*` stands for all names that begin so."""
    root, *names = shortcut.split(".")
    target: Any = importlib.import_module({"tf": "tensorflow"}.get(root, root))
    *parents, last = names
    try:
        for name in parents:
            target = getattr(target, name)
    except AttributeError:
        return []
    if last.endswith("*"):
        prefix = last[:-1]
        found = sorted(name for name in dir(target) if name.startswith(prefix))
        stem = shortcut.rpartition(".")[0]
        return [(f"{stem}.{name}", getattr(target, name)) for name in found]
    value = getattr(target, last, None)
    return [] if value is None else [(shortcut, value)]
