"""F2…: variables: made in the call, replaced by their own sum, and tapes asked twice."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from grader.rules.code import FUNCTIONS, Code, finding, keyword
from grader.rules.imports import Names
from grader.rules.traced import Traced
from grader.rules.values import Edit, Finding
from grader.text import Text

_GUIDE = "https://www.tensorflow.org/guide/function#creating_tfvariables"
_VARIABLES = "https://www.tensorflow.org/guide/variable"
_TAPES = "https://www.tensorflow.org/guide/autodiff#persistent_tapes"
_VARIABLE = "tensorflow.Variable"
_ASKS = frozenset({"gradient", "jacobian", "batch_jacobian"})
_ASSIGN = {ast.Add: "assign_add", ast.Sub: "assign_sub"}
_MADE = Text(
    "a `tf.Variable` made inside a function that runs as a graph raises, or would be a new one at "
    "each call: make it once outside, in `__init__` or `build`",
    "在以图方式运行的函数内部创建 `tf.Variable` 会报错，否则每次调用都是新变量："
    "请在外面、`__init__` 或 `build` 中创建一次",
)
_AUGMENTED = Text(
    "`{0} {1}= …` doesn't work on a `tf.Variable`: change it with `{0}.{2}(…)`",
    "`{0} {1}= …` 不能用于 `tf.Variable`：请用 `{0}.{2}(…)` 修改",
)
_REBOUND = Text(
    "this binds `{0}` to a tensor and leaves the variable unchanged, in a function it even makes "
    "`{0}` a local name without a value: write `{0}.assign(…)`",
    "这样会让 `{0}` 指向一个张量，变量本身不变；在函数里 `{0}` 还会变成没有值的局部名字："
    "请写 `{0}.assign(…)`",
)
_WEIGHT = Text(
    "this puts a tensor in the place of the weight `{0}`: Keras then resets, saves and trains a "
    "weight that nothing reads. Write `{0}.{1}(…)`",
    "这样会用张量取代权重 `{0}`：此后 Keras 重置、保存、训练的都是无人读取的权重。"
    "请写 `{0}.{1}(…)`",
)
_TAPE = Text(
    "a tape gives gradients once, then it is used up: ask for all in one call, "
    "`tape.gradient(y, [a, b])`, or make it with `persistent=True`",
    "梯度带只能求一次梯度，之后就被释放：请一次求出全部，`tape.gradient(y, [a, b])`，"
    "或创建时写 `persistent=True`",
)


def check(code: Code, names: Names, functions: list[Traced]) -> Iterator[Finding]:
    """Findings on variables and tapes; those on `functions` and those anywhere."""
    for function in functions:
        for node in function.body():
            if not isinstance(node, ast.Call) or names.origin(node.func) != _VARIABLE:
                continue
            if not _guarded(code, node, function) and not code.caught(node):
                yield finding("F201", node, _MADE, "error", (), _GUIDE)
    for node in code.nodes:
        if isinstance(node, ast.AugAssign):
            yield from _augmented(code, names, node)
        elif isinstance(node, ast.Assign) and len(node.targets) == 1:
            yield from _assigned(code, names, node, node.targets[0])
        if isinstance(node, ast.Module | ast.FunctionDef | ast.AsyncFunctionDef):
            yield from _tapes(code, names, node)


def _guarded(code: Code, node: ast.AST, function: Traced) -> bool:
    """Made under a condition, such as `if self.v is None`: once, then."""
    for outer in code.above(node):
        if outer is function.function:
            return False
        if isinstance(outer, ast.If | ast.IfExp):
            return True
    return False


def _weight(names: Names, node: ast.expr) -> bool:
    """`self.x`, made by `self.add_weight`."""
    values = names.attributes(node) if isinstance(node, ast.Attribute) else []
    return any(
        isinstance(value, ast.Call)
        and isinstance(value.func, ast.Attribute)
        and value.func.attr == "add_weight"
        for value in values
    )


def _augmented(code: Code, names: Names, node: ast.AugAssign) -> Iterator[Finding]:
    target = node.target
    shown = code.text(target)
    method = _ASSIGN.get(type(node.op))
    edits = _to_call(code, node, target, method) if method else []
    if _is_variable(names, target) and not code.caught(node):
        sign = code.source[code.end(target) :].lstrip()[:1]
        word = method or "assign"
        text = Text(
            _AUGMENTED.en.format(shown, sign, word), _AUGMENTED.zh.format(shown, sign, word)
        )
        yield finding("F202", node, text, "error", edits, _VARIABLES)
    elif _weight(names, target):
        word = method or "assign"
        text = Text(_WEIGHT.en.format(shown, word), _WEIGHT.zh.format(shown, word))
        yield finding("F204", node, text, "trap", edits, _VARIABLES)


def _to_call(
    code: Code, node: ast.Assign | ast.AugAssign, target: ast.expr, method: str
) -> list[Edit]:
    """`x += y` as `x.assign_add(y)`; only what is around `y` changes, rules may mend `y` too."""
    start, end = code.end(target), code.end(node)
    sign = re.match(r"\s*[+\-]?=\s*", code.source[start:end])
    if sign is None or isinstance(node.value, ast.Tuple | ast.Yield | ast.YieldFrom):
        return []
    opened = code.cut(start, start + sign.end(), f".{method}(")
    return [opened, code.cut(end, end, ")")]


def _is_variable(names: Names, node: ast.expr) -> bool:
    """A `tf.Variable`; a name in a function may be the module's, that `+=` made local."""
    return names.origin(node) == f"{_VARIABLE}()"


def _assigned(code: Code, names: Names, node: ast.Assign, target: ast.expr) -> Iterator[Finding]:
    """`v = v + 1`"""
    shown = code.text(target)
    own = [
        n
        for n in ast.walk(node.value)
        if isinstance(n, ast.Name | ast.Attribute) and code.text(n) == shown
    ]
    if not own or not isinstance(node.value, ast.BinOp):
        return
    edits = _to_call(code, node, target, "assign")
    if isinstance(target, ast.Name):
        around = code.function(node)
        outer = names.outside(target.id, around) if around is not None else ""
        if outer == f"{_VARIABLE}()" and not code.caught(node):
            text = Text(_REBOUND.en.format(shown), _REBOUND.zh.format(shown))
            yield finding("F203", node, text, "error", edits, _VARIABLES)
    elif isinstance(target, ast.Attribute):
        found = code.method(node)
        if found and found[1].name not in ("__init__", "build") and _holds_weight(names, target):
            text = Text(_WEIGHT.en.format(shown, "assign"), _WEIGHT.zh.format(shown, "assign"))
            yield finding("F204", node, text, "trap", edits, _VARIABLES)


def _holds_weight(names: Names, target: ast.Attribute) -> bool:
    made = [v for v in names.attributes(target) if isinstance(v, ast.Call)]
    return _weight(names, target) or any(names.origin(v) == f"{_VARIABLE}()" for v in made)


def _tapes(
    code: Code, names: Names, scope: ast.Module | ast.FunctionDef | ast.AsyncFunctionDef
) -> Iterator[Finding]:
    """Second questions to a tape, in the order of the lines and on one path."""
    asked: dict[str, list[ast.AST]] = {}
    made: dict[str, ast.Call] = {}
    for node in _in_order(scope):
        if isinstance(node, ast.withitem) and isinstance(node.optional_vars, ast.Name):
            name = node.optional_vars.id
            asked.pop(name, None)
            made.pop(name, None)
            call = node.context_expr
            if isinstance(call, ast.Call) and _used_up(names, call):
                made[name] = call
                asked[name] = []
        elif (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr in _ASKS
            and isinstance(node.func.value, ast.Name)
            and node.func.value.id in made
        ):
            name = node.func.value.id
            before = asked[name]
            # Behind an exception that the author catches, nothing is sure.
            if not code.caught(node):
                if before and all(_one_path(code, other, node) for other in before):
                    edits = [_persistent(code, made[name])]
                    yield finding("F205", node, _TAPE, "error", edits, _TAPES)
                    made.pop(name)
                before.append(node)


def _used_up(names: Names, call: ast.Call) -> bool:
    """A tape that gives its gradients once."""
    once = not call.args and not keyword(call, "persistent")
    return once and names.origin(call.func) == "tensorflow.GradientTape"


def _persistent(code: Code, call: ast.Call) -> Edit:
    end = code.end(call) - 1
    given = "persistent=True"
    return code.cut(end, end, f", {given}" if call.keywords else given)


def _in_order(scope: ast.AST) -> Iterator[ast.AST]:
    """The nodes of one scope in the order of the source."""
    pending = list(ast.iter_child_nodes(scope))[::-1]
    while pending:
        node = pending.pop()
        if isinstance(node, (*FUNCTIONS, ast.ClassDef)):
            continue
        yield node
        pending += list(ast.iter_child_nodes(node))[::-1]


def _one_path(code: Code, first: ast.AST, second: ast.AST) -> bool:
    """Whether both run: no `if` has them in different branches."""
    around = {id(node): node for node in code.above(first)}
    inner: ast.AST = second
    for outer in code.above(second):
        if id(outer) in around:
            branch = next(
                (n for n in [first, *code.above(first)] if code.parent(n) is outer), first
            )
            if isinstance(outer, ast.If):
                return (branch in outer.body) == (inner in outer.body)
            return not isinstance(outer, ast.IfExp | ast.Match | ast.match_case)
        inner = outer
    return True
