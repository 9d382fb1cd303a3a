"""A zip of students' folders or zips, made by hand: their names are the students'."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from grader.lms.values import File, Listed, Owned, Person, Sorted
from grader.text import Text

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

_LOOSE_CODE = Text(
    "it lies in no student's folder, so whose it is isn't known",
    "不在任何学生的文件夹里，无法确定是谁提交的",
)
_LOOSE = Text("it lies in no student's folder", "不在任何学生的文件夹里")


def sort(files: Sequence[File], folders: Iterable[str] = ()) -> Sorted:
    """Files by student; `folders` are folders at the top, which may be empty."""
    by_folder: dict[str, list[File]] = defaultdict(list, {name: [] for name in folders})
    owned: list[Owned] = []
    loose: list[Listed] = []
    zips: list[File] = []
    for file in files:
        name = file.entry.name
        if len(file.parts) > 1:
            by_folder[file.parts[0]].append(file)
        elif name.lower().endswith(".zip"):
            zips.append(file)
        else:
            code = name.lower().endswith((".py", ".ipynb"))
            why = _LOOSE_CODE if code else _LOOSE
            loose.append(Listed(file.entry.path, "unclear" if code else "ignored", why))
    for folder, found in by_folder.items():
        entries = tuple(
            replace(
                file.entry,
                path="/".join(part for part in file.parts[1:] if part != "..") or "file",
                origin=file.entry.path,
            )
            for file in found
        )
        owned.append(Owned(Person(folder), entries))
    owned += [_zipped(file, by_folder) for file in zips]
    return Sorted(tuple(owned), tuple(loose))


def _zipped(file: File, folders: Collection[str]) -> Owned:
    """A student's own zip: what is in it is what they handed in; a folder of its name keeps it."""
    name = file.entry.name
    stem = name[:-4] or name
    person = Person(f"{stem} ({name})" if stem in folders else stem)
    if file.entry.problem is not None:
        return Owned(person, problem=file.entry.problem)
    return Owned(person, (file.entry,))
