"""What is known about the names of one top-level statement, and the scopes they live in."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from typing import Literal

_NAMESPACES = frozenset({"globals", "locals", "vars"})
_NAMESPACE_ATTRIBUTES = frozenset({"f_globals", "f_locals", "__globals__", "__dict__"})


@dataclass(slots=True, eq=False)
class Scope:
    """A namespace. `values` are what its names are known to be bound to: code, or a dotted path."""

    kind: Literal["module", "class", "function", "comprehension"]
    parent: Scope | None = None
    bound: set[str] = field(default_factory=set)
    global_: set[str] = field(default_factory=set)
    nonlocal_: set[str] = field(default_factory=set)
    values: dict[str, list[ast.expr | str]] = field(default_factory=dict)

    @property
    def deferred(self) -> bool:
        """Whether its code runs later than the statement: it is in a function's body."""
        scope: Scope | None = self
        while scope is not None:
            if scope.kind == "function":
                return True
            scope = scope.parent
        return False

    def owner(self, name: str) -> Scope:
        """The scope in which `name`, read here, is looked up; the module's when nowhere bound."""
        scope = self
        while scope.parent is not None:
            if name in scope.global_:
                break
            own = scope is self or scope.kind != "class"
            if own and name in scope.bound and name not in scope.nonlocal_:
                return scope
            scope = scope.parent
        return scope.root

    @property
    def root(self) -> Scope:
        """The module's scope."""
        scope = self
        while scope.parent is not None:
            scope = scope.parent
        return scope


@dataclass(slots=True, eq=False)
class Facts:
    """What one top-level statement does to the module's names.

    Attributes:
        scope: its module-level scope: `bound` are the names it binds.
        kills: names that it binds for certain, so that earlier values are gone.
        immediate, deferred: names read when it runs; names read by functions it defines.
        touches: names whose objects it changes.
        registers: names that it may register with Keras.
        called_on: names on which it calls a mutating method as a statement.
        calls: names it calls as a statement.
        global_binds: names that functions in it bind as `global`.
        stars: modules of `from … import *`.
        uses: expressions that are evaluated, each with its scope; no annotations, no isinstance.
        scopes: the scope of every name in it, by id of the node.
    """

    statement: ast.stmt
    scope: Scope
    kills: set[str] = field(default_factory=set)
    immediate: set[str] = field(default_factory=set)
    deferred: set[str] = field(default_factory=set)
    touches: set[str] = field(default_factory=set)
    registers: set[str] = field(default_factory=set)
    called_on: set[str] = field(default_factory=set)
    calls: set[str] = field(default_factory=set)
    global_binds: set[str] = field(default_factory=set)
    stars: list[str] = field(default_factory=list)
    uses: list[ast.expr] = field(default_factory=list)
    scopes: dict[int, Scope] = field(default_factory=dict)


def root_name(node: ast.AST) -> ast.Name | None:
    """The name that a chain of attributes and subscripts starts from."""
    while isinstance(node, ast.Attribute | ast.Subscript):
        node = node.value
    return node if isinstance(node, ast.Name) else None


def is_namespace(node: ast.AST) -> bool:
    """Whether an expression is a namespace as a dictionary: `globals()`, `f.f_globals`, …"""
    if isinstance(node, ast.Call):
        return isinstance(node.func, ast.Name) and node.func.id in _NAMESPACES
    return isinstance(node, ast.Attribute) and node.attr in _NAMESPACE_ATTRIBUTES


def is_type_test(node: ast.Call) -> bool:
    """Whether a call only asks for a type, which is no use of it."""
    return (
        isinstance(node.func, ast.Name)
        and node.func.id in ("isinstance", "issubclass")
        and len(node.args) == 2
    )


def certain(statement: ast.stmt) -> set[str]:
    """The names that a statement binds whatever happens."""
    if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return {statement.name}
    if isinstance(statement, ast.ImportFrom):
        return {alias.asname or alias.name for alias in statement.names}
    if isinstance(statement, ast.Import):
        # `import a.c` doesn't undo `import a.b`, though both bind `a`.
        return {alias.asname for alias in statement.names if alias.asname}
    if isinstance(statement, ast.Assign):
        named = (n for target in statement.targets for n in ast.walk(target))
        return {n.id for n in named if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
    if isinstance(statement, ast.AnnAssign) and statement.value:
        return {statement.target.id} if isinstance(statement.target, ast.Name) else set()
    return set()
