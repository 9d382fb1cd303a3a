"""Transcripts are taken apart into examples with the output that is shown for each."""

from __future__ import annotations

import pytest

from grader.tutorial.content import Fragment, assemble
from grader.tutorial.values import Block

Examples = list[tuple[str, str | None]]


def read(text: str, language: str = "python") -> Block:
    """The block, its first line being line 1."""
    return assemble([Fragment(text, tuple(range(1, text.count("\n") + 2)), language)])[0]


CASES: dict[str, tuple[str, Examples]] = {
    "one": (">>> 1 + 1\n2", [("1 + 1", "2")]),
    "no output": (">>> x = 1\n>>> x\n1", [("x = 1", None), ("x", "1")]),
    "lines": (">>> a\n[1,\n 2]\n>>> f(b)\n3", [("a", "[1,\n 2]"), ("f(b)", "3")]),
    "dots": (
        ">>> for i in range(2):\n...     print(i)\n...\n0\n1",
        [("for i in range(2):\n    print(i)", "0\n1")],
    ),
    "blank line ends it": (
        ">>> f(2)\n2\n\nSome words.\n>>> f(3)\n3",
        [("f(2)", "2"), ("f(3)", "3")],
    ),
    "BLANKLINE": (">>> f()\na\n<BLANKLINE>\nb", [("f()", "a\n\nb")]),
    "indented": ("  >>> f()\n  [1\n   2]", [("f()", "[1\n 2]")]),
    "elided output": (">>> f(2)\n...\nend", [("f(2)", "...\nend")]),
    "no space": (">>>f(2)\n4", [("f(2)", "4")]),
    "traceback": (
        ">>> 1 / 0\nTraceback (most recent call last):\n  ...\nZeroDivisionError: x",
        [("1 / 0", "Traceback (most recent call last):\n  ...\nZeroDivisionError: x")],
    ),
    "dots missing": (
        ">>> with t as tape:\n        z = f(x)\n\n>>> z\n3",
        [("with t as tape:\n        z = f(x)", None), ("z", "3")],
    ),
    "dots missing in brackets": (">>> f(1,\n      2)\n3", [("f(1,\n      2)", "3")]),
    "else without dots": (
        ">>> if x:\n      f()\nelse:\n      g()\n5",
        [("if x:\n      f()\nelse:\n      g()", "5")],
    ),
    "prompt on every line": (
        ">>> for i in x:\n>>>     f(i)\n>>> f(3)\n3",
        [("for i in x:\n    f(i)", None), ("f(3)", "3")],
    ),
    "code above": ("x = f(3)\n>>> g(x)\n3", [("x = f(3)", None), ("g(x)", "3")]),
    "code below": (">>> f(2)\n3\n\ny = g(3)", [("f(2)", "3"), ("y = g(3)", None)]),
    "output after a blank line": (">>> f(2)\n\n<tf.Tensor: 3>", [("f(2)", "<tf.Tensor: 3>")]),
    "syntax error": (
        ">>> x = = 1\nSyntaxError\n>>> f(1)\n1",
        [("x = = 1", "SyntaxError"), ("f(1)", "1")],
    ),
    "ipython": (
        "In [1]: x = 3\n\nIn [2]: print(x)\n   ...: x\n3\n\nOut[2]: 3\n\nIn [3]: x",
        [("x = 3", None), ("print(x)\nx", "3\n3"), ("x", None)],
    ),
    "ipython array": (
        "In [5]: a\nOut[5]: \narray([[1],\n       [2]])",
        [("a", "array([[1],\n       [2]])")],
    ),
    "inverted": (
        "f(3) # comment\n>>> <tf.Tensor: shape=(1, 2), numpy=\narray([[1., 2.],\n   [3., 4.]])>\n\n"
        "x = 2\nx\n>>> 2",
        [
            (
                "f(3) # comment",
                "<tf.Tensor: shape=(1, 2), numpy=\narray([[1., 2.],\n   [3., 4.]])>",
            ),
            ("x = 2\nx", "2"),
        ],
    ),
    "inverted without blank lines": (
        "print('hi')\n>>> hi\nf(4)\n>>> [1, 2]\n[3, 4]\ng(5)\n>>> 6",
        [("print('hi')", "hi"), ("f(4)", "[1, 2]\n[3, 4]"), ("g(5)", "6")],
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_examples(name: str) -> None:
    """Each example is a piece with its output; every line is where the document has it."""
    text, examples = CASES[name]
    block = read(text)
    assert block.kind == "transcript"
    assert [(piece.source, piece.claimed) for piece in block.pieces] == examples
    rows = text.split("\n")
    for piece in block.pieces:
        for line, number in zip(piece.source.split("\n"), piece.lines, strict=True):
            assert line.strip() in rows[number - 1]
        if piece.claimed is not None:
            assert piece.claimed_line is not None
            assert piece.claimed.split("\n")[0].strip() in rows[piece.claimed_line - 1]


def test_inverted_prompts_are_said() -> None:
    """Whoever reads the report learns how the prompts were taken; usual ones need no word."""
    reason = read("f(3)\n>>> <tf.Tensor: 3>").reason
    assert reason is not None
    assert "output" in reason.en
    assert read(">>> f(3)\n3").reason is None


def test_placeholders_in_an_example() -> None:
    """A placeholder's line is the document's."""
    block = read(">>> f(2)\n2\n>>> g([...])\n3")
    assert block.placeholders == (3,)
