"""Gradescope's bulk export: `submission_{id}/…` and `submission_metadata.yml`, which says whose.

A group's submission is each member's. Whoever appears in two folders is graded by the later one.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from grader.lms.values import File, Listed, Owned, Person, Sorted
from grader.submissions.model import Unreadable, shown
from grader.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from grader.lms.metadata import Submitted
    from grader.submissions.model import Entry

METADATA = "submission_metadata.yml"
_FOLDER = re.compile(r"submission_(?P<id>\w{1,60})")
NOBODYS = Text(
    "it isn't in a folder `submission_…`, so whose it is isn't known",
    "不在 `submission_…` 文件夹里，无法确定是谁提交的",
)
_USED = Text("Gradescope's list of who handed in what", "Gradescope 的提交名单")
_ABSENT = Text(
    "Gradescope's list names this submission, but its folder isn't in the export: export again",
    "Gradescope 的名单里有这份提交，但导出的文件中没有对应的文件夹：请重新导出",
)


def folder_id(name: str) -> str:
    """The submission's id in the name of a folder; "" when it isn't one."""
    found = _FOLDER.fullmatch(name)
    return found["id"] if found else ""


def sort(files: Sequence[File], folders: Iterable[str] = ()) -> Sorted:
    """Files by student; `folders` are folders at the top, which may be empty."""
    by_folder: dict[str, list[File]] = {name: [] for name in folders if folder_id(name)}
    loose: list[Listed] = []
    notes: tuple[Text, ...] = ()
    known: dict[str, Submitted] = {}
    for file in files:
        top = file.parts[0]
        if len(file.parts) > 1 and folder_id(top):
            by_folder.setdefault(top, []).append(file)
        elif file.parts == (METADATA,) and not known:
            from grader.lms.metadata import read_metadata  # with YAML, which nobody else needs

            try:
                known = read_metadata(file.entry)
                loose.append(Listed(file.entry.path, "ignored", _USED))
            except Unreadable as error:
                loose.append(Listed(file.entry.path, "unclear", error.reason))
                notes = (error.reason,)
        else:
            loose.append(Listed(file.entry.path, "unclear", file.entry.problem or NOBODYS))
    by_person: dict[tuple[str, ...], list[tuple[Submitted, str]]] = defaultdict(list)
    owned: list[Owned] = []
    for folder in {**by_folder, **known}:
        submitted = known.get(folder)
        if submitted is None or not submitted.people:
            owned.append(_nobody(folder, by_folder.get(folder, [])))
            continue
        for place, person in enumerate(submitted.people):
            unnamed = (folder, str(place)) if not (person.email or person.login) else ()
            key = unnamed or (person.email.casefold(), person.login)
            by_person[key].append((replace(submitted, people=(person,)), folder))
    owned += [_owned(found, by_folder, known) for found in by_person.values()]
    return Sorted(tuple(owned), tuple(loose), notes)


def _owned(
    found: list[tuple[Submitted, str]],
    by_folder: dict[str, list[File]],
    known: dict[str, Submitted],
) -> Owned:
    found.sort(key=lambda one: (one[0].when, one[1]))
    *older, (submitted, folder) = found
    times = [one.when for one, _ in found]
    (person,) = submitted.people
    mates = [mate.name for mate in known[folder].people if mate != person]
    person = replace(
        person,
        id=folder_id(folder),
        submitted=submitted.when,
        group=", ".join([person.name, *mates]) if mates else "",
    )
    notes: tuple[Text, ...] = ()
    if mates:
        names = ", ".join(shown(mate, 60) for mate in mates[:8])
        notes = (Text(f"handed in together with {names}", f"与 {names} 共同提交"),)
    if older and (not all(times) or times[-1] == times[-2]):
        names = ", ".join(f"`{shown(name)}`" for _, name in found[:5])
        problem = Text(
            f"{names} are all this student's, and which is the last one isn't clear",
            f"{names} 都属于这名学生，无法确定哪个是最后的版本",
        )
        listed = [
            Listed(file.entry.path, "unclear", problem)
            for _, name in found
            for file in by_folder.get(name, [])
        ]
        return Owned(person, listed=tuple(listed), notes=notes, problem=problem)
    newer = Text(f"`{shown(folder)}` was handed in later", f"之后又提交了 `{shown(folder)}`")
    listed = [
        Listed(file.entry.path, "superseded", newer)
        for _, name in older
        for file in by_folder.get(name, [])
    ]
    earlier = tuple(
        Owned(replace(person, id=folder_id(name), submitted=one.when), _entries(by_folder[name]))
        for one, name in older
        if name in by_folder
    )
    listed_once = tuple(listed)
    if folder not in by_folder:
        return Owned(person, (), None, listed_once, notes, _ABSENT, earlier=earlier)
    entries = _entries(by_folder[folder])
    return Owned(person, entries, listed=listed_once, notes=notes, earlier=earlier)


def _nobody(folder: str, files: Sequence[File]) -> Owned:
    doubt = Text(
        f"whose `{shown(folder)}` is isn't known: {METADATA} doesn't say",
        f"无法确定 `{shown(folder)}` 是谁提交的：{METADATA} 没有说明",
    )
    person = Person(folder, "gradescope", folder_id(folder), anonymous=True)
    problem = None if files else _ABSENT
    return Owned(person, _entries(files), notes=(doubt,), problem=problem, doubt=doubt)


def _entries(files: Sequence[File]) -> tuple[Entry, ...]:
    return tuple(
        replace(
            file.entry,
            path="/".join(part for part in file.parts[1:] if part != "..") or "file",
            origin=file.entry.path,
        )
        for file in files
    )
