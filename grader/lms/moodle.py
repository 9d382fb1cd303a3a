"""Moodle's bulk download: `[{group}-]{full name}_{id}_assignsubmission_{plugin}_/{path}/{file}`.

Without folders (an option of the download) the file's name follows the last `_` directly. Blind
marking writes `Participant`, in the teacher's language, in the place of the name; the id is the one
of the grading worksheet (`Participant 12`). A team's files appear under each member, with the
team's name and a hyphen before the member's. There is no `_` in names: Moodle makes spaces of them,
so what a file's name says after the first one counts for nothing.
(Source: Moodle's `assign::download_submissions`.)
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from grader.lms.values import File, Listed, Owned, Person, Sorted
from grader.submissions.model import shown
from grader.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from grader.submissions.model import Entry

_LONGEST = 400
_NAME = re.compile(
    r"(?P<name>[^/_]*)_(?P<id>\d+)_assignsubmission_(?P<plugin>[a-z]+)(?:_(?P<rest>.*))?", re.DOTALL
)
NOBODYS = Text(
    "its name doesn't say whose it is, as names from Moodle do",
    "文件名没有像 Moodle 那样注明是谁提交的",
)


@dataclass(frozen=True, slots=True)
class Parsed:
    """What a name says; `rest` is the file's name where the download has no folders."""

    name: str
    id: str
    plugin: str
    rest: str


def parse(name: str) -> Parsed | None:
    """What a name from Moodle says; None when it isn't one."""
    found = _NAME.fullmatch(name) if len(name) <= _LONGEST else None
    if found is None:
        return None
    return Parsed(found["name"].strip(), found["id"], found["plugin"], found["rest"] or "")


def sort(files: Sequence[File], folders: Iterable[str] = ()) -> Sorted:
    """Files by student; `folders` are folders at the top, which may be empty."""
    by_id: dict[str, list[tuple[Parsed, File]]] = defaultdict(list)
    names: dict[str, str] = {}
    loose = []
    for folder in folders:
        parsed = parse(folder)
        if parsed:
            names.setdefault(parsed.id, parsed.name)
    for file in files:
        parsed = parse(file.parts[0])
        if parsed is None:
            loose.append(Listed(file.entry.path, "unclear", file.entry.problem or NOBODYS))
        else:
            names.setdefault(parsed.id, parsed.name)
            by_id[parsed.id].append((parsed, file))
    groups = _groups(names)
    anonymous = _is_blind(names.values())
    owned = []
    for number, name in names.items():
        group = groups.get(number, "")
        person = Person(
            f"{name} {number}" if anonymous else name[len(group) + 1 :] if group else name,
            "moodle",
            number,
            group=group,
            anonymous=anonymous,
        )
        owned.append(_owned(person, by_id[number]))
    return Sorted(tuple(owned), tuple(loose))


def _is_blind(names: Iterable[str]) -> bool:
    """One word for everybody: `Participant` in whatever language."""
    different = set(names)
    return different == {"Participant"} or (len(different) == 1 and len(list(names)) > 2)


def _groups(names: dict[str, str]) -> dict[str, str]:
    """The team before each name; only if everybody has one, for names have hyphens of their own."""
    if not all(0 < name.find("-") < len(name) - 1 for name in names.values()):
        return {}
    heads = {
        number: [name[:place] for place, char in enumerate(name) if char == "-" and place]
        for number, name in names.items()
    }
    counts = Counter(head for found in heads.values() for head in found)
    shared = {
        number: max((head for head in found if counts[head] > 1), key=len, default="")
        for number, found in heads.items()
    }
    hyphens = Counter(head.count("-") for head in shared.values() if head).most_common(1)
    if not hyphens:
        return {}
    # The longest beginning that a team mate shares; but one with as many hyphens as most of them
    # have, where it has fewer ("Lab" of "Lab-2", with nobody else in it).
    usual = hyphens[0][0]
    return {
        number: found[max(shared[number].count("-"), min(usual, len(found) - 1))]
        for number, found in heads.items()
    }


def _owned(person: Person, found: Sequence[tuple[Parsed, File]]) -> Owned:
    entries: list[Entry] = []
    listed, page = [], None
    for parsed, file in found:
        rest = [part for part in (parsed.rest, *file.parts[1:]) if part and part != ".."]
        entry = replace(file.entry, path="/".join(rest) or "file", origin=file.entry.path)
        if parsed.plugin == "file":
            entries.append(entry)
        elif parsed.plugin == "onlinetext" and entry.name.lower().endswith(".html") and not page:
            page = entry
        else:
            why = Text(
                f"Moodle keeps it as `{shown(parsed.plugin)}`, which isn't a file handed in",
                f"Moodle 把它存为 `{shown(parsed.plugin)}`，不是提交的文件",
            )
            listed.append(Listed(file.entry.path, "ignored", why))
    return Owned(person, tuple(entries), page, tuple(listed))
