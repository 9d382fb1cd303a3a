"""What happens while a module is loaded: which names a statement uses, calls and binds then."""

from __future__ import annotations

import ast
from collections.abc import Iterator

_CODES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
_OWN_NAMES = (*_CODES, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


def bound(statement: ast.stmt) -> list[str]:
    """The module's names that a top-level statement gives a value to, imports left out."""
    names: dict[str, None] = {}
    todo: list[ast.AST] = [statement]
    while todo:
        node = todo.pop()
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            names[node.name] = None
            continue
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            names[node.id] = None
        if not isinstance(
            node, (*_CODES, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
        ):
            todo += reversed(list(ast.iter_child_nodes(node)))
    return list(names)


def _run(statement: ast.AST) -> Iterator[tuple[ast.AST, bool]]:
    """Each node that runs when the statement does, and whether a call gets hold of it."""
    todo: list[tuple[ast.AST, bool]] = [(statement, False)]
    while todo:
        node, called = todo.pop()
        yield node, called
        if isinstance(node, _CODES):
            decorators = [] if isinstance(node, ast.Lambda) else node.decorator_list
            todo += [(child, True) for child in decorators]
            todo += [
                (child, called) for child in (*node.args.defaults, *node.args.kw_defaults) if child
            ]
            continue
        inside = called or isinstance(node, ast.Call)
        if isinstance(node, ast.ClassDef):
            todo += [(child, True) for child in node.decorator_list]
            todo += [(child, called) for child in (*node.bases, *node.keywords, *node.body)]
            continue
        todo += [(child, inside) for child in ast.iter_child_nodes(node)]


def needs(statement: ast.stmt, absent: set[str], hollow: set[str]) -> bool:
    """Whether a statement fails where the names in `absent` lack and those in `hollow` raise."""
    return any(
        isinstance(node, ast.Name)
        and isinstance(node.ctx, ast.Load)
        and (node.id in absent or (called and node.id in hollow))
        for node, called in _run(statement)
    )


def raises_at_once(tree: ast.Module) -> bool:
    """Whether loading a stub raises the NotImplementedError that stands for a solution."""
    return any(
        isinstance(node, ast.Raise)
        and isinstance(node.exc, ast.Name)
        and node.exc.id == "NotImplementedError"
        for statement in tree.body
        for node, _ in _run(statement)
    )


def span(statement: ast.stmt) -> range:
    """The statement's lines, from 1, decorators included."""
    decorators = getattr(statement, "decorator_list", [])
    first = min([statement.lineno, *(node.lineno for node in decorators)])
    return range(first, (statement.end_lineno or statement.lineno) + 1)
