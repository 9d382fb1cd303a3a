"""K1…: what Keras 3 changed in optimizers."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from grader.rules import looks
from grader.rules.code import Code, argument, finding, keyword
from grader.rules.imports import KERAS, Names, kind
from grader.rules.values import Edit, Finding
from grader.text import Text

_BASE = "Keras 3.15: keras/src/optimizers/base_optimizer.py"
_SET_VALUE = re.compile(rf"^{KERAS}\.backend\.set_value$")
_LR = Text(
    "`lr` is Keras 2's short name and Keras 3 doesn't know it: write `learning_rate`",
    "`lr` 是 Keras 2 的简称，Keras 3 不再认识：请写 `learning_rate`",
)
_LR_SET = Text(
    "Keras 3 optimizers have no `lr`: this makes a new attribute that nothing reads, and the "
    "training goes on at the old rate. Write `learning_rate`",
    "Keras 3 的优化器没有 `lr`：这样赋值只是添了一个无人读取的属性，训练仍用旧的学习率。"
    "请写 `learning_rate`",
)
_DECAY = Text(
    "Keras 3 ignores `decay` and only warns: the learning rate stays constant. Hand the optimizer "
    "a schedule, such as `learning_rate=keras.optimizers.schedules.InverseTimeDecay(…)`",
    "Keras 3 忽略 `decay`，只给一句警告：学习率不会衰减。请把学习率计划交给优化器，如 "
    "`learning_rate=keras.optimizers.schedules.InverseTimeDecay(…)`",
)
_SET = Text(
    "`backend.set_value` can't set a Keras 3 variable; its own `assign` does",
    "`backend.set_value` 不能给 Keras 3 的变量赋值；请用变量自己的 `assign`",
)
_GONE = {
    "minimize": (
        "take the gradients from a `tf.GradientTape` and hand them to `apply_gradients`",
        "请用 `tf.GradientTape` 求梯度，再交给 `apply_gradients`",
    ),
    "get_gradients": ("use `tf.GradientTape`", "请用 `tf.GradientTape`"),
    "get_updates": ("use `apply_gradients`", "请用 `apply_gradients`"),
    "get_weights": ("read `optimizer.variables`", "请读取 `optimizer.variables`"),
    "weights": ("it is called `variables`", "现在叫 `variables`"),
}
_APPLY = ("name", "experimental_aggregate_gradients", "skip_gradients_aggregation")


def check(code: Code, names: Names) -> Iterator[Finding]:
    """Findings on the calls and attributes of optimizers."""
    inside: set[int] = set()
    for call in code.calls():
        if _SET_VALUE.match(names.origin(call.func)) and not code.caught(call):
            yield from _set_value(code, names, call, inside)
        made = names.origin(call.func)
        if kind(made) == "optimizer" and not made.endswith("()"):
            yield from _made(code, call)
        if isinstance(call.func, ast.Attribute) and not code.caught(call):
            yield from _method(code, names, call, call.func)
    for node in code.nodes:
        if not isinstance(node, ast.Attribute) or node.attr != "lr" or id(node) in inside:
            continue
        if looks.optimizer(names, node.value):
            edit = code.rename_attribute(node, "learning_rate")
            if isinstance(node.ctx, ast.Store) and not _augmented(code, node):
                yield finding("K104", node, _LR_SET, "trap", [edit], _BASE)
            elif not code.caught(node):
                yield finding("K103", node, _LR, "error", [edit], _BASE)


def _augmented(code: Code, node: ast.expr) -> bool:
    return isinstance(code.parent(node), ast.AugAssign)


def _made(code: Code, call: ast.Call) -> Iterator[Finding]:
    lr, decay = keyword(call, "lr"), keyword(call, "decay")
    if lr and not keyword(call, "learning_rate") and not code.caught(call):
        edits = [code.rename_keyword(lr, "learning_rate")] if not call.args else []
        yield finding("K101", lr, _LR, "error", edits, _BASE)
    if decay and not (isinstance(decay.value, ast.Constant) and not decay.value.value):
        yield finding("K102", decay, _DECAY, "trap", (), _BASE)


def _set_value(code: Code, names: Names, call: ast.Call, inside: set[int]) -> Iterator[Finding]:
    target, value = argument(call, 0, "x"), argument(call, 1, "value")
    if not isinstance(target, ast.Attribute) or target.attr not in ("lr", "learning_rate"):
        return
    if looks.optimizer(names, target.value) and value is not None:
        inside.add(id(target))
        edits: list[Edit] = []
        between = code.source[code.end(target) : code.start(value)]
        if between.strip() == "," and code.start(target) > code.start(call):
            edits = [
                code.cut(code.start(call), code.start(target)),
                code.cut(code.end(target) - len(target.attr), code.end(target), "learning_rate"),
                code.cut(code.end(target), code.start(value), ".assign("),
            ]
        yield finding("K105", call, _SET, "error", edits, _BASE)


def _method(code: Code, names: Names, call: ast.Call, func: ast.Attribute) -> Iterator[Finding]:
    if func.attr in _GONE and looks.optimizer(names, func.value):
        en, zh = _GONE[func.attr]
        message = Text(
            f"Keras 3 optimizers have no `{func.attr}`: {en}",
            f"Keras 3 的优化器没有 `{func.attr}`：{zh}",
        )
        yield finding("K106", func, message, "error", (), _BASE)
    if func.attr == "apply_gradients" and looks.optimizer(names, func.value):
        for name in _APPLY:
            given = keyword(call, name)
            if given:
                message = Text(
                    f"`apply_gradients` takes no `{name}` in Keras 3: leave it out",
                    f"Keras 3 的 `apply_gradients` 没有参数 `{name}`：请去掉",
                )
                yield finding(
                    "K107", given, message, "error", code.drop_keyword(call, given), _BASE
                )
