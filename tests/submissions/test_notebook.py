"""Notebooks: which statements of them become the module, and where each line came from."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import nbformat
import pytest

from grader.submissions.cells import MAX_PARSED_BYTES, Cell, read_cells
from grader.submissions.model import Unreadable
from grader.submissions.notebook import slice_module

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
    assert found.status == "ready"
    assert [note.en for note in found.notes] == [
        "what only a notebook can run (`%…`, `!…`, `…?`) was left out: cell 2, lines 1, 2"
    ]
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
        (b"{", "isn't valid JSON, it ends in the middle (line 1): it wasn't saved or uploaded"),
        (notebook("x = 1")[:-9], "it ends in the middle"),
        (b'{"a": 1,\n "b": 2,}', "isn't valid JSON (line 2)"),
        (b"import keras\n", "this is a Python program, not a notebook: name it `.py`"),
        (b"\xff\xfe{\0}\0", "is saved as UTF-16: save it as UTF-8"),
        (b"\xff{}", "byte 0 isn't UTF-8"),
        (b"%PDF-1.7\n\xe2", "this isn't a notebook but a PDF"),
        (b"\n<!DOCTYPE html>\n<html>", "this isn't a notebook but a web page"),
        (b'{"cells": [\n<<<<<<< HEAD\n]}', "has conflict markers of git"),
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
        (
            notebook("x <- 1", kernelspec={"language": "R"}),
            "language is R, not Python: write it with",
        ),
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
        (notebook("x = 1").decode().encode("utf-16"), "is saved as UTF-16"),
        (notebook("x <- 1", kernelspec={"name": "ir"}), "language is R, not Python"),
        (b'{"nbformat": 4, "cells": [{"cell_type": ["code"]}]}', "cell 1 has no type"),
        (b'{"nbformat": 4, "cells": [{"cell_type": "code", "source": {}}]}', "cell 1 has no text"),
        (b'{"nbformat": 4, "cells": [], "cells": 5}', "has no list of cells"),
        (b" " * (MAX_PARSED_BYTES + 1), "more than 5 MiB even without its outputs"),
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
    assert "cell 1, line 300001" in found.notes[1].en


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
        ("#@title Set up\n%%bash\nf = 1", ""),
        ("#@title Set up\n\n%%capture\nf = 1", "f = 1"),
        ("%%bash\nf = 1", ""),
        ("%%timeit\nf = 1", ""),
        ("%%writefile notes.txt\nf = 1", ""),
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
    assert "cell 2 only writes a file (`x.py`)" in sliced.notes[0].en
    assert "cell 1, line 2: commands aren't run" in sliced.notes[1].en


def test_left_out_is_noted() -> None:
    """One note names every cell and line that only a notebook can run, in both languages."""
    cells = ["!pip install x", "%%bash\nls", "f = 1\nf?\n%matplotlib inline", "%%time\ng = 1"]
    sql = Cell(9, "SELECT 1", language="sql")
    found = slice_module([*(Cell(n, text) for n, text in enumerate(cells, 1)), sql], ("f", "g"))
    (note,) = found.notes
    assert note.en.endswith(
        "left out: cell 1, line 1; all of cell 2 (`%%bash`); cell 3, lines 2, 3; "
        "all of cell 9 (sql)"
    )
    assert note.zh.endswith(
        "略去：第 1 个单元格第 1 行；第 2 个单元格整个（`%%bash`）；第 3 个单元格第 2、3 行；"
        "第 9 个单元格整个（sql）"
    )
    many = [Cell(n, "%pwd\n" * 9) for n in range(1, 10)]
    (note,) = slice_module(many, ()).notes
    assert "cell 1, lines 1, 2, 3, 4, 5, 6, …; cell 2" in note.en
    assert note.en.endswith("and 3 more cells")


WRITES = "%%writefile huber.py\nimport math\n\ndef f():\n    return math.pi"


def test_a_file_written_by_a_cell_counts_where_nothing_else_defines() -> None:
    """`%%writefile huber.py`, then `from huber import f`: what was written is the hand-in."""
    cells = [Cell(3, WRITES), Cell(5, "from huber import f\nprint(f())")]
    found = slice_module(cells, ("f",), "huber")
    assert found.source == b"# cell 3\nimport math\ndef f():\n    return math.pi\n"
    assert found.cell_map == ((3, 2), (3, 2), (3, 4), (3, 5))
    assert "`huber.py`, which cell 3 writes, was taken" in found.notes[0].en
    assert "第 3 个单元格写入的 `huber.py`" in found.notes[0].zh


def test_files_written_several_times() -> None:
    """The last one replaces the others, `-a` adds to it; the exercise's own comes before others."""
    cells = [WRITES, "%%writefile 'huber.py'\ndef f(): return math", "%%file -a ./huber.py\nz = 1"]
    text = module(*cells, want=("f", "z"))
    assert text == "def f(): return math\nz = 1"
    other = "%%writefile other.py\ndef f(): return 3"
    sliced = slice_module([Cell(1, WRITES), Cell(2, other)], ("f",), "huber")
    assert b"math.pi" in sliced.source
    assert "cell 2 only writes a file (`other.py`)" in sliced.notes[1].en
    assert slice_module([Cell(1, WRITES), Cell(2, other)], ("f",), "dense").source == b""
    drafted = slice_module([Cell(1, WRITES), Cell(2, "def f(): return 4")], ("f",), "huber")
    assert drafted.source == b"# cell 2\ndef f(): return 4\n"


def test_a_written_file_that_python_cannot_read() -> None:
    """The reason names the cell and the line in it."""
    with pytest.raises(Unreadable, match="cell 7, line 3: expected ':'"):
        slice_module([Cell(7, "%%writefile huber.py\n\ndef f()\n    pass")], ("f",), "huber")


def test_a_cell_magic_in_the_middle(hand_in: HandIn) -> None:
    """IPython takes `%%` only in a cell's first line, and so does the message."""
    found = hand_in({"huber.ipynb": notebook("x = 1\n%%time\nhuber_fn = 1")})["huber"]
    assert found.reason.en.startswith("cell 1, line 2: invalid syntax, in `%%time` at column 1")
    assert "in the first line of a cell" in found.reason.en
    assert "单元格的第一行" in found.reason.zh


def test_tagged_cells() -> None:
    """What a tagged cell defines is taken from there, whatever other cells make of it."""
    cells = [
        Cell(1, "import math\nK = 2"),
        Cell(2, "def f(): return K", tags=frozenset({"huber"})),
        Cell(3, "def g(): return f()"),
        Cell(4, "def f(): return 'a draft'"),
        Cell(5, "f = print", tags=frozenset({"dense"})),
    ]
    found = slice_module(cells, ("f", "g"), "Huber")
    assert found.source == (
        b"# cell 1\nK = 2\n# cell 2\ndef f(): return K\n# cell 3\ndef g(): return f()\n"
    )
    assert [note.en for note in found.notes] == [
        "the cells tagged `Huber` don't define `g`: other cells' was taken"
    ]
    assert b"f = print" in slice_module(cells, ("f",), "dense").source
    assert b"f = print" in slice_module(cells, ("f",), "softplus").source


def test_tags_are_read(hand_in: HandIn) -> None:
    """From the cell's metadata, in any capitals; what isn't a list of texts isn't tags."""
    body = json.loads(notebook("huber_fn = 1", "huber_fn = 2", "huber_fn = 3"))
    body["cells"][0]["metadata"] = {"tags": ["Huber", 5]}
    body["cells"][1]["metadata"] = {"tags": "huber"}
    body["cells"][2]["metadata"] = ["huber"]
    found = hand_in({"huber.ipynb": json.dumps(body).encode()})["huber"]
    assert found.source == b"# cell 1\nhuber_fn = 1\n"


def test_a_broken_tagged_cell() -> None:
    """A draft elsewhere doesn't stand in for it."""
    cells = [Cell(1, "def f(): return 1"), Cell(2, "def f(:\n", tags=frozenset({"huber"}))]
    with pytest.raises(Unreadable, match="cell 2, line 1"):
        slice_module(cells, ("f",), "huber")


def test_cells_in_another_order() -> None:
    """What is used above its definition fails when the notebook is run: the note says why."""
    cells = [Cell(2, "f = K + 1\ng = lambda: L"), Cell(4, "K = 1"), Cell(5, "L = 1")]
    found = slice_module(cells, ("f", "g"))
    assert [note.en for note in found.notes] == [
        "cell 2, line 1 uses `K`, which only cell 4 below defines: move it up and try "
        "`Restart Kernel and Run All Cells`"
    ]
    assert "第 4 个单元格" in found.notes[0].zh


def large(length: int, *, cut: int = 0) -> bytes:
    """A notebook with so many characters of outputs, attachments and widgets."""
    body = json.loads(notebook("md:x", "huber_fn = '\"outputs\": ['", "print(1)"))
    picture = {"image/png": "iVBOR" * (length // 15), "text/plain": ["]}\\", '"', "\\"]}
    body["cells"][0]["attachments"] = {"a.png": picture}
    body["cells"][1]["outputs"] = [{"output_type": "display_data", "data": picture}, [[]], {}]
    body["metadata"] = {"widgets": {"state": [picture]}, "language_info": {"name": "python"}}
    data = json.dumps(body, indent=1).encode()
    return data[: len(data) - cut]


def test_outputs_of_any_size(hand_in: HandIn) -> None:
    """Tens of megabytes of outputs are no reason to refuse a notebook."""
    found = hand_in({"huber.ipynb": large(20 * 2**20)})["huber"]
    assert (found.status, found.notes) == ("ready", ())
    assert found.source == b"# cell 2\nhuber_fn = '\"outputs\": ['\n"


def test_outputs_that_are_cut_off(hand_in: HandIn) -> None:
    """A large notebook of which the end is missing says so."""
    found = hand_in({"huber.ipynb": large(20 * 2**20, cut=10 * 2**20)})["huber"]
    assert "ends in the middle" in found.reason.en


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b'{"cells": [{"outputs": [' + b"[" * 6_000_000, "far too many parts: clear all outputs"),
        (b'{"cells": [{"outputs": [' + b"[]," * 3_000_000, "far too many parts"),
        (b'{"cells": [{"outputs": [' + b'"",' * 3_000_000, "far too many parts"),
        (b'{"cells": [{"outputs": ["' + b'\\"' * 3_000_000, "far too many parts"),
        (b'{"cells": ["' + b'\\"' * 3_000_000, "far too many parts"),
        (b'{"cells": ["' + b"\\" * 9_000_000 + b'"]}', "more than 5 MiB even without"),
        (b'{"cells": [' + b'"outputs"' * 2_000_000, "more than 5 MiB even without"),
        (b'{"cells": [' + b'{"outputs":[]},' * 500_000, "more than 5 MiB even without"),
    ],
)
def test_hostile_outputs(hand_in: HandIn, data: bytes, says: str) -> None:
    """What is large and no notebook is refused, in a time in proportion to its size."""
    found = hand_in({"huber.ipynb": data})["huber"]
    assert found.status == "unreadable"
    assert says in found.reason.en
    assert found.reason.zh


def test_code_in_a_text_cell(hand_in: HandIn) -> None:
    """A code cell that became a text cell by mistake is told; an example in a text is none."""
    example = "md:Like this:\n```\ndef huber_fn(a, b):\n    ...\n```"
    found = hand_in({"huber.ipynb": notebook(example, "md:\ndef huber_fn(a, b):\n    return a")})
    notes = found["huber"].notes
    assert notes[0].en.startswith("no code cell defines")
    assert [note.en for note in notes[1:]] == [
        "cell 2 defines `huber_fn`, but it is a text cell (Markdown): make it a code cell"
    ]
    assert "文本单元格" in notes[1].zh
    cells = [Cell(1, "f = 1"), Cell(2, "def f():", language="text")]
    assert slice_module(cells, ("f",)).notes == ()


def test_a_notebook_without_its_version(hand_in: HandIn) -> None:
    """Where `nbformat` was lost, the cells still have their text."""
    body = json.loads(notebook("huber_fn = 1"))
    del body["nbformat"]
    found = hand_in({"huber.ipynb": json.dumps(body).encode()})["huber"]
    assert found.source == b"# cell 1\nhuber_fn = 1\n"


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
