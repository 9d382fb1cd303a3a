"""K3…: what Keras 3 changed in saving and loading."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from grader.rules import looks
from grader.rules.code import Code, argument, finding, keyword, string
from grader.rules.imports import KERAS, Names
from grader.rules.values import Edit, Finding
from grader.text import Text

_API = "https://keras.io/guides/serialization_and_saving/"
_CHECKPOINT = "https://keras.io/api/callbacks/model_checkpoint/"
_SAVE = re.compile(rf"^{KERAS}\.(?:models|saving)\.save_model$")
_LOAD = re.compile(rf"^{KERAS}\.(?:models|saving)\.load_model$")
_CALLBACK = re.compile(rf"^{KERAS}\.callbacks\.ModelCheckpoint$")
_H5 = (".h5", ".hdf5")
_OLD_EXTENSION = re.compile(r"\.(?:h5|hdf5|ckpt|tf|keras|weights)$")
# What these strings stand for can't be found again among the metrics when an `.h5` is loaded.
_LOST = frozenset({"mse", "mae", "mape", "msle", "MSE", "MAE"})
_HDF5 = Text(
    "`.h5` is Keras's legacy format: it works with a warning, and some compiled models can't be "
    "loaded again. Save as `.keras`",
    "`.h5` 是 Keras 的旧格式：能用但有警告，有些编译过的模型无法再加载。请保存为 `.keras`",
)
_RELOAD = Text(
    'a model compiled with `loss="mse"` can\'t be loaded from `.h5`: Keras 3 looks for `mse` in '
    "vain. Use `.keras`, or `load_model(…, compile=False)`",
    '用 `loss="mse"` 编译的模型无法从 `.h5` 加载：Keras 3 找不到 `mse`。'
    "请用 `.keras`，或 `load_model(…, compile=False)`",
)
_FOLDER = Text(
    "Keras 3 saves a model in one file and takes no folder: end the path with `.keras`. "
    "`model.export(path)` makes a SavedModel for serving",
    "Keras 3 把模型存成单个文件，不接受目录：路径请以 `.keras` 结尾；"
    "部署用的 SavedModel 用 `model.export(path)` 导出",
)
_LOAD_FOLDER = Text(
    "Keras 3 loads `.keras` and `.h5` files only, no SavedModel folders: save the model as "
    "`.keras`, or wrap the folder in `keras.layers.TFSMLayer`",
    "Keras 3 只能加载 `.keras` 和 `.h5` 文件，不能加载 SavedModel 目录：请把模型存为 `.keras`，"
    "或用 `keras.layers.TFSMLayer` 包装该目录",
)
_FORMAT = Text(
    "`save_format` is gone in Keras 3: the path's ending, `.keras`, says the format",
    "Keras 3 去掉了 `save_format`：格式由路径的扩展名 `.keras` 决定",
)
_WEIGHTS = Text(
    "Keras 3 wants files of weights to end in `.weights.h5`",
    "Keras 3 要求权重文件以 `.weights.h5` 结尾",
)
_BEST = Text(
    "Keras 3's `ModelCheckpoint` wants a path that ends in `.keras`",
    "Keras 3 的 `ModelCheckpoint` 要求路径以 `.keras` 结尾",
)


def check(code: Code, names: Names) -> Iterator[Finding]:
    """Findings on saving, loading and checkpoints."""
    compiled = any(_compiles(call) for call in code.calls())
    for call in code.calls():
        if code.caught(call):
            continue
        origin = names.origin(call.func)
        if _SAVE.match(origin):
            yield from _save(code, call, 1)
        elif _LOAD.match(origin):
            yield from _load(code, call, compiled)
        elif _CALLBACK.match(origin):
            yield from _callback(code, call)
        elif isinstance(call.func, ast.Attribute) and looks.model(names, call.func.value):
            if call.func.attr == "save":
                yield from _save(code, call, 0)
            elif call.func.attr in ("save_weights", "load_weights"):
                yield from _weights(code, call, call.func.attr)


def _compiles(call: ast.Call) -> bool:
    """`….compile(loss="mse")`; as a metric the same name is found again."""
    if not isinstance(call.func, ast.Attribute) or call.func.attr != "compile":
        return False
    loss = argument(call, 1, "loss")
    return loss is not None and any(string(part) in _LOST for part in ast.walk(loss))


def _ending(code: Code, node: ast.expr, path: str, ending: str) -> list[Edit]:
    """Gives the path written at `node` another ending."""
    written = code.text(node)
    quote = written[-1:]
    if not re.fullmatch(r"[rRuU]?(['\"])(?!\1)[^'\"\\\n]*\1", written) or not path:
        return []
    kept = _OLD_EXTENSION.sub("", path)
    kept = kept[: -len(".weights")] if kept.endswith(".weights") else kept
    if not kept or kept.endswith("/"):
        return []
    start = written.index(quote)
    return [code.replace(node, f"{written[: start + 1]}{kept}{ending}{quote}")]


def _path(call: ast.Call, position: int) -> tuple[ast.expr | None, str | None]:
    node = argument(call, position, "filepath")
    return node, string(node)


def _save(code: Code, call: ast.Call, position: int) -> Iterator[Finding]:
    node, path = _path(call, position)
    form = keyword(call, "save_format")
    edits: list[Edit] = []
    if node is not None and path is not None and not path.endswith(".keras"):
        edits = _ending(code, node, path, ".keras")
    if form and string(form.value) == "tf" and not (path or "").endswith((".keras", *_H5)):
        dropped = code.drop_keyword(call, form)
        edits = [*edits, *dropped] if edits and dropped else []
        yield finding("K304", call, _FORMAT, "error", edits, _API)
    elif path is not None and not form and not path.endswith((".keras", *_H5)):
        yield finding("K303", call, _FOLDER, "error", edits, _API)
    elif path is not None and path.endswith(_H5):
        yield finding("K301", call, _HDF5, "note", edits if not form else (), _API)


def _load(code: Code, call: ast.Call, compiled: bool) -> Iterator[Finding]:
    node, path = _path(call, 0)
    if node is None or path is None or "://" in path:
        return
    edits = _ending(code, node, path, ".keras")
    if path.endswith(_H5):
        settled = any(k.arg in ("compile", "custom_objects", None) for k in call.keywords)
        if compiled and not settled:
            yield finding("K302", call, _RELOAD, "error", edits, _API)
        else:
            yield finding("K301", call, _HDF5, "note", edits, _API)
    elif not path.endswith((".keras", ".zip")):
        yield finding("K309", call, _LOAD_FOLDER, "error", edits, _API)


def _weights(code: Code, call: ast.Call, method: str) -> Iterator[Finding]:
    node, path = _path(call, 0)
    if node is None or path is None or path.endswith(".weights.h5"):
        return
    if method == "load_weights" and path.endswith((".h5", ".hdf5", ".keras")):
        return
    edits = _ending(code, node, path, ".weights.h5")
    rule = "K305" if method == "save_weights" else "K306"
    yield finding(rule, call, _WEIGHTS, "error", edits, _API)


def _callback(code: Code, call: ast.Call) -> Iterator[Finding]:
    node, path = _path(call, 0)
    only = keyword(call, "save_weights_only")
    weights = only is not None and isinstance(only.value, ast.Constant) and bool(only.value.value)
    unsure = only is not None and not isinstance(only.value, ast.Constant)
    if node is not None and path is not None and not unsure:
        if weights and not path.endswith(".weights.h5"):
            edits = _ending(code, node, path, ".weights.h5")
            yield finding("K307", call, _WEIGHTS, "error", edits, _CHECKPOINT)
        elif not weights and path.endswith(".h5"):
            edits = _ending(code, node, path, ".keras")
            yield finding("K301", call, _HDF5, "note", edits, _CHECKPOINT)
        elif not weights and not path.endswith(".keras"):
            edits = _ending(code, node, path, ".keras")
            yield finding("K307", call, _BEST, "error", edits, _CHECKPOINT)
    for name in ("period", "options", "load_weights_on_restart"):
        given = keyword(call, name)
        if given:
            message = Text(
                f"Keras 3's `ModelCheckpoint` takes no `{name}`: leave it out; `save_freq` says "
                "how often",
                f"Keras 3 的 `ModelCheckpoint` 没有参数 `{name}`：请去掉；"
                "保存频率用 `save_freq` 指定",
            )
            dropped = code.drop_keyword(call, given)
            yield finding("K308", given, message, "error", dropped, _CHECKPOINT)
