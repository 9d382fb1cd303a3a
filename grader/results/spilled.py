"""Values of a class that lie in a temporary file instead of memory; one is read when asked for.

The file has no name, so nobody else can open it, and nothing is left of it once the process has
ended. What is read is what was written: each record carries a checksum.
"""

from __future__ import annotations

import operator
import os
import tempfile
import weakref
import zlib
from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, TypeVar, overload

import msgspec

from grader import disk, folders
from grader.errors import UsageError
from grader.results.plain import writable

_AT_ONCE = 1 << 18  # bytes that wait to be written

T = TypeVar("T")


class Lines(Sequence[T]):
    """What every sequence of a class's values has: slices, and equality with any other sequence."""

    def read(self, at: int) -> T:
        """The value at `at`, counted from 0."""
        raise NotImplementedError

    @overload
    def __getitem__(self, at: int) -> T: ...
    @overload
    def __getitem__(self, at: slice) -> list[T]: ...
    def __getitem__(self, at: int | slice) -> T | list[T]:
        if isinstance(at, slice):
            return [self.read(place) for place in range(*at.indices(len(self)))]
        return self.read(range(len(self))[at])

    def __iter__(self) -> Iterator[T]:
        return map(self.read, range(len(self)))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Sequence) or isinstance(other, str):
            return NotImplemented
        return len(self) == len(other) and all(map(operator.eq, self, other))

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {len(self)}>"


class Mapped(Lines[T]):
    """What a function makes of the values of some sequences, made when it is asked for."""

    def __init__(self, make: Callable[..., T], *parts: Sequence[Any]) -> None:
        self._make, self._parts = make, parts

    def __len__(self) -> int:
        return len(self._parts[0])

    def read(self, at: int) -> T:
        return self._make(*(part[at] for part in self._parts))

    def __iter__(self) -> Iterator[T]:
        for values in zip(*self._parts, strict=True):
            yield self._make(*values)


class Ahead:
    """Reads parts of a file that only grows. Who asks for one after the other asks it seldom.

    Args:
        descriptor: of the file, which stays its owner's to close.
    """

    def __init__(self, descriptor: int) -> None:
        self._file = descriptor
        self._data, self._start = b"", 0

    def read(self, start: int, end: int) -> bytes:
        """These bytes; fewer where the file is shorter. Raises OSError."""
        done = self._start + len(self._data)
        if not (self._start <= start and end <= done):
            # Another part follows the last one: perhaps so do more.
            more = _AT_ONCE if self._start < start <= done else 0
            self._data = os.pread(self._file, max(end - start, more), start)
            self._start = start
        return self._data[start - self._start : end - self._start]


class Records:
    """Bytes in a temporary file, in memory no more than where each record ends.

    The file goes with the object. Its folder is the one that is temporary when this is made.

    Raises:
        DiskFull: from `append`, if there is no room for them.
        UsageError: the file can't be made, written or read.
    """

    def __init__(self) -> None:
        self._folder = Path(tempfile.gettempdir())
        self._file = -1  # what is small needs none
        self._ends = array("Q", [0])
        self._sums = array("L")
        self._waiting = bytearray()
        self._written = 0
        self._ahead = Ahead(-1)

    def __len__(self) -> int:
        return len(self._sums)

    def append(self, data: bytes) -> int:
        """Keeps a record, and gives its number."""
        self._waiting += data
        self._sums.append(zlib.crc32(data))
        self._ends.append(self._ends[-1] + len(data))
        if len(self._waiting) >= _AT_ONCE:
            self._write()
        return len(self._sums) - 1

    def __getitem__(self, at: int) -> bytes:
        start, end = self._ends[at], self._ends[at + 1]
        if start >= self._written:
            data = bytes(self._waiting[start - self._written : end - self._written])
        else:
            try:
                data = self._ahead.read(start, end)
            except OSError as error:
                raise self._unusable(error) from None
        if len(data) != end - start or zlib.crc32(data) != self._sums[at]:
            raise UsageError(
                f"{folders.outside(self._folder)} (TMPDIR): a temporary file doesn't hold what was"
                " written to it: check that disk, or name another folder with TMPDIR=DIR, then run"
                " the same command again; it goes on where it stopped"
            )
        return data

    def _write(self) -> None:
        try:
            if self._file < 0:
                with tempfile.TemporaryFile(dir=self._folder) as file:
                    self._file = os.dup(file.fileno())
                weakref.finalize(self, os.close, self._file)
                self._ahead = Ahead(self._file)
            with memoryview(self._waiting) as left:
                done = 0
                while done < len(left):
                    done += os.write(self._file, left[done:])
        except OSError as error:
            raise self._unusable(error) from None
        self._written += len(self._waiting)
        self._waiting.clear()

    def _unusable(self, error: OSError) -> UsageError:
        folder = folders.outside(self._folder)
        if disk.is_full(error):
            return disk.full(folder, "TMPDIR")
        return UsageError(
            f"{folder} (TMPDIR): a temporary file can't be used ({error.strerror}): name another"
            " folder with TMPDIR=DIR"
        )


class Spilled(Lines[T]):
    """Values of one kind on disk; `append` adds one.

    Text that UTF-8 can't hold, and integers that no file of results could hold either, come back as
    results.json would have them. Else a value that is read equals the one that was written.

    Raises:
        DiskFull: from `append`.
        UsageError: from every method, where the file can't be used.
    """

    def __init__(self, kind: type[T], values: Iterable[T] = ()) -> None:
        self._decode = msgspec.msgpack.Decoder(kind).decode
        self._encode = msgspec.msgpack.Encoder().encode
        self._records = Records()
        for value in values:
            self.append(value)

    def __len__(self) -> int:
        return len(self._records)

    def append(self, value: T) -> int:
        """Keeps a value, and gives its place."""
        try:
            data = self._encode(value)
        except (UnicodeEncodeError, OverflowError):
            plain = msgspec.to_builtins(value, builtin_types=(bytes,))
            clean = {k: v if type(v) is bytes else writable(v) for k, v in plain.items()}
            data = self._encode(clean)
        return self._records.append(data)

    def read(self, at: int) -> T:
        return self._decode(self._records[at])
