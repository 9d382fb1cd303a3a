"""Source code as a string of tokens that survives renaming: one character per token.

Comments, white space, the contents of strings and the names that an author can choose are gone;
keywords, operators, numbers and the attributes of libraries (`tf.reduce_sum`) stay. Python's own
tokenizer is no use here: it refuses broken code, and takes ten times as long.
"""

from __future__ import annotations

import keyword
import re

MOST_TOKENS = 20_000
_FIRST = 0x100
_SURROGATES = range(0xD800, 0xE000)
_TOKEN = re.compile(
    r"#[^\n]*"
    r"|(?P<string>[rRbBuUfF]{0,3}(?:'''(?:[^'\\]|\\.|'(?!''))*+(?:'''|\\?\Z)"
    r'|"""(?:[^"\\]|\\.|"(?!""))*+(?:"""|\\?\Z)'
    r"|'(?:[^'\\\n]|\\.)*+'?"
    r'|"(?:[^"\\\n]|\\.)*+"?))'
    r"|(?P<name>[^\W\d]\w*+)"
    r"|(?P<number>\.?\d(?:[eE][-+]|[\w.])*+)"
    r"|,(?=\s*+[)\]}])"  # a comma before a closing bracket is a matter of formatting
    r"|\.\.\.|->|:=|\*\*=?|//=?|<<=?|>>=?|[-+*/%@&|^=<>!]=|(?P<sign>[^\s\\;])",
    re.DOTALL,
)
_KEPT = frozenset(keyword.kwlist) | {"match", "case"}
_OWN = frozenset({"self", "cls"})
_NAME, _STRING = "a name", "a string"


class Tokens:
    """Turns sources into strings of tokens; within one object, equal ones have equal characters."""

    def __init__(self) -> None:
        self._characters: dict[str, str] = {}
        self.opens = frozenset(self._character(word) for word in ("def", "class"))
        """Tokens that begin a definition."""

    def of(self, source: str) -> str:
        """The tokens of `source`, at most `MOST_TOKENS`; broken code has tokens as well."""
        made: list[str] = []
        before, owner = "", ""
        for found in _TOKEN.finditer(source):
            kind, text = found.lastgroup, found[0]
            if kind is None and text[0] in "#,":
                continue
            if kind == "string":
                token = _STRING
            elif kind == "name" and text not in _KEPT:
                # What follows a dot belongs to a library unless the object is the author's own.
                token = text if before == "." and owner not in _OWN else _NAME
            else:
                token = text
            made.append(self._characters.get(token) or self._character(token))
            owner, before = before, text
            if len(made) == MOST_TOKENS:
                break
        return "".join(made)

    def definitions(self, tokens: str) -> list[str]:
        """`tokens` cut before each function and class, nested ones too: their order is free."""
        cuts = [place for place, token in enumerate(tokens) if token in self.opens]
        return [
            tokens[begin:end]
            for begin, end in zip([0, *cuts], [*cuts, len(tokens)], strict=True)
            if end > begin
        ]

    def _character(self, token: str) -> str:
        # Of a hostile class, the tokens beyond the last character share it.
        code = min(_FIRST + len(self._characters), 0x10FFFF - len(_SURROGATES))
        code += len(_SURROGATES) if code >= _SURROGATES.start else 0
        return self._characters.setdefault(token, chr(code))
