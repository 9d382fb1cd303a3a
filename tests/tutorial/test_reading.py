"""Files are read with their positions; what is wrong with one is a line that names the place."""

from __future__ import annotations

import os
import textwrap
from pathlib import Path

import pytest

from grader.errors import UsageError
from grader.tutorial.control import Settings, settings_for
from grader.tutorial.reading import read_document
from grader.tutorial.values import Control, Document


def document(tmp_path: Path, text: str | bytes, name: str = "d.md") -> Document:
    """The document that a file of that text is, with the settings of its folder."""
    path = tmp_path / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_document(path, settings_for(path))


MARKDOWN = textwrap.dedent("""\
    Some words first.

    # A *title* with `code`

    ```python
    x = 1

    y = 2
    ```

    - an item

      ```bash
      import os
      ```

      1. deeper

         ~~~ {.python .numbered}

         z = 3
         ~~~

    > quoted
    >
    > ```python title="a.py"
    > >>> f(2)
    > 4
    > ```

    Indented:

        w = 4
        print(w)

    Output:

    ```
    4
    ```

    | a | b |
    | - | - |
    | 1 | 2 |

    Title two
    ---------
    """)


def test_positions(tmp_path: Path) -> None:
    """Every line of every block, in lists and quotes too, is where the file has it."""
    read = document(tmp_path, MARKDOWN)
    assert [(b.line, b.language, b.kind) for b in read.blocks] == [
        (6, "python", "code"),
        (14, "bash", "code"),
        (21, "python", "code"),
        (27, "python", "transcript"),
        (33, "", "code"),
        (39, "", "output"),
    ]
    rows = MARKDOWN.split("\n")
    for block in read.blocks:
        for piece in block.pieces:
            for text, line in zip(piece.source.split("\n"), piece.lines, strict=True):
                assert text in rows[line - 1]
    assert read.blocks[0].pieces[0].lines == (6, 7, 8)
    assert (read.blocks[3].pieces[0].claimed, read.blocks[3].pieces[0].claimed_line) == ("4", 28)
    assert (read.blocks[4].pieces[0].claimed, read.blocks[4].pieces[0].claimed_line) == ("4", 39)


def test_prose(tmp_path: Path) -> None:
    """Paragraphs, headings, items, quotes and tables as the file has them, and where."""
    read = document(tmp_path, MARKDOWN)
    assert read.title == "A title with code"
    assert [(p.line, p.text, p.after) for p in read.prose] == [
        (1, "Some words first.", -1),
        (3, "# A *title* with `code`", -1),
        (11, "- an item", 0),
        (17, "  1. deeper", 1),
        (24, "> quoted", 2),
        (31, "Indented:", 3),
        (36, "Output:", 4),
        (42, "| a | b |\n| - | - |\n| 1 | 2 |", 5),
        (46, "Title two\n---------", 5),
    ]


@pytest.mark.parametrize(
    "data",
    [
        MARKDOWN.encode("utf-8-sig"),
        MARKDOWN.encode("utf-16"),
        MARKDOWN.replace("\n", "\r\n").encode(),
        MARKDOWN.replace("\n", "\r").encode(),
    ],
    ids=["mark", "utf-16", "crlf", "cr"],
)
def test_encodings(tmp_path: Path, data: bytes) -> None:
    """Marks and line ends of other systems change nothing."""
    read, plain = document(tmp_path, data), document(tmp_path, MARKDOWN)
    assert (read.blocks, read.prose) == (plain.blocks, plain.prose)


def test_front_matter_counts_as_lines_only(tmp_path: Path) -> None:
    """Front matter is neither prose nor title; a text between two rulers is both."""
    read = document(tmp_path, "---\ntitle: X\n---\n\nWords\n\n```python\nx = 1\n```\n")
    assert (read.title, [p.text for p in read.prose], read.blocks[0].line) == ("d", ["Words"], 8)
    assert document(tmp_path, "---\n# Title\n\nwords\n\n---\n").title == "Title"


@pytest.mark.parametrize(
    ("info", "language"),
    [
        ("python", "python"),
        ("py {1,3}", "py"),
        ("{python}", "python"),
        ("{r, echo=FALSE}", "r"),
        ("{code-cell} ipython3", "ipython3"),
        ("python:main.py", "python"),
        ("c++", "c"),
        ("", ""),
    ],
)
def test_labels(tmp_path: Path, info: str, language: str) -> None:
    """The language is found in all the ways that people name it."""
    read = document(tmp_path, f"```{info}\nimport os\n```\n")
    assert read.blocks[0].language.startswith(language)


@pytest.mark.parametrize("name", ["a.md", "a.ipynb", "A.MARKDOWN"])
def test_an_empty_file_is_a_document(tmp_path: Path, name: str) -> None:
    """There is nothing in it, and nothing wrong with it."""
    read = document(tmp_path, "", name)
    assert (read.title.lower(), read.blocks, read.prose) == ("a", (), ())


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("a.md", b"# x\n\n\xff\xe4\n", "line 3: byte 5 (0xff) isn't UTF-8"),
        ("a.md", "中文".encode("gbk"), "line 1: byte 0"),
        ("a.md", b"\xef\xbb\xbfx\n\xe4", "line 2: byte 5"),
        ("a.md", b"\xff\xfex", "begins as UTF-16"),
        ("a.md", b"x\n\0\n", "line 2 has a NUL"),
        ("a.md", b"x" * (20 * 2**20 + 1), "larger than 20 MB"),
        ("a.txt", b"x", "'.txt' files aren't read"),
        ("a", b"x", "no ending"),
        ("a.ipynb", b'{"cells": [\n', "line 2: not a notebook, broken JSON"),
        ("a.ipynb", b"[" * 100_000, "nested absurdly deep"),
        ("a.ipynb", b"[1]", "not a notebook: it has no cells"),
        ("a.ipynb", b'{"cells": [], "nbformat": 9}', "isn't 3 or 4"),
        ("a.ipynb", b'{"cells": [1], "nbformat": 4, "nbformat_minor": 5}', "not a readable"),
        ("a.ipynb", b'{"cells": {}, "nbformat": 4, "metadata": {}}', "not a readable"),
        ("a.ipynb", b'{"worksheets": 3, "nbformat": 3, "metadata": {}}', "not a readable"),
    ],
)
def test_bad_files(tmp_path: Path, name: str, data: bytes, said: str) -> None:
    """One line says which file, where in it and what is wrong."""
    with pytest.raises(UsageError) as caught:
        document(tmp_path, data, name)
    message = str(caught.value)
    assert said in message
    assert message.startswith(str(tmp_path / name))
    assert "\n" not in message


def test_what_is_no_file(tmp_path: Path) -> None:
    """A missing file, a folder and a pipe are said to be that."""
    (tmp_path / "folder.md").mkdir()
    os.mkfifo(tmp_path / "pipe.md")
    for name, said in [
        ("none.md", "no such file"),
        ("folder.md", "a directory"),
        ("pipe.md", "not a regular file"),
    ]:
        with pytest.raises(UsageError, match=said):
            read_document(tmp_path / name, Settings())


# --- what authors ask for ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("comment", "control"),
    [
        ("skip", Control(skip="the author skips it")),
        ("skip because needs a TPU", Control(skip="needs a TPU")),
        ("skip because: 需要 TPU", Control(skip="需要 TPU")),
        ("raises ValueError", Control(raises="ValueError")),
        ("raises tf.errors.InvalidArgumentError", Control(raises="InvalidArgumentError")),
        ("raises", Control(raises="*")),
        ("timeout 60", Control(timeout=60.0)),
        ("timeout 1.5s", Control(timeout=1.5)),
        ("epochs 2", Control(epochs=2)),
        ("raises E; timeout 5 ;epochs 1", Control(raises="E", timeout=5.0, epochs=1)),
    ],
)
def test_comments(tmp_path: Path, comment: str, control: Control) -> None:
    """A comment speaks for the block below it, and for no other."""
    text = f"Words\n<!-- tutorial: {comment} -->\n\n```python\nx\n```\n\n```python\ny\n```\n"
    read = document(tmp_path, text)
    assert [block.control for block in read.blocks] == [control, Control()]


def test_two_comments_and_a_list(tmp_path: Path) -> None:
    """Comments add up; they work inside a list item, where its block is."""
    read = document(
        tmp_path,
        "- item\n\n  <!-- tutorial: epochs 1 -->\n  <!-- tutorial: timeout 9 -->\n"
        "  ```python\n  x\n  ```\n",
    )
    assert read.blocks[0].control == Control(timeout=9.0, epochs=1)


def test_comments_for_the_document(tmp_path: Path) -> None:
    """They speak for all blocks that don't say otherwise."""
    text = (
        "<!-- tutorial: document epochs 1; timeout 7 -->\n\n# T\n\n```python\nx\n```\n\n"
        "<!-- tutorial: epochs 3 -->\n```python\ny\n```\n"
    )
    controls = [block.control for block in document(tmp_path, text).blocks]
    assert controls == [Control(timeout=7.0, epochs=1), Control(timeout=7.0, epochs=3)]


def test_examples_of_comments_are_none(tmp_path: Path) -> None:
    """In code, in a fence and in other comments nothing is asked for."""
    text = (
        "Write `<!-- tutorial: nonsense -->`:\n\n```html\n<!-- tutorial: nonsense -->\n```\n\n"
        "<!-- a note -->\n\n```python\nx\n```\n"
    )
    assert document(tmp_path, text).blocks[1].control == Control()


@pytest.mark.parametrize(
    ("comment", "said"),
    [
        ("skipp", "unknown word 'skipp'"),
        ("timeout soon", "timeout 'soon'"),
        ("timeout nan", "timeout 'nan'"),
        ("timeout -1", "timeout '-1'"),
        ("epochs 0", "epochs 0"),
        ("epochs 1.5", "epochs '1.5'"),
        ("raises two words", "raises 'two words'"),
        ("skip it", "skip because it"),
        ("", "asks for nothing"),
        ("document raises E", "whole document"),
    ],
)
def test_comments_not_understood(tmp_path: Path, comment: str, said: str) -> None:
    """The line is named, and what would be understood."""
    with pytest.raises(UsageError, match=r"line 3: ") as caught:
        document(tmp_path, f"# T\n\n<!-- tutorial: {comment} -->\n```python\nx\n```\n")
    assert said in str(caught.value)


@pytest.mark.parametrize(
    "text",
    [
        "<!-- tutorial: skip -->\n\nWords.\n\n```python\nx\n```\n",
        "<!-- tutorial: skip -->\n",
        "Words <!-- tutorial: skip -->\n\n```python\nx\n```\n",
        "```python\nx\n```\n\n<!-- tutorial: document epochs 1 -->\n",
    ],
)
def test_comments_that_would_do_nothing(tmp_path: Path, text: str) -> None:
    """A comment where it has no effect isn't passed over."""
    with pytest.raises(UsageError, match=r"line \d+: .*(?:move it there|directly before)"):
        document(tmp_path, text)


def test_settings(tmp_path: Path) -> None:
    """Defaults, then what is said of the document; comments have the last word."""
    (tmp_path / "tutorial.toml").write_text(
        textwrap.dedent("""\
            [defaults]
            timeout = 30
            epochs = 2

            [[document]]
            file = "d.md"
            document_timeout = 100.5
            stand_ins = "none"

            [[document]]
            file = "e.md"
            skip = true
            because = "needs a TPU"
            """)
    )
    (tmp_path / "e.md").touch()
    text = "```python\nx\n```\n\n<!-- tutorial: epochs 5 -->\n```python\ny\n```\n"
    read = document(tmp_path, text)
    assert settings_for(tmp_path / "d.md") == Settings(30.0, 100.5, 2, "none")
    assert [block.control.epochs for block in read.blocks] == [2, 5]
    assert [block.control.timeout for block in read.blocks] == [None, None]
    skipped = document(tmp_path, text, "e.md")
    assert [block.control.skip for block in skipped.blocks] == ["needs a TPU"] * 2
    assert settings_for(tmp_path / "f.md") == Settings(30.0, 900.0, 2)


def test_no_settings(tmp_path: Path) -> None:
    """Without a file the usual ones hold."""
    assert settings_for(tmp_path / "d.md") == Settings(120.0, 900.0, None, "all", None)


@pytest.mark.parametrize(
    ("toml", "said"),
    [
        ("[defaults", "not TOML"),
        ("[defaults]\ntime = 3", "defaults: has an unknown key `time`"),
        ("[defaults]\ntimeout = 'x'", "expected a number"),
        ("[defaults]\ntimeout = nan", "must be a positive number"),
        ("[defaults]\nepochs = 0", "must be a positive number"),
        ("[defaults]\nstand_ins = 'some'", "some"),
        ("[[document]]\nskip = true", "[[document]] no. 1: lacks `file`"),
        ("[[document]]\nfile = 'x.md'", "no such file"),
        ("[[document]]\nfile = 'd.md'\nbecause = 'x'", "add skip = true"),
        ("[[document]]\nfile = 'd.md'\n[[document]]\nfile = 'd.md'", "listed twice"),
    ],
)
def test_bad_settings(tmp_path: Path, toml: str, said: str) -> None:
    """The file and the place in it are named."""
    (tmp_path / "tutorial.toml").write_text(toml)
    with pytest.raises(UsageError) as caught:
        document(tmp_path, "x")
    assert str(caught.value).startswith(str(tmp_path / "tutorial.toml"))
    assert said in str(caught.value)
