"""The comparisons of `expect` that a check is made of, as lines of Python."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from grader.migration.answers import Asked, asked, is_students
from grader.migration.constants import constant, short
from grader.migration.questions import ask
from grader.migration.scope import NotMapped, Scope, literal, numeric_with_float


def sides(left: ast.expr, right: ast.expr, scope: Scope) -> tuple[ast.expr, ast.expr]:
    """What a student gives, and what is expected of it.

    Raises:
        NotMapped: both are a student's, or none is.
    """
    ours = [not is_students(side, scope) for side in (left, right)]
    if ours == [False, True]:
        return left, right
    if ours == [True, False]:
        return right, left
    if any(ours):
        raise NotMapped("nothing in it is what a student writes")
    raise NotMapped("it compares two answers of a student's with each other")


def equal(got: ast.expr, want: ast.expr, scope: Scope) -> list[str]:
    """The lines for `got == want`, whose kind is told from what is expected."""
    if isinstance(got, ast.Attribute) and got.attr == "shape":
        code = asked(got.value, scope).code
        array = f"expect.array({code}, ask={ask(got.value, scope)})"
        return same(Asked(f"{array}.shape", "answer"), _shape(want, scope), got, scope)
    rounded = _rounded(got)
    if rounded is not None:
        inner, decimals = rounded
        return everywhere(inner, want, scope, scaled(0.5 * 10.0**-decimals, want), spread=False)
    made = constant(want, scope)
    if made.kind != "python":
        return everywhere(got, want, scope, "0.0", spread=False)
    values = _values(want, scope)
    if values is None or numeric_with_float(values):
        # A float32 is never equal to the Python number that it was written as.
        return _compare("close", asked(got, scope), made.code, got, scope)
    return same(asked(got, scope), made.code, got, scope)


def _shape(want: ast.expr, scope: Scope) -> str:
    code = constant(want, scope).code
    return code if isinstance(want, ast.Tuple) else f"tuple({code})"


def _values(want: ast.expr, scope: Scope) -> Sequence[object] | None:
    """The values that `want` can have, where they can be told."""
    if isinstance(want, ast.Name) and want.id in scope.locals:
        return scope.locals[want.id].values
    return literal(want)


def _rounded(node: ast.expr) -> tuple[ast.expr, int] | None:
    match node:
        case ast.Call(func=ast.Name("round"), args=[inner, ast.Constant(value=int(decimals))]):
            return inner, decimals
    return None


def numbers(got: ast.expr, want: str, scope: Scope, tolerance: str) -> list[str]:
    """The lines for numbers or arrays of any dtype, shape by shape, within a tolerance."""
    return _compare("close", asked(got, scope), want, got, scope, atol=tolerance)


def everywhere(
    got: ast.expr, want: ast.expr, scope: Scope, tolerance: str, *, spread: bool
) -> list[str]:
    """As `numbers`; `spread`: what is expected may be one number for all places."""
    made = constant(want, scope)
    if not spread or isinstance(want, ast.List | ast.Tuple):
        return numbers(got, made.plain, scope, tolerance)
    question = ask(got, scope)
    return [
        "answer = expect.array(",
        f"    {asked(got, scope).code},",
        f"    ask={question},",
        ")",
        "expect.close(",
        "    answer,",
        f"    spread({made.code}, answer),",
        f"    atol={tolerance},",
        f"    ask={question},",
        ")",
    ]


def same(answer: Asked, want: str, node: ast.expr, scope: Scope) -> list[str]:
    """The lines for plain values that are exactly equal."""
    return _compare("equal", answer, want, node, scope)


def _compare(
    method: str, answer: Asked, want: str, node: ast.expr, scope: Scope, atol: str | None = None
) -> list[str]:
    if answer.kind == "object":
        raise NotMapped(f"`{short(node)}` is an object, which has no value to compare")
    extra = [] if atol is None else [f"    atol={atol},"]
    return [
        f"expect.{method}(",
        f"    {answer.code},",
        f"    {want},",
        *extra,
        f"    ask={ask(node, scope)},",
        ")",
    ]


def scaled(tolerance: float, want: ast.expr) -> str:
    """An absolute tolerance for `expect.close`, which widens it with the expected number."""
    known = literal(want)
    number = known[0] if known is not None and type(known[0]) in (int, float) else 1.0
    return repr(float(f"{tolerance / max(1.0, abs(number)):.6g}"))
