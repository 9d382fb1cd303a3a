"""Puts a question into words: the code itself, and what its names stand for."""

from __future__ import annotations

import ast

from grader.migration.constants import short
from grader.migration.scope import Scope, local_name

_MAX_NAMES = 6


def ask(node: ast.AST, scope: Scope) -> str:
    """The code of a `Text` that asks for the value of `node`, in both languages."""
    texts = [f"`{short(node)}`", f"`{short(node)}`"]
    told: dict[str, str] = {}
    todo = [node]
    formatted = False
    while todo and len(told) < _MAX_NAMES:
        for part in ast.walk(todo.pop()):
            if not isinstance(part, ast.Name) or part.id in told or part.id not in scope.locals:
                continue
            origin = scope.locals[part.id].origin
            if origin is None:
                told[part.id] = f"{{{local_name(part.id)}!r}}"
                formatted = True
            else:
                told[part.id] = short(origin)
                todo.append(origin)
    for place, (joint, comma) in enumerate(((", where ", ", "), ("，其中 ", "，"))):
        named = comma.join(
            f"{name} = {what if _runs(what) else _plain(what, formatted)}"
            for name, what in told.items()
        )
        texts[place] = _plain(texts[place], formatted) + (joint + named if told else "")
    return f"Text({', '.join(('f' if formatted else '') + quoted(text) for text in texts)})"


def quoted(text: str) -> str:
    """A string literal, in double quotes where that needs no escapes."""
    code = repr(text)
    return code if '"' in text or code[0] == '"' else f'"{code[1:-1]}"'.replace("\\'", "'")


def _runs(text: str) -> bool:
    return text.startswith("{") and text.endswith("!r}")


def _plain(text: str, formatted: bool) -> str:
    """The text as it must be written to be shown as it is."""
    return text.replace("{", "{{").replace("}", "}}") if formatted else text
