"""A CSV file that is filled in: cells as the csv module finds them, all else byte for byte."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.errors import UsageError
from grader.exports import sheet
from grader.exports.sheet import MAX_BYTES, MAX_CELL_CHARS, parse, read_sheet

from .classes import table


def cells(text: str) -> list[list[str]]:
    """What every cell says."""
    return [[cell.text for cell in line.cells] for line in parse(text, "x.csv").lines]


@pytest.mark.parametrize(
    "text",
    [
        "a,b\n1,2\n",
        "a,b\r\n1,2",
        'a,"b ""q"", c"\n"1\n2",""\n',
        "a,b,\n,,\n",
        'a,b\n x , "y"z\n'.replace('"', ""),
        'a b,it"s\n1,2\n',
        "甲,乙\n丙,丁\n",
    ],
)
def test_cells_are_those_of_the_csv_module(text: str) -> None:
    """Quotes, line ends inside and outside of them, empty cells, a last line without an end."""
    assert cells(text) == table(text)


_CELL = st.text(alphabet='ab,;"\r\n\t =é王', max_size=6)


@given(
    st.lists(st.lists(_CELL, min_size=2, max_size=4), min_size=1, max_size=4),
    st.sampled_from(["\n", "\r\n"]),
    st.data(),
)
def test_only_what_is_filled_in_changes(
    rows: list[list[str]], end: str, data: st.DataObject
) -> None:
    """Of any file that is written by the rules, the text around the cell stays as it is."""
    header = ",".join(["h"] * 9)
    quoted = [",".join('"' + cell.replace('"', '""') + '"' for cell in row) for row in rows]
    text = end.join([header, *quoted, ""])
    parsed = parse(text, "x.csv")
    assert [[cell.text for cell in line.cells] for line in parsed.lines[1:]] == rows
    assert parsed.filled({}) == text
    row = data.draw(st.integers(0, len(rows) - 1))
    column = data.draw(st.integers(0, len(rows[row]) - 1))
    new = data.draw(_CELL)
    filled = parsed.filled({(row + 1, column): new})
    cell = parsed.lines[row + 1].cells[column]
    assert filled.startswith(text[: cell.start])
    assert filled.endswith(text[cell.end :])
    rows[row][column] = new
    assert table(filled)[1:] == rows


def test_mark_and_quoting_stay() -> None:
    """The byte order mark; a cell in quotes stays in quotes, one without gets them if need be."""
    text = '\ufeffa,b,c\r\n"1",2,3\r\n\r\n'
    filled = parse(text, "x").filled({(1, 0): "7", (1, 1): "8", (1, 2): 'x,"y"'})
    assert filled == '\ufeffa,b,c\r\n"7",8,"x,""y"""\r\n\r\n'


@pytest.mark.parametrize(("text", "sign"), [("a;b\n1,5;2\n", ";"), ("a\tb\n1\t2\n", "\t")])
def test_other_separators(text: str, sign: str) -> None:
    """The one that the header has; a value with that sign in it is quoted."""
    parsed = parse(text, "x")
    assert parsed.delimiter == sign
    assert table(parsed.filled({(1, 1): f"p{sign}q"}), sign)[1][1] == f"p{sign}q"


def test_lines_are_counted_as_an_editor_does() -> None:
    """Blank lines and line ends in quotes count, and are no rows."""
    parsed = parse('a,b\n\n"1\r\n2",3\nx,y\n', "x")
    assert [line.number for line in parsed.lines] == [1, 3, 5]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "the file is empty"),
        ("\ufeff \r\n", "the file is empty"),
        ('a,b\n"1,2\n', "line 2, cell 1: a quote that isn't closed"),
        ('a,b\n1,"2"x\n', "line 2, cell 2: a quote that isn't closed, or text behind one"),
        ("x" * (10 * 2**20), "its first line has 10485760 characters"),
        ("a,b\n1," + "x" * (10 * 2**20), "line 2, cell 2: has 10485760 characters"),
        ('a,b\n1,"' + "x\n" * MAX_CELL_CHARS + '"', "line 2, cell 2: has 400000 characters"),
    ],
    ids=["nothing", "blank", "open", "behind", "first-line", "cell", "quoted"],
)
def test_what_is_no_csv(text: str, said: str) -> None:
    """One line that names the place."""
    with pytest.raises(UsageError) as told:
        parse(text, "x.csv")
    assert str(told.value).startswith("x.csv: ")
    assert said in str(told.value)
    assert "\n" not in str(told.value)
    assert len(str(told.value)) < 300


def test_cells_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """However small a file of empty cells is: they take a hundred times its size."""
    assert sheet.MAX_CELLS == 3_000_000
    monkeypatch.setattr(sheet, "MAX_CELLS", 6)
    assert cells("a,b\n1,2\n,\n") == [["a", "b"], ["1", "2"], ["", ""]]
    for text in ("a,b\n1,2\n,,\n", "a,b\n,,,,,,,,\n", "a,b\n1,2\n,\nx"):
        with pytest.raises(UsageError, match=r"x.csv: line \d: has more than 6 cells") as told:
            parse(text, "x.csv")
        assert "\n" not in str(told.value)


def test_files_that_cant_be_read(tmp_path: Path) -> None:
    """Not there, a folder, another encoding, too large."""
    file = tmp_path / "grades.csv"
    with pytest.raises(UsageError, match=r"can.t be read .No such file"):
        read_sheet(file)
    with pytest.raises(UsageError, match=r"can.t be read .Is a directory"):
        read_sheet(tmp_path)
    file.write_bytes("Müller,ID\n".encode("cp1252"))
    with pytest.raises(UsageError, match=r"byte 1 is not UTF-8: .*CSV UTF-8"):
        read_sheet(file)
    file.write_bytes("a,b\n".encode("utf-16"))
    with pytest.raises(UsageError, match="byte 0 is not UTF-8"):
        read_sheet(file)
    with file.open("wb") as stream:
        stream.truncate(MAX_BYTES + 1)
    with pytest.raises(UsageError, match="is larger than 32 MiB"):
        read_sheet(file)


def test_a_row_without_the_cell() -> None:
    """Is named: nothing can be put there without inventing cells."""
    with pytest.raises(UsageError, match=r"x: line 2 has 1 cells, .* number 3"):
        parse("a,b,c\n1\n", "x").filled({(1, 2): "5"})
