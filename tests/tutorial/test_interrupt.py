"""Ctrl-C ends the command, no kernel outlives it, and what was finished is told."""

import json
import os
import select
import signal
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from grader.errors import EngineError
from grader.tutorial import flow

ENDLESS = (
    "```python\n"
    "import os\n"
    "with open({told!r}, 'w') as stream:\n"
    "    _ = stream.write(str(os.getpid()))\n"
    "while True:\n"
    "    pass\n"
    "```\n\n"
    "```python\n"
    "open({later!r}, 'w').close()\n"
    "```\n"
)
CHECK = ("grader", "tutorial", "--out", "out", "--jobs", "1")


def interrupted(tmp_path, *arguments, status=130):
    """What a command says when Ctrl-C comes while `endless.md`, the last document, runs."""
    told = tmp_path / "told"
    os.mkfifo(told)
    text = ENDLESS.format(told=str(told), later=str(tmp_path / "later"))
    (tmp_path / "endless.md").write_text(text)
    command = subprocess.Popen(
        [sys.executable, "-m", *arguments],
        cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    with told.open() as stream:  # opens when the block runs
        kernel = os.pidfd_open(int(stream.read()))
    command.send_signal(signal.SIGINT)
    printed, said = command.communicate(timeout=60)
    assert command.returncode == status
    assert not (tmp_path / "later").exists()
    ended, _, _ = select.select([kernel], [], [], 30)
    os.close(kernel)
    assert ended
    return printed, said.strip().splitlines()


def test_ctrl_c_ends_the_command_and_its_kernels(tmp_path):
    printed, said = interrupted(tmp_path, *CHECK, "endless.md")
    assert printed == ""
    assert len(said) == 1
    assert said[0].startswith("grader: stopped")
    assert not (tmp_path / "out").exists()


def test_what_was_finished_is_told(tmp_path):
    """Hours of work aren't lost for one document; the others are named, and nothing holds."""
    (tmp_path / "good.md").write_text("```python\nx = 1\n```\n")
    (tmp_path / "bad.md").write_text("```python\ny\n```\n")
    printed, said = interrupted(tmp_path, *CHECK, "good.md", "bad.md", "endless.md")
    assert "bad.md:2: failed NameError" in printed
    assert said[-2:] == [
        "grader: 2 of 3 documents were checked; the report has them, and names the others",
        "grader: stopped; a grading keeps what was finished, the same command goes on from there",
    ]
    found = json.loads((tmp_path / "out" / "tutorial.json").read_text("utf-8"))
    assert [document["path"] for document in found["documents"]] == ["good.md", "bad.md"]
    assert found["unchecked"] == ["endless.md"]
    for page, words in (("index.html", "Not all documents were checked"),
                        ("index.zh.html", "并非所有文档都检查过")):  # fmt: skip
        text = (tmp_path / "out" / page).read_text("utf-8")
        assert words in text
        assert "endless.md" in text
    suites = ET.parse(tmp_path / "out" / "junit.xml").getroot()
    assert [one.get("name") for one in suites] == ["good.md", "bad.md", "endless.md"]
    assert [one.get("skipped") for one in suites] == ["0", "0", "1"]


def test_ctrl_c_ends_a_session_of_pytest(tmp_path):
    """At once, whatever was finished: it isn't a block that failed."""
    (tmp_path / "a.md").write_text("```python\nx = 1\n```\n")
    printed, _ = interrupted(
        tmp_path, "pytest", "--tutorial", "a.md", "endless.md", "-q", "-p", "no:cacheprovider",
        status=2,
    )  # fmt: skip
    assert "KeyboardInterrupt" in printed
    assert "FAILED" not in printed


def test_a_fault_keeps_what_was_finished(tmp_path, monkeypatch):
    """Whatever ends the check, and it is what the command ends with; no document, no report."""
    real = flow._one

    async def one(request, read, bench):
        if read.path.name == "b.md":
            raise EngineError("no kernel")
        return await real(request, read, bench)

    monkeypatch.setattr(flow, "_one", one)
    for name in ("a.md", "b.md", "c.md"):
        (tmp_path / name).write_text("```python\nx = 1\n```\n")
    with pytest.raises(flow.Unfinished, match="1 of 3 documents were checked") as error:
        flow.check(flow.Request((tmp_path,)))
    assert str(error.value.__cause__) == "no kernel"
    report = error.value.report
    assert [Path(checked.path).name for checked in report.checked] == ["a.md"]
    assert [Path(path).name for path in report.unchecked] == ["b.md", "c.md"]
    assert not report.holds
    with pytest.raises(EngineError, match="no kernel"):
        flow.check(flow.Request((tmp_path / "b.md",)))
