"""What authors ask for: comments before a block, a cell's tags, and a `tutorial.toml`."""

from __future__ import annotations

import math
import re
import tomllib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

import msgspec

from grader.errors import UsageError
from grader.tutorial.source import read_text
from grader.tutorial.values import Control

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

SETTINGS_FILE = "tutorial.toml"
NO_REASON = "the author skips it"
"""Stands as the reason in `Control.skip` where the author gives none."""
_KNOWN = "skip [because …], raises [NAME], timeout SECONDS, epochs N, document …"
_COMMENT = re.compile(r"<!--\s*tutorial\s*:(.*?)-->", re.DOTALL)
_NAME = re.compile(r"\*|[A-Za-z_][\w.]*")
_MAX_EPOCHS = 1_000_000
_PLAIN = {
    "Object contains unknown field": "has an unknown key",
    "Object missing required field": "lacks",
    "Invalid enum value": "knows no",
    "Expected": "expected",
    "`str`": "text",
    "`int`": "a whole number",
    "`float`": "a number",
    "`bool`": "true or false",
    "`array`": "a list",
    "`object`": "a table",
}


@dataclass(frozen=True, slots=True)
class Settings:
    """How one document is run, unless a block asks for something else.

    Attributes:
        timeout: seconds one block may take.
        document_timeout: seconds the whole document may take.
        epochs: at most so many epochs in each `fit`; None: as written.
        stand_ins: whether synthetic data sets stand in for those of the network.
        skip: why the document isn't run at all; None: it is.
    """

    timeout: float = 120.0
    document_timeout: float = 900.0
    epochs: int | None = None
    stand_ins: Literal["all", "none"] = "all"
    skip: str | None = None

    def apply(self, control: Control) -> Control:
        """A block's wishes, with those of the whole document where it has none of its own."""
        return Control(
            skip=control.skip if control.skip is not None else self.skip,
            raises=control.raises,
            timeout=control.timeout,
            epochs=control.epochs if control.epochs is not None else self.epochs,
        )


@dataclass(frozen=True, slots=True)
class Asked:
    """One comment: what it asks for, and whether it does so for the whole document."""

    line: int
    control: Control
    document: bool


class _Defaults(msgspec.Struct, forbid_unknown_fields=True):
    timeout: float | None = None
    document_timeout: float | None = None
    epochs: int | None = None
    stand_ins: Literal["all", "none"] | None = None


class _Document(_Defaults, forbid_unknown_fields=True, kw_only=True):
    file: str
    skip: bool = False
    because: str | None = None


class _File(msgspec.Struct, forbid_unknown_fields=True):
    defaults: _Defaults = msgspec.field(default_factory=_Defaults)
    document: list[_Document] = []


def settings_for(path: Path) -> Settings:
    """The settings for the document at `path`, from the `tutorial.toml` in its folder, if any.

    Raises:
        UsageError: that file can't be read or contradicts itself.
    """
    file = path.parent / SETTINGS_FILE
    if not file.exists():
        return Settings()
    try:
        data = tomllib.loads(read_text(file))
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"{file}: not TOML: {error}; mend that line") from None
    try:
        entry = msgspec.convert(data, _File)
    except msgspec.ValidationError as error:
        raise UsageError(f"{file}: {_readable(str(error))}") from None
    settings = _with(Settings(), entry.defaults, f"{file}: [defaults]")
    found = settings
    seen: set[str] = set()
    for item in entry.document:
        where = f"{file}: [[document]] {item.file!r}"
        own = _with(settings, item, where)
        if item.file in seen:
            raise UsageError(f"{where} is listed twice; keep one")
        seen.add(item.file)
        if item.because is not None and not item.skip:
            raise UsageError(f"{where}, because: nothing is skipped; add skip = true")
        target = path.parent / item.file
        if not target.exists():
            raise UsageError(f"{where}: there is no such file beside it; mend the name")
        if target.resolve() == path.resolve():
            found = replace(own, skip=(item.because or NO_REASON) if item.skip else None)
    return found


def _with(settings: Settings, entry: _Defaults, where: str) -> Settings:
    for name in ("timeout", "document_timeout", "epochs"):
        value = getattr(entry, name)
        if value is not None and not (0 < value < math.inf):  # TOML knows nan, which is neither
            raise UsageError(f"{where}, {name}: {value} must be a positive number")
    return Settings(
        settings.timeout if entry.timeout is None else entry.timeout,
        settings.document_timeout if entry.document_timeout is None else entry.document_timeout,
        settings.epochs if entry.epochs is None else entry.epochs,
        settings.stand_ins if entry.stand_ins is None else entry.stand_ins,
        settings.skip,
    )


def _readable(message: str) -> str:
    said, _, place = message.partition(" - at `$")
    said = said.replace(" | null`", "`")
    for word, plain in _PLAIN.items():
        said = said.replace(word, plain)
    place = place.rstrip("`").lstrip(".")
    place = re.sub(r"^document\[(\d+)\]\.?", lambda m: f"[[document]] no. {int(m[1]) + 1}, ", place)
    return f"{place.rstrip(', ') or 'top level'}: {said}"


def comments(html: str, line: int, path: Path) -> list[Asked]:
    """What the comments in a piece of HTML ask for; `line` is where it begins.

    Raises:
        UsageError: a word that isn't known, or one that lacks its value.
    """
    return [
        _asked(match[1], line + html.count("\n", 0, match.start()), path)
        for match in _COMMENT.finditer(html)
    ]


def _asked(text: str, line: int, path: Path) -> Asked:
    where = f"{path}: line {line}"
    words = text.strip()
    document = re.match(r"document\b", words) is not None
    if document:
        words = words[len("document") :]
    control = Control()
    parts = [part.strip() for part in words.split(";")]
    if not any(parts):
        raise UsageError(f"{where}: the tutorial comment asks for nothing; it knows: {_KNOWN}")
    for part in filter(None, parts):
        control = _word(control, part, where)
    if document and control.raises is not None:
        raise UsageError(f"{where}: a whole document can't be meant to raise; say it of a block")
    return Asked(line, control, document)


def _word(control: Control, part: str, where: str) -> Control:
    word, _, rest = part.partition(" ")
    word, rest = word.rstrip(":"), rest.strip()
    if word == "skip":
        if rest and not re.match(r"because\b", rest):
            raise UsageError(f"{where}: write `skip because {rest}` (or only `skip`)")
        reason = " ".join(rest.removeprefix("because").lstrip(" :").split())
        return replace(control, skip=reason or NO_REASON)
    if word == "raises":
        return replace(control, raises=_exception(rest or "*", where))
    if word == "timeout":
        return replace(control, timeout=_seconds(rest, where))
    if word == "epochs":
        return replace(control, epochs=_epochs(rest, where))
    raise UsageError(f"{where}: unknown word {word!r} in a tutorial comment; it knows: {_KNOWN}")


def from_tags(tags: Iterable[str], where: str) -> Control:
    """What a notebook cell's tags ask for; tags of other tools are nobody's business here.

    Raises:
        UsageError: a tag that begins with `tutorial:` and isn't known.
    """
    control = Control()
    for tag in tags:
        if tag in ("skip", "skip-execution"):
            control = replace(control, skip=control.skip or NO_REASON)
        elif tag == "raises-exception":
            control = replace(control, raises=control.raises or "*")
        elif tag.startswith("tutorial:"):
            control = _word(
                control, tag.removeprefix("tutorial:").strip().replace("=", " ", 1), where
            )
    return control


def merged(first: Control, second: Control) -> Control:
    """Both wishes; the second's where they differ."""
    return Control(
        skip=first.skip if second.skip is None else second.skip,
        raises=first.raises if second.raises is None else second.raises,
        timeout=first.timeout if second.timeout is None else second.timeout,
        epochs=first.epochs if second.epochs is None else second.epochs,
    )


def _exception(text: str, where: str) -> str:
    if not _NAME.fullmatch(text):
        raise UsageError(f"{where}: raises {text!r}: give one exception's name, or * for any")
    return text.rpartition(".")[2]


def _seconds(text: str, where: str) -> float:
    try:
        seconds = float(text.removesuffix("s").strip())
    except ValueError:
        seconds = math.nan
    if not 0 < seconds < math.inf:
        raise UsageError(f"{where}: timeout {text!r}: give seconds, as in `timeout 60`")
    return seconds


def _epochs(text: str, where: str) -> int:
    if not (text.isascii() and text.isdigit() and 0 < len(text) < 8):
        raise UsageError(f"{where}: epochs {text!r}: give a whole number, as in `epochs 1`")
    if not 0 < int(text) <= _MAX_EPOCHS:
        raise UsageError(f"{where}: epochs {text}: give a number from 1 to {_MAX_EPOCHS}")
    return int(text)
