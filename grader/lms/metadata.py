"""Reads Gradescope's `submission_metadata.yml`, whose keys are Ruby's symbols (`:submitters:`).

The file is built from PyYAML's events, not by one of its loaders: nothing in it is executed or made
an object of, every value stays the text that it is (a SID of 0123 is no octal number), and nesting,
size and aliases, with which a small file can stand for a huge one, are bounded.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import yaml

from grader.lms.values import Person
from grader.submissions.model import Unreadable
from grader.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from grader.submissions.model import Entry

MAX_BYTES = 32 * 2**20
"""2,000 submissions with what an autograder printed take a part of it."""
MAX_EVENTS = 2_000_000
MAX_DEPTH = 40
MAX_PEOPLE = 200
"""Submitters of one submission that are read."""
_MAX_TEXT = 400
_TIME = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d):(\d\d)(?:\.\d{1,12})?"
    r" ?(?:(Z|UTC)|([+-]\d\d):?(\d\d))?"
)
_LOADER: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


@dataclass(frozen=True, slots=True)
class Submitted:
    """Of one submission: by whom, and when (UTC in ISO 8601, "" if that isn't told)."""

    people: tuple[Person, ...]
    when: str = ""


def read_metadata(entry: Entry) -> dict[str, Submitted]:
    """What the file says, by the folder's name; raises Unreadable."""
    if entry.problem is not None:
        raise Unreadable(entry.problem)
    data = entry.read(MAX_BYTES)
    if len(data) > MAX_BYTES:
        raise _unreadable(f"it is larger than {MAX_BYTES >> 20} MiB", f"大于 {MAX_BYTES >> 20} MiB")
    try:
        document = _build(yaml.parse(data, Loader=_LOADER))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        at = f", line {mark.line + 1}" if mark else ""
        at_zh = f"，第 {mark.line + 1} 行" if mark else ""
        raise _unreadable(f"it isn't YAML{at}", f"不是 YAML{at_zh}") from None
    except (UnicodeError, ValueError, RecursionError):
        raise _unreadable("it isn't text in UTF-8", "不是 UTF-8 文本") from None
    if not isinstance(document, dict):
        raise _unreadable("it doesn't list submissions", "没有列出提交")
    return {
        name: Submitted(_people(found), _time(found))
        for name, found in document.items()
        if isinstance(found, dict)
    }


def _unreadable(en: str, zh: str) -> Unreadable:
    return Unreadable(
        Text(
            f"submission_metadata.yml can't be used, {en}: export the submissions again",
            f"submission_metadata.yml 无法使用，{zh}：请重新导出提交",
        )
    )


def _build(events: Iterator[Any]) -> Any:
    """The document: dicts, lists, texts. An alias stands for a text, or for nothing."""
    anchors: dict[Any, str] = {}
    stack: list[tuple[Any, list[Any]]] = []  # (container, its keys waiting for a value)
    document: Any = None

    def add(value: Any) -> None:
        nonlocal document
        if not stack:
            document = value if document is None else document
            return
        container, waiting = stack[-1]
        if isinstance(container, list):
            container.append(value)
        elif waiting:
            container[waiting.pop()] = value
        else:
            waiting.append(value if isinstance(value, str) else "")

    for number, event in enumerate(events):
        if number > MAX_EVENTS or len(stack) > MAX_DEPTH:
            raise _unreadable("it is larger or deeper than any list", "内容过多或嵌套过深")
        if isinstance(event, yaml.ScalarEvent):
            text = event.value[:_MAX_TEXT]
            if event.anchor:
                anchors[event.anchor] = text
            add(text)
        elif isinstance(event, yaml.AliasEvent):
            add(anchors.get(event.anchor, ""))
        elif isinstance(event, yaml.CollectionStartEvent):
            opened: Any = {} if isinstance(event, yaml.MappingStartEvent) else []
            add(opened)
            stack.append((opened, []))
        elif isinstance(event, yaml.CollectionEndEvent):
            stack.pop()
    return document


def _people(found: dict[str, Any]) -> tuple[Person, ...]:
    listed = _get(found, "submitters")
    people: list[Person] = []
    for one in listed[:MAX_PEOPLE] if isinstance(listed, list) else []:
        texts = (
            [_get(one, key) for key in ("name", "sid", "email")] if isinstance(one, dict) else []
        )
        name, sid, email = (text if isinstance(text, str) else "" for text in texts or ("",) * 3)
        if name or sid or email:
            person = Person(name or email or sid, "gradescope", login=sid, email=email)
            if person not in people:
                people.append(person)
    return tuple(people)


def _get(found: dict[str, Any], key: str) -> Any:
    """A value by its symbol (`:name`), or by the plain word."""
    return found.get(f":{key}", found.get(key, ""))


def _time(found: dict[str, Any]) -> str:
    said = _get(found, "created_at")
    if isinstance(said, dict):  # Rails writes a time with its zone as an object
        said = said.get("utc", "")
    match = _TIME.fullmatch(said.strip()) if isinstance(said, str) else None
    if match is None:
        return ""
    *numbers, _, hours, minutes = match.groups()
    year, month, day, hour, minute, second = map(int, numbers)
    try:
        east = (
            timedelta(hours=int(hours), minutes=int(hours[0] + minutes)) if hours else timedelta()
        )
        when = datetime(year, month, day, hour, minute, second, tzinfo=UTC) - east
    except (ValueError, OverflowError):
        return ""
    # Not strftime, which writes the year 675 with three digits: times are compared as texts.
    return f"{when.replace(tzinfo=None).isoformat()}Z"
