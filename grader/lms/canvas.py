"""Canvas's bulk download: flat, `{sortable name}[_LATE]_{user}_{attachment}_{file name}`.

The name is in lower case and without spaces or signs. Anonymous: `[LATE_]anon_{id}_{attachment}_…`.
What was typed online is `…_{user}_text.html`, an address `…_link.html`. A file handed in again
under the same name gets `-1`, `-2` before its extension. (Source: Canvas's content zipper.)
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from grader.lms.values import File, Listed, Owned, Person, Sorted
from grader.submissions.model import Entry, shown
from grader.text import Text

if TYPE_CHECKING:
    from collections.abc import Sequence

_LONGEST = 400
"""Characters of a name that is looked at: no file system has longer ones."""
MAX_EARLIER = 40
"""Earlier versions of a student's files that can be graded."""
_ANONYMOUS = re.compile(r"(?P<late>LATE_)?anon_(?P<user>[^\W_]+)_(?P<rest>.+)", re.DOTALL)
_USER = re.compile(r"(?P<late>_LATE)?_(?P<user>\d+)(?=_(?:\d|text|link))")
_NO_NAME = re.compile(r"[A-Z\x00-/:-@\[-^`{-\x7f]")
"""What Canvas leaves out of names, or makes small letters of."""
_ATTACHED = re.compile(r"(?P<attachment>\d+)_(?P<file>.+)", re.DOTALL)
_PAGE = re.compile(r"(?:text|link)(?:-\d+)?\.html")
_VERSION = re.compile(r"(?P<stem>.+?)-(?P<version>\d{1,4})(?P<suffix>\.[^.]*)?", re.DOTALL)

NOBODYS = Text(
    "its name doesn't say whose it is, as names from Canvas do",
    "文件名没有像 Canvas 那样注明是谁提交的",
)
_LINK = Text("an address was handed in; it isn't fetched", "提交的是一个网址，不会去下载")


@dataclass(frozen=True, slots=True)
class Parsed:
    """What a name says; `attachment` is "" for a page that Canvas made."""

    name: str
    user: str
    attachment: str
    file: str
    late: bool
    anonymous: bool


def parse(name: str) -> Parsed | None:
    """What a name from Canvas says; None when it isn't one, or can be read in several ways."""
    found = readings(name)
    return found[0] if len(found) == 1 else None


def readings(name: str) -> tuple[Parsed, ...]:
    """Everything that a name from Canvas may say, one for each user, the usual one first.

    Students choose their names: `doejane_12_34_567_huber.py` is user 12's file `567_huber.py` or
    34's `huber.py`, as long as somebody can be called `doejane_12`.
    """
    if len(name) > _LONGEST:
        return ()
    by_user: dict[str, Parsed] = {}
    found = _ANONYMOUS.fullmatch(name)
    split = _split(found["rest"]) if found else None
    if found and split:
        who, late = f"anon_{found['user']}", bool(found["late"])
        by_user[found["user"]] = Parsed(who, found["user"], *split, late, True)
    for found in _USER.finditer(name):
        who, split = name[: found.start()], _split(name[found.end() + 1 :])
        if split and not (by_user and _NO_NAME.search(who)):
            parsed = Parsed(who, found["user"], *split, bool(found["late"]), False)
            by_user.setdefault(found["user"], parsed)
    return tuple(by_user.values())


def settled(names: Sequence[str]) -> list[tuple[Parsed, ...]]:
    """The readings of each of a download's names, less those that most students' names share.

    In a class that is told to hand in `lab_1_2_3.py` user 1 or 2 isn't everybody. Students are
    counted, not files: of those anybody may hand in many.
    """
    found = [readings(name) for name in names]
    firsts = {several[0].user for several in found if several}
    later = {(several[0].user, one.user) for several in found for one in several[1:]}
    shared = Counter(user for _, user in later)
    nobody = {user for user, count in shared.items() if count > 2 and 2 * count > len(firsts)}
    return [
        (*several[:1], *(one for one in several[1:] if one.user not in nobody)) for several in found
    ]


def _split(rest: str) -> tuple[str, str] | None:
    attached = _ATTACHED.fullmatch(rest)
    if attached:
        return attached["attachment"], attached["file"]
    return ("", rest) if _PAGE.fullmatch(rest) else None


def sort(files: Sequence[File]) -> Sorted:
    """Files by student."""
    by_user: dict[str, list[tuple[Parsed, File]]] = defaultdict(list)
    loose = []
    for file, found in zip(files, settled([file.parts[0] for file in files]), strict=True):
        if len(found) == 1:
            by_user[found[0].user].append((found[0], file))
        else:
            why = _several(found) if found else NOBODYS
            loose.append(Listed(file.entry.path, "unclear", file.entry.problem or why))
    return Sorted(tuple(_owned(found) for found in by_user.values()), tuple(loose))


def _several(found: Sequence[Parsed]) -> Text:
    users = [f"{one.user} (`{shown(one.name, 60)}`)" for one in found[:4]]
    return Text(
        f"its name can be read as user {' or as user '.join(users)}'s, so whose it is isn't known",
        f"文件名可以理解为用户 {' 或用户 '.join(users)} 的，无法确定是谁提交的",
    )


def _owned(found: Sequence[tuple[Parsed, File]]) -> Owned:
    first = found[0][0]
    late = any(parsed.late for parsed, _ in found)
    person = Person(
        first.name or first.user, "canvas", first.user, anonymous=first.anonymous, late=late
    )
    groups: dict[tuple[str, ...], list[tuple[int, Parsed, File]]] = defaultdict(list)
    listed, page = [], None
    for parsed, file in found:
        if not parsed.attachment and parsed.file.startswith("link"):
            listed.append(Listed(file.entry.path, "ignored", _LINK))
        elif not parsed.attachment and page is None:
            page = _named(file, parsed)
        else:
            base, version = _base(parsed.file)
            groups[base.lower(), *file.parts[1:]].append((version, parsed, file))
    entries: list[Entry] = []
    older: list[tuple[int, Parsed, File]] = []  # (its place in `entries`, …)
    for versions in groups.values():
        kept, superseded = _latest(versions)
        if kept.problem is None:
            older += [(len(entries), was, file) for _, was, file in versions[:-1]]
        entries.append(kept)
        listed += superseded
    # As if that file had not been handed in again: what lies beside it stays the same.
    earlier = tuple(
        Owned(
            replace(person, late=was.late),
            (*entries[:place], _named(file, was), *entries[place + 1 :]),
            page,
        )
        for place, was, file in older[-MAX_EARLIER:]
    )
    return Owned(person, tuple(entries), page, tuple(listed), earlier=earlier)


def _latest(versions: list[tuple[int, Parsed, File]]) -> tuple[Entry, list[Listed]]:
    """The last version of a file, by its number; attachments are numbered in time too."""
    versions.sort(key=lambda one: (one[0], _number(one[1].attachment)))
    *older, (_, parsed, file) = versions
    kept = _named(file, parsed)
    if any(_number(one.attachment) > _number(parsed.attachment) for _, one, _ in older):
        names = ", ".join(f"`{shown(one.file, 60)}`" for _, one, _ in versions[:5])
        unclear = Text(
            f"which of {names} is the last version isn't clear: names and Canvas's attachment "
            "numbers contradict each other",
            f"无法确定 {names} 中哪个是最后的版本：文件名与 Canvas 的附件编号互相矛盾",
        )
        base = _base(parsed.file)[0]
        path = "/".join((base, *file.parts[1:]))
        return replace(kept, path=path, problem=unclear), [
            Listed(one.entry.path, "unclear", unclear) for _, _, one in older
        ]
    newer = Text(
        f"`{shown(parsed.file)}` was handed in later", f"之后又提交了 `{shown(parsed.file)}`"
    )
    return kept, [Listed(one.entry.path, "superseded", newer) for _, _, one in older]


def _number(attachment: str) -> tuple[int, str]:
    """Orders numbers of any length without converting them."""
    digits = attachment.lstrip("0")
    return len(digits), digits


def _base(name: str) -> tuple[str, int]:
    found = _VERSION.fullmatch(name)
    if found is None:
        return name, 0
    return found["stem"] + (found["suffix"] or ""), int(found["version"])


def _named(file: File, parsed: Parsed) -> Entry:
    path = "/".join((parsed.file, *(part for part in file.parts[1:] if part != "..")))
    return replace(file.entry, path=path, origin=file.entry.path)
