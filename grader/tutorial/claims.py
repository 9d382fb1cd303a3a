"""Checks what comments and prose say of a block's behaviour against what its statements did."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from grader.text import Text
from grader.tutorial import claims_values as values
from grader.tutorial.claims_code import parsed
from grader.tutorial.claims_find import find
from grader.tutorial.claims_stated import Stated
from grader.tutorial.compare import compare
from grader.tutorial.values import Block, Claim, Run

__all__ = ["Seen", "Stated", "check", "find", "seen_of", "watch"]

_ANY = frozenset({"", "Exception", "Error"})
_CLASS = re.compile(r"^<class '([\w.]{1,200})'>")
_WIDTH = 80


@dataclass(frozen=True, slots=True)
class Seen:
    """What one top-level statement of a piece did, or one expression evaluated for a claim.

    Attributes:
        line: its first line in the piece's source, from 1 (of a decorated one, the `def`'s).
        printed: what it wrote to stdout.
        value: the repr of an expression's value; None for other statements and for None itself.
        raised: the class of the exception that left it, unqualified.
    """

    line: int
    printed: str = ""
    value: str | None = None
    raised: str | None = None


def watch(stated: Iterable[Stated]) -> dict[int, tuple[int, ...]]:
    """By piece, the lines at which statements begin whose doings `check` will ask for."""
    lines: dict[int, set[int]] = {}
    for one in stated:
        own = [(one.piece, one.statement)] if one.piece is not None and one.statement else []
        for piece, line in (*own, *one.calls, *one.beside):
            lines.setdefault(piece, set()).add(line)
    return {piece: tuple(sorted(found)) for piece, found in sorted(lines.items())}


def seen_of(block: Block, runs: Sequence[Run]) -> dict[int, tuple[Seen, ...]]:
    """What each statement that was reached did, by piece, out of a block's runs."""
    found: dict[int, tuple[Seen, ...]] = {}
    for number, (piece, run) in enumerate(zip(block.pieces, runs, strict=False)):
        tree = parsed(piece.source)
        told = {one.line: one for one in run.seen}
        if tree is None or run.ended not in ("ok", "raised"):
            continue
        part: list[Seen] = []
        for node in tree.body:
            one = told.get(node.lineno)
            ends = piece.in_document(node.end_lineno or node.lineno)
            failed = run.raised is not None and run.raised.line <= ends
            part.append(
                Seen(
                    node.lineno,
                    one.printed if one else "",
                    (one.value or None) if one else None,
                    run.raised.type if run.raised is not None and failed else None,
                )
            )
            if failed:
                break
        found[number] = tuple(part)
    return found


def check(stated: Stated, seen: Mapping[int, Sequence[Seen]], came: Seen | None = None) -> Claim:
    """Whether what is stated holds.

    Args:
        stated: as `find` found it.
        seen: by number of the piece (in its block), what each statement that was reached did, in
            order. A statement that raised is the last one.
        came: what came of `stated.code`, evaluated in the kernel when the block was over; None
            where it wasn't.
    """
    holds, why = _answer(stated, seen, came)
    if holds is False and not stated.sure:
        # Where the words may mean something else, nobody is accused.
        holds, why = (
            None,
            Text(f"Not sure what it is about: {why.en}", f"不确定这句话指的是什么：{why.zh}"),
        )
    return Claim(stated.line, stated.text, stated.says, holds, why)


_Answer = tuple[bool | None, Text]


def _answer(stated: Stated, seen: Mapping[int, Sequence[Seen]], came: Seen | None) -> _Answer:
    if stated.reason is not None:
        return None, stated.reason
    if stated.calls:
        return _count(stated, seen)
    if stated.code is not None:
        if came is None:
            return None, Text("It wasn't evaluated.", "没有求值，未检查。")
        if came.raised in ("NameError", "SyntaxError") and stated.expects != came.raised:
            return None, Text(
                f"`{_short(stated.code)}` can't be run by itself: {came.raised}.",
                f"`{_short(stated.code)}` 无法单独运行：{came.raised}。",
            )
        return _about(stated, came)
    if stated.piece is None:
        raised = [one.raised for part in seen.values() for one in part if one.raised]
        if raised or any(seen.values()):
            return _raises(stated, raised[0] if raised else None)
        return None, _NOT_REACHED
    one = next((s for s in seen.get(stated.piece, ()) if s.line == stated.statement), None)
    if one is None:
        return None, _NOT_REACHED
    if stated.says == "prints" and stated.expects in ("traced", "untraced"):
        return _traced(stated, one, seen)
    return _about(stated, one)


_NOT_REACHED = Text("Its statement wasn't reached.", "没有执行到这条语句。")


def _about(stated: Stated, one: Seen) -> _Answer:
    if stated.says == "raises":
        return _raises(stated, one.raised)
    if one.raised is not None:
        return None, Text(f"It raised {one.raised}.", f"该语句抛出了 {one.raised}。")
    if stated.says == "prints":
        return _prints(stated, one)
    return _value(stated, one)


def _raises(stated: Stated, raised: str | None) -> _Answer:
    if raised is None:
        return False, Text("It raised nothing.", "没有抛出异常。")
    if stated.expects in _ANY or stated.expects == raised:
        return True, Text(f"It raised {raised}.", f"抛出了 {raised}。")
    return False, Text(
        f"It raised {raised}, not {stated.expects}.",
        f"抛出的是 {raised}，而不是 {stated.expects}。",
    )


def _value(stated: Stated, one: Seen) -> _Answer:
    """A value against an expression's, or against what was printed."""
    shown = one.value if one.value is not None else one.printed.strip()
    if not shown:
        if (none := values.named(stated.expects)) is not None and none.node == "none":
            return True, Text("It was None.", "结果为 None。")
        return None, Text("The statement shows nothing.", "该语句没有显示任何结果。")
    real = Text(f"`{_short(shown)}` came.", f"实际为 `{_short(shown)}`。")
    # IPython shows `int`, Python's own prompt `<class 'int'>`.
    expects = _CLASS.sub(r"\1", stated.expects)
    if compare(expects, shown)[0] in ("exact", "equivalent"):
        return True, real
    wanted = values.named(stated.expects)
    got = values.shape_of(shown) if stated.shape else None
    got = got if got is not None else values.value_of(shown)
    if wanted is None or got is None:
        # Words beside what was printed: the same words would have been found equal.
        return (None, _unreadable(shown)) if wanted is None else (False, real)
    same = values.agree(wanted.node, got) or (
        stated.row and values.agree(values.flat(wanted.node), values.flat(got))
    )
    return same, real


def _unreadable(shown: str) -> Text:
    return Text(
        f"These words can't be set beside `{_short(shown)}`.",
        f"这些文字无法与 `{_short(shown)}` 比较。",
    )


def _prints(stated: Stated, one: Seen) -> _Answer:
    lines = [line.strip() for line in one.printed.splitlines() if line.strip()]
    real = Text(
        f"`{_short(' / '.join(lines))}` was printed.", f"打印了 `{_short(' / '.join(lines))}`。"
    )
    if not lines:
        real = Text("Nothing was printed.", "什么也没有打印。")
    for part in stated.parts:
        if not any(_is(part, line) for line in lines):
            return False, real
    if stated.only and len(lines) != len(stated.parts):
        return False, real
    return True, real


def _is(part: str, line: str) -> bool:
    if part == line or compare(part, line)[0] in ("exact", "equivalent"):
        return True
    wanted, got = values.named(part), values.value_of(line)
    return wanted is not None and got is not None and values.agree(wanted.node, got)


def _count(stated: Stated, seen: Mapping[int, Sequence[Seen]]) -> _Answer:
    """How often the text of a `print` came, against the calls of the function around it."""
    lines = [
        line.strip() for part in seen.values() for one in part for line in one.printed.splitlines()
    ]
    reached = {(piece, one.line) for piece, part in seen.items() for one in part}
    calls = sum(1 for call in stated.calls if call in reached)
    times = lines.count(stated.expects.strip())
    if calls == 0:
        return None, _NOT_REACHED
    why = Text(f"Printed {times}× in {calls} calls.", f"调用 {calls} 次，打印了 {times} 次。")
    if stated.piece is None:
        why = Text(f"Printed {times}×.", f"打印了 {times} 次。")
    if stated.says == "once":
        return times == 1, why
    return times >= calls, why


def _traced(stated: Stated, one: Seen, seen: Mapping[int, Sequence[Seen]]) -> _Answer:
    """Whether a call traced its function: only a `print` in that function shows it."""
    if one.raised is not None:
        return None, Text(f"It raised {one.raised}.", f"该语句抛出了 {one.raised}。")
    if one.printed.strip():
        why = Text("It printed, as it does when it traces.", "有打印输出，说明进行了跟踪。")
        return stated.expects == "traced", why
    told = any(
        (piece, other.line) in stated.beside and other.printed.strip()
        for piece, part in seen.items()
        for other in part
    )
    if not told:
        return None, Text("Nothing shows whether it traced.", "无法看出是否进行了跟踪。")
    return stated.expects == "untraced", Text(
        "It printed nothing, unlike another call.", "与其他调用不同，没有打印任何内容。"
    )


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= _WIDTH else text[:_WIDTH] + "…"
