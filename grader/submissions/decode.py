"""Bytes of a `.py` file to text, in the encoding that Python itself would use for the file."""

from __future__ import annotations

import codecs
import io
import tokenize

_TRUSTED = frozenset(
    codecs.lookup(name).name
    for name in (
        *("utf-8", "utf-8-sig", "ascii", "gbk", "gb2312", "gb18030", "big5", "big5hkscs", "cp950"),
        *("shift_jis", "cp932", "euc_jp", "euc_kr", "cp949", "koi8-r", "koi8-u", "mac-roman"),
        *(f"iso8859-{n}" for n in (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 14, 15, 16)),
        *(f"cp{n}" for n in (437, 850, 852, 866, 874, *range(1250, 1259))),
    )
)


class UnknownEncoding(ValueError):
    """The file declares an encoding that isn't taken; `name` is what it says."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


def declared_encoding(data: bytes) -> str:
    """The encoding of a Python file: its byte order mark, its PEP 263 line, or UTF-8.

    Only plain text encodings are taken. Python has codecs that would hide code from a reader
    (`utf_7`, `unicode_escape`) or take quadratic time (`punycode`), and no editor saves in them.

    Raises UnknownEncoding.
    """
    try:
        name, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
    except SyntaxError as error:
        # Raised too for bytes that aren't UTF-8 in the first lines, which decoding reports better.
        message = str(error)
        if "encoding" in message and ":" in message:
            raise UnknownEncoding(message.rsplit(":", 1)[1].strip()[:60]) from None
        return "utf-8"
    if codecs.lookup(name).name not in _TRUSTED:
        raise UnknownEncoding(name[:60])
    return name


def decode(data: bytes) -> str:
    """The text of a Python file, line ends as `\\n`.

    Raises UnknownEncoding, UnicodeDecodeError.
    """
    text = data.decode(declared_encoding(data))
    return text.replace("\r\n", "\n").replace("\r", "\n")
