"""A piece's source as syntax, without IPython's magics; of what doesn't parse, what is left."""

from __future__ import annotations

import ast
import re
import warnings
from dataclasses import dataclass

_CELL = re.compile(r"%%(\w+)[ \t]*(.*)")
_SHELL = re.compile(r"^(\s*)(\w+(?:\s*,\s*\w+)*)\s*=\s*[!%].*")
_TIMED = re.compile(r"^(\s*)%(?:time|prun|memit)[ \t]+(?=\S)")
_HELP = re.compile(r"^(\s*)(?:\?{1,2}[\w.]+|[\w.]+\?{1,2})\s*$")
_HEADER = re.compile(r"(?:async\s+)?(?:def|class)\s+(\w+)")
# Cell magics that run the rest of the cell as Python.
_PYTHON = {"time", "capture", "prun", "memit"}
_FILES = {"writefile", "file"}


@dataclass(frozen=True, slots=True)
class Syntax:
    """The statements of one piece.

    Attributes:
        body: the statements that could be read; their lines are the source's.
        whole: whether that is all of them; if not, Python refuses the piece before running it.
        defines: names of functions and classes whose header is there and whose body can't be read.
        writes: the file that `%%writefile` names.
    """

    body: tuple[ast.stmt, ...] = ()
    whole: bool = True
    defines: tuple[tuple[str, int], ...] = ()
    writes: str = ""


def syntax(source: str) -> Syntax:
    """Reads a piece. Never raises: what isn't Python has no statements."""
    first = source.lstrip().partition("\n")[0]
    if cell := _CELL.match(first):
        magic, rest = cell[1], cell[2].strip()
        if magic in _FILES:
            return Syntax(writes=rest.split()[-1] if rest else "")
        if magic not in _PYTHON:
            return Syntax()
        source = source.replace("%%", "# ", 1)
    tree = _parse(source)
    if tree is None:
        source = "\n".join(map(_plain, source.split("\n")))
        tree = _parse(source)
    return Syntax(tuple(tree)) if tree is not None else _salvage(source)


def _parse(source: str) -> list[ast.stmt] | None:
    try:
        with warnings.catch_warnings():
            # About "\d" and the like: the document's, and not this module's to report.
            warnings.simplefilter("ignore")
            return ast.parse(source).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _plain(line: str) -> str:
    """A line without IPython's own syntax, with as many lines and the same indentation."""
    if timed := _TIMED.match(line):
        return timed[1] + line[timed.end() :]
    if shell := _SHELL.match(line):
        return f"{shell[1]}{shell[2]} = None"
    stripped = line.lstrip()
    if stripped.startswith(("%", "!")) or _HELP.match(line):
        return line[: len(line) - len(stripped)] + "pass"
    return line


def _salvage(source: str) -> Syntax:
    """Reads chunk by chunk: what would have been defined is worth knowing all the same."""
    lines = source.split("\n")
    starts = [n for n, line in enumerate(lines) if line[:1].strip() and line[0] not in ")]}#"]
    body: list[ast.stmt] = []
    names: list[tuple[str, int]] = []
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        chunk = "\n".join(lines[start:end])
        found = _parse(chunk) or _parse(f"{chunk.rstrip()}\n    pass")
        if found:
            body += _moved(found, start)
        elif header := _HEADER.match(chunk):
            names.append((header[1], start + 1))
        else:
            body += _line_by_line(lines, start, end)
    return Syntax(tuple(body), False, tuple(names))


def _line_by_line(lines: list[str], start: int, end: int) -> list[ast.stmt]:
    found: list[ast.stmt] = []
    for n in range(start, end):
        line = lines[n].strip()
        # What follows may be a method's body, whose names are its own.
        if line.startswith("@") or _HEADER.match(line):
            break
        found += _moved(_parse(line) or [], n)
    return found


def _moved(body: list[ast.stmt], by: int) -> list[ast.stmt]:
    for statement in body:
        ast.increment_lineno(statement, by)
    return body
