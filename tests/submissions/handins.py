"""Makes the files that students hand in: notebooks, zips and damaged ones of both."""

from __future__ import annotations

import io
import json
import struct
import zipfile
import zlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from grader.submissions import Submission

    HandIn = Callable[..., dict[str, Submission]]

SYMBOLS = {
    "huber": ("huber_fn", "create_huber", "HuberLoss"),
    "huber_metric": ("HuberMetric",),
    "dense": ("MyDense",),
}


def notebook(*cells: str, version: int = 4, **metadata: Any) -> bytes:
    """A notebook whose code cells are `cells`; one that starts with `md:` is a text cell."""
    made: list[dict[str, Any]] = []
    for text in cells:
        kind = "markdown" if text.startswith("md:") else "code"
        key = {4: "source", 3: "input", 2: "input", 1: "code"}[version]
        made.append({"cell_type": kind, key if kind == "code" else "source": text, "metadata": {}})
    body: dict[str, Any] = {"nbformat": version, "nbformat_minor": 0, "metadata": metadata}
    body |= {"worksheets": [{"cells": made}]} if version in (2, 3) else {"cells": made}
    return json.dumps(body).encode()


def zipped(members: dict[str, bytes], **how: Any) -> bytes:
    """A zip with these members."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", how.pop("compression", zipfile.ZIP_DEFLATED)) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def forged(*members: dict[str, Any], prefix: bytes = b"") -> bytes:
    """A zip written byte by byte, so that it can say what zipfile never writes.

    Of each member: `name` and `data`; `method`, `flags`, `mode` (Unix), `size` and `at` (where the
    directory says it begins) if they aren't what they should be.
    """
    body, directory = bytearray(prefix), bytearray()
    for member in members:
        name, data, flags = member["name"], member["data"], member.get("flags", 0)
        method, size = member.get("method", 0), member.get("size", len(member["data"]))
        start = member.get("at", len(body) - len(prefix))
        sums = struct.pack("<3I", member.get("crc", zlib.crc32(data)), len(data), size)
        how = struct.pack("<4H", flags, method, 0, 0x21)
        body += b"PK\3\4\x14\0" + how + sums + struct.pack("<2H", len(name), 0) + name + data
        directory += b"PK\1\2\x14\3\x14\0" + how + sums
        attributes = member.get("mode", 0) << 16
        directory += struct.pack("<5H2I", len(name), 0, 0, 0, 0, attributes, start) + name
    count, start = min(len(members), 0xFFFF), len(body) - len(prefix)
    end = struct.pack("<4H2IH", 0, 0, count, count, len(directory), start, 0)
    return bytes(body + directory + b"PK\5\6" + end)


def deflated(data: bytes, times: int = 1) -> bytes:
    """`data`, so many times, as a zip member holds it."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return b"".join([*(packer.compress(data) for _ in range(times)), packer.flush()])


BOMB = deflated(b"\n" * 2**20, 200)
"""200 MiB in 200 kB."""
