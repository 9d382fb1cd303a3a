"""What the fuzzers start from: for each target some good bytes, made by code."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any

import numpy as np

from grader.report.marks import TOTAL
from grader.results import CheckResult, CheckSpec, ExerciseSpec, Results, Row, Run, to_json
from grader.text import Text
from grader.wire import Handle, Marked, Path, encode

CODE = (
    "import tensorflow as tf\nfrom tensorflow import keras\n\n\n"
    "def huber_fn(a, b, d=1.0):\n    e = tf.abs(a - b)\n"
    "    return keras.losses.huber(a, b) if d else tf.nn.relu(e)\n\n\n"
    "class HuberLoss(keras.losses.Loss):\n    def call(self, a, b):\n"
    "        return huber_fn(a, b)\n"
)
ODD = (
    "# -*- coding: utf-8 -*-\nfrom keras.losses import *\nx = f'{a!r:>{b}} {c[\"d\"]}'\n"
    "try:\n    y = [i for i in range(3)]\nexcept* E as e:\n    pass\nfinally:\n    z = 1\n"
    "match x:\n    case {'a': [1, *_]}:\n        pass\n"
    "huber_fn = getattr(keras, 'los' + 'ses').huber\nasync def f():\n    await g(*a, **k)\n"
    "@d\nclass MyDense(A, metaclass=B):\n    w: int = lambda *, k=1: k\n"
)
TEXT = Text("expected `1`, got `2`", "应为 `1`，得到 `2`")


def replies() -> list[bytes]:
    """Frames of workers: answers of every kind, and every kind of error."""
    values: list[Any] = [
        *(None, True, 1, 1.5, "text", b"bytes", 1 << 100, float("nan"), [1, [2.0, "x"]], (1,)),
        {"a": {"b": [None]}, "units": 3},
        *(np.arange(6, dtype="f4").reshape(2, 3), np.array(1.5), np.zeros((0, 3), "i8")),
        np.array([b"x", b"y"], dtype=object),
        *(Handle(3, "HuberLoss"), slice(1, None, 2), Path("module", ("f",)), Marked("numpy", 1)),
        [1.5, [np.zeros(2, "f8"), None]],
        [["f", 3, {"MatMul": 2}]],
    ]
    frames = [{"ok": True, "value": value, "tripped": [], "nonce": "0" * 24} for value in values]
    error = {"type": "ValueError", "message": "\x1b[31mno", "frames": [[3, "f", "x = 1"]]}
    frames += [
        {"ok": True, "value": 1, "tripped": [["keras.losses.huber", 7]]},
        *({"ok": False, "error": {"kind": kind, "bases": ["ValueError", "Exception"], **error}}
          for kind in ("raised", "import")),
        {"ok": False, "error": {"kind": "missing", "name": "f", "near": ["F", "f1"]}},
        {"ok": False, "error": {"kind": "too_large", "message": "a frame holds at most"}},
        {"ok": False, "error": {"kind": "raised", "errno": 13, **error}},
        {"ok": False, "error": {"message": ["no", np.zeros(2)]}},
    ]  # fmt: skip
    return [encode(frame) for frame in frames]


def notebooks() -> list[bytes]:
    """Notebooks in all formats, with magics and with cells that are broken."""
    cells = [CODE, "%matplotlib inline\n!ls\nx = !pwd\nx?", "%%time\nhuber_fn = 1", "f(", ODD]
    made = []
    for version, key in ((4, "source"), (3, "input"), (2, "input"), (1, "code")):
        body = [
            {"cell_type": "code", key: text.splitlines(True) if n % 2 else text, "metadata": {}}
            for n, text in enumerate(cells)
        ] + [{"cell_type": "markdown", "source": "# Huber"}]
        whole: dict[str, Any] = {"nbformat": version, "metadata": {"language_info": {}}}
        whole |= {"worksheets": [{"cells": body}]} if version in (2, 3) else {"cells": body}
        made.append(json.dumps(whole).encode())
    return made


def archives() -> list[bytes]:
    """Zips: flat, nested, stored and packed, with names that lead out and names in Chinese."""
    made = []
    for method in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        for names in (
            ("huber.py", "dense.py"),
            ("work/huber.ipynb", "__MACOSX/._x", "work/", "Huber (1).py"),
            ("../huber.py", "/dense.py", "C:\\huber.py", "作业/huber.py", "huber\u202e.py"),
        ):
            buffer = io.BytesIO()
            with zipfile.ZipFile(buffer, "w", method) as archive:
                for name in names:
                    # Short: what is inside has targets of its own.
                    is_notebook = name.endswith(".ipynb")
                    cell = {"cell_type": "code", "source": "huber_fn = 1"}
                    book = json.dumps({"nbformat": 4, "cells": [cell]})
                    archive.writestr(name, book if is_notebook else "huber_fn = 1\n" * 9)
            made.append(buffer.getvalue())
    return made


def downloads() -> list[bytes]:
    """Bulk zips in the layouts of Canvas, Moodle and Gradescope, and one made by hand."""
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("huber.py", "x = 1\n")
    own, code = inner.getvalue(), b"huber_fn = 1\n"
    layouts: list[dict[str, bytes]] = [
        {
            "doejane_LATE_4_9001_huber.py": code,
            "doejane_4_9007_huber-1.py": code,
            "leekim_5_9002_hw.zip": own,
            "royl_6_text.html": PAGE,
        },
        {"anon_aB3xY_9001_huber.py": code, "LATE_anon_Zz9_9003_huber.ipynb": b"{}"},
        {
            "Lab 1-Jane Doe_101_assignsubmission_file_/huber.py": code,
            "Lab 1-Kim Lee_102_assignsubmission_file_/w/hw.zip": own,
            "Lab 2-王小明_103_assignsubmission_onlinetext_/onlinetext.html": PAGE,
        },
        {"Participant 7_7_assignsubmission_file_huber.py": code},
        {
            "assignment_1_export/submission_metadata.yml": metadata()[0],
            "assignment_1_export/submission_12/huber.py": code,
            "assignment_1_export/submission_13/hw.zip": own,
        },
        {"ada/huber.py": code, "bob.zip": own, "../x.py": code, "__MACOSX/._x": b""},
    ]
    made = []
    for members in layouts:
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as archive:
            for name, data in members.items():
                archive.writestr(name, data)
        made.append(buffer.getvalue())
    return made


def metadata() -> list[bytes]:
    """Gradescope's list: two who handed in together, one twice, an alias, a time with its zone."""
    return [
        (
            "---\nsubmission_12:\n  :submitters:\n  - :name: Ada O'Hara\n    :sid: '0123'\n"
            "    :email: ada@x.edu\n  - :name: 王小明\n    :email: wang@x.edu\n"
            "  :created_at: !ruby/object:ActiveSupport::TimeWithZone\n"
            "    utc: &1 2026-03-01 12:30:00.5 Z\n    time: *1\n  :score: 0.0\n"
            "submission_13:\n  :submitters:\n  - :name: Ada O'Hara\n    :email: ada@x.edu\n"
            "  :created_at: 2026-03-02T08:00:00+02:00\n"
        ).encode(),
        b"submission_1: {':submitters': [{name: [1], sid: {a: b}}], created_at: 2026-13-01}\n",
        b"--- &a [*a, *b, {? [x] : y}]\n...\n--- second\n",
    ]


PAGE = (
    b"<!DOCTYPE html><html><head><title>x</title></head><body><h1>Ada</h1><p>import keras<br>"
    b"x&nbsp;= 1 &lt; 2</p><pre>def f():\n    return '&amp;'</pre><!-- no --><script>1</script>"
)


def pages() -> list[bytes]:
    """What editors of learning platforms make of typed code."""
    return [PAGE, b"<div>x = 1</div><div>&nbsp; &nbsp;y</div>", "<p>变量 = “1”</p>".encode()]


def sources() -> list[bytes]:
    """Python files in some encodings."""
    return [
        *(CODE.encode(), ODD.encode(), b"\xef\xbb\xbf" + CODE.replace("\n", "\r\n").encode()),
        "# coding: gbk\nx = '中文'\n".encode("gbk"),
        "#!/usr/bin/python\n# vim: set fileencoding=latin-1 :\nx = 'é'\n".encode("latin-1"),
        *(b"x = (1,\n", b"return 1\n", b"if x:\n\ty\n        z\n", b"%time x\n", b"x = '\\d'\n"),
    ]


def all_results() -> list[bytes]:
    """Results of a small class, and of none."""
    specs = tuple(
        CheckSpec(f"test_{topic}", TEXT, 2.5, topic) for topic in ("values", "gradient", "data")
    )
    evidence = {"asked": {"en": "f(1)", "zh": "f(1)"}, "got": "2", "rests_on": "worker"}
    checks = tuple(
        CheckResult(spec.id, outcome, 0.0, 2.5, 0.1, "cpu", TEXT, TEXT, evidence)
        for spec, outcome in zip(specs, ("failed", "crashed", "grader_error"), strict=True)
    )
    rows = (
        Row("ada", "huber", "graded", 2.5, 7.5, 1.0, False, checks, file="ada/huber.py"),
        Row("王小明", "huber", "missing", 0.0, 7.5, reason=TEXT, notes=(TEXT,)),
        Row("=1+1", "huber", "grader_error", 0.0, 7.5, reason=TEXT),
    )
    run = Run("2026-03-01T12:30:00Z", 3.5, 7, 2, "cpu", "strict", {"grader": "0.1.0"}, (TEXT,))
    exercise = ExerciseSpec("huber", TEXT, 7.5, specs)
    return [
        to_json(Results(run, (exercise,), rows)).encode(),
        to_json(Results(run, (), ())).encode(),
        f'{{"schema": 2, "run": "{TOTAL}"}}'.encode(),
    ]


SEEDS = {
    "wire": replies,
    "reply": replies,
    "answer": replies,
    "notebook": notebooks,
    "archive": archives,
    "download": downloads,
    "metadata": metadata,
    "page": pages,
    "python": sources,
    "results": all_results,
}
