"""What each block defines, uses, changes, reads and writes, statement by statement.

A step is one statement, or the head of one that has others inside. Where a function is used whose
body is known, what the body does counts as the step's, since it is called there or soon after.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import chain

from grader.tutorial import filenames, names, sources
from grader.tutorial.values import Block, Piece

# Enough for any tutorial; hostile text could nest functions without end.
_DEEPEST = 200


@dataclass(frozen=True, slots=True)
class Step:
    """One statement. Lines are the document's.

    Attributes:
        first, last: where it stands; (0, 0) for the end of a `with`.
        uses, defines, deletes, touches: names; `touches` may change what they stand for.
        imports: of `defines`, those that come from an import, and what they stand for.
        stars: modules of which everything is imported.
        reads, writes: files.
        functions: what calling the functions and classes defined here does.
        body: where the body of such a definition begins.
        random: whether chance, training or the clock has a part in it.
    """

    first: int = 0
    last: int = 0
    uses: frozenset[str] = frozenset()
    defines: frozenset[str] = frozenset()
    deletes: frozenset[str] = frozenset()
    touches: frozenset[str] = frozenset()
    imports: Mapping[str, str] = field(default_factory=dict)
    stars: frozenset[str] = frozenset()
    reads: tuple[str, ...] = ()
    writes: tuple[str, ...] = ()
    functions: Mapping[str, names.Facts] = field(default_factory=dict)
    body: int = 0
    random: bool = False


@dataclass(frozen=True, slots=True)
class Code:
    """One piece: its steps in order, and whether all of it could be read."""

    steps: tuple[Step, ...] = ()
    whole: bool = True


@dataclass(frozen=True, slots=True)
class Flow:
    """The facts of one block.

    Attributes:
        pieces: one for each of the block's.
        defines, touches, reads, writes: names or files, and the document's lines where.
        uses: names it needs from blocks before it, and the first line that does.
    """

    pieces: tuple[Code, ...]
    defines: Mapping[str, tuple[int, ...]]
    uses: Mapping[str, int]
    touches: Mapping[str, tuple[int, ...]]
    reads: Mapping[str, tuple[int, ...]]
    writes: Mapping[str, tuple[int, ...]]


def flow(block: Block) -> Flow:
    """The facts of one block by itself. Source that can't be read has none. Never raises."""
    return flows([block])[0]


def flows(blocks: Iterable[Block]) -> tuple[Flow, ...]:
    """The facts of a document's blocks, in which functions of earlier ones are known."""
    known = _Known()
    return tuple(_flow([_code(piece, known) for piece in block.pieces]) for block in blocks)


def _flow(pieces: list[Code]) -> Flow:
    lists: dict[str, dict[str, list[int]]] = {}
    uses: dict[str, int] = {}
    own: set[str] = set()
    line = 0
    for step in chain.from_iterable(code.steps for code in pieces):
        line = step.first or line
        for name in step.uses - own:
            uses.setdefault(name, line)
        own |= step.defines
        for what in ("defines", "touches", "reads", "writes"):
            for name in getattr(step, what):
                lists.setdefault(what, {}).setdefault(name, []).append(line)
    frozen = {
        what: {name: tuple(lines) for name, lines in found.items()} for what, found in lists.items()
    }
    empty: dict[str, tuple[int, ...]] = {}
    return Flow(
        tuple(pieces),
        frozen.get("defines", empty),
        uses,
        frozen.get("touches", empty),
        frozen.get("reads", empty),
        frozen.get("writes", empty),
    )


def _code(piece: Piece, known: _Known) -> Code:
    syntax = sources.syntax(piece.source)
    try:
        steps = list(_steps(syntax.body, known))
    except RecursionError:
        return Code(whole=syntax.whole)
    steps += [Step(line, line, defines=frozenset({name})) for name, line in syntax.defines]
    if syntax.writes:
        steps.append(Step(1, 1, writes=(filenames.normal(syntax.writes),)))

    def placed(step: Step) -> Step:
        if not step.first:
            return step
        first, last = piece.in_document(step.first), piece.in_document(step.last)
        return replace(
            step, first=first, last=last, body=step.body and piece.in_document(step.body)
        )

    return Code(tuple(placed(step) for step in steps), syntax.whole)


def _steps(body: Iterable[ast.stmt], known: _Known) -> Iterator[Step]:
    for statement in body:
        match statement:
            case ast.If(test=head) | ast.While(test=head):
                yield _head(statement, [head], known)
                yield from _steps([*statement.body, *statement.orelse], known)
            case ast.For() | ast.AsyncFor():
                yield _head(statement, [statement.iter, statement.target], known)
                yield from _steps([*statement.body, *statement.orelse], known)
            case ast.With() | ast.AsyncWith():
                head_step = _head(statement, statement.items, known)
                yield head_step
                yield from _steps(statement.body, known)
                # A file that is open for writing is complete when it is closed.
                if head_step.writes:
                    yield Step(writes=head_step.writes)
            case ast.Try() | ast.TryStar():
                yield from _steps(statement.body, known)
                for handler in statement.handlers:
                    caught = [handler.type] if handler.type else []
                    named = frozenset({handler.name} if handler.name else ())
                    step = known.step(handler.lineno, handler.lineno, names.read(*caught))
                    yield replace(step, defines=step.defines | named)
                    yield from _steps(handler.body, known)
                yield from _steps([*statement.orelse, *statement.finalbody], known)
            case ast.Match():
                yield _head(statement, [statement.subject], known)
                for case in statement.cases:
                    parts = [case.pattern, *([case.guard] if case.guard else [])]
                    line = case.pattern.lineno
                    yield known.step(line, line, names.read(*parts))
                    yield from _steps(case.body, known)
            case _:
                yield known.statement(statement)


def _head(statement: ast.stmt, parts: Iterable[ast.AST], known: _Known) -> Step:
    parts = list(parts)
    ends = [getattr(part, "end_lineno", None) or statement.lineno for part in parts]
    # `withitem` has no place of its own.
    ends += [n.end_lineno or 0 for part in parts for n in ast.walk(part) if isinstance(n, ast.expr)]
    return known.step(statement.lineno, max(ends), names.read(*parts))


class _Known:
    """What names stand for so far: functions, file names, callbacks that write files, imports."""

    def __init__(self) -> None:
        self.functions: dict[str, names.Facts] = {}
        self.texts: dict[str, tuple[str, ...]] = {}
        self.later: dict[str, tuple[str, ...]] = {}
        self.imports: dict[str, str] = {}

    def statement(self, node: ast.stmt) -> Step:
        first, body = node.lineno, 0
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            first = min([first, *(decorator.lineno for decorator in node.decorator_list)])
            body = node.body[0].lineno
        step = self.step(first, node.end_lineno or first, names.read(node))
        return replace(step, body=body)

    def step(self, first: int, last: int, facts: names.Facts) -> Step:
        """What the facts come to here, the functions that they use included."""
        whole = self._with_calls(facts)
        reads = [*whole.reads, *self._files(whole.read_names)]
        writes = [*whole.writes, *self._files(whole.write_names)]
        if whole.touches:
            writes += [file for name in sorted(whole.loads) for file in self.later.get(name, ())]
        if whole.later and whole.touches - self.imports.keys() - whole.stores:
            writes += whole.later
        step = Step(
            first,
            last,
            frozenset(whole.loads),
            frozenset(whole.stores),
            frozenset(whole.deletes),
            frozenset(whole.touches - self.imports.keys() - facts.imports.keys()),
            dict(facts.imports),
            frozenset(facts.stars),
            tuple(dict.fromkeys(reads)),
            tuple(dict.fromkeys(writes)),
            dict(facts.functions),
            random=whole.random,
        )
        self._remember(facts)
        return step

    def _with_calls(self, facts: names.Facts) -> names.Facts:
        whole = names.Facts(stores=set(facts.stores), deletes=facts.deletes)
        whole.take(facts, set())
        todo, seen = list(facts.loads), set(facts.loads)
        while todo and len(seen) < _DEEPEST:
            called = self.functions.get(todo.pop())
            if called is None:
                continue
            whole.take(called, set())
            whole.stores |= called.stores
            todo += called.loads - seen
            seen |= called.loads
        return whole

    def _files(self, holders: Iterable[str]) -> Iterator[str]:
        for name in sorted(holders):
            yield from self.texts.get(name, ())

    def _remember(self, facts: names.Facts) -> None:
        for table in (self.functions, self.texts, self.later, self.imports):
            for name in facts.stores | facts.deletes:
                table.pop(name, None)
        self.functions.update(facts.functions)
        self.texts.update(facts.texts)
        self.imports.update(facts.imports)
        if facts.later:
            self.later.update(dict.fromkeys(facts.stores, tuple(facts.later)))
