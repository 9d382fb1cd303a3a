"""Takes transcripts apart: each example becomes a piece with the output that is shown for it.

Known are Python's own prompts (`>>> `, `... `), IPython's (`In [1]:`, `Out[1]:`), prompts pasted
badly (without dots, or `>>>` on every line), and the inverted form in which `>>>` marks the output:

    tf.constant(42)
    >>> <tf.Tensor: shape=(), dtype=int32, numpy=42>
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from grader.tutorial import looks, syntax
from grader.tutorial.values import Piece

if TYPE_CHECKING:
    import ast
    from collections.abc import Sequence, Set

_PROMPT = re.compile(r"([ \t]*)>>>(?!>)(?: |(?=\t)|)(.*)")
_DOTS = re.compile(r"[ \t]*\.\.\.(?:$| (.*)|(?=\t)(.*))")
_IN = re.compile(r"[ \t]*In ?\[[\d ]*\]: ?(.*)")
_OUT = re.compile(r"[ \t]*Out ?\[[\d ]*\]: ?(.*)")
_IN_DOTS = re.compile(r"[ \t]*\.{3,}: ?(.*)")
_BLANK = "<BLANKLINE>"
_MOST_LINES = 50
"""Lines without a prompt that may belong to one example's code."""


class Transcript(NamedTuple):
    """The examples, and whether the prompts mark the output instead of the code."""

    pieces: tuple[Piece, ...]
    inverted: bool


class _Line(NamedTuple):
    number: int
    text: str


@dataclass(slots=True)
class _Example:
    source: list[_Line] = field(default_factory=list)
    output: list[_Line] = field(default_factory=list)

    def text(self) -> str:
        return "\n".join(line.text for line in self.source)

    def piece(self) -> Piece | None:
        source = self.source
        while source and not source[-1].text.strip():
            source = source[:-1]
        while source and not source[0].text.strip():
            source = source[1:]
        if not source:
            return None
        output = self.output
        while output and not output[-1].text.strip():
            output = output[:-1]
        while output and not output[0].text.strip():
            output = output[1:]
        return Piece(
            "\n".join(line.text for line in source),
            tuple(line.number for line in source),
            "\n".join("" if o.text.strip() == _BLANK else o.text for o in output) or None
            if output
            else None,
            output[0].number if output else None,
        )


@dataclass(slots=True)
class _Scope:
    """The names that are bound so far, and how often the text may still be parsed.

    Where an example ends is found by trying, which thousands of broken prompts would make slow.
    """

    known: set[str]
    left: int = 2_000

    def parse(self, source: str) -> ast.Module | None:
        self.left -= 1
        return syntax.parse(source) if self.left > 0 else None


def has_prompts(source: str) -> bool:
    """Whether any line begins with a prompt of Python or IPython."""
    return any(_PROMPT.match(line) or _IN.match(line) for line in source.split("\n"))


def begins_as_ipython(source: str) -> bool:
    """Whether it begins with IPython's prompt; `In [1]: 2` is an annotation to Python."""
    return _IN.match(source.lstrip("\n")) is not None


def read(source: str, numbers: Sequence[int], known: Set[str]) -> Transcript:
    """The examples of a dedented text, whose lines have those numbers in the document.

    No piece at all means that it is no transcript: nothing behind a prompt is Python.
    """
    scope = _Scope(set(known))
    lines = [_Line(n, text) for n, text in zip(numbers, source.split("\n"), strict=True)]
    if any(_IN.match(line.text) for line in lines):
        return Transcript(_pieces(_ipython(lines, scope)), inverted=False)
    if _is_inverted(lines, scope):
        return Transcript(_pieces(_inverted(lines, scope)), inverted=True)
    pieces = _pieces(_normal(lines, scope))
    prompts = {line.number for line in lines if _PROMPT.match(line.text)}
    sound = any(
        piece.lines[0] in prompts and scope.parse(piece.source) is not None for piece in pieces
    )
    return Transcript(pieces if sound else (), inverted=False)


def _pieces(examples: list[_Example]) -> tuple[Piece, ...]:
    return tuple(piece for example in examples if (piece := example.piece()) is not None)


# --- prompts that mark the code -------------------------------------------------------------


def _normal(lines: list[_Line], scope: _Scope) -> list[_Example]:
    examples: list[_Example] = []
    position = 0
    loose: list[_Line] = []  # neither code behind a prompt nor output
    while position < len(lines):
        match = _PROMPT.match(lines[position].text)
        if match is None:
            loose.append(lines[position])
            position += 1
            continue
        examples += _code_between(loose, scope, examples)
        loose = []
        example = _Example([_Line(lines[position].number, match[2])])
        position = _continued(lines, position + 1, example, scope)
        end = next(
            (
                n
                for n in range(position, len(lines))
                if not lines[n].text.strip() or _PROMPT.match(lines[n].text)
            ),
            len(lines),
        )
        indent = len(match[1])
        example.output = [_Line(n, _without(text, indent)) for n, text in lines[position:end]]
        examples.append(example)
        position = end
    return examples + _code_between(loose, scope, examples)


def _without(text: str, indent: int) -> str:
    return text[indent:] if not text[:indent].strip() else text.lstrip()


def _code_between(lines: list[_Line], scope: _Scope, before: list[_Example]) -> list[_Example]:
    """Lines without a prompt that doctest passes over: here code is run, output is attached."""
    text = "\n".join(line.text for line in lines)
    if not text.strip():
        return []
    tree = scope.parse(text)
    if tree is not None and syntax.weight(tree, scope.known) >= 1:
        return [_Example(list(lines))]
    if before and not before[-1].output and looks.printed(text):
        before[-1].output = list(lines)
    return []


def _continued(lines: list[_Line], position: int, example: _Example, scope: _Scope) -> int:
    """Adds to the example what continues its code from `position` on; returns where that ends."""
    while position < len(lines):
        text = lines[position].text
        dots = _DOTS.match(text)
        if dots is None:
            break
        if text.strip() == "..." and _is_simple(example.text(), scope):
            break  # Python asks for no more after a statement that is complete: output left out
        example.source.append(_Line(lines[position].number, dots[1] or dots[2] or ""))
        position += 1
    if scope.parse(example.text()) is not None:
        return position
    return _without_dots(lines, position, example, scope)


def _is_simple(source: str, scope: _Scope) -> bool:
    tree = scope.parse(source)
    return tree is not None and not any(hasattr(node, "body") for node in tree.body)


def _without_dots(lines: list[_Line], position: int, example: _Example, scope: _Scope) -> int:
    """The same where the dots weren't pasted along, or `>>>` stands on every line."""
    added: list[_Line] = []
    complete = 0
    for number, text in lines[position : position + _MOST_LINES]:
        prompt, dots = _PROMPT.match(text), _DOTS.match(text)
        code = prompt[2] if prompt else (dots[1] or dots[2] or "") if dots else text
        if complete == len(added) and added:
            inside = code[:1] in (" ", "\t") or re.match(r"(?:el(?:se|if)|except|finally)\b", code)
            if prompt and not inside:
                break
            if not inside and code.strip():
                break
        added.append(_Line(number, code))
        if scope.parse("\n".join([example.text(), *(line.text for line in added)])) is not None:
            complete = len(added)
    while complete and not added[complete - 1].text.strip():
        complete -= 1
    example.source += added[:complete]
    return position + complete


# --- prompts that mark the output -----------------------------------------------------------


def _is_inverted(lines: list[_Line], scope: _Scope) -> bool:
    first = next(n for n, line in enumerate(lines) if _PROMPT.match(line.text))
    above = "\n".join(line.text for line in lines[:first])
    tree = scope.parse(above)
    if tree is None or not tree.body or not syntax.shows(tree):
        return False
    here = _Scope({*scope.known, *syntax.bound(tree)}, scope.left)
    score = 0
    for number, line in enumerate(lines):
        match = _PROMPT.match(line.text)
        if match is None:
            continue
        example = _Example([_Line(0, match[2])])
        _continued(lines, number + 1, example, scope)
        score += -1 if _is_code(example.text(), here) else 1
    return score > 0


def _is_code(text: str, scope: _Scope) -> bool:
    tree = scope.parse(text)
    return (
        tree is not None
        and not looks.printed(text)
        and not syntax.only_values(tree, scope.known, numpy=True)
        and syntax.weight(tree, scope.known) > 0
    )


def _inverted(lines: list[_Line], scope: _Scope) -> list[_Example]:
    examples = [_Example()]
    position = 0
    while position < len(lines):
        match = _PROMPT.match(lines[position].text)
        if match is None:
            if examples[-1].output:
                examples.append(_Example())
            examples[-1].source.append(lines[position])
            position += 1
            continue
        tree = scope.parse(examples[-1].text())
        scope.known |= syntax.bound(tree) if tree is not None else set()
        if match[2].strip() or examples[-1].output:
            examples[-1].output.append(_Line(lines[position].number, match[2]))
        indent = len(match[1])
        position += 1
        while position < len(lines) and not _starts_code(lines, position, scope):
            number, text = lines[position]
            examples[-1].output.append(_Line(number, _without(text, indent)))
            position += 1
    return examples


def _starts_code(lines: list[_Line], position: int, scope: _Scope) -> bool:
    """Whether the output shown ends here: at an empty line, a prompt, or what is code again."""
    if not lines[position].text.strip() or _PROMPT.match(lines[position].text):
        return True
    if lines[position].text.lstrip().startswith("#"):
        return True
    chunk: list[str] = []
    for _, text in lines[position : position + _MOST_LINES]:
        if _PROMPT.match(text):
            break
        chunk.append(text)
        if scope.parse("\n".join(chunk)) is not None:
            return _is_code("\n".join(chunk), scope)
    return False


# --- IPython --------------------------------------------------------------------------------


def _ipython(lines: list[_Line], scope: _Scope) -> list[_Example]:
    examples: list[_Example] = []
    in_code = False
    for line in lines:
        if match := _IN.match(line.text):
            examples.append(_Example([_Line(line.number, match[1])]))
            in_code = True
        elif not examples:
            continue
        elif in_code and (match := _IN_DOTS.match(line.text)):
            examples[-1].source.append(_Line(line.number, match[1]))
        elif match := _OUT.match(line.text):
            in_code = False
            # An empty line before `Out` belongs to the prompt, not to what was printed.
            while examples[-1].output and not examples[-1].output[-1].text.strip():
                examples[-1].output.pop()
            if match[1].strip():
                examples[-1].output.append(_Line(line.number, match[1]))
        elif in_code and line.text.strip() and scope.parse(examples[-1].text()) is None:
            examples[-1].source.append(line)  # the dots weren't pasted along
        else:
            in_code = False
            examples[-1].output.append(line)
    return examples
