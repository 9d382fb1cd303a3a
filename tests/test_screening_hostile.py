"""The static search on files that can't be read, and on files built to harm whoever reads them."""

from __future__ import annotations

import random
import tracemalloc

import pytest

from grader.screening import screen

HUBER = ("keras.losses.Huber", "keras.losses.huber")


def lines(
    source: str, shortcuts: tuple[str, ...] = HUBER, symbols: tuple[str, ...] = ("f",)
) -> str:
    """The findings as `line shortcut`, one after the other."""
    found = screen(source.encode(), symbols, shortcuts)
    return "; ".join(f"{item.line} {item.shortcut}" for item in found)


@pytest.mark.parametrize(
    "source",
    [b"def f(:", b"\xff", b"\0", b"(" * 9999, b"# coding: rot13\n", b"", b"x = " + b"9" * 9999],
)
def test_unreadable_source(source: bytes) -> None:
    """Source that can't be read has no findings: it was refused before."""
    assert screen(source, ("f",), HUBER) == ()


def test_declared_encoding() -> None:
    """A file in another encoding is searched as Python would read it."""
    source = "# coding: gbk\nimport keras\ndef f(x):\n    return keras.losses.Huber('损失')\n"
    (found,) = screen(source.encode("gbk"), ("f",), HUBER)
    assert "损失" in found.text


@pytest.mark.parametrize(
    "source",
    [
        "a = b\nb = a\ndef f(): return a.Huber\n",
        "a = 'x'\n" + "a = a + a\n" * 200 + "def f(): return getattr(keras, a)\n",
        "def f(): return getattr(f, '%99999999s' % 'a')\n",
        "def f(): return getattr(f, 'a'.replace('a', 'b' * 10 ** 9))\n",
        "def f(): return " + "a" + ".b" * 250 + "\n",
        "import keras\nL = keras\n" + "L = L or keras.x\n" * 500 + "def f(): return L.losses\n",
        "class f(f): pass\n",
        "def f(): return a59\na0 = g()\n"
        + "".join(f"a{n + 1} = a{n} or a{n}\n" for n in range(59)),
        "def f(): return getattr(f, '" + "a" * 3000 + "'.replace('a', '" + "b" * 3000 + "'))\n",
        "f = f\n",
    ],
)
def test_hostile_source_ends(source: str) -> None:
    """Circles, growing strings and long chains end without a finding, in little memory."""
    tracemalloc.start()
    try:
        assert lines(source) == ""
        assert tracemalloc.get_traced_memory()[1] < 5e6
    finally:
        tracemalloc.stop()


def test_shreds_never_raise() -> None:
    """Programs put together at random from expressions are searched without an exception."""
    rng = random.Random(7)
    parts = ["keras", ".losses", ".Huber", "('x')", "[0]", "[::-1]", "['Huber']", "()", " + 'a'",
             " % x", " if x else y", " or z", ".join(['a'])", ".get('huber')", " % ('a', 1)",
             ".replace('a')", "[9]", ".__dict__", "('a', 'b', 'c')", "[-9]"]  # fmt: skip
    heads = [
        "keras",
        "'Hu'",
        "getattr(keras, 'x')",
        "vars()",
        "[1, 'a']",
        "('a',)",
        "f'{x}{y!r:>9}'",
    ]
    done = 0
    for _ in range(400):
        text = rng.choice(heads) + "".join(rng.choices(parts[1:], k=rng.randrange(6)))
        source = f"import keras\nx = {text}\nfor y, z in [('a', x)]: pass\ndef f(): return x, z\n"
        done += isinstance(screen(source.encode(), ("f",), HUBER), tuple)
    assert done == 400
