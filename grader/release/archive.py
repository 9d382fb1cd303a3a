"""Packs files into a zip whose bytes depend on nothing but their names and contents."""

from __future__ import annotations

import io
import stat
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass

# The first moment that a zip can name; no clock and no time zone is asked.
_MOMENT = (1980, 1, 1, 0, 0, 0)
_UNIX = 3


@dataclass(frozen=True, slots=True)
class Member:
    """One file of an archive; `executable` for everybody who may read it."""

    data: bytes
    executable: bool = False


@dataclass(frozen=True, slots=True)
class Bundle:
    """A zip that is still to be written.

    Attributes:
        name: of the file.
        members: path in the zip (with `/`) -> file.
        notes: what staff should know, a line each.
    """

    name: str
    members: Mapping[str, Member]
    notes: tuple[str, ...] = ()


def pack(members: Mapping[str, Member]) -> bytes:
    """The zip of `members`, sorted by path.

    Stored, not deflated: what deflate makes of a file differs between versions of zlib.
    """
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for path in sorted(members):
            member = members[path]
            entry = zipfile.ZipInfo(path, _MOMENT)
            entry.create_system = _UNIX
            mode = stat.S_IFREG | (0o755 if member.executable else 0o644)
            entry.external_attr = mode << 16
            archive.writestr(entry, member.data)
    return buffer.getvalue()
