"""A class graded on two devices, from the command's request to results.json and the pages."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import numpy as np
import pytest
from msgspec import structs

from grader import batch, compare, executors, trial
from grader.engine.placed import Placed
from grader.errors import CheckFailed
from grader.expect import Expect
from grader.grading import Request, grade_class
from grader.placement import CPU, Placement
from grader.report import write_report
from grader.report.slugs import slug
from grader.results import Row
from grader.sandbox.levels import Level
from grader.text import Text

from ..report.sample import HUBER, check, graded, sample
from .stand_in import HEAD, TINY, stand_in

RIGHT = HEAD + "def square(x):\n    return x * x\n"
SUBMISSIONS = {
    "ada": RIGHT,
    "ben": HEAD + "def square(x):\n    return -x * x\n",
    "cyd": HEAD + "def square(x):\n    return x * x if '1' in x.device[-1] else x * x * 2.0\n",
    "dan": HEAD + "def square(x):\n    return x * x if '0' in x.device[-1] else x * x * 2.0\n",
    "eve": HEAD + "def square(x):\n    with tf.device('/CPU:0'):\n        return x * x\n",
}


def test_a_class_on_both_devices(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Right on both passes; what holds on one device only is told as that; a pin costs nothing."""
    monkeypatch.setattr(executors, "placements", lambda *_: [CPU, stand_in()])
    for name, source in SUBMISSIONS.items():
        file = tmp_path / "class" / name / "square.py"
        file.parent.mkdir(parents=True)
        file.write_text(source)
    request = Request(
        submissions=tmp_path / "class",
        course=TINY,
        out=tmp_path / "out",
        exercises=("square",),
        students=(),
        jobs=1,
        device="both",
        level=Level.STRICT,
        use_store=True,
        seed=3,
        submission_seconds=None,
    )
    begun: list[int] = []
    made = grade_class(request, begun.append, lambda _: None)
    assert begun == [2 * len(SUBMISSIONS)]
    assert made.faults == 0, "the reference passes its own checks on both"
    rows = {row.student: row for row in made.results.results}
    assert made.results.run.device == "both"
    assert {name: row.points for name, row in rows.items()} == {
        "ada": 10.0, "ben": 0.0, "cyd": 0.0, "dan": 0.0, "eve": 10.0,
    }  # fmt: skip
    values = {name: row.checks[0] for name, row in rows.items()}
    assert {name: (one.outcome, one.device) for name, one in values.items()} == {
        "ada": ("passed", "cpu"),
        "ben": ("failed", "cpu"),
        "cyd": ("failed", "cpu"),
        "dan": ("failed", "gpu"),
        "eve": ("passed", "cpu"),
    }
    assert "devices" not in values["ben"].evidence
    assert values["cyd"].evidence["devices"] == {"cpu": "failed", "gpu": "passed"}
    assert values["dan"].evidence["devices"] == {"cpu": "passed", "gpu": "failed"}
    assert values["dan"].message.en.startswith("passes on the CPU, not on the GPU: ")
    assert values["dan"].evidence["device"] == {"outputs": ["CPU:1"]}
    assert not any(rows[name].notes for name in ("ada", "ben", "cyd", "dan"))
    (note,) = rows["eve"].notes
    assert "`/CPU:0` (square.py, line 6)" in note.en
    assert "was not run on the GPU" in note.en
    written = json.loads((tmp_path / "out" / "results.json").read_text("utf-8"))
    assert written["results"][3]["checks"][0]["evidence"]["devices"]["gpu"] == "failed"
    again = grade_class(request, begun.append, lambda _: None)
    assert all(row.cached for row in again.results.results)
    assert [row.checks for row in again.results.results] == [
        row.checks for row in made.results.results
    ]


# -- pages -----------------------------------------------------------------------------------------


def at_odds() -> Row:
    """Ada's row on both devices, of which one check passes on the CPU alone."""
    devices = {"devices": {"cpu": "passed", "gpu": "failed"}}
    first = check(HUBER.checks[0], "failed", device="gpu", evidence=devices)
    rest = (check(spec, "passed") for spec in HUBER.checks[1:])
    return graded("ada", HUBER, checks=(first, *rest))


@pytest.mark.parametrize(
    ("lang", "student", "title", "names"),
    [
        ("", "The devices disagree", "Where the devices disagree", ("the CPU", "the GPU")),
        (".zh", "两种设备的结果不一致", "两种设备结果不一致之处", ("CPU", "GPU")),
    ],
)
def test_pages_tell_disagreement_apart(
    tmp_path: Path, lang: str, student: str, title: str, names: tuple[str, str]
) -> None:
    """The student's page has a remark of its own, the class page a table; else neither is there."""
    results = dataclasses.replace(sample(), results=(at_odds(),))
    results = dataclasses.replace(results, run=dataclasses.replace(results.run, device="both"))
    write_report(results, tmp_path)
    page = (tmp_path / "students" / f"{slug('ada')}{lang}.html").read_text("utf-8")
    assert page.count(student) == 1
    for name in names:
        assert name in page.split(student)[1]
    index = (tmp_path / f"index{lang}.html").read_text("utf-8")
    table = index.split(f'<h2 id="devices">{title}</h2>')[1].split("</table>")[0]
    assert "ada" in table
    assert HUBER.checks[0].title.in_(lang.removeprefix(".") or "en") in table
    for name in names:
        assert f"<td>{name}" in table


def test_pages_say_nothing_where_devices_agree(tmp_path: Path) -> None:
    """No remark, no section, not even an empty one."""
    plain = structs.replace(at_odds(), checks=tuple(check(spec, "failed") for spec in HUBER.checks))
    write_report(dataclasses.replace(sample(), results=(plain,)), tmp_path)
    for file in tmp_path.rglob("*.html"):
        assert "disagree" not in file.read_text("utf-8")
        assert "不一致之处</h2>" not in file.read_text("utf-8")


# -- tolerances ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("dtype", "bound"), [("float32", 1e-6), ("float64", 1e-12), ("float16", 1e-3)]
)
def test_tolerances_are_four_times_as_wide_on_a_gpu(dtype: str, bound: float) -> None:
    """Just within passes, just beyond fails; the CPU's bound is what it was."""
    ask = Text("x", "x")
    unit = np.finfo(dtype).eps
    want = np.zeros(3, dtype)
    assert compare.device_factor("cpu") == 1.0
    for device, factor in (("cpu", 1.0), ("gpu", 4.0)):
        expect = Expect(device)
        near, far = bound * factor * (1 - 4 * unit), bound * factor * (1 + 4 * unit)
        expect.close(want + np.asarray(near, dtype), want, ask=ask)
        with pytest.raises(CheckFailed):
            expect.close(want + np.asarray(far, dtype), want, ask=ask)


def test_a_tolerance_of_a_checks_own_is_widened_too() -> None:
    """An exact comparison stays exact."""
    ask, want = Text("x", "x"), np.ones(3)
    Expect("gpu").close(want + 3e-3, want, ask=ask, atol=1e-3)
    for expect, atol in ((Expect("cpu"), 1e-3), (Expect("gpu"), 0.0)):
        with pytest.raises(CheckFailed):
            expect.close(want + 3e-3, want, ask=ask, atol=atol)


# -- what a worker tells ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "told",
    [
        None,
        "x",
        [],
        {"wishes": "x", "outputs": 3},
        {"wishes": [None, ["pin"], ["pin", "a", "b"], ["other", "a", 1], ["pin", "a", True]]},
        {"wishes": [["pin", b"a", 1], {"pin": 1}], "outputs": [1, None, ["a"]]},
    ],
)
def test_forged_words_about_devices_are_left_out(told: object) -> None:
    """Whatever a reply holds there."""
    placed = Placed()
    placed.add(told)
    assert placed.evidence() == {}


def test_long_words_about_devices_are_cut() -> None:
    """At most twenty of each, short, on one line, with a line number that is one."""
    placed = Placed()
    for _ in range(3):
        placed.add(
            {
                "wishes": [["pin", f"{n}\x1b[31m\n" + "x" * 10_000, 10**30] for n in range(100)],
                "outputs": [f"GPU:{n}" for n in range(100)],
            }
        )
    found = placed.evidence()
    assert len(found["wishes"]) == len(found["outputs"]) == 20
    for kind, name, line in found["wishes"]:
        assert kind == "pin"
        assert len(name) < 80
        assert name.isprintable()
        assert line == 1_000_000
    placed.add({"wishes": [["setting", "a", -5]]})
    placed.clear()
    placed.add({"wishes": [["setting", "a", -5]]})
    assert placed.evidence() == {"wishes": [["setting", "a", 0]]}


# -- jobs ------------------------------------------------------------------------------------------


class _EnoughError(Exception):
    """Ends a run that has shown what it was to show."""


def test_jobs_on_a_gpu_are_its_places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The CPU's part has `--jobs` processes whatever the GPU takes, the GPU's as many as it has."""
    asked: list[object] = []
    plans: list[tuple[str, int]] = []

    def placed(*arguments: object) -> list[Placement]:
        asked.append(arguments)
        return [CPU, stand_in(3)]

    def grade(plan: batch.Plan, _: object) -> list[Row]:
        plans.append((plan.config.placement.kind, plan.jobs))
        if len(plans) == 2:
            raise _EnoughError
        return []

    monkeypatch.setattr(executors, "placements", placed)
    monkeypatch.setattr(trial, "on_each_gpu", lambda _: None)
    monkeypatch.setattr(batch, "grade", grade)
    file = tmp_path / "class" / "ada" / "square.py"
    file.parent.mkdir(parents=True)
    file.write_text(RIGHT)
    request = Request(
        submissions=tmp_path / "class", course=TINY, out=tmp_path / "out",
        exercises=("square",), students=(), jobs=7, device="both", level=Level.STRICT,
        use_store=False, seed=3, submission_seconds=None, gpu_jobs=3,
    )  # fmt: skip
    with pytest.raises(_EnoughError):
        grade_class(request, lambda _: None, lambda _: None)
    assert asked == [("both", 1024, 7, 3)]
    assert plans == [("cpu", 7), ("gpu", 3)]
