"""What one student handed in, as the intake of a single directory sees it.

Zips that a student uploaded to an LMS are opened, one level deep, in memory and within the limits
of any student's zip. A text typed online stands in when there is no program among the files.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from grader.lms.pages import page_source
from grader.submissions.archive import MAX_MEMBERS, list_opened, opened_within
from grader.submissions.find import walk
from grader.submissions.model import Entry, Tree, shown
from grader.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from grader.lms.values import Owned

MAX_ZIPS = 20
"""Zips of one student that are opened."""
_TYPED = "onlinetext.py"
CODE = (".py", ".ipynb")


def tree_of(owned: Owned) -> Tree:
    """The files of a hand-in; never raises."""
    if owned.problem is not None:
        return Tree(problem=owned.problem)
    if len(owned.entries) > MAX_MEMBERS:
        return Tree(
            problem=Text(
                f"there are more than {MAX_MEMBERS} files: hand in only your programs",
                f"文件超过 {MAX_MEMBERS} 个：请只提交程序",
            )
        )
    found, broken = _unzipped(owned.entries)
    notes: list[Text] = []
    code = _has_code(found)
    if owned.page is not None and not code:
        page = owned.page
        found.append(Entry(_TYPED, partial(page_source, page), None, page.place))
        notes.append(
            Text(
                "the program was taken out of the text typed online",
                "程序取自在线填写的文本",
            )
        )
    elif broken is not None and not code:
        return Tree(problem=broken)
    elif broken is not None:
        notes.append(broken)
    found.sort(key=lambda entry: (entry.depth, entry.path))
    return Tree(tuple(found), tuple(notes))


def tree_of_folder(path: Path) -> Tree:
    """The files of a student's folder that somebody made by hand; never raises."""
    tree = walk(path)
    if not any(_is_zip(entry) for entry in tree.entries):
        return tree
    found, broken = _unzipped(tree.entries)
    if broken is not None and not _has_code(found):
        return Tree(problem=broken)
    found.sort(key=lambda entry: (entry.depth, entry.path))
    return Tree(tuple(found), (*tree.notes, *((broken,) if broken else ())))


def _is_zip(entry: Entry) -> bool:
    return entry.name.lower().endswith(".zip")


def _has_code(entries: Iterable[Entry]) -> bool:
    return any(entry.name.lower().endswith(CODE) for entry in entries)


def _unzipped(entries: Iterable[Entry]) -> tuple[list[Entry], Text | None]:
    """The entries with zips' members in their place, and what is wrong with the first bad zip."""
    found: list[Entry] = []
    broken: Text | None = None
    zips = 0
    for entry in entries:
        if not _is_zip(entry):
            found.append(entry)
            continue
        zips += 1
        inner = _inner(entry) if zips <= MAX_ZIPS else Tree(problem=_too_many())
        if inner.problem is not None:
            broken = broken or inner.problem
            found.append(replace(entry, problem=inner.problem))
        else:
            found += [_within(entry, one) for one in inner.entries]
    return found, broken


def _inner(entry: Entry) -> Tree:
    if entry.problem is not None:
        return Tree(problem=entry.problem)
    tree = list_opened(partial(opened_within, entry))
    if tree.problem is None and not tree.entries:
        name = shown(entry.name, 60)
        return Tree(
            problem=Text(
                f"there is no file in `{name}`: put your program into it and upload it once more",
                f"`{name}` 里没有文件：请把程序放进去，再重新上传",
            )
        )
    return tree


def _within(archive: Entry, entry: Entry) -> Entry:
    return replace(
        entry, path=f"{archive.path}/{entry.path}", origin=f"{archive.place}/{entry.path}"
    )


def _too_many() -> Text:
    return Text(
        f"more than {MAX_ZIPS} zips were handed in; this one wasn't opened",
        f"提交的压缩包超过 {MAX_ZIPS} 个；这一个没有打开",
    )
