"""Python in a few quiet colours: a line at a time, by Pygments, remembered.

The classes are this project's own few, since a stock style's colours reach no contrast that can be
relied on in the light, in the dark and in print; see templates/student.css.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import groupby

from markupsafe import Markup, escape
from pygments.lexers.python import PythonLexer
from pygments.token import Comment, Keyword, Name, Number, Operator, String, _TokenType

_CLASSES = (
    (Comment, "co"),
    (Operator.Word, "kw"),
    (Keyword, "kw"),
    (String, "st"),
    (Number, "nu"),
    (Name.Function, "de"),
    (Name.Class, "de"),
    (Name.Decorator, "de"),
)
_SPAN = Markup('<span class="{}">{}</span>')
_LEXER = PythonLexer()


def coloured(text: str) -> Markup:
    """A piece of a line, escaped, its words in spans; it must be short and free of controls."""
    bare = text.lstrip(" ")
    return Markup(" " * (len(text) - len(bare))) + _coloured(bare)


def string(text: str) -> Markup:
    """The same for a piece that is known to be in a text of several lines."""
    return _SPAN.format("st", text) if text else Markup()


@lru_cache(maxsize=50_000)
def _coloured(text: str) -> Markup:
    if not text:
        return Markup()
    try:
        found = [(_class(kind), word) for _, kind, word in _LEXER.get_tokens_unprocessed(text)]
    except Exception:  # whatever a lexer stumbles over, the line is still there to read
        return escape(text)
    if "".join(word for _, word in found) != text:
        return escape(text)
    made = Markup()
    for name, words in groupby(found, key=lambda item: item[0]):
        piece = "".join(word for _, word in words)
        made += _SPAN.format(name, piece) if name else escape(piece)
    return made


@lru_cache(maxsize=1000)
def _class(kind: _TokenType) -> str:
    return next((name for family, name in _CLASSES if kind in family), "")
