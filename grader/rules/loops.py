"""F3…: loops in functions that are run as graphs, and arguments that make a graph each."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator

from grader.rules.code import FUNCTIONS, Code, finding, number
from grader.rules.imports import Names
from grader.rules.traced import Traced
from grader.rules.values import Finding
from grader.text import Text

_LOOPS = "https://www.tensorflow.org/guide/function#loops"
_RETRACING = "https://www.tensorflow.org/guide/function#controlling_retracing"
_MANY = 100
_UNROLLED = Text(
    "this Python loop is unrolled: the graph gets a copy of its body for every step. `tf.range` "
    "makes one loop of it",
    "这个 Python 循环会被展开：每一步都在图中复制一份循环体。用 `tf.range` 才是图里的一个循环",
)
_NO_AUTOGRAPH = Text(
    "Keras 3 runs this method as a graph without AutoGraph, where Python can't loop over a "
    "tensor's count: use whole-tensor operations, `tf.while_loop`, or decorate it with "
    "`@tf.function`",
    "Keras 3 以图方式运行该方法且不经 AutoGraph 转换，Python 无法按张量的数目循环："
    "请用整体的张量运算、`tf.while_loop`，或给它加上 `@tf.function`",
)
_COLLECTED = Text(
    "a loop of the graph can't fill a Python list: its tensors are out of scope after the loop. "
    "Collect them in a `tf.TensorArray` and `stack()` it",
    "图中的循环不能往 Python 列表里收集：循环结束后这些张量已不在作用域内。"
    "请用 `tf.TensorArray` 收集，再 `stack()`",
)
_NOT_CONVERTED = Text(
    "AutoGraph doesn't convert comprehensions, and Python can't go through a tensor of a graph: "
    "write an operation on the whole tensor, `tf.map_fn`, or a `for` loop",
    "AutoGraph 不转换推导式，而 Python 无法遍历图中的张量："
    "请改用对整个张量的运算、`tf.map_fn`，或写成 `for` 循环",
)
_MAKERS = frozenset(
    f"tensorflow.{name}"
    for name in ("constant", "convert_to_tensor", "ones", "zeros", "range", "fill", "eye",
                 "linspace", "random.normal", "random.uniform")
)  # fmt: skip
_RETRACED = Text(
    "each new Python number makes `{0}` trace a new graph: hand it tensors, "
    "`{0}(tf.constant(…))`, or give it an `input_signature`",
    "每个新的 Python 数都会让 `{0}` 重新追踪出一张图：请传入张量 `{0}(tf.constant(…))`，"
    "或指定 `input_signature`",
)


def check(code: Code, names: Names, functions: list[Traced]) -> Iterator[Finding]:
    """Findings on the loops in `functions`, and on the calls of those."""
    tensors = _given_tensors(code, names)
    for function in functions:
        name = getattr(function.function, "name", "")
        yield from _comprehensions(code, function, tensors.get(name, frozenset()))
        for node in function.body():
            if isinstance(node, ast.For):
                yield from _loop(code, names, function, node)
    yield from _retraced(code, names, functions)


def _given_tensors(code: Code, names: Names) -> dict[str, set[int]]:
    """By the name of a `tf.function`, the positions at which some call hands it a new tensor."""
    found: dict[str, set[int]] = {}
    for call in code.calls():
        if isinstance(call.func, ast.Name) and names.origin(call.func) == "tensorflow.function()":
            for position, value in enumerate(call.args):
                if isinstance(value, ast.Call) and names.origin(value.func) in _MAKERS:
                    found.setdefault(call.func.id, set()).add(position)
    return found


def _comprehensions(code: Code, function: Traced, tensors: Collection[int]) -> Iterator[Finding]:
    """AutoGraph leaves comprehensions to Python, which can't go through a graph's tensor."""
    if not tensors:
        return
    parameters = [argument.arg for argument in function.parameters()]
    given = {parameters[position] for position in tensors if position < len(parameters)}
    for node in function.body():
        if isinstance(node, ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp):
            over = node.generators[0].iter
            if isinstance(over, ast.Name) and over.id in given and not code.caught(node):
                yield finding("F305", node, _NOT_CONVERTED, "error", (), _LOOPS)


def _loop(code: Code, names: Names, function: Traced, node: ast.For) -> Iterator[Finding]:
    over = node.iter
    if not isinstance(over, ast.Call):
        return
    origin = names.origin(over.func)
    python = isinstance(over.func, ast.Name) and over.func.id == "range" and not origin
    if not function.autograph:
        counted = python and any(_tensor_count(names, part) for part in over.args)
        if (counted or origin == "tensorflow.range") and not code.caught(node):
            yield finding("F302", node, _NO_AUTOGRAPH, "error", (), _LOOPS)
    elif origin == "tensorflow.range":
        yield from _collected(code, names, function, node)
    elif python and _long(function, over):
        edits = []
        grows = any(
            isinstance(n, ast.Attribute) and n.attr in ("append", "extend") for n in ast.walk(node)
        )
        if names.outside("tf") == "tensorflow" and not grows:
            edits = [code.replace(over.func, "tf.range")]
        yield finding("F301", node, _UNROLLED, "note", edits, _LOOPS)


def _tensor_count(names: Names, node: ast.expr) -> bool:
    inner = node.value if isinstance(node, ast.Subscript) else node
    return isinstance(inner, ast.Call) and names.origin(inner.func) in (
        "tensorflow.shape",
        "tensorflow.size",
        "tensorflow.rank",
    )


def _long(function: Traced, call: ast.Call) -> bool:
    """A hundred steps or more, or as many as a tensor has rows."""
    stop = call.args[0] if len(call.args) == 1 else call.args[1] if len(call.args) > 1 else None
    steps = number(stop)
    if steps is not None:
        return steps >= _MANY
    tensors = {a.arg for a in function.parameters()}
    match stop:
        case ast.Call(func=ast.Name(id="len"), args=[ast.Name(id=name)]):
            return name in tensors
        case ast.Subscript(value=ast.Attribute(value=ast.Name(id=name), attr="shape")):
            return name in tensors
    return False


def _collected(code: Code, names: Names, function: Traced, node: ast.For) -> Iterator[Finding]:
    for call in ast.walk(node):
        match call:
            case ast.Call(func=ast.Attribute(value=ast.Name(id=name) as base, attr="append")):
                values = names.values(base)
                local = not names.free(base, function.function)
                if not local or not values or not all(isinstance(v, ast.List) for v in values):
                    continue
                after = [
                    n
                    for n in function.body()
                    if isinstance(n, ast.Name) and n.id == name and code.start(n) > code.end(node)
                ]
                if after and not code.caught(node):
                    yield finding("F303", call, _COLLECTED, "error", (), _LOOPS)


def _runs_through_numbers(code: Code, names: Names, value: ast.expr) -> bool:
    """Whether `value` is the variable of a Python loop over a range, or over numbers as such."""
    if not isinstance(value, ast.Name):
        return False
    for outer in code.above(value):
        if isinstance(outer, ast.For) and _is_name(outer.target, value.id):
            over = outer.iter
            if isinstance(over, ast.List | ast.Tuple):
                return len({number(item) for item in over.elts} - {None}) > 1
            if not isinstance(over, ast.Call) or not _is_name(over.func, "range"):
                return False
            return not names.origin(over.func) and _steps(over) != 1
        if isinstance(outer, FUNCTIONS):
            return False
    return False


def _is_name(node: ast.AST, name: str) -> bool:
    return isinstance(node, ast.Name) and node.id == name


def _steps(call: ast.Call) -> object:
    return number(call.args[0]) if len(call.args) == 1 else None


def _retraced(code: Code, names: Names, functions: list[Traced]) -> Iterator[Finding]:
    """Calls with differing Python numbers, in the same place of the same function."""
    signed = {
        getattr(function.function, "name", "")
        for function in functions
        if function.option("input_signature")
    }
    seen: dict[tuple[str, int], set[object]] = {}
    told = set(signed)
    for call in sorted(code.calls(), key=code.start):
        name = call.func.id if isinstance(call.func, ast.Name) else ""
        if name in told or names.origin(call.func) != "tensorflow.function()":
            continue
        for position, value in enumerate(call.args):
            given = number(value)
            counted = given is None and _runs_through_numbers(code, names, value)
            if given is None and not counted:
                continue
            others = seen.setdefault((name, position), set())
            others.add((type(given), given))
            if counted or (len(others) > 1 and name not in told):
                told.add(name)
                text = Text(_RETRACED.en.format(name), _RETRACED.zh.format(name))
                yield finding("F304", call, text, "note", (), _RETRACING)
