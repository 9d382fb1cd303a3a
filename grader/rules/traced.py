"""Which functions of a source are run as graphs, so that their Python runs once."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from grader.rules.code import Code, Function, keyword
from grader.rules.imports import Names

Why = Literal["function", "map", "keras"]
_FUNCTION = frozenset({"tensorflow.function"})
_EAGER_INSIDE = frozenset(
    {"tensorflow.py_function", "tensorflow.numpy_function", "tensorflow.init_scope"}
)
_METHODS = {
    "layer": frozenset({"call"}),
    "model": frozenset({"call", "train_step", "test_step", "predict_step"}),
    "metric": frozenset({"update_state", "result"}),
    "loss": frozenset({"call"}),
}
_MAX_VALUES = 24
_TRANSFORMS = frozenset({"map", "filter", "flat_map", "interleave", "take_while"})
_STAGES = frozenset(
    {"batch", "prefetch", "shuffle", "repeat", "cache", "padded_batch", "unbatch", *_TRANSFORMS}
)
_DATASET = re.compile(r"^(?:\w*_)?(?:ds|dataset)\d*$|^(?:ds|dataset)_\w+$")


@dataclass(frozen=True, slots=True)
class Traced:
    """A function that is run as a graph.

    Attributes:
        why: a `tf.function`; a stage of a `tf.data` pipeline; a method that Keras calls.
        options: the call that made it a `tf.function`, where there is one.
        eagerly: it is a metric's, and those are often called outside of `fit`, too.
    """

    code: Code
    names: Names
    function: Function
    why: Why
    options: ast.Call | None = None
    eagerly: bool = False

    def body(self) -> Iterator[ast.AST]:
        """Its nodes, but for those that run eagerly after all."""
        inner = self.function.body
        pending: list[ast.AST] = list(inner) if isinstance(inner, list) else [inner]
        pending.reverse()
        while pending:
            node = pending.pop()
            if _eager(self.names, node):
                continue
            yield node
            if not isinstance(node, ast.ClassDef):
                pending += reversed(list(ast.iter_child_nodes(node)))

    def parameters(self) -> list[ast.arg]:
        """Those that are handed tensors as a rule: no `self`, nothing with a default."""
        spec = self.function.args
        given = [*spec.posonlyargs, *spec.args]
        given = given[: len(given) - len(spec.defaults)]
        own = isinstance(self.code.parent(self.function), ast.ClassDef)
        return given[1:] if own else given

    def option(self, name: str) -> ast.expr | None:
        found = keyword(self.options, name) if self.options else None
        return found.value if found else None

    @property
    def autograph(self) -> bool:
        """Whether Python's `if` and `for` become the graph's."""
        off = self.option("autograph")
        return self.why != "keras" and not (isinstance(off, ast.Constant) and off.value is False)


def _eager(names: Names, node: ast.AST) -> bool:
    """`tf.py_function(…)`, `with tf.init_scope():`, `if tf.executing_eagerly():`"""
    if isinstance(node, ast.Call):
        return names.origin(node.func) in _EAGER_INSIDE
    if isinstance(node, ast.With):
        calls = [i.context_expr for i in node.items if isinstance(i.context_expr, ast.Call)]
        return any(names.origin(call.func) in _EAGER_INSIDE for call in calls)
    if isinstance(node, ast.If):
        calls = [n for n in ast.walk(node.test) if isinstance(n, ast.Call)]
        return any(names.origin(call.func) == "tensorflow.executing_eagerly" for call in calls)
    return False


def traced(code: Code, names: Names) -> list[Traced]:
    """All functions of the source that are run as graphs, each once."""
    found: dict[int, Traced] = {}
    definitions: dict[str, list[Function]] = {}
    for node in code.nodes:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            definitions.setdefault(node.name, []).append(node)
    for node in code.nodes:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            for decorator in node.decorator_list:
                call = decorator if isinstance(decorator, ast.Call) else None
                if names.origin(call.func if call else decorator) in _FUNCTION:
                    found[id(node)] = Traced(code, names, node, "function", call)
        elif isinstance(node, ast.Call) and node.args:
            why: Why | None = None
            if names.origin(node.func) in _FUNCTION:
                why = "function"
            elif isinstance(node.func, ast.Attribute) and node.func.attr in _TRANSFORMS:
                why = "map" if _dataset(names, node.func.value, node) else None
            function = _defined(names, node.args[0], definitions) if why else None
            if why and function is not None:
                options = node if why == "function" else None
                found.setdefault(id(function), Traced(code, names, function, why, options))
    for method in keras_methods(code, names):
        found.setdefault(id(method.function), method)
    return list(found.values())


def keras_methods(code: Code, names: Names) -> Iterator[Traced]:
    """The methods of Keras classes that `fit` and functional models run as graphs.

    Those that are decorated with `tf.function` are left out: AutoGraph converts them.
    """
    if _runs_eagerly(code):
        return
    for cls in code.classes():
        kind = names.derives(cls)
        wanted = _METHODS.get(kind, frozenset())
        for method in cls.body:
            if not isinstance(method, ast.FunctionDef) or method.name not in wanted:
                continue
            if not method.decorator_list:
                yield Traced(code, names, method, "keras", None, kind == "metric")


def _runs_eagerly(code: Code) -> bool:
    return any(
        isinstance(node, ast.keyword)
        and node.arg == "run_eagerly"
        and isinstance(node.value, ast.Constant)
        and node.value.value is True
        for node in code.nodes
    )


def _dataset(names: Names, node: ast.expr, call: ast.Call) -> bool:
    """Whether `node` is a `tf.data.Dataset`, by its origin, its calls or its name."""
    if keyword(call, "num_parallel_calls"):
        return True
    for _ in range(30):
        match node:
            case ast.Call(func=ast.Attribute(value=base, attr=attr)):
                if names.origin(node.func).startswith("tensorflow.data."):
                    return True
                if attr in _STAGES and attr not in _TRANSFORMS:
                    return True
                node = base
            case ast.Name(id=name):
                values = names.values(node) or []
                if len(values) == 1 and isinstance(values[0], ast.Call):
                    node = values[0]
                    continue
                return len(name) < 60 and _DATASET.match(name) is not None
            case _:
                return False
    return False


def _defined(
    names: Names, node: ast.expr, definitions: dict[str, list[Function]]
) -> Function | None:
    """The function that `node` is, where the source defines it once."""
    if isinstance(node, ast.Lambda):
        return node
    found = definitions.get(node.id, []) if isinstance(node, ast.Name) else []
    if len(found) != 1 or not isinstance(node, ast.Name):
        return None
    # `f = tf.function(f)` binds the name a second time.
    others = [value for value in names.values(node) or () if value is not found[0]]
    wrapped = all(
        isinstance(value, ast.Call) and names.origin(value.func) in _FUNCTION
        for value in others[:_MAX_VALUES]
    )
    return found[0] if wrapped and len(others) <= _MAX_VALUES else None
