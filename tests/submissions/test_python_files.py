"""What is made of a `.py` file: its encoding, its syntax, its size."""

from __future__ import annotations

import sys
import threading
import warnings
from typing import TYPE_CHECKING

import pytest

from grader.submissions.decode import decode
from grader.submissions.guard import MAX_TOKENS, Refused, compile_guarded, parse_guarded
from grader.submissions.intake import MAX_SOURCE_BYTES, check_source
from grader.submissions.model import Unreadable

if TYPE_CHECKING:
    from .handins import HandIn


def refusal(source: bytes) -> str:
    """The English reason for refusing `source`, having seen that the Chinese one says as much."""
    with pytest.raises(Unreadable) as caught:
        check_source(source)
    reason = caught.value.reason
    assert reason.en
    assert any("\u4e00" <= char <= "\u9fff" for char in reason.zh)
    assert "\n" not in reason.en + reason.zh
    return reason.en


@pytest.mark.parametrize(
    "source",
    [
        b"\xef\xbb\xbfx = 1\r\n",
        "# -*- coding: gbk -*-\nx = '中文'\n".encode("gbk"),
        "#!/usr/bin/env python\n# vim: set fileencoding=latin-1 :\nx = 'é'\n".encode("latin-1"),
        "x = '中文'\r\n".encode(),
        b"x = 1\ry = 2\r",
        b"x = '\\d'  # an invalid escape only warns\nassert (1, 'x')\n",
    ],
)
def test_readable(hand_in: HandIn, source: bytes) -> None:
    """Files that Python imports are taken byte for byte, without a note or a warning."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = hand_in({"huber.py": source})["huber"]
    assert (found.status, found.source, found.notes) == ("ready", source, ())
    assert found.text == decode(source)
    assert "\r" not in found.text


@pytest.mark.parametrize("source", [b"", b"\n", b"  \n\t\n# nothing yet\n", b"\xef\xbb\xbf"])
def test_empty(hand_in: HandIn, source: bytes) -> None:
    """A file without code is ready, with a note that says so."""
    found = hand_in({"huber.py": source})["huber"]
    assert found.status == "ready"
    assert "empty" in found.notes[0].en


def test_undecodable() -> None:
    """Bytes that aren't UTF-8: the line, the byte, and how to save the file."""
    reason = refusal("x = 1\n# déjà vu\n".encode("latin-1"))
    assert "line 2 has the byte 0xe9" in reason
    assert "UTF-8" in reason
    reason = refusal("x = 1\ny = 2\nz = '损失'\n".encode("gbk"))
    assert "line 3 has the byte 0xcb" in reason


@pytest.mark.parametrize("codec", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_wide_encodings(codec: str) -> None:
    """UTF-16, with or without its mark, is named and how to save the file is said."""
    reason = refusal("x = '损失'\n".encode(codec))
    assert "UTF-16" in reason
    assert "save the file as UTF-8" in reason


def test_nul_byte() -> None:
    """A NUL byte is reported with its line."""
    assert "line 3 has a NUL byte" in refusal(b"x = 1\ny = 2\nz = '\0'\n")


@pytest.mark.parametrize(
    ("head", "what"),
    [(b"PK\x03\x04", "zip archive"), (b"%PDF-1.7", "PDF"), (b"\x89PNG\r\n", "picture")],
)
def test_other_kinds_of_file(head: bytes, what: str) -> None:
    """A document with a `.py` name is called what it is."""
    assert what in refusal(head + b"\0" * 40)


@pytest.mark.parametrize(
    "name",
    [
        *("utf_7", "unicode_escape", "punycode", "rot13", "nonsense", "hex", "zip", "idna"),
        *("raw_unicode_escape", "utf-16", "undefined", "base64", "mbcs", "x" * 300_000, ".."),
    ],
)
def test_odd_declared_encodings(name: str) -> None:
    """Encodings that hide code, run slowly or don't exist are refused by name."""
    reason = refusal(f"# -*- coding: {name} -*-\nx = 1\n".encode())
    assert name.replace("_", "-")[:40] in reason.replace("_", "-")
    assert "encoding" in reason
    assert len(reason) < 400


@pytest.mark.parametrize(
    ("source", "line", "message", "hint"),
    [
        ("x = 1\ndef f(x)\n    return x\n", 2, "expected ':'", "ends with a colon"),
        ("def f():\n    x = 1\n\treturn x\n", 3, "tabs and spaces", "four spaces"),
        ("if 1:\n        x = 1\n\ty = 1\n", 3, "tabs", "tabs and spaces are mixed"),
        ("def f():\nreturn 1\n", 2, "indented block", "indented by four spaces"),
        ("x = 1\n  y = 2\n", 2, "unexpected indent", "start of the line"),
        ("if x:\n    y = 2\n  z = 3\n", 3, "unindent", "start of the line"),
        ("x = (1,\ny = 2\n", 1, "'(' was never closed", "never closed"),
        ("x = 1)\n", 1, "unmatched ')'", "closing bracket"),
        ("x = 'abc\n", 1, "unterminated string", "closing quote"),
        ("print（1）\n", 1, "invalid character", "full-width punctuation"),
        ("x\u00a0= 1\n", 1, "invalid non-printable character U+00A0", "invisible space"),
        ("print 'a'\n", 1, "Missing parentheses", "Python 2"),
        ("return 1\n", 1, "outside function", "inside a function"),
        ("x = 1\nbreak\n", 2, "outside loop", "inside a loop"),
        ("if x = 1:\n    pass\n", 1, "invalid syntax", "`==`"),
        ("%matplotlib inline\n", 1, "invalid syntax", "only in a notebook"),
        ("!pip install keras\n", 1, "invalid syntax", "only in a notebook"),
        ("x = 1\n<<<<<<< HEAD\n", 2, "invalid syntax", "git"),
        (">>> x = 1\n", 1, "invalid syntax", "prompt"),
        ("x = 1 2\n", 1, "invalid syntax", "line before"),
    ],
)
def test_syntax_errors(source: str, line: int, message: str, hint: str) -> None:
    """A syntax error is told with its line, Python's words, the code and what a beginner can do."""
    reason = refusal(source.encode())
    assert reason.startswith(f"line {line}: ")
    assert message in reason
    assert hint in reason
    assert f"`{source.splitlines()[line - 1].strip()}`" in reason.replace("\\xa0", "\u00a0")


def test_column() -> None:
    """The column is told where it helps."""
    assert "in `x = 1)` at column 6" in refusal(b"x = 1)\n")


def test_hostile_line_in_reason() -> None:
    """The offending line can't put escapes or a page of text into the reason."""
    reason = refusal(("x = \x1b[2J\u202e 1 2 " + "y" * 5000).encode())
    assert reason.isprintable()
    assert len(reason) < 500


def test_tower_in_reason() -> None:
    """Nor a tower of accents that covers the lines around it."""
    reason = refusal(("x = a" + "\u0301" * 40 + " 1").encode())
    assert "\u0301" * 3 in reason
    assert "\u0301" * 4 not in reason


def test_too_large(hand_in: HandIn) -> None:
    """A file above the limit is refused, one at the limit isn't."""
    at_limit = b"#" * MAX_SOURCE_BYTES
    found = hand_in({"huber.py": at_limit + b"#", "dense.py": at_limit})
    assert found["huber"].status == "unreadable"
    assert "larger than 1 MiB" in found["huber"].reason.en
    assert found["dense"].status == "ready"


HOSTILE = {
    "brackets": "(" * 100_000,
    "balanced brackets": "(" * 5_000 + ")" * 5_000,
    "minus": "-" * 100_000 + "1",
    "not": "not " * 40_000 + "1",
    "lambda": "lambda:" * 20_000 + "1",
    "power": "1" + "**1" * 20_000,
    "ternary": "a if b else " * 10_000 + "1",
    "attributes": "a" + ".b" * 20_000,
    "sum": "1" + "+1" * 20_000,
    "calls": "f" + "()" * 12_000,
    "elif": "if a:\n pass\n" + "elif a:\n pass\n" * 9_000,
    "indents": "".join(" " * n + "if a:\n" for n in range(500)),
    "f-string": "f'" + "{" * 10_001 + "'",
    "statements": "a\n" * (MAX_TOKENS + 1),
    "huge number": "x = " + "9" * 100_000,
    "surrogate": "x = '\ud800'",
    "NUL": "x = 1\0",
    "fields": "x = f'" + "{a}" * 300_000 + "'",
    "fields of many f-strings": "x = f'{a}{b}{c}{d}{e}{f}{g}{h}'\n" * 8_000,
    "field's brackets": "x = rF'{" + "(" * 150 + "1" + ")" * 150 + "}'",
    "field's minus": "x = f'{" + "-" * 100 + "1}'",
    "nested f-strings": "x = " + "f'{" * 5_000,
    "finally": "".join(f"{' ' * n}try: a\n{' ' * n}finally:\n" for n in range(30)) + " " * 30 + "b",
    "finally after returns": "def f():\n try:\n"
    + "  if a: return\n" * 3_000
    + " finally:\n"
    + "  a.b\n" * 3_000,
    "marks": "a" + "\u0301" * 20_000 + "\u0316" * 20_000 + " = 1",
    "half-width marks": "a" + "\uff9e\u0301" * 20_000 + " = 1",
    "colliding integers": "x = [" + ",".join(str(1 + n * (2**61 - 1)) for n in range(999)) + "]",
    "colliding complex": "x = [" + ",".join(f"{-1000003 * n}+{n}j" for n in range(999)) + "]",
    "equal functions": "f = lambda: 0\n" * 5_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_text_is_refused(name: str) -> None:
    """Text built to break a parser is refused by an ordinary exception, in a thread too."""
    caught: list[BaseException] = []

    def attempt() -> None:
        try:
            compile_guarded(HOSTILE[name])
        except BaseException as error:  # what the test is about
            caught.append(error)

    thread = threading.Thread(target=attempt)
    thread.start()
    thread.join()
    assert [type(error) for error in caught] == [Refused]


@pytest.mark.parametrize("text", ["(" * 95 + "1" + ")" * 95, "-" * 95 + "1", "not " * 95 + "1"])
def test_limits_are_ours(text: str) -> None:
    """Nesting that this version of Python would take is refused before it gets to the parser."""
    compile(text, "x", "eval")
    with pytest.raises(Refused, match="nested too deep"):
        parse_guarded(text)


@pytest.mark.parametrize(
    "text",
    [
        "x = " + "(" * 40 + "1" + ")" * 40,
        "x = " + " + ".join(["'line'"] * 200),
        "if a:\n    pass\n" + "elif a:\n    pass\n" * 120,
        "x = [" + "1, -2, " * 5_000 + "]",
        "x = '" + "(" * 500 + "'  # " + "[" * 500,
        '"""' + "{" * 500 + '"""\n',
        "x = 1\n" * 5_000,
        "x = y[" + ":, " * 30 + "]",
        "print(f'" + "-" * 200 + "{a}" + "=" * 200 + "((((' )",
        "x = f'{{" * 1 + "{{" * 200 + "{a:>{b}}" + "}}" * 200 + "'",
        "x = f\"it's {a['b']} {c!r:10} {d:{e}.{f}}\"\n" * 800,
        "def f():\n    try:\n        return a\n    finally:\n        b.close()\n" * 300,
        "try:\n    a\nfinally:\n    try:\n        b\n    finally:\n        c\n" * 200,
        "x = 0xDEADBEEFDEADBEEF, 2**64, 10**18, 1j\n" * 20,
        "नमस्ते = 'x'  # \u0301" + "\u0301" * 5_000,
        "class A:\n    def f(self): return [a for a in b]\n" * 900,
    ],
)
def test_odd_but_honest_text_is_taken(text: str) -> None:
    """The limits are far from what a person's program has; brackets in strings don't count."""
    assert compile_guarded(text).body


def test_line_of_the_deep_place() -> None:
    """A refusal for depth names the line."""
    with pytest.raises(Refused) as caught:
        parse_guarded("x = 1\ny = a" + ".b" * 2_000)
    assert caught.value.line == 2
    with pytest.raises(Refused) as caught:
        parse_guarded("x = 1\n\ny = " + "[" * 200)
    assert caught.value.line == 3


def test_parsing_runs_nothing() -> None:
    """Parsing neither imports nor runs the text, and leaves the recursion limit alone."""
    limit = sys.getrecursionlimit()
    compile_guarded("import antigravity\nraise SystemExit\n")
    assert "antigravity" not in sys.modules
    assert sys.getrecursionlimit() == limit
