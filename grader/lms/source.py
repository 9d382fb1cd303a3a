"""The files of a download: of the zip as it came, or of the folder that somebody unpacked it into.

A zip stays open while it is used and nothing of it is written to disk. A folder around everything,
as unpackers make them, is looked through, if there are several students in it: a single student's
folder, whatever is in it, is that student's.
"""

from __future__ import annotations

import os
import re
import stat
import zipfile
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from grader.errors import UsageError
from grader.lms.detect import Top, detect, recognised
from grader.lms.values import File, Layout, Listed
from grader.submissions.archive import Limits, infos_of, member_name, members, opened, twice
from grader.submissions.find import entry_of, is_litter, walk
from grader.submissions.labels import readable
from grader.submissions.model import Unreadable
from grader.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from grader.submissions.archive import Opener

OF_A_CLASS = Limits(archive_bytes=8 * 2**30, directory_bytes=48 * 2**20, members=200_000)
_MAX_WRAPPERS = 3
_TOO_MANY = 200_000
_EXPORT = re.compile(r"assignment_\d+_export")
"""The folder that Gradescope puts around everything."""

LITTER = Text("left behind by a computer's own tools", "系统工具留下的文件")
_NO_NAME = Text("it has no name", "没有文件名")


@dataclass(frozen=True, slots=True)
class Source:
    """What lies in a download.

    Attributes:
        layout: whose it is.
        files: sorted by path; litter is in `loose`.
        folders: names of the folders at the top, empty ones too.
        loose: files that are nobody's, whatever the layout.
        wrapper: the folder around everything, "" if there is none.
    """

    path: Path
    layout: Layout
    files: tuple[File, ...]
    folders: tuple[str, ...]
    loose: tuple[Listed, ...] = ()
    wrapper: str = ""


@contextmanager
def zip_source(path: Path) -> Iterator[Source]:
    """The files of a zip, which can be read while this lasts; raises UsageError."""
    with ExitStack() as stack:
        archive, infos = _opened(path, stack)
        yield _zipped(path, partial(_shared, archive), infos)


def _opened(path: Path, stack: ExitStack) -> tuple[zipfile.ZipFile, list[zipfile.ZipInfo]]:
    try:
        archive = stack.enter_context(opened(path.resolve(), OF_A_CLASS))
        return archive, infos_of(partial(_shared, archive), OF_A_CLASS)
    except Unreadable as error:
        said = error.reason.en.partition(":")[0]
        raise UsageError(f"{path}: {said}; download it from the LMS again") from None
    except OSError as error:
        raise UsageError(f"{path}: can't be read ({error.strerror or error})") from None
    # zipfile raises whatever its parsing stumbles on.
    except Exception as error:
        raise UsageError(f"{path}: {_broken(error)}; download it from the LMS again") from None


def _broken(error: Exception) -> str:
    if isinstance(error, UnicodeDecodeError):
        return "the name of a file in the zip isn't valid UTF-8"
    if "too large" in str(error):
        return "the zip lists far too many files, or files with absurdly long names"
    return "the zip is broken or incomplete"


@contextmanager
def _shared(archive: zipfile.ZipFile) -> Iterator[zipfile.ZipFile]:
    yield archive


def _zipped(path: Path, opener: Opener, infos: Sequence[zipfile.ZipInfo]) -> Source:
    files: list[File] = []
    loose: list[Listed] = []
    places: dict[tuple[str, ...], int] = {}
    folders = {name for name in map(_folder, infos) if name and not is_litter(name)}
    unnamed = sum(not info.filename.strip("/.\\") for info in infos)
    loose += [Listed("", "ignored", _NO_NAME)] * min(unnamed, 20)
    for info in infos:
        for member in members(opener, [info]):
            entry = member.entry
            if any(is_litter(part) for part in member.parts if part != ".."):
                loose.append(Listed(entry.path, "ignored", LITTER))
                continue
            if member.parts[0] == ".." and entry.problem is not None:
                loose.append(Listed(entry.path, "unclear", entry.problem))
                continue
            if member.parts in places:
                entry = replace(entry, problem=twice(entry.path))
                first = files[places[member.parts]]
                files[places[member.parts]] = replace(first, entry=entry)
                loose.append(Listed(entry.path, "unclear", twice(entry.path)))
                continue
            places[member.parts] = len(files)
            files.append(File(member.parts, entry))
    return _unwrapped(path, files, folders, loose)


def _folder(info: zipfile.ZipInfo) -> str:
    """The folder at the top that a member is, or lies in; "" if it is a file there."""
    name = member_name(info)
    parts = [part for part in name.split("/") if part not in ("", ".")]
    inside = len(parts) > 1 or name.endswith("/")
    return parts[0] if inside and parts and parts[0] != ".." else ""


def _unwrapped(path: Path, files: list[File], empty: set[str], loose: list[Listed]) -> Source:
    """The source, the folders around everything taken off."""
    folders = {file.parts[0] for file in files if len(file.parts) > 1}
    wrapped: list[str] = []
    inner = files
    for _ in range(_MAX_WRAPPERS):
        tops = {file.parts[0] for file in inner}
        if (
            len(tops) != 1
            or detect(_tops(inner)) != "plain"
            or any(len(file.parts) < 2 for file in inner)
        ):
            break
        (wrapper,) = tops
        deeper = [replace(file, parts=file.parts[1:]) for file in inner]
        below = _tops(deeper)
        if not _is_around(wrapper, below):
            break
        wrapped.append(wrapper)
        inner = deeper
    if wrapped:
        folders = {file.parts[0] for file in inner if len(file.parts) > 1}
    else:
        folders |= {name for name in empty if name}
    known = dict.fromkeys([*_tops(inner), *(Top(name, True) for name in folders)])
    layout = detect([*known])
    ordered = sorted(inner, key=lambda file: file.parts)
    return Source(
        path, layout, tuple(ordered), tuple(sorted(folders)), tuple(loose), "/".join(wrapped)
    )


def _tops(files: Sequence[File]) -> list[Top]:
    return [
        Top(name, folder)
        for name, folder in dict.fromkeys((file.parts[0], len(file.parts) > 1) for file in files)
    ]


def _is_around(wrapper: str, tops: Sequence[Top]) -> bool:
    """Whether a folder with these names in it lies around a class, and isn't one student's."""
    layout = detect(tops)
    if layout == "plain":
        return _is_class(tops)
    known = layout == "gradescope" and _EXPORT.fullmatch(wrapper)
    return bool(known) or recognised(tops, layout) > 1


def _is_class(tops: Sequence[Top]) -> bool:
    """Two or more folders or zips, and nothing else: students side by side, not one's files."""
    return len(tops) > 1 and all(top.folder or top.name.lower().endswith(".zip") for top in tops)


def folder_source(root: Path) -> Source | None:
    """The files of an unpacked download; None when no LMS's layout is recognised.

    Raises UsageError.
    """
    given, wrapper = root, ""
    for _ in range(_MAX_WRAPPERS):
        tops, litter = _folder_tops(root)
        layout = detect(tops)
        if layout != "plain":
            if root != given and not _is_around(root.name, tops):
                return None
            break
        if len(tops) != 1 or not tops[0].folder:
            return None
        root, wrapper = root / tops[0].name, f"{wrapper}/{tops[0].name}".lstrip("/")
    else:
        return None
    files: list[File] = []
    loose = [Listed(readable(name), "ignored", LITTER) for name in litter]
    for top in tops:
        name = readable(top.name)
        if not top.folder:
            entry = entry_of(root / top.name, name)
            files.append(File((name,), entry))
            continue
        tree = walk(root / top.name)
        for why in (*tree.notes, *((tree.problem,) if tree.problem else ())):
            loose.append(Listed(name, "unclear", why))
        for found in tree.entries:
            entry = replace(found, path=f"{name}/{found.path}")
            files.append(File((name, *found.path.split("/")), entry))
        if len(files) > _TOO_MANY:
            raise UsageError(f"{root}: has more than {_TOO_MANY} files, so it is no class's folder")
    folders = tuple(readable(top.name) for top in tops if top.folder)
    return Source(root, layout, tuple(files), folders, tuple(loose), wrapper)


def _folder_tops(root: Path) -> tuple[list[Top], list[str]]:
    """The names in a folder, litter apart, sorted; none where it can't be read."""
    try:
        with os.scandir(root) as listing:
            tops = [Top(item.name, item.is_dir(follow_symlinks=False)) for item in listing]
    except (OSError, ValueError):
        return [], []
    tops.sort(key=lambda top: top.name)
    kept = [top for top in tops if not is_litter(top.name)]
    return kept, [top.name for top in tops if is_litter(top.name)]


def is_zip(path: Path) -> bool:
    """Whether `path` is a zip, or is named as one; a link to one too, for staff gave it."""
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            return False
    except (OSError, ValueError):
        return False
    return path.name.lower().endswith(".zip") or zipfile.is_zipfile(path)
