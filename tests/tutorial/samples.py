"""A checked tutorial made by hand: every status, kind and severity, every answer to a claim."""

from __future__ import annotations

import dataclasses
from pathlib import Path

from grader.rules.values import Edit, Finding
from grader.text import Text
from grader.tutorial.results import Checked, Report
from grader.tutorial.values import (
    Advice,
    Block,
    Claim,
    Document,
    Piece,
    Prose,
    Raised,
    Run,
    Verdict,
)

VERSIONS = {"grader": "0.1.0", "tensorflow": "2.21.0", "keras": "3.15.0"}
STARTED = "2026-03-01T12:30:00+00:00"

PARTS = [
    ("prose", "# Custom metrics, **step by step**"),
    ("prose", "We build a metric that keeps `total` and `count`,\nand watch it *forget*."),
    ("python", "import tensorflow as tf\nfrom sklearn.datasets import fetch_california_housing"),
    ("python", "housing = fetch_california_housing()\nX, y = housing.data, housing.target"),
    ("prose", "## A running mean"),
    (
        "bash",
        "class Mean(tf.keras.metrics.Metric):\n"
        "    def __init__(self, **kwargs):\n"
        "        super().__init__(**kwargs)\n"
        '        self.total = self.add_weight("total", initializer="zeros")\n'
        "\n"
        "metric = Mean()",
    ),
    ("prose", "- it works on floats\n- the call below prints once"),
    ("python", "metric.update_state([1.0, 2.0])\nmetric.result()  # => 1.5"),
    ("python", "print(metric.total.numpy())"),
    ("text", ">>> tf.constant([1.0, 2.0]) * 2\n<tf.Tensor: shape=(2,), numpy=array([2., 4.])>"),
    ("python", "tf.range(3)\ntf.constant(0.1) + 0.2"),
    ("", "<tf.Tensor: shape=(), dtype=float32, numpy=0.3>\nand one line\nmore"),
    ("prose", "| layer | output |\n|-------|--------|\n| Dense | (None, 1) |"),
    ("python", "import tensorflow_hub as hub"),
    ("python", "hub.KerasLayer('https://tfhub.dev/google/nnlm/1')"),
    ("python", "tf.constant([1, 2]) + tf.constant([1.0, 2.0])  # raises"),
    ("python", "@tf.function\ndef roll():\n    return np.random.rand()"),
    ("python", "model = [...]  # build the model"),
    ("console", "$ pip install tensorflow"),
    ("python", "while True:\n    pass"),
    ("prose", "> Everything is a graph."),
]
HOUSING = "California housing"


def _document() -> Document:
    blocks: list[Block] = []
    prose: list[Prose] = []
    text: list[str] = []
    for language, body in PARTS:
        lines = body.split("\n")
        if language == "prose":
            prose.append(Prose(len(text) + 1, body, len(blocks) - 1))
            text += [*lines, ""]
            continue
        first = len(text) + 2
        numbers = tuple(range(first, first + len(lines)))
        index = len(blocks)
        kind, pieces, owner = "code", (Piece(body, numbers),), None
        if body.startswith(">>>"):
            kind = "transcript"
            pieces = (Piece(lines[0][4:], numbers[:1], "\n".join(lines[1:]), numbers[1]),)
        elif body.startswith("$"):
            kind, pieces = "other", ()
        elif language == "":
            kind, pieces, owner = "output", (), index - 1
            code = blocks[-1]
            (piece,) = code.pieces
            shown = Piece(piece.source, piece.lines, body, first)
            blocks[-1] = dataclasses.replace(code, pieces=(shown,))
        blocks.append(
            Block(
                index,
                first,
                language,
                kind,  # type: ignore[arg-type]
                body,
                pieces,
                placeholders=(first,) if "[...]" in body else (),
                reason=Text("Labelled `bash`, but Python.", "标为 `bash`，其实是 Python。")
                if language == "bash"
                else None,
                belongs_to=owner,
            )
        )
        text += [f"```{language}", *lines, "```", ""]
    return Document(
        Path("docs/metrics.md"), "Custom metrics", "\n".join(text), tuple(blocks), tuple(prose)
    )


def checked() -> Checked:
    """The sample document, judged."""
    document = _document()
    b = document.blocks
    passed = Text("It ran.", "已运行。")
    positional = Finding(
        "K304",
        4,
        Text(
            "`add_weight` takes the shape first: name the `name`.",
            "`add_weight` 的第一个参数是形状：请写明 `name=`。",
        ),
        "error",
        (Edit(4, 37, 4, 37, "name="),),
        "keras.layers.Layer.add_weight, Keras 3.15",
    )
    frozen = Finding(
        "F101",
        3,
        Text("`np.random` is drawn once, while tracing.", "`np.random` 只在追踪时取一次值。"),
        "trap",
        (),
        "https://www.tensorflow.org/guide/function",
    )
    note = Finding("N101", 1, Text("Not used below.", "后文没有用到。"), "note")
    verdicts = (
        Verdict(b[0], "passed", passed, 3.2),
        Verdict(
            b[1],
            "passed",
            passed,
            0.4,
            got="20640 rows\n" * 3,
            stand_ins=(HOUSING,),
        ),
        Verdict(
            b[2],
            "failed",
            Text("It raises `ValueError`.", "抛出 `ValueError`。"),
            0.1,
            Raised("ValueError", "Cannot convert 'total' to a shape.", b[2].line + 3),
            advice=(Advice(b[2].line + 3, positional),),
        ),
        Verdict(
            b[3],
            "cascaded",
            Text(
                "`metric` is missing because an earlier block failed.",
                "前面的代码块失败，因此没有 `metric`。",
            ),
            0.0,
            Raised("NameError", "name 'metric' is not defined", b[3].line, (), "metric", "name"),
            root=2,
            through=("metric",),
            claims=(
                Claim(
                    b[3].line + 1,
                    "# => 1.5",
                    "value",
                    None,
                    Text("The block failed before.", "此前代码块已失败。"),
                ),
            ),
        ),
        Verdict(
            b[4],
            "cascaded",
            Text("It needs `metric` too.", "同样需要 `metric`。"),
            error=Raised("NameError", "name 'metric' is not defined", b[4].line),
            root=3,  # another cascade, which the pages follow to its root
            through=("metric", "m.keras"),
        ),
        Verdict(
            b[5],
            "passed",
            Text("The same but for spacing and dtype.", "除空白与 dtype 外相同。"),
            0.06,
            claimed="<tf.Tensor: shape=(2,), numpy=array([2., 4.])>",
            got="<tf.Tensor: shape=(2,), dtype=float32, numpy=array([2., 4.], dtype=float32)>",
            closeness="equivalent",
            claims=(Claim(4, "forget", "once", True, Text("Printed once.", "只打印一次。")),),
            advice=(Advice(b[5].line, note),),
        ),
        Verdict(
            b[6],
            "drifted",
            Text("Another number came.", "得到的数不同。"),
            0.1,
            claimed="<tf.Tensor: shape=(), dtype=float32, numpy=0.3>\nand one line\nmore",
            got="<tf.Tensor: shape=(), dtype=float32, numpy=0.30000001>\nand one line",
            closeness="drift",
            claims=(
                Claim(
                    b[3].line - 3,
                    "prints once",
                    "once",
                    False,
                    Text("It printed 3 times.", "打印了 3 次。"),
                ),
            ),
        ),
        Verdict(b[7], "passed", Text("Output.", "输出。")),
        Verdict(
            b[8],
            "blocked",
            Text(
                "The package `tensorflow_hub` isn’t installed.", "没有安装软件包 `tensorflow_hub`。"
            ),
            0.0,
            Raised("ModuleNotFoundError", "No module", b[8].line, (), "tensorflow_hub", "module"),
        ),
        Verdict(
            b[9],
            "cascaded",
            Text("It needs `hub`.", "需要 `hub`。"),
            0.0,
            None,
            root=8,
            through=("hub",),
        ),
        Verdict(
            b[10],
            "expected",
            Text("The text says that it raises, and it does.", "文中说会报错，确实报错。"),
            0.0,
            Raised("InvalidArgumentError", "cannot compute AddV2", b[10].line),
            claims=(Claim(b[10].line, "# raises", "raises", True, Text("", "")),),
        ),
        Verdict(b[11], "passed", passed, 0.1, advice=(Advice(b[11].line + 2, frozen),)),
        Verdict(b[12], "skipped", Text("It has a placeholder.", "含有占位符。")),
        Verdict(b[13], "skipped", Text("A shell command.", "shell 命令。")),
        Verdict(
            b[14],
            "failed",
            Text("Killed at its limit of 60 s.", "超过 60 秒上限，已终止。"),
            60.0,
            runs=(Run("timeout", 60.0),),
        ),
    )
    mended = (
        "--- docs/metrics.md\n+++ docs/metrics.mended.md\n@@ -20,3 +20,3 @@\n         super()\n"
        '-        self.total = self.add_weight("total")\n'
        '+        self.total = self.add_weight(name="total")\n \n'
    )
    return Checked(
        "docs/metrics.md",
        document.title,
        document,
        verdicts,
        65.3,
        (HOUSING,),
        mended,
        (14,),
        {2: True, 6: False},
    )


def clean() -> Checked:
    """A document with nothing wrong in it, without a title."""
    block = Block(0, 2, "python", "code", "1 + 1", (Piece("1 + 1", (2,), "2", 6),))
    verdict = Verdict(
        block, "passed", Text("As shown.", "与文中一致。"), 0.01, None, None, (), "2", "2", "exact"
    )
    document = Document(Path("清单/short.md"), "", "```python\n1 + 1\n```", (block,), ())
    return Checked("清单/short.md", "", document, (verdict,), 1.0)


def report() -> Report:
    """A run over both."""
    return Report((checked(), clean()), STARTED, 66.4, VERSIONS)
