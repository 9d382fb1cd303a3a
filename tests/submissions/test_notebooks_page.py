"""What docs/notebooks.md says becomes of things in a notebook is what becomes of them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from grader.submissions.cells import MAX_CODE_CHARS, MAX_NOTEBOOK_BYTES, MAX_PARSED_BYTES, Cell
from grader.submissions.notebook import slice_module

PAGE = (Path(__file__).parents[2] / "docs" / "notebooks.md").read_text("utf-8")
ROWS = dict(re.findall(r"^\| (.+?) \| (.+?) \|$", PAGE, re.MULTILINE))


def row(words: str) -> str:
    """What the table says of the thing whose cell begins with these words."""
    (found,) = (said for thing, said in ROWS.items() if thing.startswith(words))
    return found


@pytest.mark.parametrize("thing", ["%matplotlib inline", "!pip install x", "f?"])
def test_left_out(thing: str) -> None:
    """The notebook's own lines."""
    assert f"`{thing}`" in PAGE
    assert row("`%matplotlib") == "left out, with a note that names cell and line"
    found = slice_module([Cell(3, f"f = 1\n{thing}")], ("f",))
    assert found.source == b"# cell 3\nf = 1\n"
    assert "cell 3, line 2" in found.notes[0].en


@pytest.mark.parametrize("thing", ["f = !ls", "f = %env HOME"])
def test_captured(thing: str) -> None:
    """What a command would have given."""
    assert row("`files = !ls`") == "the name is `None`, with a note"
    found = slice_module([Cell(1, thing)], ("f",))
    assert found.source == b"# cell 1\nf = None\n"
    assert len(found.notes) == 1


@pytest.mark.parametrize("thing", ["%time f = 1", "%%time\nf = 1", "%%capture\nf = 1"])
def test_counts(thing: str) -> None:
    """Magics around code."""
    assert row("`%time x") == "the code in it counts"
    assert b"f = 1" in slice_module([Cell(1, thing)], ("f",)).source


@pytest.mark.parametrize(
    "cell",
    [Cell(1, f"%%{magic}\nf = 2") for magic in ("bash", "html", "timeit")]
    + [Cell(1, "f = 2", language="sql")],
)
def test_whole_cells(cell: Cell) -> None:
    """Cells of other programs."""
    assert row("`%%bash`") == "left out as a whole, with a note"
    found = slice_module([Cell(2, "f = 1"), cell], ("f",))
    assert found.source == b"# cell 2\nf = 1\n"
    assert "all of cell 1" in found.notes[0].en


@pytest.mark.parametrize(
    "thing", ['if __name__ == "__main__":\n    f = 2', "get_ipython().x('y')", "await g()"]
)
def test_not_needed(thing: str) -> None:
    """What only makes sense while the notebook runs."""
    assert row("`if __name__").startswith("left out")
    assert row("`get_ipython()").startswith("left out")
    assert slice_module([Cell(1, f"f = 1\n{thing}")], ("f",)).source == b"# cell 1\nf = 1\n"


def test_sizes() -> None:
    """The limits."""
    text = " ".join(PAGE.split())
    assert f"{MAX_NOTEBOOK_BYTES >> 20} MiB large, of which {MAX_PARSED_BYTES >> 20} MiB" in text
    assert f"{MAX_CODE_CHARS >> 10} KiB code" in text
