"""Notebooks: which statements of them become the module, and where each line came from."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import nbformat
import pytest

from grader.submissions.model import Unreadable
from grader.submissions.notebook import MAX_NOTEBOOK_BYTES, Cell, read_cells, slice_module

from .handins import notebook

if TYPE_CHECKING:
    from .handins import HandIn

LESSON = (
    "md:# Huber",
    "%matplotlib inline\n!pip list | head -3\nimport matplotlib.pyplot as plt",
    '"""Huber."""\nimport tensorflow as tf\nfrom tensorflow import keras\n\n\n'
    "def huber_fn(y_true, y_pred):\n    return create_huber(1.0)(y_true, y_pred)\n\n\n"
    "def create_huber(threshold=1.0):\n    # a comment inside\n"
    "    return lambda a, b: tf.abs(a - b)\n",
    "import numpy as np\nz = np.linspace(-4, 4)\nplt.plot(z, huber_fn(0.0 * z, z)); plt.show()",
    "@keras.utils.register_keras_serializable(\n    package='homework')\n"
    "class HuberLoss(keras.losses.Loss):\n    def call(self, a, b):\n"
    "        return huber_fn(a, b)\n",
    "m = keras.Sequential()\nm.compile(loss=HuberLoss())\nm.fit(z, z, epochs=50)\nm.summary()",
)


def module(*cells: str, want: tuple[str, ...] = ("f",)) -> str:
    """The module that `want` takes out of these code cells, without the comments naming cells."""
    sliced = slice_module([Cell(n, text) for n, text in enumerate(cells, 1)], want)
    lines = sliced.source.decode().splitlines()
    return "\n".join(line for line in lines if not line.startswith("# cell "))


def test_lesson(hand_in: HandIn) -> None:
    """A worked notebook gives its definitions and their imports; plots and training are gone."""
    found = hand_in({"huber.ipynb": notebook(*LESSON)})["huber"]
    assert (found.status, found.notes) == ("ready", ())
    text = found.source.decode()
    assert text.splitlines()[:3] == [
        "# cell 3",
        "import tensorflow as tf",
        "from tensorflow import keras",
    ]
    assert "# a comment inside" in text
    for name in ("matplotlib", "numpy", "plt", "fit", "pip", "Sequential", "linspace"):
        assert name not in text
    compile(text, "huber.py", "exec")


def test_cell_map(hand_in: HandIn) -> None:
    """Each line of the module maps to the very line of the cell, as the notebook shows it."""
    found = hand_in({"huber.ipynb": notebook(*LESSON)})["huber"]
    lines = found.source.decode().splitlines()
    assert found.cell_map is not None
    assert len(found.cell_map) == len(lines)
    for line, (cell, number) in zip(lines, found.cell_map, strict=True):
        if not line.startswith("# cell"):
            assert LESSON[cell - 1].splitlines()[number - 1] == line
    assert found.cell_map[lines.index("class HuberLoss(keras.losses.Loss):")] == (5, 3)


def test_python_file_has_no_map(hand_in: HandIn) -> None:
    """Only notebooks have a map."""
    assert hand_in({"huber.py": b"x = 1"})["huber"].cell_map is None


@pytest.mark.parametrize("version", [1, 2, 3, 4])
def test_versions(hand_in: HandIn, version: int) -> None:
    """All four versions of the format are read."""
    data = notebook("huber_fn = 1\n", "plot()\n", version=version)
    found = hand_in({"huber.ipynb": data})["huber"]
    assert found.source == b"# cell 1\nhuber_fn = 1\n"


def test_nbformats_own_files() -> None:
    """What nbformat itself writes, in versions 3 and 4, is read the same."""
    made = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_markdown_cell("x"), nbformat.v4.new_code_cell("a = 1\nb = 2")]
    )
    want = [Cell(2, "a = 1\nb = 2")]
    assert read_cells(nbformat.writes(made).encode()) == want
    old = nbformat.v3.new_notebook(
        worksheets=[
            nbformat.v3.new_worksheet(
                cells=[
                    nbformat.v3.new_text_cell("markdown", source="x"),
                    nbformat.v3.new_code_cell("a = 1\nb = 2"),
                ]
            )
        ]
    )
    assert read_cells(nbformat.v3.writes_json(old).encode()) == want


def test_source_as_list(hand_in: HandIn) -> None:
    """A source may be a list of lines, with Windows line ends and a byte order mark before all."""
    body = json.loads(notebook("x"))
    body["cells"][0]["source"] = ["huber_fn = 1\r\n", "y = 2\r\n"]
    found = hand_in({"huber.ipynb": b"\xef\xbb\xbf" + json.dumps(body).encode()})["huber"]
    assert found.source == b"# cell 1\nhuber_fn = 1\n"


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "the file is empty"),
        (b"{", "isn't valid JSON (line 1)"),
        (b"import keras\n", "isn't valid JSON"),
        (b"\xff\xfe{\0}\0", "isn't UTF-8"),
        (b"[]", "has no cells"),
        (b"{}", "has no list of cells"),
        (b'{"nbformat": 4, "cells": {}}', "has no list of cells"),
        (b'{"nbformat": 4, "cells": [1]}', "cell 1 has no type"),
        (b'{"nbformat": 4, "cells": [{"cell_type": "code", "source": 5}]}', "cell 1 has no text"),
        (b'{"nbformat": 4, "cells": [{"cell_type": "code", "source": [5]}]}', "cell 1 has no text"),
        (b'{"nbformat": 3, "worksheets": 1}', "has no worksheets"),
        (b'{"nbformat": 9, "cells": []}', "format 9 is unknown"),
        (b'{"nbformat": true, "cells": []}', "format True is unknown"),
        (b'{"nbformat": [4], "cells": []}', "is unknown"),
        (b'{"a":' * 200_000, "nested absurdly deep"),
        (b"[" * 200_000, "nested absurdly deep"),
        (b'{"nbformat": 4, "cells": [' + b"9" * 10_000 + b"]}", "isn't valid JSON"),
        (notebook(*["x = 1"] * 2001), "more than 2000 cells"),
        (notebook(*["#" * 200_000] * 3), "more than 400 KiB of code"),
        (notebook(*["x\n" * 15_000] * 2), "too many statements"),
        (notebook("x <- 1", kernelspec={"language": "R"}), "language is r, not Python"),
        (notebook("huber_fn = '\ud800'"), "cell 1, line 1: Python can't read it, it has half"),
        (notebook("huber_fn = 1 # \udc00"), "cell 1, line 1: Python can't read it, it has half"),
        (notebook("x = 1", "huber_fn = 1\n\0"), "cell 2, line 2: it has a NUL character"),
        (b'{"nbformat": 5, "cells": []}', "format 5 is unknown"),
        (b'{"nbformat": 4.0, "cells": []}', "format 4.0 is unknown"),
        (
            b'{"nbformat": ' + b"[" * 600 + b"]" * 600 + b', "cells": []}',
            "format (list) is unknown",
        ),
        (b'{"nbformat": {"a": 1}, "cells": []}', "format (dict) is unknown"),
        (b'{"nbformat": 4, "cells": [' + b"{}," * 200_000 + b"{}]}", "more than 2000 cells"),
        (notebook("x = 1").decode().encode("utf-16"), "isn't UTF-8"),
        (b'{"nbformat": 4, "cells": [{"cell_type": ["code"]}]}', "cell 1 has no type"),
        (b'{"nbformat": 4, "cells": [{"cell_type": "code", "source": {}}]}', "cell 1 has no text"),
        (b'{"nbformat": 4, "cells": [], "cells": 5}', "has no list of cells"),
        (b" " * (MAX_NOTEBOOK_BYTES + 1), "larger than 5 MiB"),
    ],
)
def test_unreadable(hand_in: HandIn, data: bytes, says: str) -> None:
    """A file that is no notebook, or an absurd one, is unreadable with a reason."""
    found = hand_in({"huber.ipynb": data})["huber"]
    assert found.status == "unreadable"
    assert says in found.reason.en
    assert found.reason.zh


def test_what_is_not_used_may_be_anything(hand_in: HandIn) -> None:
    """Outputs, metadata and attachments of wrong types and absurd sizes are nobody's business."""
    body = json.loads(notebook("huber_fn = 1"))
    body["cells"][0] |= {"outputs": 5, "metadata": "x", "execution_count": [], "id": {}}
    body |= {"metadata": [1], "nbformat_minor": "x", "more": ["x" * 100, {}] * 20_000}
    found = hand_in({"huber.ipynb": json.dumps(body).encode()})["huber"]
    assert found.source == b"# cell 1\nhuber_fn = 1\n"


def test_source_of_a_million_lines(hand_in: HandIn) -> None:
    """A source that is a list of a million empty texts is read as the text it is."""
    body = json.loads(notebook("x"))
    body["cells"][0]["source"] = [""] * 1_000_000 + ["huber_fn = 1"]
    found = hand_in({"huber.ipynb": json.dumps(body).encode()})["huber"]
    assert found.status == "ready"


def test_broken_cell_of_empty_lines(hand_in: HandIn) -> None:
    """Looking for a definition in a broken cell takes a time in proportion to its length."""
    found = hand_in({"huber.ipynb": notebook("\n" * 300_000 + "(", " " * 50_000 + "\n(")})["huber"]
    assert "cell 1, line 300001" in found.notes[0].en


def test_copied_blocks_in_a_cell(hand_in: HandIn) -> None:
    """A cell that the compiler would blow up is refused with its place."""
    blocks = "".join(f"{' ' * n}try: pass\n{' ' * n}finally:\n" for n in range(1, 40))
    data = notebook("x = 1", f"def huber_fn():\n{blocks}{' ' * 40}pass")
    found = hand_in({"huber.ipynb": data})["huber"]
    assert found.reason.en.startswith("cell 2, line 2: `finally` blocks are nested")


def test_notebook_named_py(hand_in: HandIn) -> None:
    """A notebook with a `.py` name, valid Python by accident, is read as what it is."""
    found = hand_in({"huber.py": notebook("huber_fn = 1")})["huber"]
    assert found.source == b"# cell 1\nhuber_fn = 1\n"
    assert "`.ipynb`" in found.notes[0].en


def test_syntax_error_in_needed_cell(hand_in: HandIn) -> None:
    """A cell that defines what is asked for and can't be read: the reason says where."""
    found = hand_in({"huber.ipynb": notebook("md:a", "x = 1", "y = 2\ndef huber_fn(a)\n  pass")})
    assert found["huber"].status == "unreadable"
    assert found["huber"].reason.en.startswith("cell 3, line 2: expected ':'")
    assert found["huber"].reason.zh.startswith("第 3 个单元格第 2 行")


def test_syntax_error_in_scratch_cell() -> None:
    """A scratch cell that can't be read is left out with a note; using a name isn't defining it."""
    cells = [Cell(1, "def f(): pass"), Cell(2, "f( = 3"), Cell(3, "model.g(1")]
    sliced = slice_module(cells, ("f", "g"))
    assert b"def f()" in sliced.source
    assert ["cell 2, line 1" in sliced.notes[0].en, "cell 3" in sliced.notes[1].en] == [True, True]


def test_compiler_error_is_mapped() -> None:
    """What only the compiler notices is told with cell and line too."""
    cells = [Cell(1, "a = 1"), Cell(2, "b = a\nif b:\n    f = 1\n    return")]
    with pytest.raises(Unreadable, match="cell 2, line 4: 'return' outside function"):
        slice_module(cells, ("f",))


def test_absent_symbol() -> None:
    """A symbol that is defined nowhere is absent; if all are, a note says so."""
    assert module("def f(): pass", "g_plot = 1", want=("f", "g")) == "def f(): pass"
    sliced = slice_module([Cell(1, "print(1)")], ("f", "g"))
    assert sliced.source == b""
    assert "no code cell defines `f`, `g`" in sliced.notes[0].en


@pytest.mark.parametrize(
    ("cell", "kept"),
    [
        ("%time f = 1", "f = 1"),
        ("%%time\nf = 1", "f = 1"),
        ("%%capture out\nf = 1", "f = 1"),
        ("f = 1\nf?", "f = 1"),
        ("?f\nf = 1", "f = 1"),
        ("try:\n    %tensorflow_version 2.x\nexcept Exception:\n    pass\nf = 1", "f = 1"),
        ("!ls \\\n  -l (\nf = 1", "f = 1"),
        ("files = !ls '(\nf = files", "files = None\nf = files"),
        ("f = '''\n%matplotlib\n!ls\n'''\n%pwd", "f = '''\n%matplotlib\n!ls\n'''"),
        ("f = (10\n%3)\n%pwd", "f = (10\n%3)"),
        ("f = 10 \\\n%3\n%pwd", "f = 10 \\\n%3"),
        ("%%bash\nf = 1", ""),
        ("%%writefile huber.py\nf = 1", ""),
        ('f = "a\\"(%"  # (((\n%pwd', 'f = "a\\"(%"'),
        ("f = 7 % 3", "f = 7 % 3"),
    ],
)
def test_magics(cell: str, kept: str) -> None:
    """IPython's own syntax goes, the Python around it stays, strings and brackets untouched."""
    assert module(cell) == kept


def test_captured_and_written_are_noted() -> None:
    """`x = !cmd` and `%%writefile` change what the module is, so notes say so."""
    sliced = slice_module([Cell(1, "a = 1\nb = !ls"), Cell(2, "%%writefile x.py\nf = 1")], ("a",))
    assert "cell 1, line 2" in sliced.notes[0].en
    assert "%%writefile" in sliced.notes[1].en


def test_semicolons_and_odd_layout() -> None:
    """Statements that share a line are cut apart; decorators and backslashes come along."""
    assert module("x = 1; f = x; plot(f)") == "x = 1\nf = x"
    assert module('y = """a\nb"""; f = 1') == "f = 1"
    assert module("é = 1; f = é; show()") == "é = 1\nf = é"
    text = "@\\\nstaticmethod\n@(\n  lambda g: g)\ndef f():\n    pass"
    assert module("x = 1\n" + text) == text


def test_future_import_comes_first() -> None:
    """`from __future__` stands at the top of the module, wherever the notebook has it."""
    text = module("a = 1", "from __future__ import annotations\ndef f(x: Undefined): return a")
    assert text.splitlines()[0] == "from __future__ import annotations"
    compile(text, "m", "exec")


def test_coding_comment_is_no_encoding() -> None:
    """A coding line in a cell can't change how the module's bytes are read."""
    sliced = slice_module([Cell(1, "# -*- coding: latin-1 -*-\nf = 'é'")], ("f",))
    space: dict[str, object] = {}
    exec(compile(sliced.source, "m", "exec"), space)
    assert space["f"] == "é"
