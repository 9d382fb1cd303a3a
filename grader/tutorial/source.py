"""Reads a document's bytes as text; whatever is wrong with the file becomes one line about it."""

from __future__ import annotations

import codecs
import difflib
import re
import secrets
from typing import TYPE_CHECKING

from grader.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path

MAX_BYTES = 20 * 2**20
_END = re.compile(r"\r\n|\r|\n")
_MARKS = (
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (codecs.BOM_UTF8, "utf-8"),
)


def read_text(path: Path) -> str:
    """The text of a file in UTF-8, or in UTF-16 that says so, with `\\n` line ends.

    Raises:
        UsageError: it isn't there, isn't a file, can't be opened, is too large or isn't text.
    """
    if path.is_dir():
        raise UsageError(f"{path}: a directory; name the .md or .ipynb files in it")
    if not path.exists():
        raise UsageError(f"{path}: no such file; check the name")
    if not path.is_file():
        raise UsageError(f"{path}: not a regular file; name a .md or .ipynb file")
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise UsageError(f"{path}: can't be read: {error.strerror}") from None
    if len(data) > MAX_BYTES:
        raise UsageError(
            f"{path}: larger than {MAX_BYTES // 2**20} MB; split it, or clear a notebook's outputs"
        )
    text = _decode(path, data)
    if (place := text.find("\0")) >= 0:
        line = text.count("\n", 0, place) + 1
        raise UsageError(f"{path}: line {line} has a NUL character: not a text; name another file")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _decode(path: Path, data: bytes) -> str:
    utf16 = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    try:
        return data.decode("utf-16" if utf16 else "utf-8-sig")
    except UnicodeDecodeError as error:
        if utf16:
            raise UsageError(
                f"{path}: begins as UTF-16 but isn't (byte {error.start}); save it as UTF-8"
            ) from None
        # utf-8-sig counts from behind the mark.
        start = error.start + (3 if data.startswith(codecs.BOM_UTF8) else 0)
        line = data.count(b"\n", 0, start) + 1
        raise UsageError(
            f"{path}: line {line}: byte {start} (0x{data[start]:02x}) isn't UTF-8;"
            " save the file as UTF-8"
        ) from None


def write_like(path: Path, pattern: Path, was: str, text: str) -> None:
    """Writes `text` to `path` with the encoding, mark and line ends of the file at `pattern`.

    Args:
        was: the text of that file, as `read_text` gives it.
        text: another version of it.

    Raises:
        UsageError: one can't be read, or the other can't be written.
    """
    temporary = path.with_name(f".{secrets.token_hex(8)}.tmp")
    try:
        data = pattern.read_bytes()
        mark, encoding = next((m for m in _MARKS if data.startswith(m[0])), (b"", "utf-8"))
        ends = _END.findall(data[len(mark) :].decode(encoding))
        try:
            temporary.write_bytes(mark + _ended(was, text, ends).encode(encoding))
            temporary.replace(path)
        finally:
            temporary.unlink(missing_ok=True)
    except OSError as error:
        raise UsageError(
            f"{path}: can't be written ({error.strerror}): mend the folder's permissions"
        ) from None


def _ended(was: str, text: str, ends: list[str]) -> str:
    """`text` with the line ends of the lines that it shares with `was`."""
    kinds = set(ends)
    if len(kinds) < 2:
        return text.replace("\n", ends[0]) if ends else text
    usual = max(kinds, key=ends.count)
    before, after = was.split("\n"), text.split("\n")
    found = [usual] * (len(after) - 1)
    matcher = difflib.SequenceMatcher(None, before, after, autojunk=False)
    for first, second, count in matcher.get_matching_blocks():
        for offset in range(count):
            if second + offset < len(found) and first + offset < len(ends):
                found[second + offset] = ends[first + offset]
    return "".join(line + end for line, end in zip(after, [*found, ""], strict=True))
