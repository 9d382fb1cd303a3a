"""Finds the students in a submissions directory and lists the files of one of them."""

from __future__ import annotations

import contextlib
import os
import stat
import unicodedata
import zipfile
from functools import partial
from typing import TYPE_CHECKING

from grader.errors import UsageError
from grader.submissions.model import Entry, Student, Tree, Unreadable, shown
from grader.text import Text

if TYPE_CHECKING:
    from pathlib import Path

MAX_DEPTH = 12
"""Folders within folders that are looked into."""
MAX_ENTRIES = 20_000
"""Files and folders of one student that are looked at; shallow ones come first."""

_LITTER = frozenset({"__MACOSX", "__pycache__", "node_modules", "site-packages", "Thumbs.db"})
_SAFE = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
_FLAGS = _SAFE | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)


def is_litter(name: str) -> bool:
    """Whether a file or folder is hidden or left behind by a tool, so nobody handed it in."""
    return name.startswith(".") or name in _LITTER


def find_students(root: Path) -> list[Student]:
    """The students in `root`: each directory and each `.zip` is one, sorted by name.

    Links aren't followed, but they do appear: a student is never dropped in silence. When two
    entries have the same name in NFC (`ada/` and `ada.zip`), the directory keeps it and each other
    one gets its file name in brackets, whatever order the directory lists them in.

    Raises UsageError when there is nothing to grade, saying how to mend it.
    """
    names = _listing(root)
    found: list[tuple[str, str, str]] = []
    for name in names:
        kind = None if is_litter(name) else _kind(root / name)
        if kind is not None:
            found.append((_plain(name, kind), kind, name))
    if not found:
        raise UsageError(_nobody(root, names))
    found.sort(key=lambda item: (item[0], item[1], os.fsencode(item[2])))
    taken = {plain for plain, _, _ in found}
    students: list[Student] = []
    previous = None
    for plain, kind, name in found:
        label, notes = plain, list(_odd_name(name))
        if plain == previous:
            label = _unused(f"{plain} ({_readable(name)})", taken)
            notes.append(
                Text(
                    f"there is more than one submission named `{shown(plain)}`; "
                    f"this one is `{shown(name)}`",
                    f"名为 `{shown(plain)}` 的提交不止一份；这一份是 `{shown(name)}`",
                )
            )
        previous = plain
        students.append(Student(label, root / name, kind, tuple(notes)))  # type: ignore[arg-type]
    return sorted(students, key=lambda student: student.name)


def _listing(root: Path) -> list[str]:
    """The names in `root`; raises UsageError when it isn't a directory that can be read."""
    try:
        return os.listdir(root)
    except FileNotFoundError:
        raise UsageError(
            f"{root}: there is no such directory; give the directory that has one folder or one "
            "zip per student"
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
    raise UsageError(f"{root}: is a file; give the directory that has one folder per student")


def _nobody(root: Path, names: list[str]) -> str:
    loose = sorted(n for n in names if n.lower().endswith((".py", ".ipynb")) and not is_litter(n))
    if loose:
        return (
            f"{root}: has no student in it, but loose files such as {shown(loose[0])}; "
            "put each student's files into a directory of their own"
        )
    return f"{root}: has no students; put one directory or one zip per student into it"


def _kind(path: Path) -> str | None:
    """What an entry is to us; by `lstat`, so neither a link nor a device is touched."""
    try:
        mode = path.lstat().st_mode
    except (OSError, ValueError):
        return None
    zipped = path.name.lower().endswith(".zip")
    if stat.S_ISDIR(mode):
        return "directory"
    if stat.S_ISREG(mode) and zipped:
        return "zip"
    # A link to a loose file (grades.csv) is nobody's hand-in; asking what it points to is harmless.
    if stat.S_ISLNK(mode) and (zipped or path.is_dir()):
        return "link"
    return None


def _looks_zipped(path: Path) -> bool:
    with contextlib.suppress(OSError, ValueError):
        return stat.S_ISREG(path.stat().st_mode) and zipfile.is_zipfile(path)
    return False


def _readable(name: str) -> str:
    """The name in NFC; bytes that aren't UTF-8 as escapes, for JSON has no way to write them."""
    text = os.fsencode(name).decode("utf-8", "backslashreplace")
    return unicodedata.normalize("NFC", text)


def _plain(name: str, kind: str) -> str:
    text = _readable(name)
    is_zip = kind != "directory" and text.lower().endswith(".zip")
    return (text[:-4] or text) if is_zip else text


def _odd_name(name: str) -> tuple[Text, ...]:
    try:
        os.fsencode(name).decode("utf-8")
    except UnicodeDecodeError:
        return (
            Text(
                f"the name of `{shown(name)}` isn't UTF-8: the bytes that aren't are shown as \\x…",
                f"`{shown(name)}` 的名字不是 UTF-8 编码：无法解码的字节显示为 \\x…",
            ),
        )
    return ()


def _unused(label: str, taken: set[str]) -> str:
    candidate, number = label, 2
    while candidate in taken:
        candidate, number = f"{label} {number}", number + 1
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
                    items = sorted(listing, key=lambda item: item.name)
            except (OSError, ValueError) as error:
                why = getattr(error, "strerror", None) or str(error)
                text = Text(
                    f"the folder `{shown(prefix or root.name)}` can't be read ({why})",
                    f"文件夹 `{shown(prefix or root.name)}` 无法读取（{why}）",
                )
                if folder == root:
                    return Tree(problem=text)
                notes.append(text)
                continue
            for item in items:
                if is_litter(item.name):
                    continue
                seen += 1
                if seen > MAX_ENTRIES:
                    notes.append(_too_many())
                    return Tree(tuple(entries), tuple(notes))
                path = prefix + _readable(item.name)
                if _is_folder(item):
                    deeper.append((folder / item.name, path + "/"))
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


def _too_many() -> Text:
    return Text(
        f"there are more than {MAX_ENTRIES} files; only the first ones were looked at",
        f"文件超过 {MAX_ENTRIES} 个；只查看了前面的文件",
    )


def _entry(root: Path, path: Path, label: str) -> Entry:
    real = path
    try:
        mode = path.lstat().st_mode
        if stat.S_ISLNK(mode):
            real = path.resolve(strict=True)
            inside = real.is_relative_to(root.resolve())
            mode = real.lstat().st_mode if inside else 0
    except (OSError, ValueError, RuntimeError):
        mode = 0
    problem = None
    if not stat.S_ISREG(mode):
        problem = Text(
            f"`{shown(label)}` isn't an ordinary file in your own folder (a link that leads "
            "elsewhere, a pipe, a device): hand in a copy of the file itself",
            f"`{shown(label)}` 不是你文件夹里的普通文件（而是链接、管道或设备）：请提交文件本身",
        )
    return Entry(label, partial(read_file, real, label), problem)


def open_regular(path: Path) -> int:
    """A descriptor of a regular file, opened without following a link or waiting for a FIFO.

    Raises OSError.
    """
    descriptor = os.open(path, _FLAGS)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise OSError("not a regular file")
    return descriptor


def read_file(path: Path, label: str, limit: int) -> bytes:
    """At most `limit + 1` bytes of a regular file; raises Unreadable."""
    try:
        with os.fdopen(open_regular(path), "rb") as stream:
            return stream.read(limit + 1)
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise Unreadable(
            Text(f"`{shown(label)}` can't be read ({why})", f"`{shown(label)}` 无法读取（{why}）")
        ) from None
