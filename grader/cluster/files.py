"""A course as it travels: one zip of what its checks may need, named by its digest."""

from __future__ import annotations

import hashlib
import io
import os
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from grader.course import COURSE_FILE
from grader.errors import UsageError
from grader.release.archive import Member, pack

MOST_MB = 64
MOST_FILES = 10_000
_PARTS = (COURSE_FILE, "conftest.py", "exercises", "solutions")


@dataclass(frozen=True, slots=True)
class Parcel:
    """A packed course."""

    digest: str
    data: bytes


def parcel_of(root: Path) -> Parcel:
    """The course in `root`, packed; the same files always give the same bytes.

    Raises:
        UsageError: it is larger than workers should be sent, or can't be read.
    """
    members: dict[str, Member] = {}
    total = 0
    for file in _files(root):
        try:
            data = file.read_bytes()
        except OSError as error:
            raise UsageError(
                f"{file} can't be read ({error.strerror}), and workers need the course: mend its"
                " permissions, or remove it"
            ) from None
        total += len(data)
        members[file.relative_to(root).as_posix()] = Member(data)
        if total > MOST_MB << 20 or len(members) > MOST_FILES:
            raise UsageError(
                f"{root}: exercises/ and solutions/ hold more than {MOST_MB} MB or {MOST_FILES:,}"
                f" files (at {file.relative_to(root)}), and every worker of a cluster is sent them:"
                " move away what no check needs"
            )
    data = pack(members)
    return Parcel(hashlib.sha256(data).hexdigest(), data)


def _files(root: Path) -> Iterator[Path]:
    for part in _PARTS:
        if (root / part).is_file():
            yield root / part
        seen: set[str] = set()  # links may lead in a circle
        for folder, names, files in os.walk(root / part, followlinks=True):
            seen.add(os.path.realpath(folder))
            names[:] = sorted(
                name
                for name in names
                if _travels(name) and os.path.realpath(Path(folder, name)) not in seen
            )
            for name in sorted(files):
                # A pipe or a socket would never end.
                if _travels(name) and (file := Path(folder, name)).is_file():
                    yield file


def _travels(name: str) -> bool:
    return not (name.startswith(".") or name == "__pycache__" or name.endswith(".pyc"))


def unpack(parcel: Parcel, folder: Path) -> None:
    """Writes the course into a new directory.

    Raises:
        ValueError: these aren't the bytes of that digest.
        OSError: it can't be written.
    """
    if hashlib.sha256(parcel.data).hexdigest() != parcel.digest:
        raise ValueError("the course was damaged on its way")
    with zipfile.ZipFile(io.BytesIO(parcel.data)) as archive:
        archive.extractall(folder)
