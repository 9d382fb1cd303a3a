"""Expressions that a check can work out by itself: literals, and NumPy, TensorFlow or math of them.

TensorFlow never runs in a check, so its constants become arrays: a bare array reaches a student's
code as a tensor, `as_numpy(...)` as an array.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass

from grader.migration.scope import NotMapped, Scope, ValueKind, literal, local_name

_FUNCTIONS = """
    array asarray zeros ones full arange linspace eye identity zeros_like ones_like reshape sqrt exp
    log sin cos tan tanh abs square sum mean prod maximum minimum max min dot matmul transpose
    concatenate stack vstack hstack expand_dims squeeze diag tile repeat float16 float32 float64
    int8 int16 int32 int64 uint8 bool_ complex64 complex128
"""
_NUMPY = frozenset(_FUNCTIONS.split())
_NUMBERS = frozenset({"pi", "e", "inf", "nan"})
_METHODS = frozenset({"reshape", "astype", "transpose", "copy", "sum", "mean", "flatten"})
_DTYPE_NAMES = """
    float16 float32 float64 int8 int16 int32 int64 uint8 uint16 uint32 uint64 bool complex64
    complex128
"""
_DTYPES = frozenset(_DTYPE_NAMES.split())
_BUILTINS = frozenset(
    {"float", "int", "list", "tuple", "range", "abs", "round", "sum", "min", "max"}
)
_TF_NAMES = {
    "tensorflow.constant": "array",
    "tensorflow.convert_to_tensor": "array",
    "tensorflow.Variable": "array",
    "tensorflow.zeros": "zeros",
    "tensorflow.ones": "ones",
}
_ARRAYS = ("numpy", "tensor", "variable")


@dataclass(frozen=True, slots=True)
class Made:
    """Code that makes a value in the check itself."""

    code: str
    kind: ValueKind

    @property
    def argument(self) -> str:
        """The code as an argument of a student's function."""
        if self.kind == "numpy":
            return f"as_numpy({self.code})"
        if self.kind == "variable":
            return f"as_variable({self.code})"
        return self.code

    @property
    def plain(self) -> str:
        """The code as what an answer is compared with, in any dtype."""
        return f"np.asarray({self.code}).tolist()" if self.kind in _ARRAYS else self.code


def constant(node: ast.expr, scope: Scope, *, argument: bool = False) -> Made:
    """The code of an expression without anything of a student's in it.

    Args:
        argument: whether it goes to a student's function, with arrays inside lists marked.

    Raises:
        NotMapped: it isn't one.
    """
    match node:
        case ast.Constant(value=value) if value is not ... and not isinstance(value, bytes):
            return Made(ast.unparse(node), "python")
        case ast.Name(id=name) if name in scope.locals:
            kind = scope.locals[name].kind
            if kind in ("answer", "object"):
                raise NotMapped(f"`{name}` is a student's answer where a known value is needed")
            return Made(local_name(name), kind)
        case ast.UnaryOp(op=op, operand=inner):
            made = constant(inner, scope)
            if literal(node) is not None:
                return Made(ast.unparse(node), "python")
            sign = {ast.USub: "-", ast.UAdd: "+", ast.Invert: "~", ast.Not: "not "}[type(op)]
            return Made(f"({sign}{made.code})", made.kind)
        case ast.BinOp(left=left, op=op, right=right):
            a, b = constant(left, scope), constant(right, scope)
            sign = ast.unparse(ast.BinOp(ast.Name("a"), op, ast.Name("b")))[2:-2]
            kind = next((k for k in ("tensor", "numpy") if k in (a.kind, b.kind)), "python")
            if "variable" in (a.kind, b.kind):
                kind = "tensor"
            return Made(f"({a.code} {sign} {b.code})", kind)
        case ast.List(elts=elements) | ast.Tuple(elts=elements):
            return _sequence(node, elements, scope, argument=argument)
        case ast.Set(elts=elements) if not argument:
            return Made(f"{{{', '.join(constant(e, scope).code for e in elements)}}}", "python")
        case ast.Dict(keys=keys, values=values) if all(key is not None for key in keys):
            pairs = [
                (constant(key, scope).code, constant(value, scope, argument=argument))
                for key, value in zip(keys, values, strict=True)
                if key is not None
            ]
            inside = ", ".join(f"{k}: {v.argument if argument else v.code}" for k, v in pairs)
            return Made(f"{{{inside}}}", "python")
        case ast.Attribute() if scope.dotted(node) in {f"numpy.{n}" for n in _NUMBERS}:
            return Made(f"np.{node.attr}", "python")
        case ast.Attribute() if scope.dotted(node) in {f"math.{n}" for n in _NUMBERS}:
            return Made(f"np.{node.attr}", "python")
        case ast.Attribute(value=inner, attr="T"):
            made = constant(inner, scope)
            if made.kind == "numpy":
                return Made(f"{made.code}.T", "numpy")
        case ast.Call():
            return _call(node, scope)
    raise NotMapped(f"`{short(node)}` isn't a literal")


def _sequence(node: ast.expr, elements: list[ast.expr], scope: Scope, *, argument: bool) -> Made:
    if literal(node) is not None:
        return Made(ast.unparse(node), "python")
    parts = [constant(element, scope, argument=argument) for element in elements]
    inside = ", ".join(part.argument if argument else part.code for part in parts)
    if isinstance(node, ast.List):
        return Made(f"[{inside}]", "python")
    return Made(f"({inside}{',' if len(parts) == 1 else ''})", "python")


def _call(node: ast.Call, scope: Scope) -> Made:
    dotted = scope.dotted(node.func)
    root, _, name = dotted.partition(".")
    if root == "numpy" and name in _NUMPY:
        return Made(f"np.{name}({_arguments(node, scope)})", "numpy")
    if dotted in _TF_NAMES:
        return _tensor(node, dotted, scope)
    if root == "math" and name in ("sqrt", "exp", "log", "sin", "cos", "tan", "tanh"):
        return Made(f"float(np.{name}({_arguments(node, scope)}))", "python")
    if dotted in _BUILTINS and dotted not in scope.imports and not node.keywords:
        return Made(f"{dotted}({_arguments(node, scope)})", "python")
    if isinstance(node.func, ast.Attribute) and node.func.attr in _METHODS:
        made = constant(node.func.value, scope)
        if made.kind in _ARRAYS:
            return Made(f"{made.code}.{node.func.attr}({_arguments(node, scope)})", "numpy")
    raise NotMapped(f"`{short(node.func)}(…)` is neither a student's nor known to a check")


def _arguments(node: ast.Call, scope: Scope) -> str:
    parts = [_inner(argument, scope) for argument in node.args]
    for item in node.keywords:
        if item.arg is None:
            raise NotMapped(f"`{short(node)}` spreads its arguments")
        parts.append(f"{item.arg}={_inner(item.value, scope)}")
    return ", ".join(parts)


def _inner(node: ast.expr, scope: Scope) -> str:
    """An argument of NumPy's; a dtype can stand anywhere: `x.astype(np.float32)`."""
    if isinstance(node, ast.Attribute) and node.attr in _DTYPES:
        return repr(_dtype(node, scope))
    if isinstance(node, ast.Name) and node.id in ("float", "int", "bool"):
        return repr(_dtype(node, scope))
    return constant(node, scope).code


def _dtype(node: ast.expr, scope: Scope) -> str:
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value in _DTYPES:
        return node.value
    root, _, name = scope.dotted(node).partition(".")
    if root in ("numpy", "tensorflow") and name in _DTYPES:
        return name
    if not name and root in ("float", "int", "bool"):
        return {"float": "float64", "int": "int64", "bool": "bool"}[root]
    raise NotMapped(f"`{short(node)}` isn't a dtype that is known here")


def _tensor(node: ast.Call, dotted: str, scope: Scope) -> Made:
    """`tf.constant(...)` and its kin, in the dtype that TensorFlow would choose."""
    given = {item.arg: item.value for item in node.keywords}
    positional = dict(zip(("value", "dtype"), node.args, strict=False))
    if len(node.args) > 2 or not positional or given.keys() - {"dtype", "name", "trainable"}:
        raise NotMapped(f"`{short(node)}`: these arguments aren't known here")
    value = constant(positional["value"], scope)
    chosen = given.get("dtype", positional.get("dtype"))
    kind: ValueKind = "variable" if dotted.endswith("Variable") else "tensor"
    function = _TF_NAMES[dotted]
    if chosen is not None:
        dtype = _dtype(chosen, scope)
    elif function != "array":
        dtype = "float32"
    elif value.kind in _ARRAYS:
        return Made(f"np.array({value.code})", kind)
    else:
        dtype = _default(positional["value"])
    return Made(f"np.{function}({value.code}, {dtype!r})", kind)


def _default(node: ast.expr) -> str:
    """TensorFlow's dtype for Python numbers."""
    known = literal(node)
    leaves, todo = [], [] if known is None else [known[0]]
    while todo:
        value = todo.pop()
        if isinstance(value, list | tuple):
            todo += value
        else:
            leaves.append(type(value))
    for kind, dtype in ((float, "float32"), (int, "int32"), (bool, "bool")):
        if leaves and kind in leaves and all(leaf in (kind, int) for leaf in leaves):
            return dtype
    raise NotMapped(f"the dtype of a tensor of `{short(node)}` isn't plain to see")


def short(node: ast.AST) -> str:
    """The code of a node, cut to what fits in a sentence."""
    text = " ".join(ast.unparse(node).split())
    return text if len(text) <= 80 else f"{text[:79]}…"
