"""F1…: Python inside functions that are run as graphs: it runs while the graph is made."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import TypeGuard

from grader.rules.code import Code, Severity, argument, finding, number, string
from grader.rules.imports import Names
from grader.rules.traced import Traced
from grader.rules.values import Finding
from grader.text import Text

_GUIDE = "https://www.tensorflow.org/guide/function"
_EFFECTS = "https://www.tensorflow.org/guide/function#executing_python_side_effects"
_RANDOM = re.compile(r"^(?:numpy\.random\.(?!seed$|default_rng$)[a-z]\w*|random\.[a-z]\w*)$")
_GENERATORS = frozenset(
    {"numpy.random.default_rng()", "numpy.random.RandomState()", "random.Random()"}
)
_CLOCKS = re.compile(
    r"^(?:time\.(?:time|time_ns|perf_counter|monotonic)|datetime\.(?:datetime\.)?(?:now|utcnow|today))$"
)
_ARRAYS = re.compile(
    r"^numpy\.(?:sum|mean|std|var|max|min|amax|amin|square|sqrt|exp|log|log1p|abs|absolute|sin|cos"
    r"|tanh|dot|matmul|array|asarray|where|clip|maximum|minimum|argmax|argmin|argsort|sort|reshape"
    r"|transpose|concatenate|stack|power|round|expand_dims|squeeze)$"
)
_TRACING = re.compile(r"trac|python|once|追踪|跟踪|构建图|一次", re.IGNORECASE)
_MUTATORS = frozenset({"append", "extend", "insert"})
_WHERE = {
    "function": Text("a `tf.function`", "`tf.function`"),
    "map": Text("a function of a `tf.data` pipeline", "`tf.data` 流水线的函数"),
    "keras": Text("a method that Keras runs as a graph", "Keras 以图方式运行的方法"),
}
_FROZEN = Text(
    "in {0} `{1}` runs once, while the graph is made, and every call gets that same number: use "
    "`tf.random`, or a `tf.random.Generator` made outside",
    "在{0}里，`{1}` 只在构建图时运行一次，以后每次调用都得到同一个数：请用 `tf.random`，"
    "或在外面创建的 `tf.random.Generator`",
)
_TIME = Text(
    "in {0} `{1}` is read once, while the graph is made: use `tf.timestamp()`, or measure outside",
    "在{0}里，`{1}` 只在构建图时读取一次：请用 `tf.timestamp()`，或在外面计时",
)
_SIDE = Text(
    "in {0} this Python side effect happens while the graph is made and not at each call: keep "
    "the state in a `tf.Variable` and `assign` to it, or return the value",
    "在{0}里，这个 Python 副作用只在构建图时发生，并非每次调用都发生：请把状态放进 "
    "`tf.Variable` 并用 `assign` 修改，或把值返回",
)
_FILE = Text(
    "in {0} a file is opened while the graph is made, not at each call: write outside, or in a "
    "`tf.py_function`",
    "在{0}里，文件只在构建图时打开一次，并非每次调用都打开：请在外面写，或放进 `tf.py_function`",
)
_PRINT = Text(
    "in {0} `print` runs while the graph is made and shows symbolic tensors: `tf.print` prints "
    "values at each call; hand it the tensors themselves, not an f-string",
    "在{0}里，`print` 只在构建图时运行，显示的是符号张量：要在每次调用时打印数值请用 `tf.print`，"
    "并直接传入张量，不要用 f-string",
)
_NUMPY_METHOD = Text(
    "in {0} tensors have no values yet, so no `.numpy()`: stay with tensors, or call it on what "
    "is returned",
    "在{0}里，张量还没有数值，也就没有 `.numpy()`：请一直使用张量，或对返回值再调用",
)
_NUMPY = Text(
    "in {0} `{1}` gets a tensor without values and raises: use TensorFlow's operation",
    "在{0}里，`{1}` 得到的是没有数值的张量，会报错：请用 TensorFlow 的运算",
)


def check(code: Code, names: Names, functions: list[Traced]) -> Iterator[Finding]:
    """Findings inside `functions`."""
    for function in functions:
        tensors = _tensors(code, function)
        for node in function.body():
            if isinstance(node, ast.Call):
                yield from _call(code, names, function, node)
                if not code.caught(node):
                    yield from _no_values(code, names, function, node, tensors)
            elif isinstance(node, ast.AugAssign | ast.Assign):
                yield from _state(code, names, function, node)


def _say(text: Text, function: Traced, shown: str = "") -> Text:
    where = _WHERE[function.why]
    return Text(text.en.format(where.en, shown), text.zh.format(where.zh, shown))


def _call(code: Code, names: Names, function: Traced, call: ast.Call) -> Iterator[Finding]:
    origin = names.origin(call.func)
    func = call.func
    shown = code.text(func)[:60]
    if _RANDOM.match(origin) or (
        isinstance(func, ast.Attribute) and names.origin(func.value) in _GENERATORS
    ):
        yield finding("F101", call, _say(_FROZEN, function, shown), "trap", (), _GUIDE)
    elif _CLOCKS.match(origin):
        yield finding("F102", call, _say(_TIME, function, shown), "trap", (), _EFFECTS)
    elif isinstance(func, ast.Name) and names.values(func) is None:
        if func.id == "print":
            yield _print(code, names, function, call)
        elif func.id == "open" and set(string(argument(call, 1, "mode")) or "") & set("wax+"):
            yield finding("F104", call, _say(_FILE, function), "trap", (), _EFFECTS)
    elif _mutates(func) and _python_list(names, func.value, function):
        yield finding("F103", call, _say(_SIDE, function), "trap", (), _EFFECTS)


def _print(code: Code, names: Names, function: Traced, call: ast.Call) -> Finding:
    # Who prints "Tracing…" wants to see when the graph is made; layers are called eagerly, too.
    told = any(
        isinstance(part, ast.Constant) and _TRACING.search(str(part.value)[:200])
        for given in call.args
        for part in ast.walk(given)
    )
    severity: Severity = "note" if told or function.why == "keras" else "trap"
    # What builds a string builds it while tracing: `tf.print` wouldn't help.
    plain = all(isinstance(given, ast.Name | ast.Constant) for given in call.args)
    mends = plain and severity == "trap" and not call.keywords
    edits = [code.replace(call.func, "tf.print")] if mends else []
    if names.outside("tf") != "tensorflow":
        edits = []
    return finding("F105", call, _say(_PRINT, function), severity, edits, _EFFECTS)


def _mutates(func: ast.expr) -> TypeGuard[ast.Attribute]:
    return isinstance(func, ast.Attribute) and func.attr in _MUTATORS


def _python_list(names: Names, node: ast.expr, function: Traced) -> bool:
    """A list that was made outside of the function and outlives the call."""
    if isinstance(node, ast.Name):
        if not names.free(node, function.function):
            return False
        values = names.values(node)
        return values is None or all(_is_list(value) for value in values)
    if isinstance(node, ast.Attribute):
        values_ = names.attributes(node)
        return bool(values_) and all(_is_list(value) for value in values_)
    return False


def _is_list(value: object) -> bool:
    if isinstance(value, ast.Call):
        return isinstance(value.func, ast.Name) and value.func.id == "list"
    return isinstance(value, ast.List | ast.ListComp)


def _state(
    code: Code, names: Names, function: Traced, node: ast.Assign | ast.AugAssign
) -> Iterator[Finding]:
    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
    for target in targets:
        if _outer(code, names, target, node) and not _guarded(code, node, function):
            yield finding("F103", node, _say(_SIDE, function), "trap", (), _EFFECTS)


def _outer(code: Code, names: Names, target: ast.expr, node: ast.Assign | ast.AugAssign) -> bool:
    """Whether a Python value outside of the function changes."""
    if isinstance(target, ast.Name):
        declared = bool(code.declared(code.function(target), target.id))
        return declared and names.origin(target) not in ("tensorflow.Variable()",)
    if isinstance(target, ast.Attribute):
        # A number that `__init__` set: `self.calls += 1`
        others = [v for v in names.attributes(target) if v is not node.value]
        return (
            isinstance(node, ast.AugAssign)
            and bool(others)
            and all(number(value) is not None for value in others)
        )
    if isinstance(target, ast.Subscript) and isinstance(target.value, ast.Name):
        values = names.values(target.value)
        return (
            bool(values)
            and all(isinstance(v, ast.Dict) for v in values or ())
            and any(n is target.value for n in ast.walk(node))
            and _is_free(code, names, target.value)
        )
    return False


def _is_free(code: Code, names: Names, node: ast.Name) -> bool:
    around = code.function(node)
    return around is not None and names.free(node, around)


def _guarded(code: Code, node: ast.AST, function: Traced) -> bool:
    """Under an `if` that asks for None or a first time: made once, and meant so."""
    for outer in code.above(node):
        if outer is function.function:
            return False
        if isinstance(outer, ast.If):
            return True
    return False


def _no_values(
    code: Code, names: Names, function: Traced, call: ast.Call, tensors: set[str]
) -> Iterator[Finding]:
    severity: Severity = "note" if function.eagerly else "error"
    func = call.func
    if isinstance(func, ast.Attribute) and func.attr == "numpy" and not call.args:
        base = func.value
        made = isinstance(base, ast.Call) and names.origin(base.func).startswith("tensorflow.")
        if made or (isinstance(base, ast.Name) and base.id in tensors):
            message = _say(_NUMPY_METHOD, function)
            yield finding("F106", call, message, severity, (), _GUIDE)
    elif _ARRAYS.match(names.origin(func)) and call.args:
        first = call.args[0]
        if isinstance(first, ast.Name) and first.id in tensors:
            message = _say(_NUMPY, function, code.text(func)[:60])
            yield finding("F107", call, message, severity, (), _GUIDE)


def _tensors(code: Code, function: Traced) -> set[str]:
    """Parameters that are tensors beyond doubt and aren't bound anew."""
    names = {a.arg for a in function.parameters() if a.annotation is None}
    if function.why == "function" and not function.option("input_signature"):
        names -= _given_python(code, function)
    names -= {"self", "training", "mask", "shape", "dtype", "config"}
    for node in function.body():
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            names.discard(node.id)
    return names


def _given_python(code: Code, function: Traced) -> set[str]:
    """Parameters that some call of the source hands a Python value, or what may be one."""
    name = getattr(function.function, "name", "")
    given: set[str] = set()
    for call in code.calls():
        if isinstance(call.func, ast.Name) and call.func.id == name:
            for parameter, value in zip(function.parameters(), call.args, strict=False):
                if not isinstance(value, ast.Call):
                    given.add(parameter.arg)
    return given
