"""K2…: what Keras 3 changed for those who derive from its layers, models and metrics."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from grader.rules import looks
from grader.rules.code import Code, argument, finding, keyword, string
from grader.rules.imports import Names
from grader.rules.values import Finding
from grader.text import Text

_LAYER = "Keras 3.15: keras/src/layers/layer.py"
_METRIC = "Keras 3.15: keras/src/metrics/metric.py"
_MIGRATION = "https://keras.io/guides/migrating_to_keras_3/"
_KINDS = frozenset({"layer", "model", "metric"})
_GONE_KEYWORDS = ("synchronization", "use_resource", "partitioner", "collections", "getter")
_RESERVED = frozenset(
    {"metrics", "losses", "weights", "variables", "trainable_weights", "trainable_variables"}
    | {"non_trainable_weights", "non_trainable_variables"}
)
_WEIGHT_LISTS = frozenset({"trainable_variables", "trainable_weights", "weights", "variables"})
_VARIABLE = frozenset({"tensorflow.Variable()"})
_NAME = Text(
    "Keras 3's `add_weight` takes the shape first: this name is read as a shape. "
    'Write `add_weight(name="…", shape=…, …)`',
    "Keras 3 的 `add_weight` 第一个参数是形状，这里的名字会被当作形状。"
    '请写 `add_weight(name="…", shape=…, …)`',
)
_RESET = Text(
    "`reset_states` is Keras 2: the method of metrics is called `reset_state` now",
    "`reset_states` 是 Keras 2 的名字：指标的这个方法现在叫 `reset_state`",
)
_RESET_DEF = Text(
    "Keras 3 calls `reset_state` and never `reset_states`: this method is not run between epochs, "
    "the inherited one sets every weight to zero instead. Rename it",
    "Keras 3 调用的是 `reset_state`，从不调用 `reset_states`：各周期之间不会运行这个方法，"
    "而是由继承来的方法把所有权重置零。请改名",
)
_RESET_MODEL = Text(
    "Keras 3 models have no `reset_states`: call it on each stateful layer, or `reset_metrics()` "
    "for the metrics",
    "Keras 3 的模型没有 `reset_states`：请对每个有状态的层调用；要重置指标用 `reset_metrics()`",
)
_ADDS = {
    "add_metric": (
        "K203",
        "make a `keras.metrics.Mean` in `__init__` and update it in `call`: it is tracked and "
        "shows in the logs",
        "请在 `__init__` 中创建 `keras.metrics.Mean`，在 `call` 中更新：它会被跟踪并出现在日志里",
    ),
    "add_update": ("K204", "assign to the variable in `call`", "请直接在 `call` 中给变量赋值"),
    "add_variable": ("K204", "it is called `add_weight`", "现在叫 `add_weight`"),
}
_AS_LIST = Text(
    "Keras 3 hands shapes over as plain tuples, which have no `as_list`: use `list(shape)`, or "
    "`(*shape[:-1], units)` for a new one",
    "Keras 3 传来的形状是普通元组，没有 `as_list`：请用 `list(shape)`，"
    "新的形状可写 `(*shape[:-1], units)`",
)
_UNTRACKED = Text(
    "Keras 3 doesn't track a `tf.Variable` in a layer, model or metric: it is missing from "
    "`trainable_variables`, isn't trained by `fit` and isn't saved. Use `self.add_weight(…)`",
    "Keras 3 不跟踪层、模型、指标里的 `tf.Variable`：它不在 `trainable_variables` 中，"
    "`fit` 不会训练它，也不会保存。请用 `self.add_weight(…)`",
)
_LIST = Text(
    "a list of layers is a plain list in Keras 3: ask each layer, "
    "`[v for layer in … for v in layer.trainable_variables]`",
    "Keras 3 中层的列表就是普通列表：请逐层取，"
    "`[v for layer in … for v in layer.trainable_variables]`",
)
_CONFIG = Text(
    "this model has required arguments and no `get_config`: saving it as `.keras` raises "
    "NotImplementedError in Keras 3. Return every argument from `get_config`",
    "该模型有必填参数却没有 `get_config`：Keras 3 中保存为 `.keras` 会报 NotImplementedError。"
    "请在 `get_config` 里返回全部参数",
)


def check(code: Code, names: Names) -> Iterator[Finding]:
    """Findings on derived classes, and on the calls of what they inherit."""
    for node in code.classes():
        kind = names.derives(node)
        if kind in _KINDS:
            yield from _class(code, names, node, kind)
    for call in code.calls():
        if isinstance(call.func, ast.Attribute) and not code.caught(call):
            yield from _call(code, names, call, call.func)


def _class(code: Code, names: Names, node: ast.ClassDef, kind: str) -> Iterator[Finding]:
    methods = {m.name: m for m in node.body if isinstance(m, ast.FunctionDef)}
    old = methods.get("reset_states")
    if kind == "metric" and old and "reset_state" not in methods:
        start = code.source.index("reset_states", code.start(old))
        edit = code.cut(start, start + len("reset_states"), "reset_state")
        yield finding("K206", old, _RESET_DEF, "trap", [edit], _METRIC)
    saved = "get_config" in methods
    if kind == "model" and not saved and _needs_arguments(methods.get("__init__")):
        yield finding("K211", node, _CONFIG, "note", (), _MIGRATION)
    for name in ("build", "compute_output_shape"):
        if name in methods:
            yield from _as_list(code, methods[name])
    for inner in ast.walk(node):
        if isinstance(inner, ast.Assign | ast.AnnAssign):
            yield from _attribute(code, names, inner, kind)
        elif isinstance(inner, ast.Attribute) and inner.attr in _WEIGHT_LISTS:
            values = names.attributes(inner.value) if isinstance(inner.value, ast.Attribute) else []
            if values and all(_layers(names, value) for value in values):
                yield finding("K210", inner, _LIST, "error", (), _MIGRATION)


def _needs_arguments(init: ast.FunctionDef | None) -> bool:
    if init is None:
        return False
    plain = len(init.args.posonlyargs) + len(init.args.args) - 1 - len(init.args.defaults)
    return plain > 0 or None in init.args.kw_defaults


def _as_list(code: Code, method: ast.FunctionDef) -> Iterator[Finding]:
    shapes = {a.arg for a in method.args.args[1:]}
    for call in ast.walk(method):
        match call:
            case ast.Call(func=ast.Attribute(value=ast.Name(id=name) as base, attr="as_list")):
                if name in shapes and not call.args and not code.caught(call):
                    edit = code.replace(call, f"list({code.text(base)})")
                    yield finding("K208", call, _AS_LIST, "error", [edit], _LAYER)


def _layers(names: Names, value: ast.expr | None) -> bool:
    """A list that is made of layers."""
    items: list[ast.expr] = []
    if isinstance(value, ast.List) and value.elts:
        items = value.elts
    elif isinstance(value, ast.ListComp):
        items = [value.elt]
    return bool(items) and all(names.kind(item) in ("layer", "model") for item in items)


def _attribute(
    code: Code, names: Names, node: ast.Assign | ast.AnnAssign, kind: str
) -> Iterator[Finding]:
    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
    for target in targets:
        if not isinstance(target, ast.Attribute) or not names.attributes(target):
            continue
        if kind != "metric" and target.attr in _RESERVED and not code.caught(node):
            message = Text(
                f"`{target.attr}` is a property of Keras's own and can't be assigned: take "
                "another name",
                f"`{target.attr}` 是 Keras 自己的只读属性，不能赋值：请换个名字",
            )
            yield finding("K212", node, message, "error", (), _LAYER)
        value = node.value
        parts = value.elts if isinstance(value, ast.List | ast.Tuple) else [value]
        if parts and all(names.origin(part) in _VARIABLE for part in parts):
            fixed = [p for p in parts if isinstance(p, ast.Call) and _not_trained(p)]
            if len(fixed) < len(parts):
                yield finding("K209", node, _UNTRACKED, "trap", (), _MIGRATION)


def _not_trained(call: ast.Call) -> bool:
    trainable = argument(call, 1, "trainable")
    return isinstance(trainable, ast.Constant) and trainable.value is False


def _call(code: Code, names: Names, call: ast.Call, func: ast.Attribute) -> Iterator[Finding]:
    found = code.method(call)
    kind = names.derives(found[0]) if found else ""
    own = kind in _KINDS and _on_self(func.value, found)
    if func.attr == "add_weight" and own:
        if call.args and (string(call.args[0]) is not None or _fstring(call.args[0])):
            edits = [code.insert(call.args[0], "name=")]
            if len(call.args) == 2:
                edits.append(code.insert(call.args[1], "shape="))
            elif len(call.args) > 2 or keyword(call, "name"):
                edits = []
            yield finding("K201", call, _NAME, "error", edits, _LAYER)
        for name in _GONE_KEYWORDS:
            given = keyword(call, name)
            if given:
                message = Text(
                    f"Keras 3's `add_weight` takes no `{name}`: leave it out",
                    f"Keras 3 的 `add_weight` 没有参数 `{name}`：请去掉",
                )
                edits = list(code.drop_keyword(call, given))
                yield finding("K202", given, message, "error", edits, _LAYER)
    elif func.attr in _ADDS and (own or _adds_outside(names, func)):
        rule, en, zh = _ADDS[func.attr]
        message = Text(f"`{func.attr}` is Keras 2: {en}", f"`{func.attr}` 是 Keras 2 的方法：{zh}")
        yield finding(rule, call, message, "error", (), _LAYER)
    elif func.attr == "reset_states" and not call.args and not own:
        if looks.model(names, func.value):
            yield finding("K207", call, _RESET_MODEL, "error", (), _MIGRATION)
        elif looks.metric(names, func.value):
            edit = code.rename_attribute(func, "reset_state")
            yield finding("K205", call, _RESET, "error", [edit], _METRIC)


def _adds_outside(names: Names, func: ast.Attribute) -> bool:
    return func.attr == "add_metric" and looks.model(names, func.value)


def _fstring(node: ast.expr) -> bool:
    return isinstance(node, ast.JoinedStr)


def _on_self(node: ast.expr, found: tuple[ast.ClassDef, ast.FunctionDef] | None) -> bool:
    """`self` or `super()`."""
    if isinstance(node, ast.Call):
        return isinstance(node.func, ast.Name) and node.func.id == "super"
    first = (found[1].args.posonlyargs + found[1].args.args)[:1] if found else []
    return isinstance(node, ast.Name) and bool(first) and first[0].arg == node.id
