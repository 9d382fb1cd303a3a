"""The K rules: what worked in Keras 2 or TensorFlow 1 and doesn't in Keras 3.

K1: optimizers, K2: derived classes, K3: saving, K4: layers and models, K5: TensorFlow 1,
K6: names that moved, K7: packages that no longer come along.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from grader.rules import layers, moved, optimizers, saving, subclasses, symbolic
from grader.rules.code import Code, finding
from grader.rules.imports import Names
from grader.rules.values import Finding
from grader.text import Text

_LEGACY = "TF_USE_LEGACY_KERAS"
_SUMMARIES = frozenset(
    f"tensorflow.summary.{name}" for name in ("scalar", "histogram", "image", "text", "audio")
)
_TENSORBOARD = Text(
    "TensorFlow 2.21 no longer brings TensorBoard along, and this needs it: "
    "`pip install tensorboard`",
    "TensorFlow 2.21 不再自带 TensorBoard，而这里需要它：`pip install tensorboard`",
)


def check(code: Code, names: Names) -> Iterator[Finding]:
    """Findings of all K rules; none where the source asks for Keras 2."""
    if any(isinstance(n, ast.Constant) and n.value == _LEGACY for n in code.nodes):
        return
    for module in (optimizers, subclasses, saving, layers, symbolic, moved):
        yield from module.check(code, names)
    summaries = [call for call in code.calls() if names.origin(call.func) in _SUMMARIES]
    if summaries:
        first = min(summaries, key=code.start)
        # Its packages' requirements, in which TensorBoard is no more.
        source = (
            "https://github.com/tensorflow/tensorflow/blob/v2.21.0/tensorflow/tools/pip_package/"
            "setup.py.tpl"
        )
        yield finding("K701", first, _TENSORBOARD, "note", (), source)
