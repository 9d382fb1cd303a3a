"""results.json: written from the values, read back into them, and refused in one clear line.

The form is fixed (schema 1). Beside the contract's keys, whose texts are English, the file carries
both languages (`titles`, `messages`, `hints`, `reasons`) and what else a report shows; a file
without these extras is read just as well. The structs of `form` are the one description of the
form: msgspec writes the file from them and checks a file against them.
"""

import os
import re
import secrets
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO, NoReturn, TypeVar

import msgspec

from grader import disk
from grader.defuse import defuse_line
from grader.errors import UsageError
from grader.results import form
from grader.results.plain import writable
from grader.results.rows import RowsInFile
from grader.results.values import SCHEMA, CheckResult, Results, Row

_Kind = TypeVar("_Kind")

_AT_ONCE = 1 << 18  # bytes
_TEMPORARY = re.compile(r"\.[0-9a-f]{16}\.tmp")
_AGAIN = "run `grader grade` again (finished work is remembered)"


class ResultsError(UsageError):
    """A results.json that can't be used; one line says file, place and how to mend."""


def to_json(results: Results) -> str:
    """`results` as the text of results.json, points to 4 decimals and seconds to 3.

    Raises ResultsError for evidence nested hundreds deep, ValueError if points or seconds are
    negative, NaN or infinite: no such number is ever written. NaN and infinity inside `evidence`
    become the strings "nan", "inf" and "-inf".
    """
    return b"".join(piece for piece, *_ in _pieces(results, results.results)).decode()


def write_results(path: Path, results: Results) -> Results:
    """Writes results.json; returns and raises what `write_rows` does."""
    return write_rows(path, results, results.results)


def write_rows(path: Path, results: Results, of_class: Iterable[Row]) -> Results:
    """Writes results.json row by row, as `write_atomically` does; a class needn't be in memory.

    Args:
        results: all but the rows.
        of_class: the rows, each of which is asked for once.

    Returns:
        The results as the file has them, their rows there: what `read_results` would give.

    Raises:
        ResultsError, ValueError: as `to_json` and `from_json`; nothing is written then.
        UsageError: it can't be written.
    """
    rows, source = RowsInFile(path), defuse_line(str(path))
    waiting, written = bytearray(), 0
    with writing_atomically(path) as file:
        for piece, plain, row in _pieces(results, of_class):
            if row is not None:
                rows.append(row, plain, written, piece)
            written += len(piece)
            waiting += piece
            if len(waiting) >= _AT_ONCE:
                file.write(waiting)
                waiting.clear()
        file.write(waiting)
        head = _decode(_head(results), form.File, source)
        _refuse_loose_ends(head.exercises, rows.brief, source)
    rows.open()
    return replace(form.from_form(head), results=rows)


def _pieces(results: Results, rows: Iterable[Row]) -> Iterator[tuple[bytes, bytes, Row | None]]:
    """The file's bytes; a row's own with the same without any space, and the row that they give."""
    try:
        head = msgspec.json.format(_head(results), indent=1)
        before, none, after = head.partition(b'\n "results": []')  # no text has a line end in it
        assert none
        yield before + b'\n "results": [', b"", None
        between, end = b"\n  ", b"]"
        for row in rows:
            yield between, b"", None
            plain, stored = form.plain(row)
            yield msgspec.json.format(plain, indent=1).replace(b"\n", b"\n  "), plain, stored
            between, end = b",\n  ", b"\n ]"
        yield end + after + b"\n", b"", None
    except RecursionError:
        raise ResultsError(f"results: evidence is nested too deeply: {_AGAIN}") from None


def _head(results: Results) -> bytes:
    return msgspec.json.encode(writable(msgspec.to_builtins(form.head_to_form(results))))


def from_json(text: str | bytes, *, source: str = "results.json") -> Results:
    """The values that `text` holds; `source` names the file in errors.

    Raises ResultsError, one line, for anything that is not a results.json of this schema whose rows
    name exercises and checks that the file describes.
    """
    schema = _decode(text, form.Schema, source).schema
    if schema != SCHEMA:
        raise ResultsError(
            f"{source}: $.schema is {schema}, this grader reads {SCHEMA}: "
            f"use the grader that wrote the file, or {_AGAIN}"
        )
    document = _decode(text, form.File, source)
    _refuse_loose_ends(document.exercises, document.results, source)
    return form.from_form(document)


def read_results(path: Path) -> Results:
    """The values in the file at `path`; raises ResultsError, one line, also if it can't be read."""
    source = defuse_line(str(path))
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise ResultsError(
            f"{source}: byte {error.start} is not UTF-8, so this is no results.json: {_AGAIN}"
        ) from None
    except OSError as error:
        raise ResultsError(
            f"{source}: can't be read ({error.strerror}): "
            "give the path of the results.json that `grader grade` wrote"
        ) from None
    return from_json(text, source=source)


def write_atomically(path: Path, text: str) -> None:
    """Writes `text` (UTF-8) to `path`, all of it or none: readers see the old file or the new.

    Makes the folder if need be. Raises UsageError, leaving nothing behind, if that can't be done.
    """
    write_bytes_atomically(path, text.encode("utf-8"))


def write_bytes_atomically(path: Path, data: bytes) -> None:
    """Writes `data` to `path` as `write_atomically` does; raises what that raises."""
    _replace(path, data, os.fsync)


def write_soon(path: Path, data: bytes) -> None:
    """The same for what can be made again, such as pages: doesn't wait until the disk has it.

    Readers see the old file or the new; only a machine that loses power may lose both.
    """
    _replace(path, data, None)


@contextmanager
def writing_atomically(path: Path) -> Iterator[BinaryIO]:
    """A file to write to, piece by piece, which takes the place of `path` when the block ends.

    Nothing is left of it when the block is left by an exception. Raises what `write_atomically`
    raises, also where writing fails within the block.
    """
    with _replacing(path, os.fsync) as file:
        yield file


@contextmanager
def writing_soon(path: Path) -> Iterator[BinaryIO]:
    """`writing_atomically` for what `write_soon` is for."""
    with _replacing(path, None) as file:
        yield file


def _replace(path: Path, data: bytes, sync: Callable[[int], None] | None) -> None:
    with _replacing(path, sync) as file:
        file.write(data)


@contextmanager
def _replacing(path: Path, sync: Callable[[int], None] | None) -> Iterator[BinaryIO]:
    # Not `Path.exists`, which raises for a name that is too long: that is told further down.
    if not path.name or (os.path.exists(path) and not os.path.isfile(path)):
        # A device would be gone: whoever may write there turns /dev/null into a file.
        raise UsageError(
            f"{defuse_line(str(path))}: can't be written (it isn't a file): name one with --out"
        )
    # In the same folder, since a rename is only atomic within one file system; not by mkstemp,
    # whose files nobody but the owner may read.
    temporary = path.with_name(f".{secrets.token_hex(8)}.tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with temporary.open("xb") as file:
                yield file
                if sync is not None:
                    file.flush()
                    sync(file.fileno())
            temporary.replace(path)
        except BaseException:
            with suppress(OSError):
                temporary.unlink()
            raise
    except OSError as error:
        if disk.is_full(error):
            raise disk.DiskFull(
                f"{defuse_line(str(path))}: can't be written ({error.strerror}): "
                f"{disk.full(path.parent, '--out')}"
            ) from None
        raise UsageError(
            f"{defuse_line(str(path))}: can't be written ({error.strerror}): "
            "mend its permissions, or choose another folder with --out"
        ) from None


def remove_abandoned(folder: Path) -> None:
    """Removes what writers that were killed have left in `folder`; nobody else may be writing."""
    for file in folder.glob(".*.tmp"):
        if _TEMPORARY.fullmatch(file.name):
            with suppress(OSError):
                file.unlink()


def _decode(text: str | bytes, kind: type[_Kind], source: str) -> _Kind:
    try:
        return msgspec.json.decode(text, type=kind)
    except msgspec.ValidationError as error:
        what, _, where = str(error).replace("`", "").partition(" - at ")
        what, where = defuse_line(what), defuse_line(where) or "$"
        raise ResultsError(
            f"{source}: {where}: {what[:1].lower()}{what[1:]}: mend that value, or {_AGAIN}"
        ) from None
    except msgspec.DecodeError as error:
        cut = "truncated" in str(error)
        what = (
            "the file ends too early"
            if cut
            else "not JSON: " + str(error).removeprefix("JSON is malformed: ")
        )
    except UnicodeEncodeError:
        what = "not JSON (holds a lone surrogate)"
    except RecursionError:
        what = "nested too deeply"
    raise ResultsError(f"{source}: {what}: {_AGAIN}")


def _refuse_loose_ends(
    exercises: Sequence[form.Exercise], rows: Iterable[form.Row | Row], source: str
) -> None:
    """Raises ResultsError for a name that the file doesn't describe and for anything said twice."""

    def refuse(where: str, what: str) -> NoReturn:
        raise ResultsError(f"{source}: {where}: {defuse_line(what)}: mend that, or {_AGAIN}")

    known: dict[str, set[str]] = {}
    for number, exercise in enumerate(exercises):
        if exercise.id in known:
            refuse(f"$.exercises[{number}].id", f"a second exercise {exercise.id!r}")
        known[exercise.id] = {check.id for check in exercise.checks}
        if len(known[exercise.id]) < len(exercise.checks):
            refuse(f"$.exercises[{number}].checks", "two checks with the same id")
    seen: set[tuple[str, str]] = set()
    for number, row in enumerate(rows):
        where = f"$.results[{number}]"
        if row.exercise not in known:
            refuse(f"{where}.exercise", f"no exercise {row.exercise!r} in $.exercises")
        if (row.student, row.exercise) in seen:
            refuse(where, f"a second row of {row.student!r} for {row.exercise!r}")
        seen.add((row.student, row.exercise))
        checks: Sequence[form.Check | CheckResult] = row.checks
        for place, check in enumerate(checks):
            if check.id not in known[row.exercise]:
                refuse(f"{where}.checks[{place}].id", f"no check {check.id!r} in {row.exercise!r}")
