"""The form of tutorial.json, schema 1: a struct per object, a field per key, in the file's order.

Keys with a default are extras that the contract doesn't name: a file without them is read too.
"""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from grader.text import Text
from grader.tutorial.values import Closeness, Kind, Status

Line = Annotated[int, msgspec.Meta(ge=0, le=2**53)]
"""A line of the document, from 1; 0 where there is none."""
Seconds = Annotated[float, msgspec.Meta(ge=0, le=1e9)]


class Error(msgspec.Struct, frozen=True):
    """What went wrong; `root_line` where an earlier block's fault is the reason."""

    type: str
    message: str
    line: Line
    missing: str = ""
    missing_kind: Literal["", "address", "file", "module", "name"] = ""
    root_line: Line | None = None


class Advice(msgspec.Struct, frozen=True):
    """A rule's word on a line; `fix` is the mended code, "" where that takes a person."""

    rule: str
    line: Line
    message: str
    fix: str
    message_zh: str = ""
    severity: Literal["error", "trap", "note"] = "error"
    source: str = ""


class Claim(msgspec.Struct, frozen=True):
    """What a comment or the prose says of a block; `holds` is null where it wasn't checked."""

    line: Line
    text: str
    says: Literal["raises", "prints", "once", "value"]
    holds: bool | None
    why: Text


class Block(msgspec.Struct, frozen=True):
    """One fence, indented block or cell, and what is said of it."""

    line: Line
    language: str
    kind: Kind
    status: Status
    seconds: Seconds
    error: Error | None
    advice: tuple[Advice, ...]
    claimed: str
    got: str
    why: Text | None = None
    closeness: Closeness | None = None
    root_line: Line | None = None
    through: tuple[str, ...] = ()
    claims: tuple[Claim, ...] = ()
    stand_ins: tuple[str, ...] = ()
    passes_on_keras2: bool | None = None
    cell: int | None = None
    note: Text | None = None


class Document(msgspec.Struct, frozen=True):
    """One tutorial; `mended` is the diff of the mended copy, null where none was asked for."""

    path: str
    title: str
    blocks: tuple[Block, ...]
    seconds: Seconds = 0.0
    stand_ins: tuple[str, ...] = ()
    mended: str | None = None
    still_failing: tuple[Line, ...] = ()


class Run(msgspec.Struct, frozen=True):
    """How the check was made; `started` is UTC in ISO 8601."""

    started: str
    seconds: Seconds
    versions: dict[str, str]


class File(msgspec.Struct, frozen=True):
    """All of tutorial.json; `unchecked` are paths of documents that the run didn't come to."""

    schema: int
    documents: tuple[Document, ...]
    run: Run | None = None
    unchecked: tuple[str, ...] = ()


class Schema(msgspec.Struct):
    """What is looked at first, so that another schema is named and not its first odd value."""

    schema: int
