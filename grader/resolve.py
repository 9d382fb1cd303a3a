"""What an expression in a student's module stands for, as far as that shows without running it.

Follows library paths (`tf.keras.losses`) and constants through imports, aliases, `getattr`,
`importlib`, `vars`, string building and Keras's registries of names. It never guesses: what it
can't follow has no value. Bounded for hostile code: results are remembered per node, chains have a
depth, strings and sets of values a size.
"""

from __future__ import annotations

import ast
import builtins
import itertools
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from grader.submissions.program import ANY
from grader.values import (
    MAX_STRING,
    MAX_VALUES,
    STRING_METHODS,
    Library,
    Value,
    Values,
    apply,
    attribute,
    canonical,
    combine,
    integer,
    item,
    some,
    unformatted,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from grader.submissions.program import Program
    from grader.submissions.scopes import Facts

MAX_DEPTH = 60
_NONE: Values = frozenset()
_BUILTINS = frozenset(dir(builtins))
_REGISTRY = re.compile(
    r"^keras\.(losses|metrics|activations|layers|optimizers|initializers|regularizers|constraints)"
    r"\.(?:get|deserialize)$"
)
_ANY_REGISTRY = re.compile(
    r"^keras\.(?:saving|utils)\.(?:deserialize_keras_object|get_registered_object)$"
)


class Resolver:
    """Values of the expressions in one program."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self._known: dict[int, Values] = {}
        # Each may bring any name. Of thousands, the first few values would be kept anyway.
        modules = [
            module
            for number in program.stars
            if (facts := program.facts[number])
            for module in facts.stars
        ]
        self._starred = list(dict.fromkeys(modules))[: 4 * MAX_VALUES]
        self._busy: set[int] = set()

    def values(self, node: ast.AST, facts: Facts, position: int, depth: int = 0) -> Values:
        """The values that `node`, in the statement at `position`, may have."""
        key = id(node)
        if key in self._known:
            return self._known[key]
        if depth > MAX_DEPTH or key in self._busy:
            return _NONE
        self._busy.add(key)
        try:
            found = self._evaluate(node, _Place(facts, position, depth + 1))
        finally:
            self._busy.discard(key)
        # Also when a limit cut it short: without that, `b = a + a; c = b + b; …` doubles the work.
        self._known[key] = found
        return found

    def _at(self, node: ast.AST | None, place: _Place) -> Values:
        if node is None:
            return _NONE
        return self.values(node, place.facts, place.position, place.depth)

    def _evaluate(self, node: ast.AST, place: _Place) -> Values:
        match node:
            case ast.Constant(value=bool()):
                return _NONE
            case ast.Constant(value=str() | int() as value):
                return frozenset([value])
            case ast.Name(ctx=ast.Load()):
                return self._name(node, place)
            case ast.Attribute(value=base, attr=attr):
                return some(attribute(value, attr) for value in self._at(base, place))
            case ast.Subscript(value=base, slice=index):
                return self._subscript(base, index, place)
            case ast.Call():
                return self._call(node, place)
            case ast.BinOp(left=left, op=op, right=right):
                pairs = itertools.product(self._at(left, place), self._at(right, place))
                return some(combine(op, a, b) for a, b in pairs)
            case ast.JoinedStr(values=parts):
                return self._joined([unformatted(part) for part in parts], "", place)
            case ast.List(elts=items) | ast.Tuple(elts=items):
                return self._sequence(items, place)
            case ast.NamedExpr(value=value):
                return self._at(value, place)
            case ast.IfExp(body=body, orelse=orelse):
                return some([*self._at(body, place), *self._at(orelse, place)])
            case ast.BoolOp(values=values):
                return some(value for item in values for value in self._at(item, place))
        return _NONE

    def _name(self, node: ast.Name, place: _Place) -> Values:
        scope = place.facts.scopes.get(id(node))
        if scope is None:
            return _NONE
        owner = scope.owner(node.id)
        if owner is not place.facts.scope:
            return self._bound(owner.values.get(node.id, ()), place)
        program = self._program
        # What a function's body reads is looked up when it runs, after the whole module.
        position = program.end if scope.deferred else place.position
        found: list[Value] = []
        numbers = program.reaching(node.id, position, 4 * MAX_VALUES)
        for number in numbers:
            facts = program.facts[number]
            if facts is not None:
                there = _Place(facts, number, place.depth)
                found += self._bound(facts.scope.values.get(node.id, ()), there)
        if not numbers and node.id not in _BUILTINS:
            found += [Library(canonical(f"{module}.{node.id}")) for module in self._starred]
        return some(found)

    def _bound(self, values: Iterable[ast.expr | str], place: _Place) -> Values:
        found: list[Value] = []
        for value in itertools.islice(values, 4 * MAX_VALUES):
            if isinstance(value, str):
                found.append(Library(canonical(value)))
            else:
                found += self._at(value, place)
        return some(found)

    def _subscript(self, base: ast.expr, index: ast.expr, place: _Place) -> Values:
        if isinstance(index, ast.Slice):
            bounds = [integer(part) for part in (index.lower, index.upper, index.step)]
            if any(bound is ... for bound in bounds) or bounds[2] == 0:
                return _NONE
            cut: slice[Any, Any, Any] = slice(*bounds)
            return some(v[cut] for v in self._at(base, place) if isinstance(v, str | tuple))
        found: list[Value | None] = []
        for value, key in itertools.product(self._at(base, place), self._at(index, place)):
            if isinstance(value, Library) and isinstance(key, str):
                found.append(item(value, key))
            elif isinstance(value, str | tuple) and isinstance(key, int) and -len(value) <= key:
                found.append(value[key] if key < len(value) else None)
        return some(found)

    def _sequence(self, items: list[ast.expr], place: _Place) -> Values:
        parts: list[str] = []
        for element in items[:200]:
            text = next((v for v in self._at(element, place) if isinstance(v, str)), None)
            if text is None:
                return _NONE
            parts.append(text)
        return frozenset([tuple(parts)])

    def _joined(self, items: list[ast.expr], glue: str, place: _Place) -> Values:
        return some(
            glue.join(parts)
            for parts in self._sequence(items, place)
            if isinstance(parts, tuple) and sum(map(len, parts)) <= MAX_STRING
        )

    def _call(self, node: ast.Call, place: _Place) -> Values:
        func, args = node.func, node.args
        if isinstance(func, ast.Name) and self._is_builtin(func, place):
            return self._builtin(func.id, node, place)
        if isinstance(func, ast.Call):  # operator.attrgetter("losses.Huber")(keras)
            if Library("operator.attrgetter") in self._at(func.func, place) and func.args and args:
                pairs = itertools.product(self._at(args[0], place), self._at(func.args[0], place))
                return some(attribute(a, b) for a, b in pairs if isinstance(b, str))
            return _NONE
        found = list(self._method(func, args, place)) if isinstance(func, ast.Attribute) else []
        for value in self._at(func, place):
            if isinstance(value, Library):
                found += self._library_call(value.path, node, place)
        return some(found)

    def _is_builtin(self, name: ast.Name, place: _Place) -> bool:
        scope = place.facts.scopes.get(id(name))
        return (
            name.id in _BUILTINS
            and scope is not None
            and scope.owner(name.id) is place.facts.scope
            and not self._program.reaching(name.id, ANY)
        )

    def _builtin(self, name: str, node: ast.Call, place: _Place) -> Values:
        args = [self._at(arg, place) for arg in node.args[:4]]
        if name == "getattr" and len(args) >= 2:
            pairs = itertools.product(args[0], args[1])
            return some(attribute(a, b) for a, b in pairs if isinstance(b, str))
        if name == "vars" and len(args) == 1:
            return some(attribute(value, "__dict__") for value in args[0])
        if name == "chr" and len(args) == 1:
            return some(chr(v) for v in args[0] if isinstance(v, int) and 0 <= v < 0x110000)
        if name == "str" and len(args) == 1:
            return some(v for v in args[0] if isinstance(v, str))
        if name == "__import__" and args:
            whole = any(keyword.arg == "fromlist" for keyword in node.keywords) or len(args) > 3
            return some(
                Library(canonical(v if whole else v.split(".")[0]))
                for v in args[0]
                if isinstance(v, str)
            )
        return _NONE

    def _method(self, func: ast.Attribute, args: list[ast.expr], place: _Place) -> Iterable[Value]:
        given = [self._at(arg, place) for arg in args[:3]]
        for base in self._at(func.value, place):
            if isinstance(base, Library) and given and func.attr in _ITEM_METHODS:
                # Asked as an attribute, X itself is searched; as an item, the namespace it is.
                look = attribute if func.attr in _ATTRIBUTE_METHODS else item
                found = (look(base, key) for key in given[0] if isinstance(key, str))
                yield from (value for value in found if value is not None)
            elif isinstance(base, str) and func.attr == "join" and given:
                for parts in given[0]:
                    if isinstance(parts, tuple | str) and len(base) * len(parts) <= MAX_STRING:
                        yield base.join(parts)
            elif isinstance(base, str) and func.attr in STRING_METHODS:
                for values in itertools.islice(itertools.product(*given), MAX_VALUES):
                    text = apply(STRING_METHODS[func.attr], base, values)
                    if text is not None:
                        yield text

    def _library_call(self, path: str, node: ast.Call, place: _Place) -> Iterable[Value]:
        args = [*node.args, *(k.value for k in node.keywords if k.arg in ("identifier", "name"))]
        first = args[0] if args else None
        if path == "importlib.import_module":
            for value in self._at(first, place):
                if isinstance(value, str) and not value.startswith("."):
                    yield Library(canonical(value))
        elif path == "inspect.getattr_static" and len(args) > 1:
            for a, b in itertools.product(self._at(first, place), self._at(args[1], place)):
                found = attribute(a, b) if isinstance(b, str) else None
                if found is not None:
                    yield found
        elif match := _REGISTRY.match(path):
            yield from self._registered(f"keras.{match[1]}", first, place)
        elif _ANY_REGISTRY.match(path):
            yield from self._registered("keras.?", first, place)

    def _registered(self, module: str, node: ast.expr | None, place: _Place) -> Iterable[Value]:
        for name in self.named(node, place.facts, place.position, place.depth):
            yield Library(f"{module}.@{name}")

    def named(self, node: ast.AST | None, facts: Facts, position: int, depth: int = 0) -> list[str]:
        """The names by which a registry is asked: a string, or a config with a `class_name`."""
        if isinstance(node, ast.Dict):
            keyed = zip(node.keys, node.values, strict=True)
            node = next(
                (v for k, v in keyed if isinstance(k, ast.Constant) and k.value == "class_name"),
                None,
            )
        if node is None:
            return []
        found = self.values(node, facts, position, depth)
        return sorted(value for value in found if isinstance(value, str))


_ATTRIBUTE_METHODS = frozenset({"__getattribute__", "__getattr__"})
_ITEM_METHODS = frozenset({"get", "__getitem__", "pop"}) | _ATTRIBUTE_METHODS


@dataclass(frozen=True, slots=True)
class _Place:
    facts: Facts
    position: int
    depth: int
