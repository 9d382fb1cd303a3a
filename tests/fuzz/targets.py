"""One function for each reader of hostile bytes: it raises only on a fault.

What a reader documents that it raises is swallowed; what it lets through must hold together: be
plain, be writable again, carry no text that acts on a terminal. Used by hypothesis and by atheris.
"""

from __future__ import annotations

import atexit
import contextlib
import csv
import io
import json
import os
import shutil
import sys
import tempfile
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

from grader import answers, compare, lms, show
from grader.asking import Session
from grader.defuse import defuse, defuse_line
from grader.engine.replies import unwrap
from grader.errors import CheckFailed, Forbidden, MissingSymbol, StudentError, UsageError
from grader.expect import Expect
from grader.lms.metadata import MAX_PEOPLE, read_metadata
from grader.lms.pages import page_source
from grader.lms.show import plain_data, total
from grader.report.marks import marks_csv
from grader.report.views import overview
from grader.results import ResultsError, Row, read_results, to_json
from grader.results.file import from_json
from grader.screening import screen
from grader.submissions import Student, Submission, collect
from grader.submissions.cells import read_cells
from grader.submissions.intake import check_source
from grader.submissions.model import Entry, Unreadable
from grader.submissions.notebook import slice_module
from grader.text import Text
from grader.wire import PREFIX, WireError, decode, encode, lengths

Target = Callable[[bytes], None]

SYMBOLS = {"huber": ("huber_fn", "HuberLoss"), "dense": ("MyDense",)}
SHORTCUTS = ("keras.losses.huber", "tf.nn.*", "keras.layers.Dense")
ASK = Text("the answer", "答案")
# In memory where that can be had: on a disk the writing would take most of the time.
_MEMORY = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
_SCRATCH = Path(tempfile.mkdtemp(prefix="fuzz-", dir=None if os.environ.get("TMPDIR") else _MEMORY))
atexit.register(shutil.rmtree, _SCRATCH, ignore_errors=True)
_WANTED: tuple[Any, ...] = (
    *(0, 1.5, True, "x", None, [1, 2], {"a": 1}),
    *(np.float32(1), np.zeros(3), np.ones((2, 2), "f4"), np.array([1 + 2j]), np.array([b"x"])),
)


def frame(data: bytes) -> dict[str, Any] | None:
    """The value of a frame; None for what isn't one."""
    try:
        header, payload = lengths(data[: PREFIX.size].ljust(PREFIX.size, b"\0"))
        body = data[PREFIX.size :]
        if len(body) != header + payload:  # most of what a fuzzer makes: read on all the same
            header = min(header, len(body))
        return decode(body[:header], body[header:])
    except WireError as error:
        _plain_line(str(error))
        return None


def wire(data: bytes) -> None:
    """The decoder of frames; what it lets out goes back in and comes out the same."""
    value = frame(data)
    if value is None:
        return
    again = encode(value)
    header, payload = lengths(again[: PREFIX.size])
    assert len(again) == PREFIX.size + header + payload
    rest = again[PREFIX.size :]
    assert encode(decode(rest[:header], rest[header:])) == again


def reply(data: bytes) -> None:
    """A worker's reply, from the frame to the value or to one of our own exceptions."""
    value = frame(data)
    if value is None:
        return
    for walled in (True, False):
        try:
            unwrap(value, walled=walled)
        except (Forbidden, CheckFailed) as error:
            _harmless(error.text.en, error.text.zh)
        except MissingSymbol as error:
            _harmless(error.name, *error.near)
        except StudentError as error:
            _harmless(error.type_name, error.message, *error.bases)
            _harmless(*(text for line in error.frames for text in (line.function, line.code)))


class _Once:
    """A backend with a single answer."""

    def __init__(self, answer: Any) -> None:
        self.answer = answer

    def ask(self, request: dict[str, Any]) -> Any:
        return self.answer

    def fresh(self) -> _Once:
        return self


def answer(data: bytes) -> None:
    """What a check does with an answer: probes' forms, comparisons, and their sentences."""
    value = frame(data)
    if value is None:
        return
    raw = value.get("value")
    for form in (answers.gradient, answers.traces, answers.arrays, answers.names, answers.file):
        with contextlib.suppress(Forbidden):
            form(raw)
    try:
        got = Session(_Once(raw)).call("f")
    except (Forbidden, CheckFailed):
        return
    _harmless(show.plain(got))
    for wanted in _WANTED:
        compare.same(got, wanted)
        _asked(lambda expect, w=wanted: expect.equal(got, w, ask=ASK))
        if isinstance(wanted, int | float | np.ndarray | np.generic):
            why = (compare.Why(2.0, ASK),)
            _asked(lambda expect, w=wanted, y=why: expect.close(got, w, ask=ASK, why=y))
    _asked(lambda expect: expect.number(got, ask=ASK))
    _asked(lambda expect: expect.array(got, ask=ASK, shape=(2,), dtype="float32"))
    _asked(lambda expect: expect.remote(got, ask=ASK))
    _asked(lambda expect: expect.true(got, ask=ASK, expected=ASK, got=ASK))


def _asked(question: Callable[[Expect], object]) -> None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            question(Expect())
    except CheckFailed as error:
        _harmless(error.text.en, error.text.zh)
        json.dumps(error.evidence).encode()


def notebook(data: bytes) -> None:
    """The reader of notebooks; a module that it cuts out compiles, each line of it has a place."""
    try:
        cells = read_cells(data)
        sliced = slice_module(cells, SYMBOLS["huber"], "huber")
    except Unreadable as error:
        _harmless(error.reason.en, error.reason.zh)
        return
    assert len(sliced.source.splitlines()) <= len(sliced.cell_map) + 1
    _module(sliced.source)
    for note in sliced.notes:
        _harmless(note.en, note.zh)


def archive(data: bytes) -> None:
    """A student's zip: a submission per exercise, whatever is in it."""
    path = _SCRATCH / "ada.zip"
    path.write_bytes(data)
    found = collect(Student("ada", path, "zip"), SYMBOLS)
    known = {"ada.zip", "class.zip", "results.json", "class"}
    assert {path.name for path in _SCRATCH.iterdir()} <= known
    assert [item.exercise for item in found] == list(SYMBOLS)
    for item in found:
        _submission(item)


_CODE = (
    str(Path(lms.__file__).parents[2]),
    sys.prefix,
    sys.base_prefix,
    str(Path(os.__file__).parent),
)
_outside: list[str] = []
_watched = False


def _watch(event: str, arguments: tuple[Any, ...]) -> None:
    """Notes every file outside the scratch folder that is opened while a download is read."""
    if _watched and event == "open" and isinstance(arguments[0], str | bytes):
        path = os.fsdecode(arguments[0])
        # Python opens its own modules (an encoding's) when they are first used, and looks for the
        # line of a syntax error in a file named `<unknown>`.
        if not path.startswith((str(_SCRATCH), "<", *_CODE)):
            _outside.append(path)


sys.addaudithook(_watch)


@contextlib.contextmanager
def _inside() -> Iterator[None]:
    """Nothing outside the scratch folder is opened, and nothing in it is made or removed."""
    global _watched
    before = sorted(_SCRATCH.rglob("*"))
    _outside.clear()
    _watched = True
    try:
        yield
    finally:
        _watched = False
    assert not _outside, _outside
    assert sorted(_SCRATCH.rglob("*")) == before


@contextlib.contextmanager
def scratch_folder(name: str) -> Iterator[Path]:
    """A new folder beside the other files, removed afterwards."""
    root = _SCRATCH / name
    root.mkdir()
    try:
        yield root
    finally:
        shutil.rmtree(root)


def download(data: bytes) -> None:
    """A zip from an LMS: what is understood of it, and a submission for every student."""
    path = _SCRATCH / "class.zip"
    path.write_bytes(data)
    class_of(path)


def class_of(path: Path) -> None:
    """What lies at `path`, zip or folder, from intake to submissions; refused with one line."""
    with _inside():
        try:
            with lms.opened(path) as found:
                understood = lms.understand(found, SYMBOLS)
                items = [one for student in found.students for one in collect(student, SYMBOLS)]
                notes = lms.warnings(found)
        except UsageError as error:
            _plain_line(str(error))
            return
    names = [one.person.name for one in understood.students]
    assert len(set(names)) == len(names) == len(items) / len(SYMBOLS)
    assert sorted({item.student for item in items}) == sorted(names)
    for item in items:
        _submission(item)
    for line in (*notes, *names, total(understood)):
        _plain_line(line)
    json.dumps(plain_data(understood)).encode()
    files = [file for one in understood.students for file in one.files]
    for file in (*files, *understood.loose):
        assert file.state == "taken" or file.why.en, file
        assert bool(file.why.en) == bool(file.why.zh)
        _plain_line(file.why.en + file.why.zh)


def metadata(data: bytes) -> None:
    """Gradescope's list of who handed in what."""
    try:
        found = read_metadata(Entry("x", lambda limit: data[: limit + 1]))
    except Unreadable as error:
        _plain_line(error.reason.en + error.reason.zh)
        return
    for submitted in found.values():
        assert len(submitted.people) <= MAX_PEOPLE
        assert not submitted.when or len(submitted.when) == len("2026-03-01T12:30:00Z")
        for person in submitted.people:
            assert max(map(len, (person.name, person.login, person.email))) <= 400
            assert person.name


def page(data: bytes) -> None:
    """A text typed online."""
    source = page_source(Entry("x", lambda limit: data[: limit + 1]), 10_000)
    assert len(source) <= 10_001
    source.decode()


def python(data: bytes) -> None:
    """A `.py` file: decoding, the guard, and the search for shortcuts."""
    try:
        check_source(data)
    except Unreadable as error:
        _harmless(error.reason.en, error.reason.zh)
        screen(data, SYMBOLS["huber"], SHORTCUTS)
        return
    _module(data)


def results(data: bytes) -> None:
    """The reader of results.json; what it takes can be written, shown and read again."""
    path = _SCRATCH / "results.json"
    path.write_bytes(data)
    try:
        found = read_results(path)
    except ResultsError as error:
        _plain_line(str(error))
        return
    text = to_json(found)
    assert to_json(from_json(text)) == text
    overview(found)
    table = marks_csv(found)
    assert len({len(row) for row in csv.reader(io.StringIO(table.removeprefix("\ufeff")))}) <= 1
    assert all(type(row) is Row for row in found.results)


def _submission(item: Submission) -> None:
    assert (item.status == "ready") == (not item.reason.en) == (not item.reason.zh)
    assert item.status == "ready" or item.source == b""
    for text in (item.origin, item.reason.en, item.reason.zh):
        _plain_line(text)
    for note in item.notes:
        _plain_line(note.en)
        _plain_line(note.zh)
    if item.status == "ready":
        _module(item.source)


def _module(source: bytes) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        compile(source, "submission", "exec", dont_inherit=True)
    for finding in screen(source, SYMBOLS["huber"], SHORTCUTS):
        json.dumps(finding.shortcut).encode()


def _plain_line(text: str) -> None:
    assert len(text) < 4000
    assert text.isprintable(), ascii(text)
    text.encode()


def _harmless(*texts: str) -> None:
    for text in texts:
        assert len(text) < 8000
        assert defuse(text, max_chars=8000) == text, ascii(text)
        defuse_line(text).encode()


TARGETS: dict[str, Target] = {
    target.__name__: target
    for target in (
        *(wire, reply, answer, notebook, archive, download, metadata, page, python, results),
    )
}
