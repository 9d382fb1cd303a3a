"""A piece of Python as the rules see it: its tree, who contains whom, its words, edits of them.

The syntax tree counts bytes and the edits count characters; between the two only this module
translates.
"""

from __future__ import annotations

import ast
import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from typing import Literal

from grader.rules.values import Edit, Finding
from grader.text import Text

Function = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
Positioned = ast.expr | ast.stmt | ast.keyword | ast.alias | ast.arg | ast.excepthandler
_NEWLINE = re.compile(r"\r\n|\r|\n")
_CAUGHT = frozenset({"Exception", "BaseException"})
_EXPECTING = frozenset({"raises", "suppress", "assertRaises"})


class Code:
    """A parsed source.

    Raises (on construction):
        SyntaxError: it isn't Python, or too deeply nested to be read.
    """

    def __init__(self, source: str) -> None:
        self.source = source
        try:
            self.tree = ast.parse(source)
        except (ValueError, RecursionError, MemoryError) as e:
            raise SyntaxError(str(e)) from e
        starts = [0, *(match.end() for match in _NEWLINE.finditer(source))]
        self._starts = starts
        self._lines = [source[a:b] for a, b in zip(starts, [*starts[1:], None], strict=True)]
        self._parents: dict[int, ast.AST] = {}
        self.nodes: list[ast.AST] = list(ast.walk(self.tree))
        for node in self.nodes:
            for child in ast.iter_child_nodes(node):
                self._parents[id(child)] = node
        self._elsewhere: dict[tuple[int, str], bool] = {}
        for node in self.nodes:
            if isinstance(node, ast.Global | ast.Nonlocal):
                for name in node.names:
                    key = id(self.function(node)), name
                    self._elsewhere[key] = isinstance(node, ast.Global)

    # Who contains whom

    def parent(self, node: ast.AST) -> ast.AST | None:
        return self._parents.get(id(node))

    def above(self, node: ast.AST) -> Iterator[ast.AST]:
        """What contains `node`, from the inside out."""
        outer = self._parents.get(id(node))
        while outer is not None:
            yield outer
            outer = self._parents.get(id(outer))

    def function(self, node: ast.AST) -> Function | None:
        """The function whose body `node` is in."""
        return next((n for n in self.above(node) if isinstance(n, FUNCTIONS)), None)

    def declared(self, function: ast.AST | None, name: str) -> str:
        """`global` or `nonlocal`, where `function` itself says so of `name`."""
        found = self._elsewhere.get((id(function), name))
        return "" if found is None else "global" if found else "nonlocal"

    def method(self, node: ast.AST) -> tuple[ast.ClassDef, ast.FunctionDef] | None:
        """The outermost method around `node` and its class."""
        inner: ast.AST = node
        found = None
        for outer in self.above(node):
            if isinstance(outer, ast.ClassDef) and isinstance(inner, ast.FunctionDef):
                found = outer, inner
            inner = outer
        return found

    def calls(self) -> Iterator[ast.Call]:
        return (node for node in self.nodes if isinstance(node, ast.Call))

    def classes(self) -> Iterator[ast.ClassDef]:
        return (node for node in self.nodes if isinstance(node, ast.ClassDef))

    def caught(self, node: ast.AST, *exceptions: str) -> bool:
        """Whether the author reckons with an exception here: it is in a `try` that catches it."""
        inner = node
        for outer in self.above(node):
            if isinstance(outer, ast.Try) and inner in outer.body:
                for handler in outer.handlers:
                    kinds = handler.type
                    names = kinds.elts if isinstance(kinds, ast.Tuple) else [kinds]
                    for name in names:
                        last = name.attr if isinstance(name, ast.Attribute) else None
                        last = name.id if isinstance(name, ast.Name) else last
                        if kinds is None or last in _CAUGHT or not exceptions or last in exceptions:
                            return True
            if isinstance(outer, ast.With | ast.AsyncWith):
                for item in outer.items:
                    call = item.context_expr
                    func = call.func if isinstance(call, ast.Call) else None
                    if isinstance(func, ast.Attribute) and func.attr in _EXPECTING:
                        return True
            if isinstance(outer, FUNCTIONS):
                return False
            inner = outer
        return False

    # Words and their places

    def start(self, node: Positioned) -> int:
        """Where `node` begins, in characters from the source's start."""
        return self._offset(node.lineno, node.col_offset)

    def end(self, node: Positioned) -> int:
        assert node.end_lineno is not None
        assert node.end_col_offset is not None
        return self._offset(node.end_lineno, node.end_col_offset)

    def text(self, node: Positioned) -> str:
        return self.source[self.start(node) : self.end(node)]

    def _offset(self, line: int, byte: int) -> int:
        text = self._lines[line - 1]
        if not text.isascii():
            byte = len(text.encode("utf-8", "surrogatepass")[:byte].decode("utf-8", "ignore"))
        return self._starts[line - 1] + byte

    def cut(self, start: int, end: int, text: str = "") -> Edit:
        """The edit that puts `text` in place of the characters from `start` to `end`."""
        first, last = bisect_right(self._starts, start), bisect_right(self._starts, end)
        return Edit(
            first, start - self._starts[first - 1], last, end - self._starts[last - 1], text
        )

    def replace(self, node: Positioned, text: str) -> Edit:
        return self.cut(self.start(node), self.end(node), text)

    def insert(self, before: Positioned, text: str) -> Edit:
        return self.cut(self.start(before), self.start(before), text)

    def rename_keyword(self, keyword: ast.keyword, name: str) -> Edit:
        start = self.start(keyword)
        return self.cut(start, start + len(keyword.arg or ""), name)

    def rename_attribute(self, node: ast.Attribute, name: str) -> Edit:
        end = self.end(node)
        return self.cut(end - len(node.attr), end, name)

    def drop_keyword(self, call: ast.Call, keyword: ast.keyword) -> tuple[Edit, ...]:
        """Takes `keyword` out of a call, with its comma; nothing where a comment is in the way."""
        start, end, close = self.start(keyword), self.end(keyword), self.end(call) - 1
        behind = re.match(r"\s*(\))?\s*,\s*", self.source[end:close])
        if behind and not behind[1]:
            following = end + behind.end()
            if following < close or self.source[self.start(call) : start].rstrip().endswith("("):
                return (self.cut(start, following),)
        before = re.search(r",\s*$", self.source[self.start(call) : start])
        if before:
            return (self.cut(self.start(call) + before.start(), end),)
        return (self.cut(start, end),) if not self.source[end:close].strip() else ()


Severity = Literal["error", "trap", "note"]


def finding(
    rule: str,
    node: Positioned,
    message: Text,
    severity: Severity = "error",
    edits: Iterable[Edit] = (),
    source: str = "",
) -> Finding:
    return Finding(rule, node.lineno, message, severity, tuple(edits), source)


def argument(call: ast.Call, position: int, name: str) -> ast.expr | None:
    """The argument at `position` or called `name`."""
    if position < len(call.args) and not any(
        isinstance(arg, ast.Starred) for arg in call.args[: position + 1]
    ):
        return call.args[position]
    return next((k.value for k in call.keywords if k.arg == name), None)


def keyword(call: ast.Call, name: str) -> ast.keyword | None:
    return next((k for k in call.keywords if k.arg == name), None)


def string(node: ast.AST | None) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def number(node: ast.AST | None) -> int | float | None:
    """The number that `node` is written as."""
    sign = 1
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        node, sign = node.operand, -1
    value = node.value if isinstance(node, ast.Constant) else None
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return sign * value
