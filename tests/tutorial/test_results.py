"""tutorial.json: what the contract names, what is read back, what is refused and how."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Any

import pytest

from grader.errors import UsageError
from grader.rules.values import Edit, Finding
from grader.text import Text
from grader.tutorial.fixes import fix, hunks
from grader.tutorial.results import (
    OUTPUT_CHARS,
    Checked,
    Report,
    TutorialFileError,
    error_of,
    fault_line,
    from_json,
    read_tutorial,
    to_json,
)
from grader.tutorial.values import Advice, Block, Document, Piece, Raised, Run, Verdict

from .samples import checked, report

SAID = Text("It fails.", "失败。")


@pytest.fixture(scope="module")
def blocks() -> list[dict[str, Any]]:
    """The blocks of the sample as any reader of JSON sees them."""
    document = json.loads(to_json(report()))["documents"][0]
    assert (document["path"], document["title"]) == ("docs/metrics.md", "Custom metrics")
    return list(document["blocks"])


def block(source: str, *, line: int = 10, **more: Any) -> Block:
    """A block of one piece."""
    lines = tuple(range(line, line + source.count("\n") + 1))
    return Block(0, line, "python", "code", source, (Piece(source, lines, **more),))


def one(verdict: Verdict, **more: Any) -> Checked:
    """A document of one block."""
    document = Document(Path("a.md"), "A", "", (verdict.block,), ())
    return Checked("a.md", "A", document, (verdict,), **more)


def test_every_block_has_what_the_contract_names(blocks: list[dict[str, Any]]) -> None:
    """The nine keys with their types; statuses and kinds as they are spelt there."""
    for found in blocks:
        assert isinstance(found["line"], int)
        assert found["line"] >= 1
        assert found["kind"] in {"code", "transcript", "output", "other"}
        assert isinstance(found["seconds"], float)
        assert isinstance(found["language"], str)
        assert isinstance(found["claimed"], str)
        assert isinstance(found["got"], str)
        for advice in found["advice"]:
            assert all(isinstance(advice[key], str) for key in ("rule", "message", "fix"))
            assert isinstance(advice["line"], int)
        if found["error"] is not None:
            assert {"type", "message", "line"} <= set(found["error"])
    assert [found["status"] for found in blocks] == [v.status for v in checked().verdicts]
    assert {found["status"] for found in blocks} == {
        "passed",
        "failed",
        "drifted",
        "blocked",
        "cascaded",
        "expected",
        "skipped",
    }


def test_schema_and_run() -> None:
    """Schema 1, and how the run was made."""
    file = json.loads(to_json(report()))
    assert file["schema"] == 1
    assert file["run"]["versions"]["keras"] == "3.15.0"
    assert file["documents"][0]["still_failing"] == [86]
    assert file["documents"][1]["mended"] is None


@pytest.mark.parametrize(
    ("index", "line", "says"),
    [
        (2, 22, "Cannot convert 'total' to a shape."),
        (3, 31, "name 'metric' is not defined (because of the block at line 19)"),
        (4, 36, "name 'metric' is not defined (because of the block at line 19)"),
        (8, 60, "No module (not there: tensorflow_hub)"),
        (9, 64, "It needs `hub`. (because of the block at line 60)"),
        (14, 86, "Killed at its limit of 60 s."),
    ],
)
def test_error_says_which(index: int, line: int, says: str, blocks: list[dict[str, Any]]) -> None:
    """Where, what is missing, and for a cascade its root, also through another cascade."""
    assert blocks[index]["error"]["message"] == says
    assert blocks[index]["error"]["line"] == line


def test_only_faults_have_errors(blocks: list[dict[str, Any]]) -> None:
    """What passed, drifted or was skipped has none; an expected exception is told."""
    with_error = {found["status"] for found in blocks if found["error"]}
    assert with_error == {"failed", "cascaded", "blocked", "expected"}
    assert {v["root_line"] for v in blocks if v["status"] == "cascaded"} == {19, 60}


def test_advice_has_the_mended_line(blocks: list[dict[str, Any]]) -> None:
    """English where the contract has text, Chinese beside it; no patch is an empty text."""
    (advice,) = blocks[2]["advice"]
    assert (
        advice["fix"] == '        self.total = self.add_weight(name="total", initializer="zeros")'
    )
    assert advice["message"].startswith("`add_weight` takes")
    assert advice["message_zh"].startswith("`add_weight` 的")
    assert blocks[11]["advice"][0]["fix"] == ""


SOURCE = "import a\nx = 1\ny = 2\nz = 3"


@pytest.mark.parametrize(
    ("edits", "fixed"),
    [
        ((Edit(2, 4, 2, 5, "7"),), "x = 7"),
        ((Edit(1, 0, 1, 0, "import b\n"), Edit(4, 4, 4, 5, "9")), "import b\nz = 9"),
        ((Edit(2, 0, 3, 0, ""),), ""),
        ((Edit(2, 0, 4, 0, "x = y = 0\n"),), "x = y = 0"),
        ((Edit(2, 4, 2, 5, "1"),), ""),  # changes nothing
        ((Edit(9, 0, 9, 0, "no such line"),), ""),
        ((), ""),
    ],
)
def test_fix_is_what_changes(edits: tuple[Edit, ...], fixed: str) -> None:
    """Only lines that change, wherever they are; an edit that doesn't fit is no patch."""
    advice = Advice(11, Finding("K1", 2, SAID, "error", edits))
    assert fix(block(SOURCE), advice) == fixed


def test_hunks_have_the_document_s_lines() -> None:
    """In a transcript the second piece's edit is applied to the second piece."""
    pieces = (Piece("x = 1", (10,)), Piece("for i in y:\n    i", (12, 13)))
    two = Block(0, 10, "", "transcript", "", pieces)
    finding = Finding("K1", 2, SAID, "error", (Edit(2, 4, 2, 5, "print(i)"),))
    (hunk,) = hunks(two, Advice(13, finding))
    assert (hunk.line, hunk.removed, hunk.added) == (13, ("    i",), ("    print(i)",))
    assert hunks(two, Advice(99, finding)) == ()


@pytest.mark.parametrize(
    ("verdict", "kind"),
    [
        (Verdict(block("x"), "failed", SAID, runs=(Run("timeout"),)), "Timeout"),
        (Verdict(block("x"), "failed", SAID, runs=(Run("ok"), Run("died"))), "KernelDied"),
        (Verdict(block("x"), "failed", SAID), "Failed"),
        (Verdict(block("x"), "cascaded", SAID, root=0), "NotRun"),
        (Verdict(block("x"), "failed", SAID, error=Raised("KeyError", "'a'", 10)), "KeyError"),
        (Verdict(block("x"), "drifted", SAID), None),
        (Verdict(block("x"), "skipped", SAID), None),
    ],
)
def test_an_error_for_every_fault(verdict: Verdict, kind: str | None) -> None:
    """Also where no exception came: killed, died, never run."""
    error = error_of(verdict)
    assert (error.type if error else None) == kind


def test_fault_line() -> None:
    """The error's; of a drift the output's; else the block's."""
    assert fault_line(Verdict(block("x"), "failed", SAID, error=Raised("E", "", 12))) == 12
    shown = block("x", claimed="1", claimed_line=14)
    assert fault_line(Verdict(shown, "drifted", SAID, claimed="1")) == 14
    assert fault_line(Verdict(shown, "drifted", SAID, claimed="other")) == 10


def test_roots_that_name_each_other_end() -> None:
    """A circle of cascades, or a root that isn't there, is no endless loop."""
    first = block("x")
    second = dataclasses.replace(first, index=1)
    verdicts = (
        Verdict(first, "cascaded", SAID, root=1),
        Verdict(second, "cascaded", SAID, root=0),
    )
    circle = dataclasses.replace(one(verdicts[0]), verdicts=verdicts)
    assert len(json.loads(to_json(Report((circle,), "", 0.0)))["documents"][0]["blocks"]) == 2
    assert one(Verdict(first, "cascaded", SAID, root=77)).root_of(verdicts[0]) is None


def test_read_back(tmp_path: Path) -> None:
    """What was written is read, field by field, and writing is stable."""
    path = tmp_path / "tutorial.json"
    path.write_bytes(to_json(report()))
    file = read_tutorial(path)
    assert file.documents[0].blocks[3].through == ("metric",)
    assert file.documents[0].blocks[3].claims[0].holds is None
    assert file.documents[0].blocks[2].passes_on_keras2 is True
    assert file.documents[0].blocks[6].closeness == "drift"
    assert file == from_json(to_json(report()))


BLOCK = {
    "line": 120,
    "language": "python",
    "kind": "code",
    "status": "failed",
    "seconds": 0.1,
    "error": {"type": "NameError", "message": "…", "line": 124},
    "advice": [{"rule": "K301", "line": 124, "message": "…", "fix": "…"}],
    "claimed": "…",
    "got": "…",
}


def contract(**changes: Any) -> dict[str, Any]:
    """The contract's own example, changed in its block."""
    return {
        "schema": 1,
        "documents": [{"path": "…", "title": "…", "blocks": [{**BLOCK, **changes}]}],
    }


def test_a_file_with_nothing_more_than_the_contract_is_read() -> None:
    """Every other key is an extra."""
    (found,) = from_json(json.dumps(contract())).documents[0].blocks
    assert found.error is not None
    assert (found.error.line, found.advice[0].rule, found.root_line) == (124, "K301", None)


@pytest.mark.parametrize(
    ("data", "where", "what"),
    [
        (b"", "", "too early"),
        (to_json(report())[:500], "", "too early"),
        (b"[1, 2", "$", "expected object"),
        (b"no json", "", "not JSON"),
        (b"[]", "$", "expected object, got array"),
        (b"{}", "$", "missing required field schema"),
        (b'{"schema": 2, "documents": 5}', "$.schema", "this grader reads 1"),
        (b'{"schema": 1}', "$", "missing required field documents"),
        (json.dumps(contract(status="broken")), "blocks[0].status", "invalid enum value"),
        (json.dumps(contract(line=-1)), "blocks[0].line", ">= 0"),
        (json.dumps(contract(seconds=-0.5)), "blocks[0].seconds", ">= 0"),
        (json.dumps(contract(error="NameError")), "blocks[0].error", "expected object"),
        (json.dumps(contract(claimed=None)), "blocks[0].claimed", "expected str"),
        (b'{"schema": 1, "documents": [{"path": "\xff"}]}', "", "UTF-8"),
        ('{"schema": 1, "documents": "\udc80"}', "", "not JSON"),
        (b'{"schema": 1, "x": ' + b"[" * 100_000, "", "nested too deeply"),
    ],
)
def test_what_is_no_tutorial_json_is_refused_in_one_line(
    data: bytes | str, where: str, what: str
) -> None:
    """The file, the place, what is wrong, how to mend it."""
    with pytest.raises(TutorialFileError) as caught:
        from_json(data, source="out/tutorial.json")
    said = str(caught.value)
    assert said.startswith("out/tutorial.json: ")
    assert where in said
    assert what in said
    assert "grader tutorial" in said or "the grader that wrote" in said
    assert "\n" not in said
    assert isinstance(caught.value, UsageError)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    """With its path, in one line."""
    with pytest.raises(TutorialFileError, match=r"no\.json: can't be read \(No such file"):
        read_tutorial(tmp_path / "no.json")


@pytest.mark.parametrize("text", ["\udc80", "\x00\x1b[2J", "\u202e", "</script>", '"\\', "中文"])
def test_any_text_can_be_written(text: str) -> None:
    """Whatever came out of a document comes back, but for lone surrogates."""
    verdict = Verdict(
        dataclasses.replace(block(text or "x"), language=text),
        "failed",
        Text(text, text),
        error=Raised(text, text, 10),
        claimed=text,
        got=text,
    )
    run = Report((one(verdict, mended=text, stand_ins=(text,)),), text, 0.0, {text: text})
    (found,) = from_json(to_json(run)).documents[0].blocks
    assert found.got == text.encode("utf-8", "backslashreplace").decode()


def test_endless_output_is_cut() -> None:
    """And says how much is gone."""
    verdict = Verdict(block("x"), "drifted", SAID, claimed="a", got="x" * (OUTPUT_CHARS + 7))
    (found,) = json.loads(to_json(Report((one(verdict),), "", 0.0)))["documents"][0]["blocks"]
    assert found["got"] == "x" * OUTPUT_CHARS + "… (+7)"


@pytest.mark.parametrize("seconds", [float("nan"), float("inf"), -1.0])
def test_seconds_are_numbers(seconds: float) -> None:
    """No NaN is ever written."""
    with pytest.raises(ValueError, match="finite"):
        to_json(Report((one(Verdict(block("x"), "passed", SAID, seconds)),), "", 0.0))
