"""Finds the students in a submissions directory and lists the files of one of them."""

from __future__ import annotations

import contextlib
import heapq
import os
import stat
import zipfile
from functools import partial
from typing import TYPE_CHECKING

from grader.errors import UsageError
from grader.submissions.labels import label, odd_name, readable
from grader.submissions.model import Entry, Kind, Student, Tree, Unreadable, shown
from grader.text import Text

if TYPE_CHECKING:
    from pathlib import Path

MAX_DEPTH = 12
"""Folders within folders that are looked into."""
MAX_ENTRIES = 20_000
"""Files and folders of one student that are looked at; shallow ones come first."""
_MAX_NOTES = 8
_PACKED = (".zip", ".rar", ".7z", ".tar", ".tgz", ".tar.gz", ".tar.bz2", ".tar.xz")
"""What students pack folders into; a single packed file (grades.csv.gz) is nobody's hand-in."""

_LITTER = frozenset({"__MACOSX", "__pycache__", "node_modules", "site-packages", "Thumbs.db"})
_SAFE = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
_PIECE = 1 << 16
_FLAGS = _SAFE | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)


def is_litter(name: str) -> bool:
    """Whether a file or folder is hidden or left behind by a tool, so nobody handed it in."""
    return name.startswith(".") or name in _LITTER


def find_students(root: Path) -> list[Student]:
    """The students in `root`: each directory and each archive is one, sorted by name.

    Links, pipes and archives that aren't zips are never opened, but they do appear: a student is
    never dropped in silence. When two entries have the same name in NFC (`ada/` and `ada.zip`), the
    directory keeps it and each other one gets its file name in brackets, whatever order the
    directory lists them in.

    Raises UsageError when there is nothing to grade, saying how to mend it.
    """
    names = _listing(root)
    found: list[tuple[str, Kind, str]] = []
    for name in names:
        kind = None if is_litter(name) else _kind(root / name)
        if kind is not None:
            found.append((label(_stem(name, kind)), kind, name))
    if not found:
        raise UsageError(_nobody(root, names))
    found.sort(key=lambda item: (item[0], item[1], os.fsencode(item[2])))
    taken = {plain for plain, _, _ in found}
    students: list[Student] = []
    previous = None
    for plain, kind, name in found:
        title, notes = plain, list(odd_name(_stem(name, kind)))
        if plain == previous:
            title = _unused(f"{plain} ({label(name)})", taken)
            notes.append(
                Text(
                    f"there is more than one submission named `{shown(plain)}`; "
                    f"this one is `{shown(name)}`",
                    f"名为 `{shown(plain)}` 的提交不止一份；这一份是 `{shown(name)}`",
                )
            )
        previous = plain
        students.append(Student(title, root / name, kind, tuple(notes)))
    return sorted(students, key=lambda student: student.name)


def _listing(root: Path) -> list[str]:
    """The names in `root`; raises UsageError when it isn't a directory that can be read."""
    try:
        return os.listdir(root)
    except FileNotFoundError:
        raise UsageError(
            f"{root}: there is no such directory; give the directory that has one folder or one "
            "zip per student, or the zip that the LMS gives"
        ) from None
    except NotADirectoryError:
        pass
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else error
        raise UsageError(f"{root}: can't be read ({why}); check its permissions") from None
    if _kind(root) == "zip" or _looks_zipped(root):
        raise UsageError(
            f"{root}: is a zip archive; unzip it and give the directory, or put one zip per "
            "student into a directory and give that"
        )
    raise UsageError(
        f"{root}: is a file; give the directory that has one folder per student, or the LMS's zip"
    )


def _nobody(root: Path, names: list[str]) -> str:
    loose = sorted(n for n in names if n.lower().endswith((".py", ".ipynb")) and not is_litter(n))
    if loose:
        return (
            f"{root}: has no student in it, but loose files such as {shown(loose[0])}; "
            "put each student's files into a directory of their own"
        )
    return f"{root}: has no students; put one directory or one zip per student into it"


def _kind(path: Path) -> Kind | None:
    """What an entry is to us; by `lstat`, so neither a link nor a device is touched."""
    try:
        mode = path.lstat().st_mode
    except (OSError, ValueError):
        return None
    if stat.S_ISDIR(mode):
        return "directory"
    packed = path.name.lower().endswith(_PACKED)
    if stat.S_ISREG(mode):
        zipped = path.name.lower().endswith(".zip")
        return "zip" if zipped else "archive" if packed else None
    if not stat.S_ISLNK(mode):
        return "special"
    # A link to a loose file (grades.csv) is nobody's hand-in, one to nothing may have been one's;
    # asking what it points to is harmless.
    try:
        loose = stat.S_ISREG(path.stat().st_mode)
    except (OSError, ValueError):
        loose = False
    return "link" if packed or not loose else None


def _looks_zipped(path: Path) -> bool:
    with contextlib.suppress(OSError, ValueError):
        return stat.S_ISREG(path.stat().st_mode) and zipfile.is_zipfile(path)
    return False


def _stem(name: str, kind: Kind) -> str:
    is_zip = kind != "directory" and name.lower().endswith(".zip")
    return name[:-4] or name if is_zip else name


def _unused(title: str, taken: set[str]) -> str:
    candidate, number = title, 2
    while candidate in taken:
        candidate, number = f"{title} {number}", number + 1
    taken.add(candidate)
    return candidate


def walk(root: Path) -> Tree:
    """The files below a student's directory, shallow ones first; folders that are links are left.

    A link to a file is taken when the file lies in the student's own directory; anything else that
    isn't a regular file (FIFO, device, socket) stays unopened and becomes an Entry with a problem.
    """
    entries: list[Entry] = []
    level: list[tuple[Path, str]] = [(root, "")]
    seen = 0
    notes: list[Text] = []
    for _ in range(MAX_DEPTH + 1):
        deeper: list[tuple[Path, str]] = []
        for folder, prefix in level:
            try:
                with os.scandir(folder) as listing:
                    # What is too many is never all in memory.
                    items = heapq.nsmallest(MAX_ENTRIES + 1, listing, key=lambda item: item.name)
            except (OSError, ValueError) as error:
                why = getattr(error, "strerror", None) or str(error)
                text = Text(
                    f"the folder `{shown(prefix or root.name)}` can't be read ({why})",
                    f"文件夹 `{shown(prefix or root.name)}` 无法读取（{why}）",
                )
                if folder == root:
                    return Tree(problem=text)
                notes.append(text)
                notes = notes[:_MAX_NOTES]  # a row carries them for each exercise
                continue
            for item in items:
                if is_litter(item.name):
                    continue
                seen += 1
                if seen > MAX_ENTRIES:
                    notes.append(_too_many())
                    return Tree(tuple(entries), tuple(notes))
                path = prefix + readable(item.name)
                if _is_folder(item):
                    deeper.append((folder / item.name, path + "/"))
                elif _is_file(item):
                    entries.append(Entry(path, partial(read_file, item.path, path)))
                else:
                    entries.append(_entry(root, folder / item.name, path))
        level = deeper
    if level:
        notes.append(
            Text(
                f"folders nested more than {MAX_DEPTH} deep were not looked into",
                f"嵌套超过 {MAX_DEPTH} 层的文件夹没有查看",
            )
        )
    entries.sort(key=lambda entry: (entry.depth, entry.path))
    return Tree(tuple(entries), tuple(notes))


def _is_folder(item: os.DirEntry[str]) -> bool:
    try:
        return item.is_dir(follow_symlinks=False)
    except OSError:
        return False


def _is_file(item: os.DirEntry[str]) -> bool:
    try:
        return item.is_file(follow_symlinks=False)
    except OSError:
        return False


def _too_many() -> Text:
    return Text(
        f"there are more than {MAX_ENTRIES} files; only the first ones were looked at",
        f"文件超过 {MAX_ENTRIES} 个；只查看了前面的文件",
    )


def _entry(root: Path, path: Path, name: str) -> Entry:
    real = path
    try:
        mode = path.lstat().st_mode
        if stat.S_ISLNK(mode):
            real = path.resolve(strict=True)
            inside = real.is_relative_to(root.resolve())
            mode = real.lstat().st_mode if inside else 0
    except (OSError, ValueError, RuntimeError):
        mode = 0
    problem = None if stat.S_ISREG(mode) else _not_ordinary(name)
    return Entry(name, partial(read_file, real, name), problem)


def entry_of(path: Path, name: str) -> Entry:
    """The file at `path`, which no link may stand for; `name` is how people see it."""
    try:
        ordinary = stat.S_ISREG(path.lstat().st_mode)
    except (OSError, ValueError):
        ordinary = False
    return Entry(name, partial(read_file, path, name), None if ordinary else _not_ordinary(name))


def _not_ordinary(name: str) -> Text:
    return Text(
        f"`{shown(name)}` isn't an ordinary file in your own folder (a link that leads "
        "elsewhere, a pipe, a device): hand in a copy of the file itself",
        f"`{shown(name)}` 不是你文件夹里的普通文件（而是链接、管道或设备）：请提交文件本身",
    )


def open_regular(path: Path | str) -> int:
    """A descriptor of a regular file, opened without following a link or waiting for a FIFO.

    Raises OSError.
    """
    descriptor = os.open(path, _FLAGS)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise OSError("not a regular file")
    return descriptor


def read_file(path: Path | str, name: str, limit: int) -> bytes:
    """At most `limit + 1` bytes of a regular file; raises Unreadable."""
    try:
        descriptor = open_regular(path)
        try:
            return _read(descriptor, limit + 1)
        finally:
            os.close(descriptor)
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise Unreadable(
            Text(f"`{shown(name)}` can't be read ({why})", f"`{shown(name)}` 无法读取（{why}）")
        ) from None


def _read(descriptor: int, most: int) -> bytes:
    """The file's first bytes. A class is tens of thousands of files: a stream costs more calls."""
    pieces = []
    while most > 0 and (piece := os.read(descriptor, min(most, _PIECE))):
        pieces.append(piece)
        most -= len(piece)
    return b"".join(pieces)
