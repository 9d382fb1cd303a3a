"""What the names of a source stand for: `L.Dense` is `tensorflow.keras.layers.Dense`.

An origin is the dotted path of a library's module, class or function. `…Adam()` is an instance of
a class, `…Layer*` a class of the source that derives from it, `…Layer*()` an instance of that,
`tensorflow.function()` a function that `tf.function` made a graph of.

The reading is flow-insensitive and never guesses: a name that may stand for two things stands for
none. That is why the grader's `resolve` isn't used: it collects everything that a hostile program
might mean, and advice must be right about a decent one.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping

from grader.rules.code import FUNCTIONS, Code

CUSTOMARY = {"tf": "tensorflow", "keras": "tensorflow.keras", "np": "numpy"}
KERAS = r"(?:tensorflow\.keras|keras)"
_FUNCTION = "tensorflow.function"
_CONSTRUCTORS = frozenset({"numpy.random.default_rng", _FUNCTION})
_LENT = re.compile(r"^tensorflow\.(losses|metrics|optimizers|initializers)(?=\.|$)")
_KINDS = tuple(
    (kind, re.compile(rf"^{KERAS}\.{pattern}\*?$"))
    for kind, pattern in (
        ("metric", r"metrics\.[A-Z]\w*"),
        ("loss", r"losses\.[A-Z]\w*"),
        ("optimizer", r"optimizers\.(?:legacy\.|experimental\.)?[A-Z]\w*"),
        ("model", r"(?:models\.|layers\.)?(?:Model|Sequential|Functional)"),
        ("layer", r"(?:layers\.(?:\w+\.)*(?!Input\*?$)[A-Z]\w*|Layer)"),
        ("callback", r"callbacks\.[A-Z]\w*"),
    )
)
_MAX_DEPTH = 40
_MAX_VALUES = 24
_SCOPES = (*FUNCTIONS, ast.Module, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)

Bound = ast.expr | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef | str | None


def aliases(source: str, known: Mapping[str, str] = {}) -> dict[str, str]:
    """What the names are after `source` ran where `known` was: hand it to the next block's.

    A name bound anew to something else is taken out; a source that isn't Python changes nothing.
    """
    try:
        names = Names(Code(source), known)
    except SyntaxError:
        return dict(known)
    found = dict(known)
    for name, origin in names.at_end():
        if origin:
            found[name] = origin
        else:
            found.pop(name, None)
    return found


def kind(origin: str) -> str:
    """`metric`, `loss`, `optimizer`, `model`, `layer`, `callback`, of a class or an instance."""
    bare = origin.removesuffix("()")
    return next((kind for kind, pattern in _KINDS if pattern.match(bare)), "")


def canonical(path: str) -> str:
    """TensorFlow lends `tf.losses` and the like to Keras."""
    return _LENT.sub(r"tensorflow.keras.\1", path) if path.startswith("tensorflow.") else path


class Names:
    """Origins of the expressions of one source."""

    def __init__(self, code: Code, known: Mapping[str, str] = {}) -> None:
        self._code = code
        self._known = known
        self._bound: dict[tuple[int, str], list[Bound]] = {}
        self._selves: dict[tuple[int, str], list[ast.expr | None]] = {}
        self._origins: dict[int, str] = {}
        self._stars: list[str] = []
        for node in code.nodes:
            self._read(node)

    # Reading the bindings

    def _read(self, node: ast.AST) -> None:
        match node:
            case ast.Import(names=names):
                for alias in names:
                    path = alias.name if alias.asname else alias.name.split(".")[0]
                    self._bind(node, alias.asname or path, canonical(path))
            case ast.ImportFrom(module=str(module), names=names, level=0):
                for alias in names:
                    if alias.name == "*":
                        self._stars.append(module)
                    else:
                        path = canonical(f"{module}.{alias.name}")
                        self._bind(node, alias.asname or alias.name, path)
            case ast.ImportFrom(names=names):
                for alias in names:
                    self._bind(node, alias.asname or alias.name, None)
            case ast.Assign(targets=targets, value=value):
                for target in targets:
                    self._target(target, value)
            case ast.AnnAssign(target=target, value=ast.expr() as value):
                self._target(target, value)
            case ast.NamedExpr(target=target, value=value):
                self._target(target, value)
            case ast.withitem(context_expr=value, optional_vars=ast.expr() as target):
                self._target(target, value)
            case ast.For(target=target) | ast.AsyncFor(target=target):
                self._target(target, None)
            case ast.comprehension(target=target):
                self._target(target, None)
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                if not isinstance(self._code.parent(node), ast.ClassDef):
                    self._bind(node, name, node)
            case ast.ClassDef(name=name):
                self._bind(node, name, node)
            case ast.arg(arg=name) | ast.ExceptHandler(name=str(name)):
                self._bind(node, name, None)
            case ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)):
                self._bind(node, name, None)

    def _target(self, target: ast.expr, value: ast.expr | None) -> None:
        match target:
            case ast.Name(id=name):
                self._bind(target, name, value)
            case ast.Tuple(elts=targets) | ast.List(elts=targets):
                values = value.elts if isinstance(value, ast.Tuple | ast.List) else []
                pairs = len(values) == len(targets)
                for number, part in enumerate(targets):
                    self._target(part, values[number] if pairs else None)
            case ast.Starred(value=part):
                self._target(part, None)
            case ast.Attribute(value=ast.Name(), attr=attr):
                owner = self._self_of(target)
                if owner is not None:
                    self._selves.setdefault((id(owner), attr), []).append(value)

    def _bind(self, node: ast.AST, name: str, value: Bound) -> None:
        scope = self._scope(node)
        if self._code.declared(scope, name) == "global":
            scope = self._code.tree
        self._bound.setdefault((id(scope), name), []).append(value)

    def _scope(self, node: ast.AST) -> ast.AST:
        for outer in self._code.above(node):
            if isinstance(outer, _SCOPES):
                return outer
        return self._code.tree

    def _self_of(self, node: ast.expr) -> ast.ClassDef | None:
        """The class whose instance `X` of `X.attr` is: `X` is the method's first parameter."""
        base = node.value if isinstance(node, ast.Attribute) else None
        found = self._code.method(node)
        if found is None or not isinstance(base, ast.Name):
            return None
        arguments = found[1].args
        first = [*arguments.posonlyargs, *arguments.args][:1]
        return found[0] if first and first[0].arg == base.id else None

    # Asking

    def at_end(self) -> Iterator[tuple[str, str]]:
        """Each name of the module and what its last binding stands for."""
        for (scope, name), values in self._bound.items():
            if scope == id(self._code.tree):
                yield name, self._value(values[-1], 0)

    def values(self, node: ast.Name) -> list[Bound] | None:
        """All that `node` may be bound to; None: not bound in this source."""
        scopes = [node, *self._code.above(node)]
        for scope in scopes:
            if isinstance(scope, _SCOPES) and (id(scope), node.id) in self._bound:
                return self._bound[id(scope), node.id]
        return None

    def free(self, node: ast.Name, function: ast.AST) -> bool:
        """Whether `node`, somewhere in `function`, stands for something bound outside of it."""
        for scope in self._code.above(node):
            if isinstance(scope, _SCOPES) and (id(scope), node.id) in self._bound:
                return scope is not function and function not in self._code.above(scope)
        return True

    def attributes(self, node: ast.Attribute) -> list[ast.expr | None]:
        """All that `self.attr` is bound to in its class."""
        owner = self._self_of(node)
        return self._selves.get((id(owner), node.attr), []) if owner is not None else []

    def origin(self, node: ast.AST | None, depth: int = 0) -> str:
        """What `node` stands for; "" where that isn't sure."""
        if node is None or depth > _MAX_DEPTH:
            return ""
        known = self._origins.get(id(node))
        if known is None:
            self._origins[id(node)] = ""  # a name that rests on itself has no origin
            known = self._origins[id(node)] = self._find(node, depth + 1)
        return known

    def outside(self, name: str, function: ast.AST | None = None) -> str:
        """What `name` stands for around `function`; without one, at the module's level."""
        around = self._code.above(function) if function is not None else [self._code.tree]
        for scope in around:
            if isinstance(scope, _SCOPES) and (id(scope), name) in self._bound:
                return self._agreed(self._bound[id(scope), name], 0)
        return self._known.get(name) or CUSTOMARY.get(name, "")

    def kind(self, node: ast.AST | None) -> str:
        """The kind of thing that an instance is: `optimizer`, `metric`, …"""
        origin = self.origin(node)
        return kind(origin) if origin.endswith("()") else ""

    def derives(self, node: ast.ClassDef) -> str:
        """The kind of Keras class that `node` derives from."""
        return kind(self._class(node, 0))

    def _find(self, node: ast.AST, depth: int) -> str:
        match node:
            case ast.Name(ctx=ast.Del()):
                return ""
            case ast.Name(id=name):
                values = self.values(node)
                if values is not None:
                    return self._agreed(list(values), depth)
                if self._stars and name[:1].isupper() and name not in self._known:
                    return canonical(f"{self._stars[-1]}.{name}")
                return self._known.get(name) or CUSTOMARY.get(name, "")
            case ast.Attribute(value=base, attr=attr):
                below = self.origin(base, depth)
                if below and not below.endswith(("()", "*")):
                    return canonical(f"{below}.{attr}")
                if not below:
                    return self._agreed(list(self.attributes(node)), depth)
                return ""
            case ast.Call(func=func):
                made = self.origin(func, depth)
                last = made.rpartition(".")[2]
                if made.endswith("*") or last[:1].isupper() or made in _CONSTRUCTORS:
                    return f"{made}()" if not made.endswith("()") else ""
        return ""

    def _agreed(self, values: list[Bound], depth: int) -> str:
        if not values or len(values) > _MAX_VALUES:
            return ""
        origins = {self._value(value, depth) for value in values}
        return origins.pop() if len(origins) == 1 else ""

    def _value(self, value: Bound, depth: int) -> str:
        if isinstance(value, ast.ClassDef):
            return self._class(value, depth)
        if isinstance(value, ast.FunctionDef | ast.AsyncFunctionDef):
            return self._function(value, depth)
        return value if isinstance(value, str) else self.origin(value, depth)

    def _function(self, node: ast.FunctionDef | ast.AsyncFunctionDef, depth: int) -> str:
        for decorator in node.decorator_list:
            bare = decorator.func if isinstance(decorator, ast.Call) else decorator
            if self.origin(bare, depth) == _FUNCTION:
                return f"{_FUNCTION}()"
        return ""

    def _class(self, node: ast.ClassDef, depth: int) -> str:
        for base in node.bases:
            origin = self.origin(base, depth)
            if origin and not origin.endswith("()"):
                return origin if origin.endswith("*") else f"{origin}*"
        return ""
