"""The names that a test may use: the module's, those it imports, and those it makes itself."""

from __future__ import annotations

import ast
import keyword
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from grader.migration.module import NameKind

ValueKind = Literal["python", "numpy", "tensor", "variable", "answer", "object"]
"""The first four are made by the check; the others came from a student."""

_RESERVED = frozenset({"student", "reference", "rng", "expect", "np", "value", "answer", "spread"})
_FROM_CHECKS = frozenset({"Text", "check", "fetch", "as_numpy", "as_variable"})


class NotMapped(Exception):
    """Code without a counterpart; the message says why."""


@dataclass(frozen=True, slots=True)
class Local:
    """A name that the test has made.

    Attributes:
        values: those it can have, where all are known.
        origin: what it was made by; None for the variable of a loop.
    """

    kind: ValueKind
    values: tuple[Any, ...] | None = None
    origin: ast.expr | None = None


@dataclass(slots=True)
class Scope:
    """What a name means at some point of a test."""

    module: Mapping[str, NameKind]
    imports: dict[str, str]
    locals: dict[str, Local] = field(default_factory=dict)

    def child(self) -> Scope:
        """A scope inside this one, whose names stay there."""
        return Scope(self.module, dict(self.imports), dict(self.locals))

    def dotted(self, node: ast.expr) -> str:
        """`np.testing.assert_allclose` as `numpy.testing.assert_allclose`; "" for anything else."""
        names: list[str] = []
        while isinstance(node, ast.Attribute):
            names.append(node.attr)
            node = node.value
        if not isinstance(node, ast.Name) or node.id in self.locals or node.id in self.module:
            return ""
        root = self.imports.get(node.id, node.id)
        dotted = ".".join([root, *reversed(names)])
        return "tensorflow." + dotted.removeprefix("tf.") if dotted.startswith("tf.") else dotted


def local_name(name: str) -> str:
    """The name in a check: fixtures and what `grader.checks` gives are never hidden."""
    taken = name in _RESERVED or name in _FROM_CHECKS or keyword.iskeyword(name)
    return f"{name}_" if taken else name


def literal(node: ast.expr) -> tuple[Any, ...] | None:
    """The value of a literal, in a tuple of one; None for anything else."""
    try:
        return (ast.literal_eval(node),)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return None


def numeric_with_float(values: Sequence[Any] | None) -> bool:
    """Whether all are numbers, and not all of them integers."""
    if not values or not all(type(value) in (int, float) for value in values):
        return False
    return any(type(value) is float for value in values)
