"""Reads Markdown: its blocks, what stands between them, and where everything is."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from markdown_it import MarkdownIt

from grader.errors import UsageError
from grader.tutorial import content, control
from grader.tutorial.source import read_text
from grader.tutorial.values import Control, Document, Prose

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from markdown_it.token import Token

# Keys, items and what is indented below them, so that a text between two rulers isn't taken for it.
_FRONT_MATTER = re.compile(
    r"(---|\+\+\+)[ \t]*+\n(?:(?:[\w.-]+ *[:=].*|[ \t]++.*|- .*|)\n){1,200}+\1[ \t]*+(?:\n|\Z)"
)
# Levels of lists and quotes; what lies deeper isn't read, and each costs the parser stack.
_DEEPEST = 100
_DIRECTIVES = frozenset({"code-cell", "code-block", "code", "sourcecode", "prompt"})
_ASKS = re.compile(r"<!--\s*tutorial\s*:")


def read(path: Path, settings: control.Settings) -> Document:
    """The document in a Markdown file.

    Raises:
        UsageError: the file can't be read, or a tutorial comment in it isn't understood.
    """
    text = read_text(path)
    reader = _Reader(path, text)
    reader.walk(tokens(text))
    fragments = reader.finished(settings)
    return Document(
        path=path,
        title=reader.title or path.stem,
        text=text,
        blocks=content.assemble(fragments),
        prose=tuple(reader.prose),
    )


def tokens(text: str) -> list[Token]:
    """The tokens of a text in CommonMark with tables; front matter counts as empty lines."""
    if match := _FRONT_MATTER.match(text):
        text = "\n" * match[0].count("\n") + text[match.end() :]
    return MarkdownIt("commonmark", {"maxNesting": _DEEPEST}).enable("table").parse(text)


def language(info: str) -> str:
    """The language that a fence's info string names, in all the ways that people write it."""
    words = info.strip().split()
    while words and words[0].strip("{}.:") in _DIRECTIVES and words[0][:1] in "{.:":
        words = words[1:]
    # {python}, {.python .numberLines}, {r, echo=FALSE}, python:main.py, python{1,3}
    found = re.match(r"\{?\s*\.?([\w+#-]+)", words[0]) if words else None
    return found[1] if found else ""


def plain(token: Token) -> str:
    """A heading's text without its marks."""
    inner = token.children or []
    said = "".join(
        " " if part.type in ("softbreak", "hardbreak") else part.content
        for part in inner
        if part.type in ("text", "code_inline", "softbreak", "hardbreak", "text_special")
    )
    return " ".join(said.split())


class _Reader:
    """Collects fragments and prose from a flat list of tokens."""

    def __init__(self, path: Path, text: str) -> None:
        self.path = path
        self.title = ""
        self.prose: list[Prose] = []
        self._rows = text.split("\n")
        self._fragments: list[content.Fragment] = []
        self._gap: list[str] = []
        self._asked: list[control.Asked] = []  # of comments whose block hasn't come yet
        self._document = Control()

    def walk(self, found: Sequence[Token]) -> None:
        table = 0
        opened = ""
        for position, token in enumerate(found):
            if token.type == "table_open":
                table += 1
                self._say(token)
            elif token.type == "table_close":
                table -= 1
            elif token.type in ("paragraph_open", "heading_open"):
                opened = token.type
                if _only_comments(found[position + 1]):
                    continue
                self._say(token)
            elif token.type == "inline":
                self._refuse_inline(token)
                if opened == "heading_open" and not self.title and not table:
                    self.title = plain(token)
            elif token.type in ("fence", "code_block"):
                self._block(token)
            elif token.type == "html_block":
                self._html(token)
            elif token.type == "hr":
                self._gap.append("---")
        self._refuse_left_over()

    def finished(self, settings: control.Settings) -> list[content.Fragment]:
        """The fragments with what is asked for the whole document, or in its settings."""
        return [
            content.Fragment(
                text=fragment.text,
                lines=fragment.lines,
                language=fragment.language,
                control=settings.apply(control.merged(self._document, fragment.control)),
                gap=fragment.gap,
            )
            for fragment in self._fragments
        ]

    def _say(self, token: Token) -> None:
        if token.map is None:
            return
        self._refuse_left_over()
        source = "\n".join(self._rows[token.map[0] : token.map[1]]).rstrip()
        self.prose.append(Prose(token.map[0] + 1, source, len(self._fragments) - 1))
        self._gap.append(source)

    def _block(self, token: Token) -> None:
        if token.map is None:
            return
        first = token.map[0] + (2 if token.type == "fence" else 1)
        text = token.content.removesuffix("\n")
        wish = Control()
        for asked in self._asked:
            wish = control.merged(wish, asked.control)
        self._asked.clear()
        self._fragments.append(
            content.Fragment(
                text=text,
                lines=tuple(range(first, first + text.count("\n") + 1)),
                language=language(token.info) if token.type == "fence" else "",
                control=wish,
                gap=tuple(self._gap),
            )
        )
        self._gap.clear()

    def _html(self, token: Token) -> None:
        found = control.comments(token.content, (token.map or [0])[0] + 1, self.path)
        for asked in found:
            if not asked.document:
                self._asked.append(asked)
            elif self._fragments:
                raise UsageError(
                    f"{self.path}: line {asked.line}: what is asked for the whole document stands"
                    " before its first block; move it there"
                )
            else:
                self._document = control.merged(self._document, asked.control)
        if not found and not token.content.lstrip().startswith("<!--"):
            self._refuse_left_over()
            self._gap.append(token.content)

    def _refuse_left_over(self) -> None:
        """A comment that no block follows would do nothing, and nobody would notice."""
        if self._asked:
            raise UsageError(
                f"{self.path}: line {self._asked[0].line}: this tutorial comment isn't directly"
                " before a block; move it there"
            )

    def _refuse_inline(self, token: Token) -> None:
        for part in token.children or []:
            if part.type == "html_inline" and _ASKS.match(part.content):
                raise UsageError(
                    f"{self.path}: line {(token.map or [0])[0] + 1}: a tutorial comment stands on a"
                    " line of its own, directly before its block"
                )


def _only_comments(inline: Token) -> bool:
    parts = [part for part in inline.children or [] if part.content.strip()]
    return bool(parts) and all(
        part.type == "html_inline" and part.content.startswith("<!--") for part in parts
    )
