"""K4…: what Keras 3 changed in the arguments and methods of layers, losses and models."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from grader.rules import looks
from grader.rules.code import Code, finding, keyword, string
from grader.rules.imports import Names, kind
from grader.rules.values import Edit, Finding
from grader.text import Text

_MIGRATION = "https://keras.io/guides/migrating_to_keras_3/"
_LAYER = "Keras 3.15: keras/src/layers/layer.py"
_TRAINER = "Keras 3.15: keras/src/backend/tensorflow/trainer.py"
_INPUT_SHAPE = Text(
    "`{0}=` in a layer works with a warning: let `keras.Input(shape=…)` be the model's first entry",
    "在层里写 `{0}=` 能用但有警告：请把 `keras.Input(shape=…)` 作为模型的第一项",
)
_GONE = Text(
    "Keras 3 doesn't know the argument `{0}` of `{1}` and refuses it",
    "Keras 3 不认识 `{1}` 的参数 `{0}`，会直接报错",
)
_RENAMED = Text("{0}: it is called `{1}` now", "{0}：现在叫 `{1}`")
_IGNORED = Text(
    "`input_length` does nothing in Keras 3 but warn: leave it out",
    "`input_length` 在 Keras 3 中只会引起警告：请去掉",
)
_ALPHA = Text(
    "`alpha` of `LeakyReLU` works with a warning: it is called `negative_slope` now",
    "`LeakyReLU` 的 `alpha` 能用但有警告：现在叫 `negative_slope`",
)
_INPUTS = Text(
    "`Model` takes `inputs=` and `outputs=`; the names without `s` are Keras 1's",
    "`Model` 的参数是 `inputs=` 和 `outputs=`；不带 `s` 的是 Keras 1 的名字",
)
_REDUCTION = Text(
    '`reduction="auto"` is Keras 2: leave it out for the mean, or write '
    '`"sum_over_batch_size"`, `"sum"` or `"none"`',
    '`reduction="auto"` 是 Keras 2 的写法：要平均值就不必写，或写 '
    '`"sum_over_batch_size"`、`"sum"`、`"none"`',
)
_SHAPE = Text(
    "Keras 3 layers have no `{0}`: read `layer.{1}.shape`",
    "Keras 3 的层没有 `{0}`：请读取 `layer.{1}.shape`",
)
_DYNAMIC = Text(
    "Keras 3 knows no `dynamic=True`: leave it out, and compile with `run_eagerly=True`",
    "Keras 3 没有 `dynamic=True`：请去掉，编译时用 `run_eagerly=True`",
)
_COMPILED = Text(
    "`{0}` works in Keras 3 with a warning: use `self.compute_loss(x, y, y_pred)`, and update "
    "each of `self.metrics`",
    "`{0}` 在 Keras 3 中能用但有警告：请用 `self.compute_loss(x, y, y_pred)`，"
    "并逐个更新 `self.metrics`",
)
# layer ("" for any) and keyword → what it is called now
_KEYWORDS: dict[tuple[str, str], str] = {
    ("", "batch_input_shape"): "",
    ("", "init"): "kernel_initializer",
    ("", "W_regularizer"): "kernel_regularizer",
    ("", "b_regularizer"): "bias_regularizer",
    ("", "W_constraint"): "kernel_constraint",
    ("", "border_mode"): "padding",
    ("", "subsample"): "strides",
    ("", "nb_filter"): "filters",
    ("", "dim_ordering"): "data_format",
    ("Dense", "output_dim"): "units",
    ("Dense", "weights"): "",
    ("Dropout", "p"): "rate",
    ("BatchNormalization", "fused"): "",
    ("LSTM", "time_major"): "",
    ("GRU", "time_major"): "",
}
_LOADERS = ("workers", "use_multiprocessing", "max_queue_size", "max_q_size")
_CALLS: dict[str, dict[str, str]] = {
    "fit": {**dict.fromkeys(_LOADERS, ""), "nb_epoch": "epochs"},
    "evaluate": dict.fromkeys(_LOADERS, ""),
    "predict": dict.fromkeys(_LOADERS, ""),
    "train_on_batch": {"reset_metrics": ""},
    "test_on_batch": {"reset_metrics": ""},
    "compile": {
        "experimental_run_tf_function": "",
        "experimental_steps_per_execution": "steps_per_execution",
        "sample_weight_mode": "",
    },
}
_METHODS: dict[str, tuple[str, str, str]] = {
    "fit_generator": ("fit", "`fit` takes generators", "`fit` 可直接接收生成器"),
    "evaluate_generator": ("evaluate", "`evaluate` takes generators", "`evaluate` 可接收生成器"),
    "predict_generator": ("predict", "`predict` takes generators", "`predict` 可接收生成器"),
    "predict_proba": ("predict", "it was the same as `predict`", "它与 `predict` 完全相同"),
    "predict_classes": (
        "",
        "write `model.predict(x).argmax(axis=-1)`, or `(model.predict(x) > 0.5)` for one sigmoid",
        "请写 `model.predict(x).argmax(axis=-1)`；单个 sigmoid 输出用 `(model.predict(x) > 0.5)`",
    ),
    "to_yaml": ("", "use `to_json`", "请用 `to_json`"),
}


def check(code: Code, names: Names) -> Iterator[Finding]:
    """Findings on the calls of layers, losses and models."""
    for node in code.nodes:
        if isinstance(node, ast.Call):
            made = names.origin(node.func)
            if not made.endswith(("()", "*")):
                yield from _made(code, names, node, kind(made), made.rpartition(".")[2])
            if isinstance(node.func, ast.Attribute):
                yield from _model_call(code, names, node, node.func)
                yield from _base_init(code, names, node, node.func)
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load):
            yield from _attribute(code, names, node)


def _made(code: Code, names: Names, call: ast.Call, what: str, cls: str) -> Iterator[Finding]:
    if what == "layer":
        yield from _layer(code, call, cls)
    elif what == "loss":
        yield from _reduction(code, names, call)
    elif what == "model" and cls == "Model" and not code.caught(call):
        old = [k for k in call.keywords if k.arg in ("input", "output")]
        if old:
            edits = [code.rename_keyword(k, f"{k.arg}s") for k in old]
            yield finding("K411", old[0], _INPUTS, "error", edits, _MIGRATION)


def _layer(code: Code, call: ast.Call, cls: str) -> Iterator[Finding]:
    for given in call.keywords:
        name = given.arg or ""
        if name in ("input_shape", "input_dim") and cls not in ("InputLayer", "Embedding"):
            text = Text(_INPUT_SHAPE.en.format(name), _INPUT_SHAPE.zh.format(name))
            yield finding("K401", given, text, "note", (), _LAYER)
        elif name == "input_length" and cls == "Embedding":
            dropped = code.drop_keyword(call, given)
            source = "Keras 3.15: keras/src/layers/core/embedding.py"
            yield finding("K403", given, _IGNORED, "note", dropped, source)
        elif name == "alpha" and cls == "LeakyReLU":
            edit = code.rename_keyword(given, "negative_slope")
            source = "Keras 3.15: keras/src/layers/activations/leaky_relu.py"
            yield finding("K404", given, _ALPHA, "note", [edit], source)
        elif ((cls, name) in _KEYWORDS or ("", name) in _KEYWORDS) and not code.caught(call):
            to = _KEYWORDS.get((cls, name), _KEYWORDS.get(("", name), ""))
            yield _keyword(code, call, given, cls, to, "K402")


def _keyword(
    code: Code, call: ast.Call, given: ast.keyword, cls: str, to: str, rule: str, drop: bool = False
) -> Finding:
    en, zh = _GONE.en.format(given.arg, cls), _GONE.zh.format(given.arg, cls)
    edits: tuple[Edit, ...] = ()
    if to:
        en, zh = _RENAMED.en.format(en, to), _RENAMED.zh.format(zh, to)
        if not keyword(call, to):
            edits = (code.rename_keyword(given, to),)
    elif drop:
        edits = code.drop_keyword(call, given)
        en, zh = f"{en}: leave it out", f"{zh}：请去掉"
    source = _TRAINER if drop else _MIGRATION
    return finding(rule, given, Text(en, zh), "error", edits, source)


def _reduction(code: Code, names: Names, call: ast.Call) -> Iterator[Finding]:
    given = keyword(call, "reduction")
    if given is None or code.caught(call):
        return
    auto = names.origin(given.value).endswith("losses.Reduction.AUTO")
    if string(given.value) == "auto" or auto:
        edit = code.replace(given.value, '"sum_over_batch_size"')
        source = "Keras 3.15: keras/src/losses/loss.py"
        yield finding("K405", given, _REDUCTION, "error", [edit], source)


def _base_init(code: Code, names: Names, call: ast.Call, func: ast.Attribute) -> Iterator[Finding]:
    """`super().__init__(…)` in a class that derives from Keras's."""
    found = code.method(call)
    if func.attr != "__init__" or found is None or code.caught(call):
        return
    what = names.derives(found[0])
    if what == "loss":
        yield from _reduction(code, names, call)
    given = keyword(call, "dynamic")
    if given and what in ("layer", "model"):
        dropped = code.drop_keyword(call, given)
        yield finding("K414", given, _DYNAMIC, "error", dropped, _LAYER)


def _model_call(code: Code, names: Names, call: ast.Call, func: ast.Attribute) -> Iterator[Finding]:
    if func.attr in _METHODS and not code.caught(call):
        # These names are Keras's alone, but for `predict_proba`, which scikit-learn has too.
        if func.attr == "predict_proba" and names.kind(func.value) != "model":
            return
        if names.origin(func.value) and names.kind(func.value) != "model":
            return
        to, en, zh = _METHODS[func.attr]
        message = Text(
            f"Keras 3 models have no `{func.attr}`: {en}",
            f"Keras 3 的模型没有 `{func.attr}`：{zh}",
        )
        edits = [code.rename_attribute(func, to)] if to else []
        yield finding("K410", func, message, "error", edits, _MIGRATION)
    elif func.attr in _CALLS and looks.model(names, func.value) and not code.caught(call):
        rule = "K409" if func.attr == "compile" else "K408"
        for given in call.keywords:
            to_ = _CALLS[func.attr].get(given.arg or "")
            if to_ is not None:
                yield _keyword(code, call, given, func.attr, to_, rule, drop=True)
    elif func.attr in ("compiled_loss", "_compiled_loss"):
        yield from _compiled(names, func)


def _attribute(code: Code, names: Names, node: ast.Attribute) -> Iterator[Finding]:
    if node.attr in ("input_shape", "output_shape") and _one_layer(names, node.value):
        if not code.caught(node):
            side = node.attr.partition("_")[0]
            text = Text(_SHAPE.en.format(node.attr, side), _SHAPE.zh.format(node.attr, side))
            edit = code.rename_attribute(node, f"{side}.shape")
            yield finding("K407", node, text, "error", [edit], _MIGRATION)
    elif node.attr == "compiled_metrics":
        yield from _compiled(names, node)


def _one_layer(names: Names, node: ast.expr) -> bool:
    match node:
        case ast.Subscript(value=ast.Attribute(attr="layers"), slice=index):
            return not isinstance(index, ast.Slice)
        case ast.Call(func=ast.Attribute(attr="get_layer")):
            return True
    if names.origin(node):
        # A class of the author's own may well have such an attribute.
        return names.kind(node) == "layer" and not names.origin(node).endswith("*()")
    return isinstance(node, ast.Name) and re.fullmatch(r"layer\d*", node.id) is not None


def _compiled(names: Names, node: ast.Attribute) -> Iterator[Finding]:
    if looks.model(names, node.value) or (
        isinstance(node.value, ast.Name) and node.value.id == "self"
    ):
        text = Text(_COMPILED.en.format(node.attr), _COMPILED.zh.format(node.attr))
        yield finding("K412", node, text, "note", (), _TRAINER)
