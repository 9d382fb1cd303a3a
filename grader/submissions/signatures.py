"""What a file really is, by its first bytes: names say what students wish it were."""

from __future__ import annotations

from grader.text import Text

_STARTS = (
    (b"PK\x03\x04", "a zip archive or an Office document", "zip 压缩包或 Office 文档"),
    (b"%PDF", "a PDF", "PDF"),
    (b"\x89PNG", "a picture", "图片"),
    (b"\xff\xd8\xff", "a picture", "图片"),
    (b"GIF8", "a picture", "图片"),
    (b"Rar!", "a RAR archive", "RAR 压缩包"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive", "7z 压缩包"),
    (b"\x1f\x8b", "a gzip archive", "gzip 压缩包"),
    (b"BZh", "a bzip2 archive", "bzip2 压缩包"),
    (b"\xfd7zXZ", "an xz archive", "xz 压缩包"),
    (b"\xd0\xcf\x11\xe0", "an old Office document", "旧版 Office 文档"),
    (b"\x89HDF", "a saved model or data (HDF5)", "保存的模型或数据（HDF5）"),
    (b"{\\rtf", "a Rich Text document", "RTF 文档"),
)
_PAGES = (b"<!doctype html", b"<html")
_TAR = slice(257, 262)


def signature(data: bytes) -> Text | None:
    """What the bytes are, if they are one of the things that are handed in by mistake.

    The Chinese begins with a space where it begins with Latin letters, as after other Chinese.
    """
    for start, en, zh in _STARTS:
        if data.startswith(start):
            return Text(en, f" {zh}" if zh[0].isascii() else zh)
    if data[_TAR] == b"ustar":
        return Text("a tar archive", " tar 压缩包")
    if data[:200].removeprefix(b"\xef\xbb\xbf").lstrip().lower().startswith(_PAGES):
        return Text("a web page", "网页")
    return None
