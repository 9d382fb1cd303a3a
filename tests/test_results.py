"""results.json keeps what it is given, keeps to its contract, and says clearly what is wrong."""

import dataclasses
import json
import math
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from grader.errors import UsageError
from grader.results import (
    Adjustment,
    Attempt,
    CheckResult,
    CheckSpec,
    Diagnosis,
    ExerciseSpec,
    Late,
    Outcome,
    Results,
    ResultsError,
    Reveal,
    Row,
    Run,
    Status,
    StudentInfo,
    Topic,
    from_json,
    mark,
    read_results,
    to_json,
    write_atomically,
)
from grader.text import Text

from .report.sample import EXERCISES, graded, sample

words = st.text(st.characters(exclude_categories=("Cs",)), max_size=12)
texts = st.builds(Text, words, words)
points = st.integers(0, 10**6).map(lambda n: n / 10_000)
seconds = st.integers(0, 10**6).map(lambda n: n / 1000)
plain = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**64 - 1)
    | words
    | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words, inner, max_size=3),
    max_leaves=5,
)


@st.composite
def any_results(draw: st.DrawFn) -> Results:
    """Any results whose rows name what is described, with numbers as the file rounds them."""
    exercises = []
    for name in draw(st.lists(words, max_size=3, unique=True)):
        checks = tuple(
            draw(
                st.builds(
                    CheckSpec,
                    st.just(check),
                    texts,
                    points,
                    st.sampled_from(get_args(Topic)),
                    st.sampled_from(get_args(Reveal)),
                )
            )
            for check in draw(st.lists(words, max_size=3, unique=True))
        )
        exercises.append(ExerciseSpec(name, draw(texts), draw(points), checks))
    rows = []
    for student in draw(st.lists(words, max_size=3, unique=True)):
        for exercise in exercises:
            results = tuple(
                draw(
                    st.builds(
                        CheckResult,
                        st.just(spec.id),
                        st.sampled_from(get_args(Outcome)),
                        points,
                        points,
                        seconds,
                        words,
                        texts,
                        texts,
                        st.dictionaries(words, plain, max_size=3),
                        st.none() | st.builds(Diagnosis, words, texts),
                    )
                )
                for spec in exercise.checks
            )
            rows.append(
                draw(
                    st.builds(
                        Row,
                        st.just(student),
                        st.just(exercise.id),
                        st.sampled_from(get_args(Status)),
                        points,
                        points,
                        seconds,
                        st.booleans(),
                        st.just(results),
                        texts,
                        st.lists(texts, max_size=2).map(tuple),
                        words,
                    )
                )
            )
    run = draw(
        st.builds(
            Run,
            words,
            seconds,
            st.integers(-(2**63), 2**63 - 1),
            st.integers(1, 99),
            words,
            words,
            st.dictionaries(words, words, max_size=3),
            st.lists(texts, max_size=2).map(tuple),
        )
    )
    infos = st.builds(StudentInfo, words, words, words, words, words, st.booleans())
    students = draw(st.dictionaries(words, infos, max_size=3))
    return Results(run, tuple(exercises), tuple(rows), students=students)


@given(any_results())
def test_reading_gives_what_was_written(results: Results) -> None:
    """A round trip through the file changes nothing, whatever the names and texts are."""
    assert from_json(to_json(results)) == results


def test_the_sample_survives_too() -> None:
    """The report's class, hostile texts and all, is read back as it was."""
    once = from_json(to_json(sample()))
    assert from_json(to_json(once)) == once
    assert [row.student for row in once.results] == [row.student for row in sample().results]


def test_file_keeps_to_the_contract() -> None:
    """Exactly the contract's keys and English texts, plus the extras that are named as such."""
    row = graded("ada", EXERCISES[0], "failed")
    broken = structs.replace(row.checks[0], diagnosis=Diagnosis("wrong_x", Text("a", "甲")))
    row = structs.replace(row, checks=(broken, *row.checks[1:]))
    document = json.loads(to_json(dataclasses.replace(sample(), results=(row,))))
    assert list(document) == ["schema", "run", "exercises", "results", "students"]
    assert document["schema"] == 1
    assert list(document["run"]) == [
        "started",
        "seconds",
        "seed",
        "jobs",
        "device",
        "sandbox",
        "versions",
        "sandbox_notes",
    ]
    exercise = document["exercises"][0]
    assert list(exercise) == ["id", "title", "max_points", "checks", "titles", "statement"]
    assert exercise["title"] == "Huber loss"
    assert exercise["titles"] == {"en": "Huber loss", "zh": "Huber 损失"}
    assert list(exercise["checks"][0]) == [
        "id",
        "title",
        "max_points",
        "topic",
        "titles",
        "reveal",
    ]
    written = document["results"][0]
    assert list(written) == [
        "student",
        "exercise",
        "status",
        "points",
        "max_points",
        "seconds",
        "cached",
        "checks",
        "reason",
        "reasons",
        "notes",
        "file",
        "source",
        "cells",
        "mark",
    ]
    assert list(written["checks"][0]) == [
        "id",
        "outcome",
        "points",
        "max_points",
        "seconds",
        "device",
        "message",
        "hint",
        "evidence",
        "diagnosis",
        "messages",
        "hints",
    ]
    assert written["checks"][0]["message"] == row.checks[0].message.en
    assert written["checks"][0]["messages"]["zh"] == row.checks[0].message.zh
    assert written["checks"][0]["diagnosis"] == {
        "variant": "wrong_x",
        "title": "a",
        "titles": {"en": "a", "zh": "甲"},
    }
    assert written["checks"][1]["diagnosis"] is None


def test_the_contract_s_keys_are_enough() -> None:
    """A file without the extras is read; its English stands for both languages."""
    text = """{"schema": 1,
     "run": {"started": "2026-01-01T00:00:00Z", "seconds": 12.3, "seed": 7, "jobs": 2,
             "device": "cpu", "sandbox": "strict", "versions": {}, "later": "ignored"},
     "exercises": [{"id": "huber", "title": "Huber", "max_points": 10,
                    "checks": [{"id": "test_values", "title": "v", "max_points": 2.0,
                                "topic": "values"}]}],
     "results": [{"student": "ada", "exercise": "huber", "status": "graded", "points": 8.0,
                  "max_points": 10.0, "seconds": 0.4, "cached": false,
                  "checks": [{"id": "test_values", "outcome": "passed", "points": 2.0,
                              "max_points": 2.0, "seconds": 0.03, "device": "cpu",
                              "message": "", "hint": "", "evidence": {},
                              "diagnosis": {"variant": "wrong_x", "title": "t"}}]}]}"""
    results = from_json(text)
    assert results.exercises[0].title == Text("Huber", "Huber")
    assert results.results[0].checks[0].diagnosis == Diagnosis("wrong_x", Text("t", "t"))
    assert results.results[0].notes == ()


def test_marks_stand_beside_the_points() -> None:
    """What the checks gave stays as it is; what counts instead comes back from the file."""
    row = graded("ada", EXERCISES[0])
    late = Late("2026-03-01T22:59:00Z", "2026-03-02T08:00:00Z", 32_460.0, 1.5, Text("late", "迟交"))
    attempts = (Attempt("ada/huber.py", points=7.0, counts=True), Attempt("ada/huber (1).py"))
    marked = structs.replace(
        row, mark=mark(row.points, late, Adjustment("read by hand", change=0.5), attempts)
    )
    back = from_json(to_json(dataclasses.replace(sample(), results=(marked,)))).results[0]
    assert back == marked
    assert (back.points, back.counts) == (row.points, row.points - 1.0)
    assert row.counts == row.points


@pytest.mark.parametrize(
    ("penalty", "adjustment", "counts"),
    [
        (3.0, None, 5.0),
        (9.0, None, 0.0),
        (9.0, Adjustment("r", change=2.0), 2.0),
        (3.0, Adjustment("r", change=-6.0), 0.0),
        (3.0, Adjustment("r", total=7.0), 7.0),
        (0.0, Adjustment("r", change=4.0), 12.0),
    ],
)
def test_what_a_row_counts_for(
    penalty: float, adjustment: Adjustment | None, counts: float
) -> None:
    """A penalty takes nobody below 0, and staff's change comes after it or instead of it."""
    assert mark(8.0, Late(penalty=penalty), adjustment).points == counts


def test_numbers_are_rounded_and_never_nan() -> None:
    """Points to 4 decimals, seconds to 3; NaN in evidence is a word, elsewhere an error."""
    row = structs.replace(
        graded("ada", EXERCISES[0]), points=10 / 3, seconds=1 / 3, max_points=-0.0
    )
    evidence = {"a": [math.nan, math.inf, {"b": -math.inf}], "big": 10**40, "bad": "\udcff"}
    row = structs.replace(row, checks=(structs.replace(row.checks[0], evidence=evidence),))
    text = to_json(dataclasses.replace(sample(), results=(row,)))

    def refuse(word: str) -> Any:
        raise AssertionError(word)

    written = json.loads(text, parse_constant=refuse)["results"][0]
    assert (written["points"], written["seconds"]) == (3.3333, 0.333)
    assert "-0.0" not in text
    assert written["checks"][0]["evidence"] == {
        "a": ["nan", "inf", {"b": "-inf"}],
        "big": str(10**40),
        "bad": "\\udcff",
    }
    for wrong in (math.nan, math.inf, -1.0):
        bad = dataclasses.replace(sample(), results=(structs.replace(row, points=wrong),))
        with pytest.raises(ValueError, match="finite and not negative"):
            to_json(bad)


def _edit(change: Callable[[Any], object]) -> str:
    document = json.loads(to_json(sample()))
    change(document)
    return json.dumps(document)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "ends too early"),
        (to_json(sample())[:-40], "ends too early"),
        ("<html>", "not JSON: invalid character (byte 0)"),
        (to_json(sample()) + "{}", "not JSON: trailing characters"),
        ('{"schema": NaN}', "not JSON"),
        ("[]", "$: expected object, got array"),
        ('{"a":' * 50_000, "nested too deeply"),
        ("{}", "missing required field schema"),
        ('{"schema": "1"}', "$.schema: expected int, got str"),
        ('{"schema": true}', "$.schema: expected int, got bool"),
        ('{"schema": 2, "anything": []}', "$.schema is 2, this grader reads 1"),
        (_edit(lambda d: d.pop("run")), "missing required field run"),
        (_edit(lambda d: d["run"].update(jobs=1.5)), "$.run.jobs: expected int, got float"),
        (_edit(lambda d: d["run"].update(seed=2**63)), "$.run.seed: expected int <="),
        (_edit(lambda d: d["run"].update(seconds=1e300)), "$.run.seconds: expected float <="),
        (_edit(lambda d: d["results"][1].update(status="ok")), "$.results[1].status"),
        (
            _edit(lambda d: d["results"][1].update(points="9")),
            "$.results[1].points: expected float",
        ),
        (_edit(lambda d: d["results"][1].update(points=-1)), "$.results[1].points"),
        (_edit(lambda d: d["results"][0]["checks"][0].update(evidence=[])), "checks[0].evidence"),
        (_edit(lambda d: d["results"][2].update(exercise="zz")), "no exercise 'zz'"),
        (_edit(lambda d: d["results"][0]["checks"][1].update(id="zz")), "no check 'zz' in 'huber'"),
        (_edit(lambda d: d["results"].append(d["results"][0])), "a second row of 'ada'"),
        (_edit(lambda d: d["exercises"].append(d["exercises"][0])), "a second exercise 'huber'"),
        (
            _edit(lambda d: d["exercises"][0]["checks"].append(d["exercises"][0]["checks"][0])),
            "two checks with the same id",
        ),
        (_edit(lambda d: d["results"][2].update(exercise="a\nb\x1b[31m\u202e")), "no exercise"),
    ],
    ids=range(25),
)
def test_a_bad_file_is_refused_in_one_clear_line(text: str, says: str) -> None:
    """The line names the file, the place and the remedy; no control character gets into it."""
    with pytest.raises(ResultsError) as caught:
        from_json(text, source="out/results.json")
    line = str(caught.value)
    assert line.startswith("out/results.json: ")
    assert says in line
    assert "`grader grade` again" in line
    assert line.isprintable()


@given(st.binary(max_size=60) | st.text(max_size=60).map(lambda t: t.encode("utf-8", "replace")))
def test_no_file_at_all_brings_it_down(
    tmp_path_factory: pytest.TempPathFactory, data: bytes
) -> None:
    """Whatever bytes a file holds, the answer is a ResultsError."""
    path = tmp_path_factory.getbasetemp() / "results.json"
    path.write_bytes(data)
    with pytest.raises(ResultsError, match=r"results\.json"):
        read_results(path)


def test_a_path_that_cannot_be_read_says_why(tmp_path: Path) -> None:
    """A missing file and a folder are told apart, each with what to do."""
    with pytest.raises(ResultsError, match=r"No such file.*give the path"):
        read_results(tmp_path / "none.json")
    with pytest.raises(ResultsError, match=r"directory.*give the path"):
        read_results(tmp_path)
    (tmp_path / "good.json").write_text(to_json(sample()), encoding="utf-8")
    assert read_results(tmp_path / "good.json").run == sample().run


def test_writing_replaces_the_whole_file_and_leaves_nothing_else(tmp_path: Path) -> None:
    """Folders are made, the text is kept to the byte, and others may read it as umask allows."""
    path = tmp_path / "new" / "results.json"
    write_atomically(path, "old")
    write_atomically(path, "王\r\n")
    assert path.read_bytes() == "王\r\n".encode()
    assert [entry.name for entry in path.parent.iterdir()] == ["results.json"]
    umask = os.umask(0)
    os.umask(umask)
    assert path.stat().st_mode & 0o777 == 0o666 & ~umask


def test_a_failed_write_keeps_the_old_file_and_no_rest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A disk that fills up half-way costs neither the old results nor leaves a half file."""
    path = tmp_path / "results.json"
    path.write_text("old")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(UsageError, match=r"results\.json: can't be written \(No space left"):
        write_atomically(path, "new")
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_place_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    """A file where a folder should be, or a folder in the file's place, is the caller's error."""
    (tmp_path / "file").write_text("")
    with pytest.raises(UsageError, match=r"can't be written.*--out"):
        write_atomically(tmp_path / "file" / "results.json", "x")
    (tmp_path / "folder.json").mkdir()
    with pytest.raises(UsageError, match=r"can't be written.*--out"):
        write_atomically(tmp_path / "folder.json", "x")
    with pytest.raises(UsageError, match=r"can't be written.*--out"):
        write_atomically(Path(), "x")
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["file", "folder.json"]


def test_a_device_is_not_replaced(tmp_path: Path) -> None:
    """As `--out /dev/null` would do to the machine of whoever may write to /dev."""
    device = tmp_path / "null"
    os.mkfifo(device)
    with pytest.raises(UsageError, match=r"null: can't be written \(it isn't a file\)"):
        write_atomically(device, "x")
    assert [path.is_fifo() for path in tmp_path.iterdir()] == [True]
