"""Two rows about one submission, one for each device, become one; disagreement isn't failure."""

from __future__ import annotations

import pytest

from grader import both
from grader.both import disagreement, merged
from grader.device_remarks import noted
from grader.results import CheckResult, Outcome, Row
from grader.text import Text

WORDS = {
    "cpu": Text("wrong on the first", "第一种上不对"),
    "gpu": Text("wrong on the second", "第二种上不对"),
}


def row(device: str, *outcomes: Outcome, **more: object) -> Row:
    checks = tuple(
        CheckResult(
            f"test_{n}",
            outcome,
            2.0 if outcome == "passed" else 0.0,
            2.0,
            device=device,
            message=Text("", "") if outcome == "passed" else WORDS[device],
        )
        for n, outcome in enumerate(outcomes)
    )
    values = {
        "status": "graded",
        "seconds": 1.5,
        "checks": checks,
        "points": sum(c.points for c in checks),
    }
    return Row("ada", "square", max_points=4.0, **(values | more))  # type: ignore[arg-type]


def one(first: Outcome, second: Outcome) -> CheckResult:
    (made,) = merged([row("cpu", first)], [row("gpu", second)])
    return made.checks[0]


def test_a_check_passes_when_it_passes_on_both() -> None:
    """Points are given once, times add up, and nothing is said of devices."""
    (made,) = merged([row("cpu", "passed", "passed")], [row("gpu", "passed", "passed")])
    assert (made.points, made.seconds, made.status) == (4.0, 3.0, "graded")
    assert all(check.evidence == {} and check.device == "cpu" for check in made.checks)


@pytest.mark.parametrize("outcome", ["failed", "timeout", "out_of_memory", "crashed", "forbidden"])
def test_devices_that_disagree(outcome: Outcome) -> None:
    """The outcome stays, points are lost, and the words and the evidence name both devices."""
    found = one("passed", outcome)
    assert (found.outcome, found.points, found.device) == (outcome, 0.0, "gpu")
    assert found.message.en == "passes on the CPU, not on the GPU: wrong on the second"
    assert found.message.zh == "在 CPU 上通过，在 GPU 上未通过：第二种上不对"
    assert found.evidence["devices"] == {"cpu": "passed", "gpu": outcome}
    assert disagreement(found.evidence) == ("cpu", "gpu")
    other = one(outcome, "passed")
    assert (other.outcome, other.device) == (outcome, "cpu")
    assert other.message.en.startswith("passes on the GPU, not on the CPU: wrong on the first")
    assert disagreement(other.evidence) == ("gpu", "cpu")


def test_wrong_on_both_is_a_plain_failure() -> None:
    """The CPU's words are shown; two ways to fail are in the evidence, and no disagreement."""
    same = one("failed", "failed")
    assert (same.device, same.message, same.evidence) == ("cpu", WORDS["cpu"], {})
    ways = one("failed", "timeout")
    assert (ways.outcome, ways.message) == ("failed", WORDS["cpu"])
    assert ways.evidence == {"devices": {"cpu": "failed", "gpu": "timeout"}}
    assert disagreement(ways.evidence) is None


@pytest.mark.parametrize("other", ["passed", "failed", "not_run"])
def test_the_graders_fault_is_never_hidden_nor_the_students(other: Outcome) -> None:
    """On whichever device it happened it is shown, and it is no disagreement."""
    for pair in (("grader_error", other), (other, "grader_error")):
        found = one(*pair)  # type: ignore[arg-type]
        assert found.outcome == "grader_error"
        assert not found.message.en.startswith("passes")
        assert disagreement(found.evidence) is None
    broken = row("gpu", "grader_error", status="grader_error")
    assert merged([row("cpu", "passed")], [broken])[0].status == "grader_error"


def test_not_run_on_one_device_is_no_disagreement() -> None:
    """It says nothing about the device; the check hasn't passed there all the same."""
    found = one("passed", "not_run")
    assert (found.outcome, found.message) == ("not_run", WORDS["gpu"])
    assert disagreement(found.evidence) is None


@pytest.mark.parametrize(
    "told",
    [
        None,
        "cpu",
        [],
        {"cpu": "passed"},
        {"cpu": "passed", "gpu": ["failed"]},
        {"cpu": "passed", "gpu": "odd"},
        {"cpu": "passed", "tpu": "failed"},
        {"cpu": {"a": 1}, "gpu": "failed"},
    ],
)
def test_other_evidence_is_no_disagreement(told: object) -> None:
    """A results file may hold anything there."""
    assert disagreement({"devices": told}) is None


def wished(device: str, *wishes: list[object], file: str = "square.py", **more: object) -> Row:
    check = CheckResult("test_0", "passed", 2.0, 2.0, device=device,
                        evidence={"device": {"wishes": list(wishes)}})  # fmt: skip
    return row(device, checks=(check, check), file=file, **more)


@pytest.mark.parametrize(
    ("device", "wish", "en", "zh"),
    [
        ("gpu", ["pin", "/CPU:0", 7], "was not run on the GPU", "没有在本次评分所用的 GPU 上运行"),
        ("cpu", ["pin", "/GPU:0", 7], "ran on the CPU", "在 CPU 上进行"),
        ("gpu", ["setting", "set_memory_growth", 7], "settled by the grader", "由评分系统决定"),
        ("cpu", ["setting", "set_soft_device_placement", 7], "hard placement", "关闭软放置"),
    ],
)
def test_what_the_code_asked_for_becomes_a_note(
    device: str, wish: list[object], en: str, zh: str
) -> None:
    """Once a row however many checks told it, with the line, in both languages."""
    (made,) = noted([wished(device, wish)])
    (note,) = made.notes
    assert en in note.en
    assert zh in note.zh
    for text in (note.en, note.zh):
        assert f"`{wish[1]}`" in text
        assert "square.py, line 7" in text


def test_notes_know_cells_and_are_few() -> None:
    """A notebook's place is its cell; after six notes it is enough; no wish, no note."""
    wishes = [["pin", f"/GPU:{n}", 1] for n in range(9)]
    (made,) = noted([wished("cpu", *wishes, file="square.ipynb", cells=((4, 2),))])
    assert len(made.notes) == 6
    assert "square.ipynb, cell 4, line 2" in made.notes[0].en
    unplaced = noted([wished("cpu", ["pin", "/GPU:0", 0])])[0].notes[0]
    assert "`/GPU:0`:" in unplaced.en
    plain = row("cpu", "passed")
    assert noted([plain]) == [plain]


def test_notes_and_facts_of_both_devices_are_kept() -> None:
    """One list of notes without doubles; the facts beside a check are of the device shown."""
    cpu, gpu = noted([wished("cpu", ["pin", "/GPU:0", 3])]), noted([wished("gpu", ["pin", "a", 4])])
    (made,) = merged(cpu, gpu)
    assert made.notes == (*cpu[0].notes, *gpu[0].notes)
    assert merged(cpu, cpu)[0].notes == cpu[0].notes
    assert made.checks[0].evidence["device"]["wishes"] == [["pin", "/GPU:0", 3]]
    assert set(both.NAMES) == {"cpu", "gpu"}
