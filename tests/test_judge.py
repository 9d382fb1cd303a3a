"""From what a check ended with to what the student is told, and what the check keeps back."""

from __future__ import annotations

import json
from typing import Any

import pytest

from grader.checks import CheckInfo, Text, check
from grader.errors import (
    CheckFailed,
    EngineError,
    Forbidden,
    Frame,
    ImportFailed,
    MissingSymbol,
    NotRun,
    ShortcutUsed,
    StudentError,
    WorkerLost,
)
from grader.judge import judge, spec_of
from grader.results import CheckResult

HINT = Text("Work it out by hand.", "请手算。")
WORDS = Text("words", "话")
FRAMES = (Frame(4, "huber_fn", "return helper(e)"), Frame(9, "helper", "return e[5]"))
ASKED = {"en": "`f(0.1234)`", "zh": "`f(0.1234)` 的值"}
EVIDENCE = {
    "asked": ASKED,
    "expected": "0.5678",
    "got": "0.9012",
    "first_difference": "[0]: expected 0.5678, got 0.9012",
    "pictures": [{"kind": "lines", "series": [{"x": [0.1234], "y": [0.5678]}]}],
    "rests_on": "worker",
}


def info(reveal: str = "full") -> CheckInfo:
    return CheckInfo(Text("Values", "取值"), 2.5, "values", HINT, reveal)


def judged(error: BaseException | None, reveal: str = "full", **more: Any) -> CheckResult:
    return judge(
        "test_values",
        info(reveal),
        error,
        **{"file": "huber.py", "evidence": {}, "seconds": 0.5, "device": "cpu", **more},
    )


def wrong_answer() -> CheckFailed:
    text = Text("`f(0.1234)`: expected 0.5678, got 0.9012", "`f(0.1234)`：应为 0.5678，得到 0.9012")
    return CheckFailed(text, dict(EVIDENCE))


def student_error() -> StudentError:
    return StudentError("IndexError", "list index out of range", FRAMES)


@pytest.mark.parametrize(
    ("error", "outcome", "hinted", "said"),
    [
        (None, "passed", False, ""),
        (wrong_answer(), "failed", True, "expected 0.5678, got 0.9012"),
        (student_error(), "failed", True, "IndexError: list index out of range (line 9)"),
        (StudentError("NotImplementedError", "", FRAMES), "failed", False, "isn't written yet"),
        (StudentError("NotImplementedError", "later", FRAMES), "failed", True, "later"),
        (StudentError("AttributeError", "no 'reset_states'"), "failed", False, "`reset_state`"),
        (ImportFailed("NameError", "no", FRAMES), "failed", False, "can't be imported"),
        (MissingSymbol("huber_fn", ("hubr_fn",)), "failed", False, "`hubr_fn`"),
        (Forbidden(WORDS), "forbidden", False, "words"),
        (ShortcutUsed("tf.pow", 9), "forbidden", False, "`tf.pow` is used (line 9): this exercise"),
        (WorkerLost("timeout", WORDS), "timeout", True, "words"),
        (WorkerLost("out_of_memory", WORDS), "out_of_memory", True, "words"),
        (WorkerLost("crashed", WORDS), "crashed", True, "words"),
        (WorkerLost("forbidden", WORDS), "forbidden", False, "words"),
        (NotRun(WORDS), "not_run", False, "words"),
        (AssertionError("the shape is wrong\nassert 1 == 2"), "failed", True, "the shape is wrong"),
        (AssertionError(), "failed", True, "a check failed"),
        (EngineError("broken pipe"), "grader_error", False, "not yours"),
        (TypeError("in the check itself"), "grader_error", False, "not yours"),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, BaseException) else None,
)
def test_outcomes(error: BaseException | None, outcome: str, hinted: bool, said: str) -> None:
    """Each kind of end has its outcome; only a pass has points; only what can be mended a hint.

    A hint about the numbers is of no use while the code isn't there or its exception has an advice
    of its own, and none belongs to what was forbidden, not run, or the grader's fault.
    """
    result = judged(error)
    assert result.outcome == outcome
    assert (result.points, result.max_points) == (2.5 if outcome == "passed" else 0.0, 2.5)
    assert result.hint == (HINT if hinted else Text("", ""))
    assert said in result.message.en
    assert bool(result.message.en) == bool(result.message.zh) == (outcome != "passed")
    assert (result.id, result.seconds, result.device) == ("test_values", 0.5, "cpu")
    assert result.diagnosis is None
    assert ("internal" in result.evidence) == (outcome == "grader_error")
    json.dumps(dict(result.evidence))


@pytest.mark.parametrize("length", [1, 1000])
def test_the_graders_fault_is_kept_for_the_staff(length: int) -> None:
    """A fault of the check's own leaves its traceback, capped, and tells the student nothing."""
    try:
        raise RuntimeError("secret answer " * length)
    except RuntimeError as error:
        result = judged(error)
    internal = result.evidence["internal"]
    assert internal.endswith("secret answer \n")
    assert ("test_judge.py" in internal, len(internal) == 4000) == (length == 1, length == 1000)
    assert "secret" not in result.message.en + result.message.zh
    assert "无关" in result.message.zh


# -- what is kept back -----------------------------------------------------------------------------


def everything(result: CheckResult) -> str:
    """All that a student could find in a result."""
    return json.dumps(
        [result.message.en, result.message.zh, dict(result.evidence)], ensure_ascii=False
    )


def test_reveal_full() -> None:
    """Question, expected, got and the first difference are all there."""
    result = judged(wrong_answer(), "full")
    assert result.evidence == EVIDENCE


def test_reveal_question() -> None:
    """The question is shown, the numbers aren't, in no language and nowhere in the evidence."""
    result = judged(wrong_answer(), "question")
    assert result.message.en == "`f(0.1234)`: the answer isn't the expected one"
    assert result.message.zh == "`f(0.1234)` 的值：结果与预期不符"
    assert result.evidence == {"asked": ASKED, "rests_on": "worker"}
    assert "0.5678" not in everything(result)
    assert "0.9012" not in everything(result)


def test_reveal_nothing() -> None:
    """Neither question nor numbers are shown; the hint remains."""
    result = judged(wrong_answer(), "nothing")
    assert result.message == Text("the answer isn't the expected one", "结果与预期不符")
    assert result.evidence == {"rests_on": "worker"}
    assert "0.1234" not in everything(result)
    assert result.hint == HINT


@pytest.mark.parametrize("reveal", ["question", "nothing"])
@pytest.mark.parametrize(
    "error",
    [
        AssertionError("expected 0.5678, got 0.9012"),
        CheckFailed(Text("expected 0.5678", "应为 0.5678"), {"got": "0.9012"}),
    ],
    ids=["assert", "without a question"],
)
def test_comparisons_without_a_question_are_kept_back_too(
    error: BaseException, reveal: str
) -> None:
    """A bare `assert` in a check, or a failure that notes no question, gives no number away."""
    result = judged(error, reveal)
    assert result.outcome == "failed"
    assert result.message.en == "the answer isn't the expected one"
    assert "0.5678" not in everything(result)
    assert "0.9012" not in everything(result)


@pytest.mark.parametrize("reveal", ["full", "question", "nothing"])
@pytest.mark.parametrize(
    "error",
    [student_error(), MissingSymbol("huber_fn"), WorkerLost("timeout", WORDS), Forbidden(WORDS)],
    ids=lambda error: type(error).__name__,
)
def test_what_is_the_students_own_is_always_shown(error: BaseException, reveal: str) -> None:
    """An exception, a missing name, a time-out: no level of `reveal` hides them."""
    shown, full = judged(error, reveal), judged(error, "full")
    assert (shown.message, shown.evidence) == (full.message, full.evidence)


# -- evidence --------------------------------------------------------------------------------------


def test_traceback_has_the_students_lines_only() -> None:
    """Each of the student's lines with its function and code, then the exception's words."""
    assert judged(student_error()).evidence["lines"] == [4, 9]
    assert judged(student_error()).evidence["traceback"] == (
        "huber.py, line 4, in huber_fn\n"
        "    return helper(e)\n"
        "huber.py, line 9, in helper\n"
        "    return e[5]\n"
        "IndexError: list index out of range"
    )
    assert "traceback" not in judged(StudentError("ValueError", "no")).evidence


def test_traceback_has_no_dump() -> None:
    """What Keras dumps into a message is left out of the traceback as it is of the sentence."""
    error = StudentError("TypeError", "can't load it.\n\nconfig={'a': 1}", FRAMES)
    assert judged(error).evidence["traceback"].endswith("\nTypeError: can't load it.")


def test_symbols_are_kept() -> None:
    """A report marks the definition that a check used; an audit asks which those are."""
    assert judged(NotRun(WORDS), symbols=("f", "g")).evidence["symbols"] == ["f", "g"]
    assert judged(None, symbols=("f",)).evidence == {"symbols": ["f"]}
    assert judged(None).evidence == {}


def test_unwritten_code_needs_no_traceback() -> None:
    """The sentence about the stub names function, file and line already."""
    error = StudentError("NotImplementedError", "", FRAMES)
    assert judged(error).evidence == {}


def test_places_of_a_notebook() -> None:
    """Sentence and traceback name cells and their lines, not lines of the module made of them."""

    def place(line: int) -> str:
        return f"huber.ipynb, cell {line // 4}, line {line % 4 + 1}"

    result = judged(student_error(), file="huber.ipynb", place=place)
    assert "(cell 2, line 2)" in result.message.en
    assert "第 2 个单元格第 2 行" in result.message.zh
    assert "huber.ipynb, cell 1, line 1, in huber_fn" in result.evidence["traceback"]
    assert "line 9" not in everything(result)


def test_what_rests_on_the_worker_is_noted_when_it_passed() -> None:
    """A pass that only the worker's word stands behind says so, and keeps nothing else."""
    result = judged(None, evidence={"rests_on": "worker", "asked": ASKED})
    assert result.evidence == {"rests_on": "worker"}


def test_assertions_are_one_harmless_line() -> None:
    """Only an assertion's first line is told, without escapes."""
    result = judged(AssertionError("\x1b[31mno\nassert [1, 2] == [3]"))
    assert result.message == Text("no", "no")


# -- what a check says about itself ----------------------------------------------------------------


def test_spec() -> None:
    """The results file describes a check by what its author wrote."""
    spec = spec_of("test_values", info("question"))
    assert (spec.id, spec.title, spec.max_points) == ("test_values", Text("Values", "取值"), 2.5)
    assert (spec.topic, spec.reveal) == ("values", "question")


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"topic": "valeus"}, "topic 'valeus' isn't one of values, gradient"),
        ({"reveal": "all"}, "reveal 'all' isn't one of full, question, nothing"),
        ({"points": 0}, "points must be positive"),
        ({"points": -1.0}, "points must be positive"),
        ({"points": float("nan")}, "points must be positive"),
    ],
)
def test_authors_mistakes(changed: dict[str, Any], said: str) -> None:
    """A topic, a level or points that don't exist are refused where the check is written."""
    good: dict[str, Any] = {"title": WORDS, "points": 1, "topic": "values", "hint": HINT}
    check(**good)
    with pytest.raises(ValueError, match=said):
        check(**{**good, **changed})
