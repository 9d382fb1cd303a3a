"""Tensors without values where values are wanted: KerasTensors, and tensors inside `call`.

K406: TensorFlow's and NumPy's functions on the KerasTensors of a functional model. K213: Python's
`if` and `while` on a tensor in a method that Keras runs as a graph: unlike `tf.function`, Keras 3
runs it without AutoGraph.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from grader.rules.code import Code, Severity, finding
from grader.rules.imports import KERAS, Names, kind
from grader.rules.traced import Traced, keras_methods
from grader.rules.values import Finding
from grader.text import Text

_INPUT = re.compile(rf"^{KERAS}\.(?:Input|layers\.Input)\(\)$")
_MERGE = re.compile(
    rf"^{KERAS}\.layers\.(?:concatenate|add|multiply|average|maximum|dot|subtract)$"
)
_TENSOR_CALL = re.compile(
    r"^tensorflow\.(?:reduce_\w+|equal|not_equal|greater\w*|less\w*|logical_\w+|norm|shape|size"
    r"|rank|math\.\w+|abs|argmax|argmin)$"
)
_TAKES_TENSORS = re.compile(
    r"^(?:tensorflow\.(?:math\.|nn\.|linalg\.|image\.)?(?!keras|function|print|is_|Module|data|debug"
    r"|stop_gradient|identity_n|nest|type_spec)[a-z]\w*"
    r"|numpy\.(?:square|sqrt|exp|log|mean|sum|max|min|abs|concatenate|reshape|dot|array))$"
)
_MAX_DEPTH = 30
_FUNCTIONAL = "https://keras.io/guides/migrating_to_keras_3/"
_OP = Text(
    "`{0}` can't take a KerasTensor, the symbolic tensor of a functional model: use the namesake "
    "in `keras.ops`, or wrap the call in a layer with a `call` method",
    "`{0}` 不能接收 KerasTensor（函数式模型的符号张量）：请用 `keras.ops` 里的同类函数，"
    "或把这个运算放进自定义层的 `call`",
)
_IF = Text(
    "Keras 3 runs `{0}` as a graph without AutoGraph, where a tensor has no truth value: use "
    "`tf.where` or `tf.cond`",
    "Keras 3 以图方式运行 `{0}` 且不经 AutoGraph 转换，图里的张量没有真假值："
    "请用 `tf.where` 或 `tf.cond`",
)


def check(code: Code, names: Names) -> Iterator[Finding]:
    """Findings on tensors whose values aren't there."""
    known: dict[int, bool] = {}
    for call in code.calls():
        origin = names.origin(call.func)
        if _TAKES_TENSORS.match(origin) and not code.caught(call):
            arguments = [*call.args[:2], *(k.value for k in call.keywords)]
            if any(_symbolic(names, part, known) for part in arguments):
                shown = code.text(call.func)[:60]
                text = Text(_OP.en.format(shown), _OP.zh.format(shown))
                yield finding("K406", call, text, "error", (), _FUNCTIONAL)
    for traced in keras_methods(code, names):
        yield from _branches(code, names, traced)


def _branches(code: Code, names: Names, traced: Traced) -> Iterator[Finding]:
    name = getattr(traced.function, "name", "call")
    for node in traced.body():
        test = node.test if isinstance(node, ast.If | ast.While | ast.IfExp | ast.Assert) else None
        if test is not None and _tensor_test(names, test) and not code.caught(test):
            text = Text(_IF.en.format(name), _IF.zh.format(name))
            source = "Keras 3.15: keras/src/backend/tensorflow/trainer.py"
            severity: Severity = "note" if traced.eagerly else "error"
            yield finding("K213", test, text, severity, (), source)


def _tensor_test(names: Names, node: ast.expr) -> bool:
    """Whether a tensor decides, beyond doubt."""
    match node:
        case ast.Call(func=func):
            return _TENSOR_CALL.match(names.origin(func)) is not None
        case ast.Compare(left=left, ops=[op], comparators=[right]):
            if isinstance(op, ast.Is | ast.IsNot | ast.In | ast.NotIn):
                return False
            return _tensor_test(names, left) or _tensor_test(names, right)
        case ast.UnaryOp(op=ast.Not(), operand=inner):
            return _tensor_test(names, inner)
        case ast.BoolOp(values=[first, *_]):
            return _tensor_test(names, first)
        case ast.BinOp(left=left, right=right):
            return _tensor_test(names, left) or _tensor_test(names, right)
        case ast.Subscript(value=inner):
            return _tensor_test(names, inner)
    return False


def _symbolic(names: Names, node: ast.AST, known: dict[int, bool], depth: int = 0) -> bool:
    """Whether `node` is a KerasTensor, or a list with one; `known` remembers."""
    if depth > _MAX_DEPTH:
        return False
    if id(node) not in known:
        known[id(node)] = False  # what rests on itself is none
        known[id(node)] = _is_symbolic(names, node, known, depth + 1)
    return known[id(node)]


def _is_symbolic(names: Names, node: ast.AST, known: dict[int, bool], below: int) -> bool:
    match node:
        case ast.Name():
            values = names.values(node)
            return bool(values) and all(
                isinstance(v, ast.expr) and _symbolic(names, v, known, below) for v in values or ()
            )
        case ast.Call(func=func, args=args):
            if _INPUT.match(names.origin(node)):
                return True
            applied = names.origin(func)
            is_layer = applied.endswith("()") and kind(applied) in ("layer", "model")
            if is_layer or _MERGE.match(applied):
                return bool(args) and _symbolic(names, args[0], known, below)
        case ast.BinOp(left=left, right=right):
            return _symbolic(names, left, known, below) or _symbolic(names, right, known, below)
        case ast.List(elts=[*parts]) | ast.Tuple(elts=[*parts]):
            return any(_symbolic(names, part, known, below) for part in parts[:20])
        case ast.Subscript(value=inner):
            return _symbolic(names, inner, known, below) and not isinstance(
                inner, ast.List | ast.Tuple
            )
    return False
