"""Whole documents, run as `grader tutorial` runs them, against what must be said of each block."""

import tomllib
from dataclasses import dataclass
from pathlib import Path

import pytest

from grader.errors import UsageError
from grader.tutorial.control import settings_for
from grader.tutorial.flow import Request, check
from grader.tutorial.reading import read_document

HERE = Path(__file__).parent
FOLDER = HERE / "documents"
CORRECT = HERE / "correct"


@dataclass(frozen=True)
class Expected:
    file: str
    blocks: list
    usage_error: str


def table():
    with (FOLDER / "expected.toml").open("rb") as stream:
        entries = tomllib.load(stream)["document"]
    return [Expected(e["file"], e.get("blocks", []), e.get("usage_error", "")) for e in entries]


EXPECTED = table()
READABLE = [e for e in EXPECTED if not e.usage_error]


def test_every_document_is_in_the_table():
    found = {
        path.relative_to(FOLDER).as_posix()
        for path in FOLDER.rglob("*")
        if path.suffix in (".md", ".ipynb")
    }
    assert found == {e.file for e in EXPECTED}
    assert len(EXPECTED) >= 60


@pytest.mark.parametrize("expected", [e for e in EXPECTED if e.usage_error], ids=lambda e: e.file)
def test_what_cannot_be_read_is_refused_in_one_line(expected):
    path = FOLDER / expected.file
    with pytest.raises(UsageError) as caught:
        read_document(path, settings_for(path))
    assert expected.usage_error in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.fixture(scope="module")
def report():
    files = tuple(FOLDER / e.file for e in READABLE)
    found = check(Request(files=(*files, CORRECT), jobs=2))
    return {Path(checked.path): checked for checked in found.checked}


@pytest.mark.parametrize("expected", READABLE, ids=lambda e: e.file)
def test_each_block_gets_its_status(report, expected):
    checked = report[FOLDER / expected.file]
    told = [
        shape(v, checked.verdicts, w) for v, w in zip_longest(checked.verdicts, expected.blocks)
    ]
    assert told == expected.blocks


def zip_longest(verdicts, blocks):
    assert [v.block.line for v in verdicts] == [block["line"] for block in blocks]
    return zip(verdicts, blocks, strict=True)


def shape(verdict, verdicts, wanted):
    """What was found out of what `wanted` asks, in its form."""
    error = verdict.error
    by_index = {v.block.index: v for v in verdicts}
    found = {
        "line": verdict.block.line,
        "cell": verdict.block.cell,
        "kind": verdict.block.kind,
        "status": verdict.status,
        "error_type": error and error.type,
        "error_line": error and error.line,
        "root_line": by_index[verdict.root].block.line if verdict.root is not None else None,
        "missing": error and error.missing,
        "closeness": verdict.closeness,
        "stand_ins": verdict.stand_ins,
        "rules": [(a.finding.rule, a.line) for a in verdict.advice],
        "claims": [(c.line, c.says, c.holds) for c in verdict.claims],
    }
    told = {key: found[key] for key in wanted}
    if "missing" in wanted and wanted["missing"] in (told["missing"] or ""):
        told["missing"] = wanted["missing"]
    if "stand_ins" in wanted and all(
        any(word in name for name in told["stand_ins"]) for word in wanted["stand_ins"]
    ):
        told["stand_ins"] = wanted["stand_ins"]
    if (
        "rules" in wanted
        and wanted["rules"]
        and all(
            any(code.startswith(w["rule"]) and line == w["line"] for code, line in told["rules"])
            for w in wanted["rules"]
        )
    ):
        told["rules"] = wanted["rules"]
    if "claims" in wanted and all(
        any(
            claim[0] == w["line"]
            and claim[1] == w.get("says", claim[1])
            and claim[2] == w.get("holds", claim[2])
            for claim in told["claims"]
        )
        for w in wanted["claims"]
    ):
        told["claims"] = wanted["claims"]
    return told


def test_correct_tutorials_pass_block_by_block(report):
    blocks = [
        (path.name, verdict)
        for path, checked in report.items()
        if path.is_relative_to(CORRECT)
        for verdict in checked.verdicts
        if verdict.block.kind in ("code", "transcript")
    ]
    assert len(blocks) >= 40
    assert [(name, v.block.line, v.status) for name, v in blocks if v.status != "passed"] == []
    assert [(name, v.block.line, v.advice) for name, v in blocks if v.advice] == []
    assert [c for _, v in blocks for c in v.claims if c.holds is False] == []
