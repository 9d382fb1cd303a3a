"""Which statement of a piece a comment is about."""

from __future__ import annotations

import ast
from dataclasses import replace

from grader.text import Text
from grader.tutorial import claims_stated as stating
from grader.tutorial.claims_code import Comment, binds, comments, parsed
from grader.tutorial.claims_stated import Says, Stated
from grader.tutorial.values import Block, Piece


class Places:
    """One piece with its comments and its top-level statements."""

    def __init__(self, block: Block, number: int) -> None:
        self.block, self.number = block, number
        self.piece: Piece = block.pieces[number]
        self.tree = parsed(self.piece.source)
        self.comments = comments(self.piece.source)
        self.alone = {c.line: c for c in self.comments if c.alone}
        self.body = self.tree.body if self.tree else []

    def stated(
        self,
        comment: Comment,
        says: Says,
        expects: str = "",
    ) -> Stated:
        line = self.piece.in_document(comment.line)
        return Stated(line, comment.text, says, self.block.index, self.number, expects=expects)

    def here(self, comment: Comment) -> ast.stmt | None:
        """The innermost statement on whose last line a trailing comment stands."""
        found: ast.stmt | None = None
        nodes = ast.walk(self.tree) if self.tree else ()
        for node in (one for one in nodes if isinstance(one, ast.stmt)):
            at = comment.line in (node.lineno, node.end_lineno)
            if at and (found is None or node.lineno >= found.lineno):
                found = node
        return found

    def above(self, comment: Comment, gap: int = 0) -> ast.stmt | None:
        line = comment.line - 1
        while line in self.alone:
            line -= 1
        for node in self.body:
            if node.end_lineno is not None and line - gap <= node.end_lineno <= line:
                return node
        return None

    def below(self, comment: Comment) -> ast.stmt | None:
        line = comment.line + 1
        while line in self.alone:
            line += 1
        return next((node for node in self.body if node.lineno == line), None)

    def at(self, stated: Stated, node: ast.stmt | None) -> Stated:
        if self.tree is None:
            return replace(stated, reason=stating.BROKEN)
        if node is None:
            return replace(stated, reason=stating.NO_CODE)
        if node not in self.body:
            return replace(stated, reason=stating.INSIDE)
        return replace(stated, statement=node.lineno)

    def valued(self, stated: Stated, node: ast.stmt | None) -> Stated:
        """The claim about a statement's value; an assignment's is its name's, afterwards."""
        stated = self.at(stated, node)
        if stated.reason is None and isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            name = ast.unparse(targets[0])
            if len(targets) > 1 or not isinstance(targets[0], ast.Name):
                return replace(stated, reason=stating.INSIDE)
            later = self.body[self.body.index(node) + 1 :]
            if any(binds(one, name) for one in later):
                why = Text(f"`{name}` is another thing later.", f"`{name}` 之后又被改变。")
                return replace(stated, reason=why)
            return replace(stated, code=f"{name}.shape" if stated.shape else name)
        return stated
