"""Python in a few quiet colours: a line at a time, by Pygments, remembered.

A report of a large class colours a hundred thousand lines that nobody else has. Pygments' own lexer
for Python tells dozens of kinds of words apart, of which a page shows six, and takes ten times as
long as this one. The classes are this project's own few too, since a stock style's colours reach no
contrast that can be relied on in the light, in the dark and in print; see templates/student.css.
"""

from __future__ import annotations

from functools import lru_cache
from html import escape
from keyword import kwlist
from typing import ClassVar

from pygments.lexer import RegexLexer, bygroups, words
from pygments.token import Comment, Keyword, Name, Number, String, Text

_CLASSES = {
    Comment: "co",
    Keyword: "kw",
    String: "st",
    Number: "nu",
    Name.Function: "de",
    Name.Decorator: "de",
}
_STRING = (
    r"[rRbBuUfFtT]{0,2}(?:\"\"\"[^\"]*+\"\"\"|'''[^']*+'''|"
    r"\"(?:[^\"\\]|\\.)*+\"?|'(?:[^'\\]|\\.)*+'?)"
)


class _Lexer(RegexLexer):  # type: ignore[misc]  # Pygments has no types
    """A line of Python; what it doesn't know is plain text."""

    tokens: ClassVar = {
        "root": [
            (r"[^\w\"'#@]+", Text),
            (r"(def|class)( +)(\w+)", bygroups(Keyword, Text, Name.Function)),
            (words(kwlist, suffix=r"\b"), Keyword),
            (_STRING, String),
            (r"\d[\w.]*", Number),
            (r"\w+", Text),
            (r"#.*", Comment),
            (r"@[\w.]*", Name.Decorator),
        ]
    }


_LEXER = _Lexer()


def coloured(text: str) -> str:
    """A piece of a line, escaped, its words in spans; it must be short and free of controls.

    Markup, but as plain `str`: `Markup` would look at it again at each of a page's many thousand
    steps.
    """
    bare = text.lstrip(" ")
    return " " * (len(text) - len(bare)) + _coloured(bare)


def string(text: str) -> str:
    """The same for a piece that is known to be in a text of several lines."""
    return _span("st", text) if text else ""


@lru_cache(maxsize=50_000)
def _coloured(text: str) -> str:
    if text.startswith("#"):  # most of the lines that nobody else has
        return _span("co", text)
    try:
        tokens = list(_LEXER.get_tokens_unprocessed(text))
    except Exception:  # whatever a lexer stumbles over, the line is still there to read
        return escape(text)
    if "".join(word for _, _, word in tokens) != text:
        return escape(text)
    return "".join(_span(_CLASSES.get(kind, ""), word) for _, kind, word in tokens)


@lru_cache(maxsize=10_000)
def _span(name: str, text: str) -> str:
    safe = text if text.isalnum() else escape(text)
    return f'<span class="{name}">{safe}</span>' if name else safe
