"""Lists a student's zip and reads single members of it into memory, within limits.

Nothing is ever extracted to disk, so a member's name can't write anywhere. The standard library's
zipfile trusts what the archive says about itself; the limits here hold for what it really does:
reads are bounded, members stream into a buffer of known size, and only the two ordinary compression
methods are taken (an LZMA header may ask for gigabytes of dictionary).
"""

from __future__ import annotations

import io
import os
import re
import stat
import zipfile
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, BinaryIO, cast

from grader.submissions.find import is_litter, open_regular
from grader.submissions.model import Entry, Tree, Unreadable, normal, shown
from grader.submissions.signatures import signature
from grader.text import Text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from contextlib import AbstractContextManager
    from pathlib import Path

    Opener = Callable[[], AbstractContextManager[zipfile.ZipFile]]

MAX_ARCHIVE_BYTES = 256 * 2**20
MAX_TOTAL_BYTES = 256 * 2**20
"""What one notebook may have with its outputs; members are read singly, each within a limit."""
MAX_MEMBERS = 2_000
_FAR_MORE = 3
"""Times as many members as are taken: their directory isn't even parsed."""
MAX_RATIO = 200
"""How many times its packed size a member may have; text reaches 20, a bomb 1,000."""
_RATIO_MATTERS = 64 * 2**10
_MAX_READ = 2 * 2**20
"""The directory of 2,000 members takes far less; it is the only thing zipfile reads in one go."""
_HEAD = 512
_ZIP = b"PK"
_DRIVE = re.compile(r"^[A-Za-z]:")


@dataclass(frozen=True, slots=True)
class Limits:
    """Of an archive: bytes of its file, of its directory, and how many members it may list."""

    archive_bytes: int = MAX_ARCHIVE_BYTES
    directory_bytes: int = _MAX_READ
    members: int = MAX_MEMBERS


OWN = Limits()
"""What one student may hand in."""


class _Bounded:
    """A file whose single reads are bounded: zipfile loads any directory the archive claims.

    `bound` is None once the directory has been read: of members, nobody reads without a limit.
    """

    def __init__(self, stream: BinaryIO, limits: Limits) -> None:
        self._stream = stream
        self._most = _FAR_MORE * limits.members
        self.bound: int | None = limits.directory_bytes
        self.seek, self.tell, self.close = stream.seek, stream.tell, stream.close
        self.seekable = stream.seekable

    def read(self, size: int = -1) -> bytes:
        if self.bound is None:
            return self._stream.read(size)
        data = self._stream.read(size if 0 <= size <= self.bound else self.bound + 1)
        if len(data) > self.bound or data.count(b"PK\1\2") > self._most:
            raise zipfile.BadZipFile("its directory is too large")
        return data


def list_zip(path: Path) -> Tree:
    """The members of a student's zip that can be handed-in files. Never raises.

    A broken, oversized or encrypted-through archive is a Tree with a problem; a single bad member
    is an Entry with one, so that it matters only to whoever needs it.
    """
    return list_opened(partial(opened, path, OWN))


def list_opened(opener: Opener) -> Tree:
    """The same of a zip that `opener` opens, each time anew."""
    try:
        infos = infos_of(opener, OWN)
    except Unreadable as error:
        return Tree(problem=error.reason)
    if sum(info.file_size for info in infos) > MAX_TOTAL_BYTES:
        size = MAX_TOTAL_BYTES >> 20
        en, zh = f"it unpacks to more than {size} MiB", f"解压后超过 {size} MiB"
        return Tree(problem=_too_large(en, zh))
    return _tree(opener, infos)


@contextmanager
def opened(path: Path, limits: Limits) -> Iterator[zipfile.ZipFile]:
    """The zip at `path`; raises Unreadable, OSError and whatever zipfile stumbles on."""
    with os.fdopen(open_regular(path), "rb") as stream:
        if os.fstat(stream.fileno()).st_size > limits.archive_bytes:
            size = limits.archive_bytes >> 20
            raise Unreadable(_too_large(f"it is larger than {size} MiB", f"文件大于 {size} MiB"))
        _refuse_others(stream.read(_HEAD))
        stream.seek(0)
        with _archive(stream, limits) as archive:
            yield archive


@contextmanager
def opened_within(entry: Entry) -> Iterator[zipfile.ZipFile]:
    """The zip that an entry is, in memory; raises as `opened` does."""
    data = entry.read(MAX_ARCHIVE_BYTES)
    if len(data) > MAX_ARCHIVE_BYTES:
        size = MAX_ARCHIVE_BYTES >> 20
        raise Unreadable(_too_large(f"it is larger than {size} MiB", f"文件大于 {size} MiB"))
    _refuse_others(data[:_HEAD])
    with _archive(io.BytesIO(data), OWN) as archive:
        yield archive


def _refuse_others(head: bytes) -> None:
    """Raises Unreadable where the first bytes are those of something else, named `.zip`."""
    what = None if head.startswith(_ZIP) else signature(head)
    if what is not None:
        raise Unreadable(
            Text(
                f"this isn't a zip but {what.en}, whatever its name says: make a zip of your files "
                "with the file manager, and upload that",
                f"这不是 zip，而是{what.zh}，只改后缀没有用：请用文件管理器把文件压缩成 zip 再上传",
            )
        )


@contextmanager
def _archive(stream: BinaryIO, limits: Limits) -> Iterator[zipfile.ZipFile]:
    bounded = _Bounded(stream, limits)
    with zipfile.ZipFile(cast("BinaryIO", bounded)) as archive:
        bounded.bound = None
        yield archive


def infos_of(opener: Opener, limits: Limits) -> list[zipfile.ZipInfo]:
    """What a zip's directory lists; raises Unreadable when it can't be used at all."""
    try:
        with opener() as archive:
            infos = archive.infolist()
    except Unreadable:
        raise
    # zipfile raises whatever its parsing stumbles on (struct.error, UnicodeDecodeError, …).
    except Exception as error:
        raise Unreadable(_broken(error)) from None
    if len(infos) > limits.members:
        most = limits.members
        raise Unreadable(_too_large(f"it has more than {most} members", f"成员超过 {most} 个"))
    return infos


@dataclass(frozen=True, slots=True)
class Member:
    """A file in a zip: the parts of its path, `..` included, and the entry that reads it."""

    parts: tuple[str, ...]
    entry: Entry


def members(opener: Opener, infos: Sequence[zipfile.ZipInfo]) -> Iterator[Member]:
    """The files among a zip's members, litter too, each as often as it is listed."""
    for info in infos:
        name = member_name(info)
        if not name or name.endswith("/"):  # ZipInfo.is_dir() breaks on an empty name
            continue
        parts = tuple(part for part in name.split("/") if part not in ("", "."))
        if parts:
            label = "/".join(part for part in parts if part != "..")
            problem = _problem(info, name, parts)
            yield Member(parts, Entry(label, partial(_read, opener, info, label), problem))


def twice(label: str) -> Text:
    """Why a file isn't read that a zip lists more than once."""
    return Text(
        f"the zip has more than one file named `{shown(label)}`: zip your folder again",
        f"压缩包里有多个名为 `{shown(label)}` 的文件：请重新压缩文件夹",
    )


def _tree(opener: Opener, infos: Sequence[zipfile.ZipInfo]) -> Tree:
    found: dict[tuple[str, ...], Entry] = {}
    for member in members(opener, infos):
        if any(is_litter(part) for part in member.parts if part != ".."):
            continue
        entry = member.entry
        if member.parts in found:
            entry = replace(entry, problem=twice(entry.path))
        found[member.parts] = entry
    return Tree(tuple(sorted(found.values(), key=lambda entry: (entry.depth, entry.path))))


def _problem(info: zipfile.ZipInfo, name: str, parts: Sequence[str]) -> Text | None:
    label = shown(name)
    if ".." in parts or name.startswith("/") or _DRIVE.match(name) or "\0" in info.orig_filename:
        return Text(
            f"`{label}` has a path in the zip that leads outside of it: zip your folder again",
            f"`{label}` 在压缩包里的路径指向压缩包之外：请重新压缩文件夹",
        )
    mode = info.external_attr >> 16
    if stat.S_IFMT(mode) not in (0, stat.S_IFREG):
        return Text(
            f"`{label}` is a link or a special file in the zip: hand in the file itself",
            f"`{label}` 在压缩包里是链接或特殊文件：请提交文件本身",
        )
    if info.flag_bits & 0x1:
        return Text(
            f"`{label}` is encrypted: make the zip without a password",
            f"`{label}` 已加密：请不要给压缩包设密码",
        )
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        return Text(
            f"`{label}` is packed with an unusual method ({info.compress_type}): make an ordinary "
            "zip (deflate)",
            f"`{label}` 的压缩方法不常见（{info.compress_type}）：请制作普通的 zip（deflate）",
        )
    # Printed tables of zeros pack as well as any bomb; what is read of a notebook is bounded.
    printed = name.lower().endswith(".ipynb")
    if not printed and info.file_size > max(_RATIO_MATTERS, MAX_RATIO * info.compress_size):
        return Text(
            f"`{label}` unpacks to more than {MAX_RATIO} times its packed size, as no program "
            "does: leave data out of it and zip your folder again",
            f"`{label}` 解压后超过压缩大小的 {MAX_RATIO} 倍，正常的程序不会这样："
            "请不要把数据写进程序，再重新压缩文件夹",
        )
    return None


def member_name(info: zipfile.ZipInfo) -> str:
    """A member's name in NFC with `/` between folders, whatever system packed it.

    Names without the UTF-8 flag are cp437 by the standard, UTF-8 from a Mac, and GBK from Chinese
    Windows. UTF-8 hardly ever decodes by accident; GBK easily does, so it is believed only when it
    gives Chinese characters of the common set and nothing else beside ASCII.
    """
    name = info.filename
    if not info.flag_bits & 0x800 and not name.isascii():
        raw = name.encode("cp437", "replace")
        for encoding in ("utf-8", "gbk"):
            try:
                text = raw.decode(encoding)
            except UnicodeDecodeError:
                continue
            if encoding == "utf-8" or _is_chinese(text):
                name = text
                break
    return normal(name.replace("\\", "/"))


def _is_chinese(text: str) -> bool:
    wide = [char for char in text if not char.isascii()]
    common = [char for char in wide if _in_gb2312(char)]
    if any(re.match("[^\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]", char) for char in wide):
        return False
    return 2 * len(common) > len(wide)


def _in_gb2312(char: str) -> bool:
    try:
        char.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True


def _read(opener: Opener, info: zipfile.ZipInfo, label: str, limit: int) -> bytes:
    """At most `limit + 1` bytes of a member, its checksum verified when it is within the limit."""
    try:
        with opener() as archive, archive.open(info) as member:
            # Reading to the member's end, as this does within the limit, compares the checksum.
            return member.read(limit + 1)
    except Unreadable:
        raise
    except Exception as error:  # zlib.error, EOFError, BadZipFile, RuntimeError, …
        why = "its checksum is wrong" if "CRC" in str(error) else "its data is broken"
        raise Unreadable(
            Text(
                f"`{shown(label)}` can't be unpacked, {why}: zip your folder again and upload it "
                "once more",
                f"`{shown(label)}` 无法解压，数据已损坏：请重新压缩文件夹并再次上传",
            )
        ) from None


def _too_large(en: str, zh: str) -> Text:
    return Text(
        f"the zip can't be used, {en}: hand in only your .py and .ipynb files, without data and "
        "with the notebooks' outputs cleared",
        f"压缩包无法使用，{zh}：请只提交 .py 和 .ipynb 文件，不含数据，并清除 notebook 的输出",
    )


def _broken(error: Exception) -> Text:
    if isinstance(error, OSError) and error.strerror:
        return Text(
            f"the zip can't be read ({error.strerror})", f"压缩包无法读取（{error.strerror}）"
        )
    if "too large" in str(error):
        return _too_large(
            "it lists far too many files, or files with absurdly long names",
            "其中列出的文件过多，或文件名过长",
        )
    if isinstance(error, UnicodeDecodeError):
        return Text(
            "the zip can't be used, the name of a file in it isn't valid UTF-8: give your files "
            "plain names and zip your folder again",
            "压缩包无法使用，其中有文件名不是有效的 UTF-8：请使用普通的文件名，再重新压缩文件夹",
        )
    return Text(
        "the zip is broken or incomplete: zip your folder again and upload it once more",
        "压缩包已损坏或不完整：请重新压缩文件夹并再次上传",
    )
