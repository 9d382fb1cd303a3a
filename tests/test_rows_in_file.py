"""A class's rows on disk: what is read is what was written, and no fault of the disk is silent."""

from __future__ import annotations

import dataclasses
import errno
import os
import random
import tempfile
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
from msgspec import structs

from grader.disk import DiskFull
from grader.errors import UsageError
from grader.report import write_report, write_stored
from grader.results import (
    CheckResult,
    Mapped,
    Results,
    ResultsError,
    Row,
    RowsInFile,
    Spilled,
    brief,
    digests,
    form,
    from_json,
    read_results,
    spilled,
    to_json,
    write_results,
)
from grader.results.plain import writable
from grader.submissions import Submission
from grader.text import Text

from .report.sample import sample


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Everything is written at once, and read from the file."""
    monkeypatch.setattr(spilled, "_AT_ONCE", 1)


def whole(results: Results) -> str:
    """The file's text, made of the whole document at once."""
    document = form.head_to_form(results)
    document.results = [form.row_to_form(row) for row in results.results]
    plain = writable(msgspec.to_builtins(document))
    return msgspec.json.format(msgspec.json.encode(plain), indent=1).decode() + "\n"


def odd() -> Row:
    """A row with all that JSON or UTF-8 can't hold."""
    evidence = {
        "got": [float("nan"), (1, 2), 2**70, True, None, "\ud800"],
        "pictures": {"deep": {"x": -0.0, "é": float("-inf")}},
    }
    check = CheckResult("test_a", "failed", 0.0, 1.23456, message=Text("a\ud800", "b"))
    checks = (structs.replace(check, evidence=evidence),)
    return Row("ada", "huber", "graded", 0.0, 1.23456, checks=checks, source="x = '\udfff'\n")


def with_odd() -> Results:
    base = sample()
    (huber,) = [one for one in base.exercises if one.id == "huber"]
    check = structs.replace(odd().checks[0], id=huber.checks[0].id)
    rows = (structs.replace(odd(), student="odd", checks=(check,)), *base.results)
    return dataclasses.replace(base, results=rows)


def test_what_is_read_is_what_was_written(tmp_path: Path) -> None:
    """Rows, whole and sliced; and other values, such as submissions with their bytes."""
    rows = from_json(to_json(sample())).results
    kept = write_results(tmp_path / "results.json", sample()).results
    for found in (kept, Spilled(Row, rows)):
        assert (len(found), list(found), found[-1], found[1:3]) == (
            len(rows), list(rows), rows[-1], list(rows[1:3]),
        )  # fmt: skip
        assert found == rows
        assert rows == found
        assert found != rows[:-1]
        assert found != (*rows[:-1], rows[0])
        with pytest.raises(IndexError):
            found[len(rows)]
    one = Submission(
        "ada", "huber", "ready", b"\xff\0", notes=(Text("a", "b"),), cell_map=((1, 2),)
    )
    assert list(Spilled(Submission, [one])) == [one]
    surrogate = dataclasses.replace(one, origin="a\udc80")
    (back,) = Spilled(Submission, [surrogate])
    assert back == dataclasses.replace(one, origin="a\\udc80")


def test_what_no_file_holds_comes_back_as_the_file_has_it(tmp_path: Path) -> None:
    kept = write_results(tmp_path / "results.json", with_odd()).results
    assert kept == from_json(to_json(with_odd())).results
    (back,) = Spilled(Row, [odd()])
    assert to_json(dataclasses.replace(sample(), results=(back,))) == to_json(
        dataclasses.replace(sample(), results=(odd(),))
    )


def test_the_file_is_the_same_row_by_row(tmp_path: Path) -> None:
    """Byte for byte; and what writing gives is what reading the file gives."""
    for results in (sample(), with_odd(), dataclasses.replace(sample(), results=())):
        assert to_json(results) == whole(results)
        stored = write_results(tmp_path / "results.json", results)
        assert (tmp_path / "results.json").read_bytes() == whole(results).encode()
        assert stored == read_results(tmp_path / "results.json")


def test_the_report_is_the_same(tmp_path: Path) -> None:
    """Of rows on disk, with what is brief in memory, and of rows in memory."""
    stored = write_results(tmp_path / "results.json", with_odd())
    assert isinstance(stored.results, RowsInFile)
    write_stored(stored, tmp_path / "disk")
    write_report(with_odd(), tmp_path / "memory")
    files = {file.relative_to(tmp_path / "memory") for file in (tmp_path / "memory").rglob("*.*")}
    assert len(files) > 10
    for file in files:
        one, other = tmp_path / "disk" / file, tmp_path / "memory" / file
        assert one.read_bytes() == other.read_bytes(), file


def test_brief_rows_say_what_tallies_need(tmp_path: Path) -> None:
    rows = from_json(to_json(sample())).results
    assert brief(rows) is rows
    kept = write_results(tmp_path / "results.json", sample()).results
    for short, row in zip(brief(kept), rows, strict=True):
        assert (short.student, short.exercise, short.status) == (
            row.student, row.exercise, row.status,
        )  # fmt: skip
        assert (short.points, short.max_points, short.counts) == (
            row.points, row.max_points, row.counts,
        )  # fmt: skip
        assert short.source == ""
        assert [(c.id, c.outcome, c.points, c.diagnosis) for c in short.checks] == [
            (c.id, c.outcome, c.points, c.diagnosis) for c in row.checks
        ]
        assert not any(set(c.evidence) - {"devices"} for c in short.checks)


def test_rows_that_do_not_hold_together_are_not_written(tmp_path: Path) -> None:
    """The file that is there stays."""
    file = tmp_path / "results.json"
    file.write_text("before")
    row = sample().results[0]
    for rows in ((row, row), (structs.replace(row, exercise="nothing"),)):
        with pytest.raises(ResultsError):
            write_results(file, dataclasses.replace(sample(), results=rows))
        assert file.read_text() == "before"
    assert os.listdir(tmp_path) == ["results.json"]


def test_mapped_rows_are_made_when_asked_for() -> None:
    made: list[int] = []

    def make(one: int, other: int) -> int:
        made.append(one)
        return one + other

    found = Mapped(make, [1, 2, 3], (10, 20, 30))
    assert (len(found), made) == (3, [])
    assert (found[1], found[-1], list(found)) == (22, 33, [11, 22, 33])
    assert made == [2, 3, 1, 2, 3]
    assert found == [11, 22, 33]


def test_a_full_disk_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """In the line that says how to go on."""

    def full(descriptor: int, data: bytes) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    rows = Spilled(Row)
    monkeypatch.setattr(os, "write", full)
    with pytest.raises(DiskFull, match="with TMPDIR, then run the same command again"):
        rows.append(sample().results[0])


def test_a_folder_that_is_gone_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "gone"))
    with pytest.raises(UsageError, match=r"gone \(TMPDIR\): a temporary file can't be used"):
        Spilled(Row, sample().results)


@pytest.mark.parametrize("ahead", [1, 10, 50, 1000])
def test_whatever_the_order_of_reading(monkeypatch: pytest.MonkeyPatch, ahead: int) -> None:
    """One after the other, backwards, at random, and while more are written."""
    monkeypatch.setattr(spilled, "_AT_ONCE", ahead)
    order = random.Random(5)
    data = [bytes([n]) * order.randrange(40) for n in range(200)]
    records = spilled.Records()
    for n, one in enumerate(data):
        records.append(one)
        assert records[n // 2] == data[n // 2]
    places = list(range(200))
    shuffled = order.sample(places, 200)
    to_and_fro = (m for n in places for m in (n, -n))
    for n in (*places, *places[::-1], *shuffled, *places, *to_and_fro):
        assert records[n % 200] == data[n % 200]


def test_one_after_the_other_is_read_in_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    """A read of the file for each of a class's rows was a tenth of what they cost."""
    monkeypatch.setattr(spilled, "_AT_ONCE", 1000)
    records = spilled.Records()
    for n in range(500):
        records.append(bytes([n % 256]) * 100)
    reads: list[int] = []
    real = os.pread
    monkeypatch.setattr(
        os, "pread", lambda file, count, at: (reads.append(count), real(file, count, at))[1]
    )
    assert [records[n][0] for n in range(500)] == [n % 256 for n in range(500)]
    assert len(reads) < 100
    reads.clear()
    assert [records[n][0] for n in (7, 300, 20)] == [7, 44, 20]
    assert reads == [100] * 3  # nobody asked for what is beside them


def test_digests_tell_rows_apart(tmp_path: Path) -> None:
    """The same of a file and in memory; whether a row was known from an earlier run is no part."""
    rows = from_json(to_json(with_odd())).results
    kept = write_results(tmp_path / "results.json", with_odd()).results
    assert list(digests(kept)) == list(digests(rows))
    assert len(set(digests(rows))) == len(rows)
    check = structs.replace(rows[0].checks[0], evidence={"cached": True, "z": ',"cached":false,'})
    row = structs.replace(rows[0], student='a,"cached":true,b', checks=(check,))
    others = (
        structs.replace(row, file="x.py"),
        structs.replace(row, student='a,"cached":false,b'),
        structs.replace(row, checks=(structs.replace(check, evidence={"cached": False}),)),
    )
    known = structs.replace(row, cached=not row.cached)
    one, other, *changed = digests((row, known, *others))
    assert one == other
    assert len({one, *changed}) == 4


@pytest.mark.parametrize(
    ("harm", "said"),
    [
        (lambda file: file.write_bytes(file.read_bytes().replace(b"ada", b"adb")), "was changed"),
        (lambda file: file.write_bytes(file.read_bytes()[:-9000]), "was changed"),
    ],
    ids=["flip", "cut"],
)
def test_a_file_that_changes_while_it_is_read_is_said(
    tmp_path: Path, harm: Callable[[Path], object], said: str
) -> None:
    """No page is made of what nobody wrote."""
    file = tmp_path / "results.json"
    kept = write_results(file, sample())
    harm(file)
    with pytest.raises(UsageError, match=rf"results\.json: {said}.* run the same command again"):
        list(kept.results)


@pytest.mark.parametrize("damage", ["flip", "cut"])
def test_damage_is_never_silent(damage: str) -> None:
    records = spilled.Records()
    for data in (b"first", b"second"):
        records.append(data)
    assert [records[0], records[1]] == [b"first", b"second"]
    if damage == "flip":
        os.pwrite(records._file, b"S", 5)
    else:
        os.ftruncate(records._file, 8)
    assert records[0] == b"first"
    with pytest.raises(UsageError, match=r"doesn't hold what was written to it: check that disk"):
        records[1]


def test_a_file_that_cannot_be_read_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When it is opened, and later."""
    file = tmp_path / "results.json"
    kept = write_results(file, sample())

    def broken(*_: object) -> bytes:
        raise OSError(errno.EIO, "Input/output error")

    said = r"results\.json: can't be read \(Input/output error\).*: run the same command again"
    monkeypatch.setattr(os, "pread", broken)
    with pytest.raises(UsageError, match=said):
        list(kept.results)
    rows = RowsInFile(file)
    monkeypatch.setattr(os, "open", broken)
    with pytest.raises(UsageError, match=said):
        rows.open()


@pytest.mark.parametrize(
    ("numbers", "written"),
    [
        ([1.5, -2.0], [1.5, -2.0]),
        ((0.5, 1.0), [0.5, 1.0]),
        ([float("nan")], ["nan"]),
        ([float("inf"), float("-inf"), 1.0], ["inf", "-inf", 1.0]),
        ([1e308, 1e308], [1e308, 1e308]),
        ([1.0, 2**70], [1.0, str(2**70)]),
    ],
)
def test_lists_of_numbers(numbers: object, written: list[object]) -> None:
    """Looked through at once where all are finite; a list in any case, as it is read again."""
    assert writable(numbers) == written


def test_nothing_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No file in the folder while rows are there, and no descriptor when they are gone."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    before = set(os.listdir("/proc/self/fd"))
    rows = Spilled(Row, sample().results)
    assert os.listdir(tmp_path) == []
    assert len(rows) == len(sample().results)
    assert set(os.listdir("/proc/self/fd")) != before
    del rows
    assert set(os.listdir("/proc/self/fd")) == before
    kept = write_results(tmp_path / "results.json", sample()).results
    assert kept[0].student == sample().results[0].student
    assert os.listdir(tmp_path) == ["results.json"]
    assert set(os.listdir("/proc/self/fd")) != before
    del kept
    assert set(os.listdir("/proc/self/fd")) == before
