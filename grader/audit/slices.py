"""What of a program a check can get to see: the same part of two programs needs one run only.

Most variants and every mutant differ from another program in one place, and most checks never come
near it. The part behind the symbols that a check uses is what the intake's own analysis takes for
it (`grader.submissions.program`), with whatever the module does besides when it is imported.
Comments, line numbers and the docstring at the top count for nothing.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable

from grader.store import key_of
from grader.submissions.decode import decode
from grader.submissions.guard import Refused, parse_guarded
from grader.submissions.program import Program

# What can reach a name that no analysis sees.
_ROUNDABOUT = frozenset(
    {"eval", "exec", "globals", "locals", "vars", "__import__", "modules", "_getframe", "inspect"}
    | {"get_registered_object", "get_custom_objects"}
)


class Slices:
    """The parts of one program."""

    def __init__(self, source: bytes) -> None:
        self._statements: list[ast.stmt] = []
        self._whole = key_of({"whole": source})
        try:
            tree = parse_guarded(decode(source))
        except (Refused, ValueError):
            return
        if any(_name(node) in _ROUNDABOUT for node in ast.walk(tree)):
            return
        self._statements = tree.body
        self._program = Program(tree.body)
        self._always = [_on_import(statement) for statement in tree.body]

    def of(self, symbols: Iterable[str]) -> str:
        """A digest of what `symbols` rest on; of the whole source if that can't be told."""
        if not self._statements:
            return self._whole
        kept = self._program.closure(symbols)
        parts = [
            ast.dump(statement) if number in kept else self._always[number]
            for number, statement in enumerate(self._statements)
        ]
        return key_of({"part": "\n".join(part for part in parts if part)})


def _name(node: ast.AST) -> str:
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name) | ast.alias(name=name):
            return name
    return ""


def _on_import(statement: ast.stmt) -> str:
    """What a statement may do to the others by being run; empty if nothing."""
    match statement:
        case ast.FunctionDef(name=name, decorator_list=decorators, args=args):
            # A decorator may note a function somewhere, under its name: Keras's registry.
            noted = [f"def {name}", *map(ast.dump, decorators)] if decorators else []
            return " ".join([*noted, _calls(args)]).strip()
        case ast.ClassDef(name=name, body=body):
            outside = [*statement.decorator_list, *statement.bases, *statement.keywords]
            inside = [part for part in map(_on_import, body) if part]
            return " ".join([f"class {name}", *map(ast.dump, outside), *inside])
        # What is assigned to an attribute or an item may be the library's: that concerns everybody.
        case ast.Assign(targets=targets, value=value) if all(map(_is_plain, targets)):
            return _calls(value)
        case ast.AnnAssign(target=ast.Name(), value=value):
            return _calls(value) if value is not None else ""
        case ast.Expr(value=ast.Constant()) | ast.Pass():
            return ""
    return ast.dump(statement)


def _is_plain(target: ast.expr) -> bool:
    return isinstance(target, ast.Name) or (
        isinstance(target, ast.Tuple | ast.List) and all(map(_is_plain, target.elts))
    )


def _calls(node: ast.AST) -> str:
    return ast.dump(node) if any(isinstance(n, ast.Call) for n in ast.walk(node)) else ""
