"""Forms of a test that aren't assertions: an output that is compared, a call that has to raise."""

from __future__ import annotations

import ast

from grader.migration import assertions
from grader.migration.answers import is_students
from grader.migration.comparisons import numbers
from grader.migration.constants import constant, short
from grader.migration.scope import NotMapped, Scope, literal

_MAX_OUTPUT = 10_000
_RAISES = ("pytest.raises", "nose.tools.assert_raises", "numpy.testing.assert_raises")


def shown(node: ast.expr, output: str, scope: Scope) -> list[str]:
    """The last expression of a test whose output is compared, as a doctest does."""
    if output.strip() == "True":
        return assertions.holds(node, scope)
    if len(output) > _MAX_OUTPUT:
        raise NotMapped("the output that is expected is too long")
    try:
        want = ast.parse(output.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        want = None
    if want is None or not is_students(node, scope):
        raise NotMapped("the output that is expected can't be told from its text")
    if isinstance(want, ast.Call):  # an array or a scalar of NumPy's, as it shows itself
        shown = Scope({}, {"array": "numpy.array", "np": "numpy"})
        return numbers(node, constant(want, shown).plain, scope, "1e-07")
    if literal(want) is None:
        raise NotMapped("the output that is expected can't be told from its text")
    return assertions.holds(ast.Compare(node, [ast.Eq()], [want]), scope)


def with_raises(item: ast.withitem, call: ast.Call, scope: Scope) -> list[str]:
    """`with pytest.raises(ValueError): f(-1)`."""
    match item.context_expr:
        case ast.Call(func=function, args=[kind], keywords=[]):
            if scope.dotted(function) in _RAISES and item.optional_vars is None:
                return assertions.raises(kind, call, scope)
    raise NotMapped(f"`with {short(item.context_expr)}`: a check has nothing like it")


def try_raises(
    node: ast.Try, call: ast.Call, handler: ast.ExceptHandler, scope: Scope
) -> list[str]:
    """`try: f(-1)`, `except ValueError: pass`, `else: raise AssertionError(...)`."""
    harmless = all(isinstance(part, ast.Pass) for part in handler.body)
    fails = len(node.orelse) == 1 and (
        isinstance(node.orelse[0], ast.Raise)
        or (
            isinstance(node.orelse[0], ast.Assert)
            and isinstance(node.orelse[0].test, ast.Constant)
            and not node.orelse[0].test.value
        )
    )
    if not harmless or not fails or handler.type is None:
        raise NotMapped("a `try` of another form than `except …: pass`, `else: raise …`")
    return assertions.raises(handler.type, call, scope)
