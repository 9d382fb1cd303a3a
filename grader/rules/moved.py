"""Rules on names that are gone: K5…: TensorFlow 1; K6…: Keras 2."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from grader.rules.code import Code, finding
from grader.rules.imports import Names, canonical
from grader.rules.moved_table import KEPT_BACKEND, KERAS, OPS, TENSORFLOW, Gone
from grader.rules.values import Edit, Finding
from grader.text import Text

_IMPORTABLE = "tensorflow.keras.saving"
"""No attribute of its parent, yet `from tensorflow.keras.saving import …` finds it."""
_ROOT = re.compile(r"^(tensorflow\.keras|keras)\.(.+)$")
_MIGRATION = "https://keras.io/guides/migrating_to_keras_3/"
_TF2 = "https://www.tensorflow.org/guide/migrate"
_TF1 = {
    "K501": Text(
        "`{}` belongs to TensorFlow 1's graphs and sessions, which TensorFlow 2 doesn't have: it "
        "computes at once, and `@tf.function` makes graphs. Write plain calls, `tf.Variable` and "
        "Keras layers, or run the old code under `tf.compat.v1`",
        "`{}` 属于 TensorFlow 1 的图与会话，TensorFlow 2 中已不存在：现在运算立即执行，"
        "要图就用 `@tf.function`。请直接写运算、`tf.Variable` 和 Keras 层；旧代码可放在 "
        "`tf.compat.v1` 下运行",
    ),
    "K502": Text("TensorFlow 2 has no `{}`", "TensorFlow 2 中没有 `{}`"),
    "K503": Text(
        "`{}` is gone from TensorFlow 2. What lived there moved to Keras or to packages of its "
        "own (`tensorflow_addons`, `absl`, `tf.io.gfile`), or was given up",
        "TensorFlow 2 去掉了 `{}`：其中的内容有的并入 Keras，有的成了独立的包"
        "（`tensorflow_addons`、`absl`、`tf.io.gfile`），有的已停用",
    ),
    "K504": Text(
        "`{}` is an optimizer of TensorFlow 1; TensorFlow 2 has those of Keras",
        "`{}` 是 TensorFlow 1 的优化器；TensorFlow 2 用 Keras 的优化器",
    ),
}
_CAST = {"to_float": "float32", "to_int32": "int32", "to_int64": "int64"}


def check(code: Code, names: Names) -> Iterator[Finding]:
    """Findings on every import and dotted name that no longer exists."""
    for node in code.nodes:
        if isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield from _imported_from(code, node)
        elif isinstance(node, ast.Import):
            for alias in node.names:
                caught = code.caught(node, "ImportError", "ModuleNotFoundError")
                if not caught and not alias.name.startswith(_IMPORTABLE):
                    yield from _word(node, canonical(alias.name), ())
        elif isinstance(node, ast.Attribute) and not isinstance(code.parent(node), ast.Attribute):
            yield from _dotted(code, names, node)


def successor(path: str) -> tuple[str, int] | None:
    """Where `path` moved ("" for nowhere), and how long the part of it is that is gone.

    None: it is still there, as far as the tables know.
    """
    match = _ROOT.match(path)
    if match:
        found = _keras(match[1], match[2])
        if found is None:
            return None
        _, there, to = found
        return (f"{match[1]}.{to}" if to else ""), len(match[1]) + 1 + len(there)
    parts = path.split(".")
    if parts[0] == "tensorflow":
        for size in range(2, len(parts) + 1):
            there = ".".join(parts[1:size])
            if there in TENSORFLOW:
                to = TENSORFLOW[there][1]
                rest = parts[size:]
                return (".".join(["tensorflow", to, *rest]) if to else ""), 11 + len(there)
    return None


def _keras(root: str, path: str) -> tuple[Gone, str, str] | None:
    parts = path.split(".")
    for size in range(len(parts), 0, -1):
        there = ".".join(parts[:size])
        gone = KERAS.get(there)
        if gone is None or gone.under == ("keras" if root == "tensorflow.keras" else "tf"):
            continue
        rest = parts[size:]
        keeps = bool(gone.to) and (not rest or gone.below)
        return gone, there, ".".join([gone.to, *rest]) if keeps else ""
    if root == "keras" and parts[0] == "backend" and len(parts) > 1:
        there = f"backend.{parts[1]}"
        return (OPS, there, "") if parts[1] not in KEPT_BACKEND else None
    return None


def _word(
    node: ast.expr | ast.stmt, path: str, edits: tuple[Edit, ...], shown: str = ""
) -> Iterator[Finding]:
    found = successor(path)
    if found is None:
        return
    to = found[0]
    shown = shown or path
    match = _ROOT.match(path)
    keras = _keras(match[1], match[2]) if match else None
    if keras is not None:
        gone, there, _ = keras
        rule = _rule(there)
        en, zh = f"Keras 3 has no `{shown}`", f"Keras 3 中没有 `{shown}`"
        if to:
            en, zh = f"{en}: it is called `{to}` now", f"{zh}：现在叫 `{to}`"
        elif gone.en:
            en, zh = f"{en}: {gone.en}", f"{zh}：{gone.zh}"
        else:
            en = f"{en}: it was given up without a successor"
            zh = f"{zh}：它已停用，没有后继"
        yield finding(rule, node, Text(en, zh), "error", edits, _MIGRATION)
        return
    there = path[11 : found[1]]
    rule = TENSORFLOW[there][0]
    en, zh = _TF1[rule].en.format(shown), _TF1[rule].zh.format(shown)
    if to:
        en, zh = f"{en}: write `{to}`", f"{zh}：请写 `{to}`"
    elif there in _CAST:
        cast = f"tf.cast(x, tf.{_CAST[there]})"
        en, zh = f"{en}: write `{cast}`", f"{zh}：请写 `{cast}`"
    yield finding(rule, node, Text(en, zh), "error", edits, _TF2)


def _rule(there: str) -> str:
    head = there.partition(".")[0]
    if head in ("losses", "metrics"):
        return "K601"
    if head == "backend":
        return "K602"
    if there.startswith("layers.experimental"):
        return "K604"
    if there.startswith(("mixed_precision", "optimizers")):
        return "K605"
    return "K606" if head == "layers" and there[7:8].isupper() else "K603"


def _dotted(code: Code, names: Names, node: ast.Attribute) -> Iterator[Finding]:
    root: ast.expr = node
    while isinstance(root, ast.Attribute):
        root = root.value
    origin, base = names.origin(node), names.origin(root)
    found = successor(origin) if origin and base else None
    # Where the import itself names what is gone, the import has been told.
    if found is None or len(base) >= found[1] or base.endswith("()"):
        return
    if code.caught(node, "AttributeError", "ImportError"):
        return
    if origin.startswith(_IMPORTABLE) and _IMPORTABLE in code.source:
        return
    to = found[0]
    edits: tuple[Edit, ...] = ()
    if to.startswith(f"{base}.") and isinstance(root, ast.Name):
        edits = (code.replace(node, root.id + to[len(base) :]),)
    shown = code.text(node) if len(code.text(node)) < 80 else origin
    yield from _word(node, origin, edits, shown)


def _imported_from(code: Code, node: ast.ImportFrom) -> Iterator[Finding]:
    if code.caught(node, "ImportError", "ModuleNotFoundError"):
        return
    paths = [canonical(f"{node.module}.{alias.name}") for alias in node.names]
    moved = [(path, successor(path)) for path in paths if not path.startswith(_IMPORTABLE)]
    if len(moved) < len(paths) or not any(found for _, found in moved):
        return
    targets = [(found[0] if found else path).rpartition(".") for path, found in moved]
    edits: tuple[Edit, ...] = ()
    if all(target[0] for target in targets) and len({target[0] for target in targets}) == 1:
        words = [
            alias.name if target[2] == "" else _as(target[2], alias)
            for target, alias in zip(targets, node.names, strict=True)
        ]
        if "*" not in words and node.lineno == node.end_lineno:
            line = f"from {targets[0][0]} import {', '.join(words)}"
            edits = (code.replace(node, line),)
    told: set[str] = set()
    for path, found in moved:
        # One finding for a module that is gone, not one for each name taken from it.
        part = path[: found[1]] if found else ""
        if part and part not in told:
            told.add(part)
            yield from _word(node, path, edits)
            edits = ()


def _as(name: str, alias: ast.alias) -> str:
    wanted = alias.asname or alias.name
    return name if name == wanted else f"{name} as {wanted}"
