"""Comments, and the statements of a piece of code that a claim may be about."""

from __future__ import annotations

import ast
import io
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass

from grader.tutorial.values import Block

_LONGEST = 240


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment: its line in the piece's source, its words, whether it has its line for itself."""

    line: int
    text: str
    alone: bool


def comments(source: str) -> list[Comment]:
    """All comments of a source; those before the first place that can't be read."""
    found: list[Comment] = []
    try:
        for token in tokenize.generate_tokens(io.StringIO(source).readline):
            if token.type == tokenize.COMMENT:
                alone = not token.line[: token.start[1]].strip()
                found.append(Comment(token.start[0], _words(token.string), alone))
    except (tokenize.TokenError, SyntaxError):
        # Indentation is what notes break most; past it, a line tells its own comment.
        known = {comment.line for comment in found}
        for number, line in enumerate(source.split("\n"), 1):
            code, mark, text = line.partition("#")
            if mark and number not in known and not ("'" in code or '"' in code):
                found.append(Comment(number, _words(text), not code.strip()))
    return found


def _words(comment: str) -> str:
    # Whoever says more than this in one comment tells a story; and patterns stay quick.
    return comment.lstrip("#!")[:_LONGEST].strip()


def parsed(source: str) -> ast.Module | None:
    """The tree of a source, lines for IPython set aside; None where it can't be read."""
    lines = source.split("\n")
    plain = "\n".join("pass" if line[:1] in ("%", "!") else line for line in lines)
    try:
        return ast.parse(plain)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def runnable(text: str) -> str | None:
    """`text` if it is a statement that does something: no bare name or literal."""
    tree = parsed(text.strip())
    if tree is None or len(tree.body) != 1:
        return None
    body = tree.body[0]
    whole = isinstance(body, ast.Expr) and not isinstance(body.value, ast.Call | ast.BinOp)
    if not isinstance(body, ast.Expr | ast.Assign | ast.AugAssign) or whole:
        return None
    if (
        isinstance(body, ast.Expr)
        and isinstance(body.value, ast.Call)
        and not (body.value.args or body.value.keywords)
    ):
        return None
    return text.strip()


def unqualified(name: str) -> str:
    return name.rsplit(".", 1)[-1]


def unclosed(text: str) -> bool:
    return sum(text.count(mark) for mark in "([{<") > sum(text.count(mark) for mark in ")]}>")


def binds(node: ast.stmt, name: str) -> bool:
    return any(
        isinstance(one, ast.Name) and one.id == name and not isinstance(one.ctx, ast.Load)
        for one in ast.walk(node)
    )


def printed_literal(node: ast.stmt) -> str | None:
    match node:
        case ast.Expr(
            ast.Call(func=ast.Name("print"), args=[ast.Constant(str() as text)], keywords=[])
        ):
            return text
    return None


def called(node: ast.stmt | None) -> str | None:
    match node:
        case (
            ast.Expr(ast.Call(func=ast.Name(name)))
            | ast.Assign(value=ast.Call(func=ast.Name(name)))
        ):
            return name
    return None


def calls_of(block: Block, name: str) -> Iterator[tuple[int, int]]:
    """(piece, statement) of each call of a function in the block's own statements."""
    for number, piece in enumerate(block.pieces):
        tree = parsed(piece.source)
        for node in tree.body if tree else ():
            if isinstance(node, ast.FunctionDef | ast.ClassDef):
                continue
            for one in ast.walk(node):
                match one:
                    case ast.Call(func=ast.Name(id=called)) if called == name:
                        yield number, node.lineno
