"""Finds, without running anything, library functions that an exercise rules out.

A use counts only when something that the exercise asks for reaches it: the statements that a symbol
rests on (see `grader.submissions.program`) are searched, the rest of the module isn't. So an unused
import, code under `if __name__ == "__main__"`, a comparison in a function of the student's own, a
docstring or an own class of the same name are no finding. What can't be followed is no finding
either: the run-time check is the other half, and a wrong accusation costs more than a late one.
"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from grader.resolve import Resolver
from grader.submissions.decode import decode
from grader.submissions.guard import Refused, parse_guarded
from grader.submissions.program import Program
from grader.values import Library, canonical

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from grader.submissions.scopes import Facts

_INTERNAL = re.compile(r"^(?:keras\.src|tf\.python)\.")
_MAX_LINE = 200
_TAKES_ACTIVATION = re.compile(r"^keras\.layers\.\w+$")


@dataclass(frozen=True, slots=True)
class Finding:
    """One use of a shortcut.

    Attributes:
        shortcut: its canonical dotted name, `keras.losses.Huber`.
        line: where, from 1.
        text: that line of the source, without its indentation.
        symbols: the exercise's symbols that reach the use.
    """

    shortcut: str
    line: int
    text: str
    symbols: frozenset[str]


def screen(source: bytes, symbols: Sequence[str], shortcuts: Sequence[str]) -> tuple[Finding, ...]:
    """The shortcuts that a module uses, by line; one per shortcut and line.

    `shortcuts` are dotted names, a final `*` standing for anything. Source that can't be read as
    Python gives an empty tuple: the intake has refused it with a reason.
    """
    try:
        text = decode(source)
        tree = parse_guarded(text)
    except (Refused, ValueError):
        return ()
    patterns = _Patterns(shortcuts)
    program = Program(tree.body)
    resolver = Resolver(program)
    reached = {symbol: program.closure([symbol]) for symbol in symbols}
    lines = text.split("\n")
    findings: dict[tuple[int, str], Finding] = {}
    for number in sorted(frozenset().union(*reached.values())):
        facts = program.facts[number]
        if facts is None:
            continue
        by = frozenset(symbol for symbol, closure in reached.items() if number in closure)
        for line, shortcut in _uses(facts, number, resolver, patterns):
            code = lines[line - 1].strip()[:_MAX_LINE] if line <= len(lines) else ""
            findings.setdefault((line, shortcut), Finding(shortcut, line, code, by))
    return tuple(findings[key] for key in sorted(findings))


def _uses(
    facts: Facts, number: int, resolver: Resolver, patterns: _Patterns
) -> Iterable[tuple[int, str]]:
    for node in facts.uses:
        if not isinstance(getattr(node, "ctx", ast.Load()), ast.Load):
            continue
        if not isinstance(node, ast.Name | ast.Attribute | ast.Call | ast.Subscript):
            continue
        paths = [v.path for v in resolver.values(node, facts, number) if isinstance(v, Library)]
        if isinstance(node, ast.Call):
            paths += _handed_over(node, facts, number, resolver)
        for path in paths:
            shortcut = patterns.match(path)
            if shortcut is not None:
                # The name itself ends an attribute that goes over several lines.
                is_path = isinstance(node, ast.Attribute)
                yield (node.end_lineno if is_path else None) or node.lineno, shortcut


def _handed_over(node: ast.Call, facts: Facts, number: int, resolver: Resolver) -> Iterable[str]:
    """Strings that a layer looks up itself: `Dense(3, activation="softplus")`."""
    callees = [v.path for v in resolver.values(node.func, facts, number) if isinstance(v, Library)]
    if not any(_TAKES_ACTIVATION.match(path) for path in callees):
        return
    arguments = [keyword.value for keyword in node.keywords if keyword.arg == "activation"]
    if "keras.layers.Activation" in callees:
        arguments += node.args[:1]
    elif "keras.layers.Dense" in callees:
        arguments += node.args[1:2]
    for argument in arguments:
        for name in resolver.named(argument, facts, number):
            yield f"keras.activations.@{name}"


class _Patterns:
    """The forbidden names, matched against resolved paths."""

    def __init__(self, shortcuts: Sequence[str]) -> None:
        names = [canonical(shortcut) for shortcut in shortcuts]
        self._exact = frozenset(name for name in names if not name.endswith("*"))
        self._prefixes = tuple(name[:-1] for name in names if name.endswith("*"))

    def match(self, path: str) -> str | None:
        """The canonical name of the shortcut that `path` is, if it is one."""
        if path in self._exact:
            return path
        if any(path.startswith(prefix) for prefix in self._prefixes):
            return path if "." not in path[len(self._prefix(path)) :] else None
        module, _, last = path.rpartition(".")
        if last.startswith("@"):
            return self._registered(module, last[1:])
        if _INTERNAL.match(path):
            # Where a library keeps a name inside itself changes with every version.
            library = "keras." if path.startswith("keras.") else ("tf.", "keras.")
            return next(
                (n for n in sorted(self._exact) if n.startswith(library) and _last(n) == last), None
            )
        return None

    def _prefix(self, path: str) -> str:
        return next(prefix for prefix in self._prefixes if path.startswith(prefix))

    def _registered(self, module: str, name: str) -> str | None:
        """The name behind an entry of Keras's registries, which don't mind case and underscores."""
        found = [
            shortcut
            for shortcut in sorted(self._exact)
            if (module == "keras.?" or shortcut.rpartition(".")[0] == module)
            and _folded(_last(shortcut)) == _folded(name.rpartition(">")[2])
        ]
        same = [shortcut for shortcut in found if _last(shortcut) == name]
        return next(iter([*same, *found]), None)


def _last(path: str) -> str:
    return path.rpartition(".")[2]


def _folded(name: str) -> str:
    return name.replace("_", "").lower()
