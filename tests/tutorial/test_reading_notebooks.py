"""Notebooks are read cell by cell, with lines of the file and the outputs saved in it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from grader.errors import UsageError
from grader.tutorial.control import Settings
from grader.tutorial.reading import read_document
from grader.tutorial.values import Control, Document


def code(source: Any, *outputs: dict[str, Any], tags: Any = None) -> dict[str, Any]:
    """A code cell of format 4."""
    metadata = {} if tags is None else {"tags": tags}
    return {
        "cell_type": "code",
        "source": source,
        "outputs": list(outputs),
        "metadata": metadata,
        "execution_count": 1,
    }


def words(source: Any) -> dict[str, Any]:
    """A Markdown cell."""
    return {"cell_type": "markdown", "source": source, "metadata": {}}


def stream(text: Any, name: str = "stdout") -> dict[str, Any]:
    """What a cell printed."""
    return {"output_type": "stream", "name": name, "text": text}


def result(text: Any, kind: str = "execute_result") -> dict[str, Any]:
    """The value of a cell, or a figure."""
    return {"output_type": kind, "data": {"text/plain": text}, "metadata": {}, "execution_count": 1}


def read(tmp_path: Path, *cells: dict[str, Any], indent: int | None = 1, **more: Any) -> Document:
    """The notebook of these cells as a document."""
    raw = {"cells": list(cells), "metadata": {}, "nbformat": 4, "nbformat_minor": 4, **more}
    path = tmp_path / "n.ipynb"
    path.write_text(json.dumps(raw, indent=indent, ensure_ascii=False), "utf-8")
    return read_document(path, Settings())


def test_cells(tmp_path: Path) -> None:
    """Blocks are the code cells with text in them; the other cells are prose."""
    read_ = read(
        tmp_path,
        words(["# The *title*\n", "\n", "```python\n", "x = 0\n", "```"]),
        code(["x = 1\n", "\n", "x"]),
        code(""),
        words("- item"),
        code("y = 2"),
    )
    assert read_.title == "The title"
    assert [(b.cell, b.kind, b.pieces[0].source, b.language) for b in read_.blocks] == [
        (2, "code", "x = 1\n\nx", "python"),
        (5, "code", "y = 2", "python"),
    ]
    assert [(p.text, p.after) for p in read_.prose] == [
        ("# The *title*", -1),
        ("```python\nx = 0\n```", -1),
        ("- item", 0),
    ]


def test_lines_of_the_file(tmp_path: Path) -> None:
    """Each line of a cell is where the file has it, whatever else is in the notebook."""
    cell = code(["\n", "x = 1\n", "# “source”: \\ {[\n", "x"], result(["a\n", "b"]))
    cell["metadata"] = {"source": ["no"], "x": {"cells": [{"source": "no"}]}}
    read_ = read(tmp_path, words(["# T\n", "words"]), cell, code("a = 1\nb = 2"))
    rows = read_.text.split("\n")
    first, second = read_.blocks
    assert rows[first.line - 1].strip() == '"x = 1\\n",'
    assert [rows[n - 1].strip()[:4] for n in first.pieces[0].lines] == ['"x =', '"# “', '"x"']
    assert rows[(first.pieces[0].claimed_line or 0) - 1].strip() == '"a\\n",'
    assert len(set(second.pieces[0].lines)) == 1
    assert rows[second.line - 1].strip().startswith('"source": "a = 1')
    assert rows[read_.prose[0].line - 1].strip() == '"# T\\n",'


def test_a_notebook_in_one_line(tmp_path: Path) -> None:
    """Then everything is in line 1."""
    read_ = read(tmp_path, code(["x = 1\n", "x"], stream("1\n")), indent=None)
    assert read_.blocks[0].pieces[0].lines == (1, 1)
    assert read_.blocks[0].pieces[0].claimed_line == 1


@pytest.mark.parametrize(
    ("outputs", "claimed"),
    [
        ([stream(["a\n", "b\n"])], "a\nb"),
        ([result("3")], "3"),
        ([stream("a\n"), result(["[1,\n", " 2]"])], "a\n[1,\n 2]"),
        ([result("3"), stream("a")], "a\n3"),
        ([stream("warning", "stderr"), stream("a")], "a"),
        ([stream("warning", "stderr")], None),
        ([result("<Figure size 640x480>", "display_data")], None),
        ([stream("\n")], None),
        ([stream("\ud800")], "\ufffd"),
    ],
)
def test_saved_outputs(tmp_path: Path, outputs: list[Any], claimed: str | None) -> None:
    """What was printed and the cell's value are what the document shows; the rest isn't."""
    raw = json.dumps({"cells": [code("f(2)", *outputs)], "metadata": {}, "nbformat": 4})
    path = tmp_path / "n.ipynb"
    path.write_text(raw[:-1] + ', "nbformat_minor": 4}')
    piece = read_document(path, Settings()).blocks[0].pieces[0]
    assert piece.claimed == claimed
    assert (piece.claimed_line is None) == (claimed is None or claimed == "\ufffd")


def test_saved_errors(tmp_path: Path) -> None:
    """A saved traceback shows that the cell raises; a tag that says what has the last word."""
    error = {"output_type": "error", "ename": "ValueError", "evalue": "no", "traceback": []}
    read_ = read(tmp_path, code("f()", error), code("f()", error, tags=["tutorial:raises=*"]))
    assert [block.control.raises for block in read_.blocks] == ["ValueError", "*"]


@pytest.mark.parametrize(
    ("tags", "control"),
    [
        (["skip"], Control(skip="the author skips it")),
        (["skip-execution", "hide-input"], Control(skip="the author skips it")),
        (["tutorial:skip=because needs a TPU"], Control(skip="needs a TPU")),
        (["raises-exception"], Control(raises="*")),
        (["raises-exception", "tutorial:raises=ValueError"], Control(raises="ValueError")),
        (["tutorial:timeout=60", "tutorial:epochs=1"], Control(timeout=60.0, epochs=1)),
        ([3, None], Control()),
        ("skip", Control()),
    ],
)
def test_tags(tmp_path: Path, tags: Any, control: Control) -> None:
    """Tags ask for what comments ask for in Markdown; other tools' tags are passed over."""
    assert read(tmp_path, code("x", tags=tags)).blocks[0].control == control


def test_unknown_tag(tmp_path: Path) -> None:
    """A tag that is meant for this and isn't known is said, with its cell."""
    with pytest.raises(UsageError, match=r"n\.ipynb: cell 2: unknown word 'skipp'"):
        read(tmp_path, words("x"), code("x", tags=["tutorial:skipp"]))


@pytest.mark.parametrize(
    ("source", "kind"),
    [
        ("%matplotlib inline\nx = 1", "code"),
        ("%%time\nx = 1", "code"),
        ("%%writefile a.py\nx = 1", "code"),
        ("print 'x'", "code"),
        ("42", "code"),
        ("[1, 2]", "code"),
        ("# a comment", "code"),
        ("!pip install keras", "other"),
        ("%%bash\nls", "other"),
        ("%%html\n<b>x</b>", "other"),
        ("%load_ext tensorboard", "other"),
    ],
)
def test_kinds(tmp_path: Path, source: str, kind: str) -> None:
    """A cell is what is typed in: never an output, and no code where it is for another program."""
    assert read(tmp_path, code("x = 1\nx"), code(source)).blocks[1].kind == kind


def test_format_3(tmp_path: Path) -> None:
    """Worksheets, `input` and `pyout` are read too."""
    cell = {
        "cell_type": "code",
        "input": ["x = 1\n", "x"],
        "language": "python",
        "outputs": [{"output_type": "pyout", "prompt_number": 1, "text": ["1"], "metadata": {}}],
        "metadata": {},
        "prompt_number": 1,
        "collapsed": False,
    }
    heading = {"cell_type": "heading", "level": 1, "source": "Old", "metadata": {}}
    raw = {
        "metadata": {"name": "x"},
        "nbformat": 3,
        "nbformat_minor": 0,
        "worksheets": [{"cells": [heading, cell], "metadata": {}}],
    }
    path = tmp_path / "old.ipynb"
    path.write_text(json.dumps(raw, indent=1))
    read_ = read_document(path, Settings())
    rows = read_.text.split("\n")
    (block,) = read_.blocks
    assert (read_.title, block.cell, block.pieces[0].claimed) == ("Old", 2, "1")
    assert [rows[n - 1].strip() for n in block.pieces[0].lines] == ['"x = 1\\n",', '"x"']


def test_other_languages(tmp_path: Path) -> None:
    """A notebook for R isn't checked, and that is said."""
    with pytest.raises(UsageError, match="a notebook for 'R', not Python"):
        read(tmp_path, code("x <- 1"), metadata={"kernelspec": {"language": "R", "name": "ir"}})
