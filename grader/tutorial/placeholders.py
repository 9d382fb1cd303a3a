"""Finds where a tutorial leaves code out: `[...]`, `...`, `…`, `EXPR`, `<your code>`."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from grader.tutorial.syntax import parse

if TYPE_CHECKING:
    from collections.abc import Set

_WORDS = frozenset(
    {
        *("EXPR", "EXPRESSION", "BODY", "STATEMENTS", "STATEMENT", "TODO", "FIXME"),
        *("PLACEHOLDER", "SUITE", "BLOCK", "ITERABLE", "CONDITION", "VARIABLE"),
    }
)
_NAME = re.compile(r"YOUR_\w+|\w+_HERE|_{3,}|你的\w*|此处\w*")
_ANGLES = re.compile(
    r"<[ \t]*+(?:your|insert|fill|add|put|write|todo|some|more|"
    r"the rest|你的|在此|此处|填|这里|省略)"
    r"[^<>\n\"']{0,80}>",
    re.IGNORECASE,
)
_LINE = re.compile(r"[ \t]*+\[?[ \t]*+(?:\.\.\.|…+|\.{4,6})[ \t]*+\]?[ \t]*+(?:#[^\n]*)?")
_SHORT = frozenset(
    {
        *("print", "type", "repr", "str", "id", "isinstance", "Field", "Query", "Body"),
        *("Path", "Header", "Form", "File", "Depends"),
    }
)
"""Calls that take `...` as a value."""


def filled(source: str) -> str:
    """The source with marks that aren't Python (`…`, `<your code>`) as `...`, to parse the rest."""
    return _ANGLES.sub("...", source).replace("……", "...").replace("…", "...")


def find(source: str, known: Set[str]) -> tuple[int, ...]:
    """The lines (from 1) of `source` that stand for code left out; comments don't.

    `known` are names that the document binds somewhere, which stand for themselves.
    """
    tree = parse(source)
    lines: set[int] = set()
    if tree is None:
        for number, line in enumerate(source.split("\n"), 1):
            code = line.split("#", 1)[0]
            if _LINE.fullmatch(line) or "…" in code or _ANGLES.search(code):
                lines.add(number)
        tree = parse(filled(source))
    if tree is not None:
        lines |= _in_tree(tree, known)
        lines |= _beside(tree, known, lines)
    return tuple(sorted(lines))


def _beside(tree: ast.Module, known: Set[str], lines: Set[int]) -> set[int]:
    """Lines of `while TEST:` and the like, where TEST isn't defined and its body is left out.

    By itself a name in capitals is a constant that the author forgot to define.
    """
    found: set[int] = set()
    for node in ast.walk(tree):
        match node:
            case ast.For(iter=ast.Name() as head) | ast.While(test=ast.Name() as head):
                pass
            case ast.If(test=ast.Name() as head):
                pass
            case _:
                continue
        unknown = head.id.isupper() and head.id not in known
        if unknown and any(child.lineno in lines for child in node.body):
            found.add(head.lineno)
    return found


def _in_tree(tree: ast.Module, known: Set[str]) -> set[int]:
    lines: set[int] = set()
    # (node, whether an ellipsis here means something to Python)
    queue: list[tuple[ast.AST, bool]] = [(tree, False)]
    while queue:
        node, meant = queue.pop()
        if isinstance(node, ast.Constant):
            if (node.value is ... and not meant) or (
                isinstance(node.value, str) and _ANGLES.fullmatch(node.value.strip())
            ):
                lines.add(node.lineno)
        elif isinstance(node, ast.Name):
            if (
                isinstance(node.ctx, ast.Load)
                and node.id not in known
                and (node.id in _WORDS or _NAME.fullmatch(node.id))
            ):
                lines.add(node.lineno)
        else:
            queue += _children(node, meant)
    return lines


def _children(node: ast.AST, meant: bool) -> list[tuple[ast.AST, bool]]:
    """The parts of a node, each with whether `...` is a value of Python's there."""
    if isinstance(node, ast.Subscript):
        return [(node.value, meant), (node.slice, True)]
    if isinstance(node, ast.arguments | ast.Compare):
        return [(child, True) for child in ast.iter_child_nodes(node)]
    if isinstance(node, ast.AnnAssign):  # `x: int = ...` declares, in a class or a stub
        return [(child, True) for child in ast.iter_child_nodes(node)]
    if isinstance(node, ast.Call):
        name = getattr(node.func, "id", getattr(node.func, "attr", ""))
        return [(child, meant or name in _SHORT) for child in ast.iter_child_nodes(node)]
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        stub = node.body if _is_stub(node.body) else []
        return [(child, child in stub) for child in ast.iter_child_nodes(node)]
    return [
        (child, meant and not isinstance(child, ast.stmt)) for child in ast.iter_child_nodes(node)
    ]


def _is_stub(body: list[ast.stmt]) -> bool:
    """Whether `...` is all that a function or class consists of, under its docstring."""
    rest = [
        node
        for node in body
        if not (
            isinstance(node, ast.Expr)
            and isinstance(node.value, ast.Constant)
            and isinstance(node.value.value, str)
        )
    ]
    return len(rest) == 1 and isinstance(rest[0], ast.Expr)
