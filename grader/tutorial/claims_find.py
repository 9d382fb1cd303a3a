"""Finds what the comments of a block say of its behaviour: values, exceptions, what is printed."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import replace

from grader.tutorial import claims_stated as stating
from grader.tutorial import claims_values as values
from grader.tutorial import claims_words as words
from grader.tutorial.claims_code import (
    Comment,
    called,
    calls_of,
    printed_literal,
    runnable,
    unclosed,
    unqualified,
)
from grader.tutorial.claims_places import Places
from grader.tutorial.claims_prose import in_prose
from grader.tutorial.claims_stated import Says, Stated
from grader.tutorial.values import Block, Prose


def find(block: Block, before: Sequence[Prose], after: Sequence[Prose]) -> tuple[Stated, ...]:
    """What is said of a block, by its comments and by the prose around it.

    Args:
        before: the prose between the block before and this one.
        after: prose behind it that belongs to no later block; give each piece of prose once.
    """
    found: list[Stated] = []
    for number in range(len(block.pieces)):
        found += _Piece(block, number).claims()
    for prose, leads in [*((p, p is before[-1]) for p in before), *((p, False) for p in after)]:
        found += in_prose(block, prose, leads)
    return tuple(sorted(found, key=lambda stated: stated.line))


class _Piece(Places):
    """The claims of one piece's comments."""

    def claims(self) -> Iterator[Stated]:
        for comment in self.comments:
            stated = self._one(comment)
            if stated is not None:
                if self.tree is None and stated.code is None:
                    stated = replace(stated, reason=stating.BROKEN)
                yield stated

    def _one(self, comment: Comment) -> Stated | None:
        if comment.alone and comment.text:
            commented = self._commented(comment)
            if commented is not None or runnable(comment.text):
                return commented
        return (
            self._printing(comment)
            or self._raising(comment)
            or self._tracing(comment)
            or self._marked(comment)
            or self._plain(comment)
        )

    def _commented(self, comment: Comment) -> Stated | None:
        """`# f(x)  # raises ValueError`: code that the document shows, but doesn't run."""
        for pattern, sure in ((words.TAIL_RAISES, True), (words.TAIL_USELESS, False)):
            match = pattern.match(comment.text)
            if not match or words.NEGATED.search(comment.text):
                continue
            groups = match.groupdict()
            code = runnable(comment.text.partition("#")[0]) if "#" in comment.text else None
            code = code or runnable((groups["code"] or groups.get("code2") or "").rstrip("， ,"))
            if code:
                name = words.NAME.search(comment.text.removeprefix(code))
                stated = self.stated(comment, "raises", unqualified(name[1]) if name else "")
                return replace(stated, code=code, sure=sure)
        return None

    def _printing(self, comment: Comment) -> Stated | None:
        node = None if comment.alone else self.here(comment)
        says: Says | None = None
        if words.ONCE.search(comment.text):
            says = "once"
        elif words.EVERY.search(comment.text):
            says = "prints"
        if says:
            stated = self.stated(comment, says)
            literal = printed_literal(node) if node is not None else None
            around = self._around(node) if node is not None else None
            if literal is None or around is None:
                return replace(stated, reason=stating.WORDS)
            calls = tuple(calls_of(self.block, around))
            if not calls:
                return replace(stated, expects=literal, reason=stating.NEVER)
            return replace(stated, expects=literal, calls=calls)
        match = words.PRINTS.match(comment.text) or words.PRINTS_EN.match(comment.text)
        if match is None or comment.alone:
            return None
        groups = match.groupdict()
        only = bool(groups["only"] or groups.get("only2"))
        parts = parts_of(match["rest"])
        if parts is None and not only:
            return None
        stated = self.stated(comment, "prints", match["rest"].strip())
        if parts is None:
            return replace(stated, reason=stating.WORDS)
        if not only and len(parts) == 1 and not words.QUOTED.search(match["rest"]):
            return None  # A value, like any other.
        return self.at(replace(stated, parts=parts, only=only), node)

    def _around(self, node: ast.stmt) -> str | None:
        for one in self.body:
            if isinstance(one, ast.FunctionDef) and node in ast.walk(one):
                return one.name
        return None

    def _raising(self, comment: Comment) -> Stated | None:
        text = comment.text
        if words.NEGATED.search(text):
            return None
        named = words.RAISES_NAME.match(text)
        plain = words.RAISES.match(text)
        if not named and not plain:
            if comment.alone and words.RAISES_SAID.search(text):
                return replace(self.stated(comment, "raises"), reason=stating.WORDS)
            if not (words.RAISES_SAID.search(text) and not words.CONDITION.search(text)):
                return None
        name = words.NAME.search(text)
        stated = self.stated(comment, "raises", unqualified(name[1]) if name else "")
        if not comment.alone:
            node = self.here(comment)
            # `raise ValueError  # …` and `except ValueError:  # …` speak of themselves.
            if isinstance(node, ast.Raise | ast.Try | ast.FunctionDef | ast.ClassDef):
                return None
            return self.at(stated, node)
        below = self.alone.get(comment.line + 1)
        code = runnable(below.text) if below else None
        if code:
            return replace(stated, code=code)
        if below is None and self.below(comment) is not None:
            return self.at(stated, self.below(comment))
        return replace(stated, reason=stating.NO_CODE)

    def _tracing(self, comment: Comment) -> Stated | None:
        if comment.alone:
            return None
        untraced = words.UNTRACED.search(comment.text)
        if not untraced and not words.TRACED.match(comment.text):
            return None
        node = self.here(comment)
        name = called(node) if node in self.body else None
        if name is None:
            return None
        stated = self.at(self.stated(comment, "prints", "untraced" if untraced else "traced"), node)
        return replace(stated, beside=tuple(calls_of(self.block, name)))

    def _marked(self, comment: Comment) -> Stated | None:
        """`# => 3`, `# 输出: 3`, `# returns 3`, `# shape (2, 3)`."""
        text = comment.text
        arrow, named = words.ARROW.match(text), words.NAMED.match(text)
        marked = arrow or named
        said = words.SAID.match(text) or words.SHOULD.search(text)
        shape = words.SHAPE.match(text)
        if marked is None and said is None and shape is None:
            return None
        node = self.above(comment) if comment.alone else self.here(comment)
        if comment.alone and node is None and marked is None:
            return None
        if shape is not None:
            if not isinstance(node, ast.Assign | ast.AnnAssign | ast.Expr):
                return None
            return self.valued(
                replace(self.stated(comment, "value", shape["value"]), shape=True), node
            )
        match = marked or said
        assert match is not None
        value = match["value"].strip()
        if marked is not None and comment.alone:
            value = self._continued(comment, value)
        read = values.named(value)
        if read is None or not read.alone:
            remark = read is not None and arrow is not None
            if marked is None or node is None or not value:
                return None
            if arrow is not None and not remark:
                stated = self.stated(comment, "value", value)
                if isinstance(node, ast.Expr):  # `print("a" * 3)  # -> aaa`
                    return self.valued(replace(stated, sure=False), node)
                return replace(stated, reason=stating.WORDS)
            return self.valued(
                replace(self.stated(comment, "value", value), sure=value[:1] in "'\""), node
            )
        if not isinstance(node, ast.Expr | ast.Assign | ast.AnnAssign | None):
            return None if marked is None else self.at(self.stated(comment, "value", value), node)
        return self.valued(self.stated(comment, "value", value), node)

    def _continued(self, comment: Comment, value: str) -> str:
        """The value with the lines of comment below it, where it goes on there."""
        lines = [value] if value else []
        line = comment.line + 1
        while line in self.alone and (not value or unclosed("\n".join(lines))):
            lines.append(self.alone[line].text)
            line += 1
        return "\n".join(lines)

    def _plain(self, comment: Comment) -> Stated | None:
        """`# 3` behind an expression, where it can be nothing but its value."""
        text = comment.text
        if comment.alone:
            node = self.above(comment, gap=1)
            below = self.below(comment)
            if isinstance(below, ast.Expr) and (stated := self._attribute(comment, below)):
                return stated
        else:
            node = self.here(comment)
        read = values.named(text)
        numbers = text.split()
        row = len(numbers) > 1 and all(
            part.lstrip("-").replace(".", "", 1).isdigit() for part in numbers
        )
        if isinstance(node, ast.Assign) and not comment.alone and text.startswith("tf.constant("):
            if read is not None and read.alone:
                # It may as well be another way to write the line.
                return self.valued(replace(self.stated(comment, "value", text), sure=False), node)
            return None
        if not isinstance(node, ast.Expr) or node not in self.body:
            return None
        if row:
            stated = replace(self.stated(comment, "value", f"[{text}]"), row=True)
            return self.valued(stated, node)
        if read is None or (comment.alone and node.end_lineno != comment.line - 1):
            return None
        special = isinstance(read.node, str) and read.node in ("inf", "nan", "none")
        gloss = special and not text[:8].isascii()
        if (read.rest.strip() and not gloss) or text[:1] in "(（":
            return None
        return self.valued(self.stated(comment, "value", text), node)

    def _attribute(self, comment: Comment, below: ast.Expr) -> Stated | None:
        """`# result = 14 / 1 = 14` above `metric(…)`; `# total = …` is an attribute of it."""
        found = words.ATTRIBUTE.match(comment.text)
        last = found["value"].rpartition("=")[2] if found else ""
        read = values.named(last)
        if found is None or read is None or read.rest.strip() or "=" not in found["value"]:
            return None
        stated = replace(self.stated(comment, "value", last.strip()), sure=False)
        if found["name"] in ("result", "结果"):
            return self.at(stated, below)
        name = called(below)
        if name is None:
            return replace(stated, reason=stating.WORDS)
        return replace(stated, code=f"{name}.{found['name']}")


def parts_of(rest: str) -> tuple[str, ...] | None:
    """`"a" 和 3`: what is printed, line by line; None where it is told in other words."""
    quoted = [match[1] or match[2] for match in words.QUOTED.finditer(rest)]
    left = words.QUOTED.sub("", rest).strip(" :：，,。.!！")
    for joint in ("and then ", "and ", "和", "与", "、", "再"):
        left = left.removeprefix(joint).strip()
    if not left:
        return tuple(quoted) or None
    read = values.named(left)
    if read is None or read.rest.strip(" 。.!！"):
        return None
    return (*quoted, left)
