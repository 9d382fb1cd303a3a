"""Expressions that ask a student's module something, in the words of `grader.asking`."""

from __future__ import annotations

import ast
from dataclasses import dataclass

from grader.migration.constants import constant, short
from grader.migration.scope import NotMapped, Scope, ValueKind, local_name


@dataclass(frozen=True, slots=True)
class Asked:
    """Code whose value comes from a student's module.

    Attributes:
        kind: `answer` for what may be compared, `object` for what stays over there.
    """

    code: str
    kind: ValueKind


def is_students(node: ast.expr, scope: Scope) -> bool:
    """Whether any name in the expression is a student's, or came from one."""
    return any(
        isinstance(part, ast.Name)
        and (
            scope.locals[part.id].kind in ("answer", "object")
            if part.id in scope.locals
            else part.id in scope.module
        )
        for part in ast.walk(node)
    )


def asked(node: ast.expr, scope: Scope) -> Asked:
    """The code that asks for the value of an expression with a student's names in it.

    Raises:
        NotMapped: it does something with an answer that has no counterpart.
    """
    match node:
        case ast.Name(id=name) if name in scope.locals:
            if scope.locals[name].kind in ("answer", "object"):
                return Asked(local_name(name), scope.locals[name].kind)
        case ast.Name(id=name) if name in scope.module:
            if scope.module[name] == "value":
                return Asked(f"fetch({_symbol(name)})", "answer")
            raise NotMapped(f"`{name}` itself is used, not what it returns")
        case ast.Attribute(value=inner, attr=attribute):
            owner = asked(inner, scope)
            if owner.kind == "object":
                return Asked(f"fetch({owner.code}.{attribute})", "answer")
            raise NotMapped(f"`.{attribute}` of what comes back")
        case ast.Call(func=ast.Attribute(value=inner, attr="numpy"), args=[], keywords=[]):
            owner = asked(inner, scope)
            if owner.kind == "answer":
                return owner  # an answer arrives as an array
            return Asked(f"{owner.code}.numpy()", "answer")
        case ast.Call():
            return _call(node, scope)
    raise NotMapped(f"`{short(node)}` does more than to call what a student writes")


def _call(node: ast.Call, scope: Scope) -> Asked:
    arguments = ", ".join(_arguments(node, scope))
    match node.func:
        case ast.Name(id=name) if name in scope.module and name not in scope.locals:
            kind: ValueKind = "object" if scope.module[name] == "class" else "answer"
            return Asked(f"{_symbol(name)}({arguments})", kind)
        case ast.Name(id=name) if name in scope.locals and is_students(node.func, scope):
            return Asked(f"{local_name(name)}({arguments})", "answer")
        case ast.Attribute(value=inner, attr=method) if is_students(inner, scope):
            owner = asked(inner, scope)
            if owner.kind == "object":
                return Asked(f"{owner.code}.{method}({arguments})", "answer")
            raise NotMapped(f"`.{method}()` of what comes back")
        case ast.Call() as inner_call if is_students(inner_call, scope):
            return Asked(f"{asked(inner_call, scope).code}({arguments})", "answer")
    raise NotMapped(f"`{short(node.func)}(…)` is given a student's answer")


def _arguments(node: ast.Call, scope: Scope) -> list[str]:
    parts = [_argument(argument, scope) for argument in node.args]
    for item in node.keywords:
        if item.arg is None:
            raise NotMapped(f"`{short(node)}` spreads its arguments")
        parts.append(f"{item.arg}={_argument(item.value, scope)}")
    return parts


def _argument(node: ast.expr, scope: Scope) -> str:
    if isinstance(node, ast.Name) and node.id not in scope.locals and node.id in scope.module:
        return _symbol(node.id)  # a function, or a value that stays over there
    if is_students(node, scope):
        return asked(node, scope).code
    return constant(node, scope, argument=True).argument


def _symbol(name: str) -> str:
    """`student.name`; in brackets where the name is also something of the session's own."""
    from grader.asking import LIBRARIES, Session

    if name.startswith("_") or name in LIBRARIES or hasattr(Session, name):
        return f"student[{name!r}]"
    return f"student.{name}"
