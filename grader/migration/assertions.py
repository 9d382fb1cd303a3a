"""Turns what a test asserts into comparisons of `expect`, as far as their meaning is plain."""

from __future__ import annotations

import ast

from grader.migration.answers import asked, is_students
from grader.migration.comparisons import equal, everywhere, same, scaled, sides
from grader.migration.constants import constant, short
from grader.migration.questions import ask, quoted
from grader.migration.scope import NotMapped, Scope, literal

_CLOSE = {
    # name: (relative, absolute), the defaults
    "numpy.isclose": (1e-5, 1e-8),
    "numpy.allclose": (1e-5, 1e-8),
    "numpy.testing.assert_allclose": (1e-7, 0.0),
    "math.isclose": (1e-9, 0.0),
    "tensorflow.debugging.assert_near": (1e-5, 1e-5),
}
_DECIMALS = {
    # name: (argument, default, how far apart, in units of the last decimal)
    "numpy.testing.assert_almost_equal": ("decimal", 7, 1.5),
    "numpy.testing.assert_array_almost_equal": ("decimal", 6, 1.5),
    "nose.tools.assert_almost_equal": ("places", 7, 0.5),
    "nose.tools.assert_almost_equals": ("places", 7, 0.5),
}
_EXACT = {"numpy.array_equal", "numpy.testing.assert_array_equal"}
_EQUAL = {"nose.tools.assert_equal", "nose.tools.assert_equals", "nose.tools.eq_",
          "numpy.testing.assert_equal"}  # fmt: skip
_TRUE, _FALSE = "nose.tools.assert_true", "nose.tools.assert_false"
_RAISES = {"nose.tools.assert_raises", "numpy.testing.assert_raises"}
_ORDER = {ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">="}


def holds(node: ast.expr, scope: Scope) -> list[str]:
    """The lines of a check that ask whether the expression is true.

    Raises:
        NotMapped: its meaning isn't plain, or nothing in it is a student's.
    """
    if not is_students(node, scope):
        raise NotMapped("nothing in it is what a student writes")
    match node:
        case ast.BoolOp(op=ast.And(), values=values):
            return [line for value in values for line in holds(value, scope)]
        case ast.Compare(left=left, ops=[op], comparators=[right]):
            return _compared(left, op, right, scope)
        case ast.Call(func=ast.Attribute(value=ast.Compare() as inner, attr="all"), args=[]):
            return _all_equal(inner, scope)
        case ast.Call(args=[ast.Compare() as inner], keywords=[]) if scope.dotted(node.func) in (
            "numpy.all", "tensorflow.reduce_all", "tensorflow.math.reduce_all", "bool",
        ):  # fmt: skip
            return _all_equal(inner, scope)
        case ast.Call() if _known(node, scope):
            return called(node, scope)
        case ast.UnaryOp(op=ast.Not(), operand=inner):
            return same(asked(inner, scope), "False", inner, scope)
        case ast.Call() | ast.Name():
            return same(asked(node, scope), "True", node, scope)
    raise NotMapped(f"what `{short(node)}` compares has no counterpart")


def called(node: ast.Call, scope: Scope) -> list[str]:
    """The lines for `np.allclose(...)`, `assert_equal(...)` and their kin.

    Raises:
        NotMapped: another function, or arguments that aren't known here.
    """
    name = scope.dotted(node.func)
    given = {item.arg: item.value for item in node.keywords}
    if name in _RAISES and len(node.args) >= 2 and is_students(node.args[1], scope):
        call = ast.Call(node.args[1], node.args[2:], node.keywords)
        return raises(node.args[0], call, scope)
    if name in (_TRUE, _FALSE) and node.args:
        tested = node.args[0]
        return holds(tested if name == _TRUE else ast.UnaryOp(ast.Not(), tested), scope)
    if len(node.args) < 2:
        raise NotMapped(f"`{short(node)}`: these arguments aren't known here")
    got, want = sides(node.args[0], node.args[1], scope)
    message = given.keys() <= {"msg", "err_msg", "verbose"}
    if name in _EQUAL and message:
        return equal(got, want, scope)
    if name in _EXACT and message:
        return everywhere(got, want, scope, "0.0", spread=False)
    if name in _DECIMALS:
        word, default, units = _DECIMALS[name]
        third = node.args[2] if len(node.args) > 2 else None
        decimals = _number(given.get(word, third), default)
        return everywhere(got, want, scope, scaled(units * 10.0**-decimals, want), spread=False)
    if name in _CLOSE and given.keys() <= {"rtol", "atol", "rel_tol", "abs_tol", "err_msg"}:
        relative, absolute = _CLOSE[name]
        positional = dict(zip(("rtol", "atol"), node.args[2:], strict=False))
        relative = _number(
            given.get("rtol", given.get("rel_tol", positional.get("rtol"))), relative
        )
        absolute = _number(
            given.get("atol", given.get("abs_tol", positional.get("atol"))), absolute
        )
        return everywhere(got, want, scope, repr(max(relative, absolute)), spread=True)
    raise NotMapped(f"`{short(node.func)}` isn't known here")


def raises(kind: ast.expr, call: ast.expr, scope: Scope) -> list[str]:
    """The lines for "this call raises that".

    Raises:
        NotMapped: not a call of a student's function, or no plain class of exception.
    """
    kinds = kind.elts if isinstance(kind, ast.Tuple) else [kind]
    names = [part.id if isinstance(part, ast.Name) else scope.dotted(part) for part in kinds]
    if not all(names):
        raise NotMapped(f"`{short(kind)}` isn't a plain class of exception")
    last = ", ".join(quoted(name.rpartition(".")[2]) for name in names)
    code = asked(call, scope).code
    return [
        "expect.raises(",
        f"    lambda: {code},",
        f"    ({last},),",
        f"    ask={ask(call, scope)},",
        ")",
    ]


def _known(node: ast.Call, scope: Scope) -> bool:
    name = scope.dotted(node.func)
    return name in _CLOSE or name in _DECIMALS or name in _EXACT | _EQUAL


def _compared(left: ast.expr, op: ast.cmpop, right: ast.expr, scope: Scope) -> list[str]:
    if isinstance(op, ast.Lt | ast.LtE) and (close := _distance(left, right, scope)):
        return close
    got, want = sides(left, right, scope)
    if isinstance(op, ast.Eq):
        return equal(got, want, scope)
    if isinstance(op, ast.Is) and isinstance(want, ast.Constant):
        return same(asked(got, scope), constant(want, scope).code, got, scope)
    if type(op) in _ORDER:
        sign = _ORDER[type(op)]
        if got is right:
            sign = sign.translate(str.maketrans("<>", "><"))
        limit, question = constant(want, scope).code, ask(got, scope)
        words = quoted(f"{sign} {short(want)}")
        return [
            f"value = expect.number({asked(got, scope).code}, ask={question})",
            "expect.true(",
            f"    value {sign} {limit},",
            f"    ask={question},",
            f"    expected=Text({words}, {words}),",
            "    got=Text(str(value), str(value)),",
            ")",
        ]
    raise NotMapped(
        f"`{short(ast.Compare(left, [op], [right]))}`: what it compares is not known here"
    )


def _distance(left: ast.expr, right: ast.expr, scope: Scope) -> list[str] | None:
    """`abs(f(x) - 3) < 1e-6`."""
    match left:
        case ast.Call(func=function, args=[ast.BinOp(left=a, op=ast.Sub(), right=b)], keywords=[]):
            if scope.dotted(function) in ("abs", "numpy.abs", "math.fabs", "tensorflow.abs"):
                bound = literal(right)
                if bound is not None and type(bound[0]) in (int, float):
                    got, want = sides(a, b, scope)
                    return everywhere(got, want, scope, scaled(float(bound[0]), want), spread=False)
    return None


def _all_equal(node: ast.Compare, scope: Scope) -> list[str]:
    if len(node.ops) == 1 and isinstance(node.ops[0], ast.Eq):
        got, want = sides(node.left, node.comparators[0], scope)
        return everywhere(got, want, scope, "0.0", spread=True)
    raise NotMapped(f"what `{short(node)}` compares has no counterpart")


def _number(node: ast.expr | None, default: float) -> float:
    if node is None:
        return default
    known = literal(node)
    if known is None or type(known[0]) not in (int, float) or not 0 <= known[0] <= 300:
        raise NotMapped(f"`{short(node)}` isn't a number that is plain to see")
    return known[0]  # type: ignore[no-any-return]
