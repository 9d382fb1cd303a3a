"""Whose fault an exception is: the block's own, its surroundings', or an earlier block's."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from grader.text import Text
from grader.tutorial import filenames, reasons
from grader.tutorial.graph import Flow, Step
from grader.tutorial.stale import Stale, State
from grader.tutorial.values import Block, Raised

_NAME = re.compile(r"name '([^']{1,200})' is not defined")
_KEYWORD = re.compile(r"(?:(\w{1,200})\.)?(\w{1,200})\(\) got an unexpected keyword argument")
_REFUSED = re.compile(r"unrecognized keyword|not recognized: \{|unexpected keyword", re.IGNORECASE)
_TYPES = re.compile(
    r"can only concatenate|unsupported operand type|object is not (?:callable|subscriptable)"
    r"|positional arguments?\b|unexpected keyword"
)
# Nothing that an earlier block did or didn't do makes these.
_OWN = {
    *("SyntaxError", "IndentationError", "TabError", "NotImplementedError", "ImportError"),
    *("ModuleNotFoundError", "UnboundLocalError"),
}
# Many packages share them, so that the first part is there where the rest isn't.
_NAMESPACES = {"google", "azure", "sphinxcontrib", "zope"}


@dataclass(frozen=True, slots=True)
class Fault:
    """What is to be said of one exception. `root` and `through` as in a verdict."""

    status: Literal["failed", "blocked", "cascaded"]
    why: Text
    error: Raised
    root: int | None = None
    through: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Place:
    """Where an exception came out.

    Attributes:
        at: the position of its block among `blocks`, to which `flows` run parallel.
        step: the statement that failed.
        read: files that the piece had opened by then.
    """

    blocks: Sequence[Block]
    flows: Sequence[Flow]
    at: int
    step: Step
    state: State
    read: tuple[str, ...] = ()

    def line(self, index: int) -> int:
        """The first line of the block with that index."""
        return next((block.line for block in self.blocks if block.index == index), 0)


def fault(raised: Raised, place: Place) -> Fault | None:
    """Whose fault `raised` is; None where an earlier example of the same block is to blame."""
    if name := _undefined(raised):
        return _name(replace(raised, missing=name, missing_kind="name"), place)
    if raised.missing_kind == "address":
        return Fault("blocked", reasons.address(raised.missing), raised)
    if raised.missing_kind == "module":
        return _module(raised, place)
    if raised.missing_kind == "file":
        return _file(raised, place)
    blamed = dict(place.state.blamed(place.step))
    for path in place.read:
        if stale := place.state.file(path):
            blamed.setdefault(path, stale)
    if not blamed or _own(raised, place) or _of_types(raised, blamed):
        return Fault("failed", reasons.failed(raised), raised)
    return _cascade(raised, place, blamed)


def _undefined(raised: Raised) -> str:
    if raised.missing_kind == "name":
        return raised.missing
    found = _NAME.search(raised.message[:1000]) if raised.type == "NameError" else None
    return found[1] if found else ""


def _cascade(raised: Raised, place: Place, blamed: Mapping[str, Stale]) -> Fault | None:
    """Blames the first cause of all there are, a missing definition before a missing change."""
    own = place.blocks[place.at].index
    others = {name: stale for name, stale in blamed.items() if stale.root != own}
    if len(others) < len(blamed):
        # What an earlier example of the block itself broke has been said there.
        return None
    first = min(others.values(), key=lambda stale: (stale.how == "touched", stale.root))
    same = {n: s for n, s in others.items() if (s.root, s.how) == (first.root, first.how)}
    by = place.line(first.by if first.by != own else first.root)
    lost = first.how == "lost"
    why = reasons.cascaded(same, by, place.line(first.root), lost=lost)
    return Fault("cascaded", why, raised, first.root, tuple(same))


def _name(raised: Raised, place: Place) -> Fault | None:
    name, state = raised.missing, place.state
    stale = state.stale.get(name)
    if stale and stale.how != "touched":
        return _cascade(raised, place, {name: stale})
    if name in state.deleted:
        why = reasons.deleted(name, raised.line, state.deleted[name])
    elif name in state.lost:
        return _cascade(raised, place, {name: state.lost[name]})
    elif before := _defined(place.flows[: place.at], name) or _earlier_here(raised, place):
        # It ran, or stopped as it is meant to, and yet the name isn't there: a branch not taken.
        why = reasons.not_reached(name, raised.line, before)
    elif later := _defined(place.flows[place.at :], name):
        why = reasons.defined_later(name, raised.line, later)
    elif state.stars:
        return _cascade(raised, place, {name: next(iter(state.stars.values()))})
    else:
        why = reasons.never_defined(name, raised.line)
    return Fault("failed", why, raised)


def _defined(flows: Sequence[Flow], name: str) -> int:
    return next((flow.defines[name][0] for flow in flows if name in flow.defines), 0)


def _earlier_here(raised: Raised, place: Place) -> int:
    lines = place.flows[place.at].defines.get(raised.missing, ())
    return next((line for line in lines if line < raised.line), 0)


def _module(raised: Raised, place: Place) -> Fault | None:
    """A package, or a module that the document writes itself."""
    path = raised.missing.replace(".", "/")
    for file in (f"{path}.py", f"{path}/__init__.py", f"{path.partition('/')[0]}.py"):
        if stale := place.state.file(file):
            return _cascade(raised, place, {file: stale})
    # Python names the first part that it can't find: with a dot, what is before it was found.
    shared = raised.missing.partition(".")[0] in _NAMESPACES
    if raised.type == "ModuleNotFoundError" and "." in raised.missing and not shared:
        return Fault("failed", reasons.gone(raised.missing), raised)
    return Fault("blocked", reasons.module(raised.missing), raised)


def _file(raised: Raised, place: Place) -> Fault | None:
    path, state, step = raised.missing, place.state, place.step
    if stale := state.file(path):
        return _cascade(raised, place, {path: stale})
    if line := next((n for p, n in state.written.items() if filenames.same(p, path)), 0):
        return Fault("failed", reasons.not_written(path, line), raised)
    if any(filenames.inside(file, path) for file in step.writes):
        return Fault("blocked", reasons.folder(path), raised)
    named = any(filenames.same(file, path) for file in step.reads)
    old = {name: stale for name, stale in state.blamed(step).items() if stale.how != "touched"}
    if old and not named:
        return _cascade(raised, place, old)
    later = next(
        (
            lines[0]
            for flow in place.flows[place.at + 1 :]
            for file, lines in flow.writes.items()
            if filenames.same(file, path)
        ),
        0,
    )
    return Fault("blocked", reasons.file(path, later), raised)


def _of_types(raised: Raised, blamed: Mapping[str, Stale]) -> bool:
    """Whether types don't go together, which no change made to an object would have mended."""
    touched = all(stale.how == "touched" for stale in blamed.values())
    message = raised.message[:2000]
    return (
        touched
        and raised.type == "TypeError"
        and _TYPES.search(message) is not None
        and "NoneType" not in message  # an attribute that would have been set
    )


def _own(raised: Raised, place: Place) -> bool:
    """Whether the error can't follow from what earlier blocks left."""
    if raised.type in _OWN:
        return True
    message = raised.message[:2000]
    if raised.type == "AttributeError" and message.startswith("module "):
        return True
    if not _REFUSED.search(message):
        return False
    found = _KEYWORD.search(message)
    callee = {part for part in found.groups() if part} if found else set()
    # An old class of the document's may well refuse what its new one takes.
    return not any(callee & flow.defines.keys() for flow in place.flows)
