"""A student's first hour: the zip unpacked, the stub's lesson, the exercise done."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner

from grader.cli import cli

from .courses import ROOT


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a student has after unpacking this course's zip."""
    out = tmp_path_factory.mktemp("start")
    assert (
        CliRunner().invoke(cli, ["release", "--course", str(ROOT), "--out", str(out)]).exit_code
        == 0
    )
    (file,) = out.iterdir()
    with zipfile.ZipFile(file) as archive:
        archive.extractall(out)
    return out / "custom-models-and-training-with-tensorflow"


def command(folder: Path, *words: str) -> tuple[int, str]:
    """Status and words of a command of START.md, with the grader that came in the zip."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("PYTEST_", "TF_", "LC_"))}
    more = {"PYTHONPATH": str(folder / "tools"), "PYTHONDONTWRITEBYTECODE": "1", "LANG": "C.UTF-8"}
    done = subprocess.run(
        [sys.executable, "-m", *words], cwd=folder, env={**kept, **more}, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False,
    )  # fmt: skip
    return done.returncode, done.stdout


def test_start_pages(folder: Path) -> None:
    """What they name is there, the exercises are in the course's order, commands are the same."""
    english, chinese = ((folder / n).read_text("utf-8") for n in ("START.md", "START.zh.md"))
    for text in (english, chinese):
        linked = re.findall(r"\]\((.*?)\)", text)
        assert len(linked) == 28
        assert linked[0].startswith("exercises/tensors/")
        for path in linked + re.findall(r"`(exercises/\S+)`", text):
            assert (folder / path).is_file()
        assert "Huber" in text
    blocks = [re.findall(r"```console\n(.*?)```", text, re.S) for text in (english, chinese)]
    assert blocks[0] == blocks[1]
    install = blocks[0][0].splitlines()[-1]
    assert install == "python -m pip install -c tools/constraints.txt ./tools"
    assert (folder / "tools" / "pyproject.toml").is_file()
    assert (folder / "tools" / "constraints.txt").is_file()


def test_the_first_exercise(folder: Path) -> None:
    """The stub fails with the lesson; with the reference in its place everything passes."""
    status, said = command(folder, "pytest", "-p", "no:cacheprovider", "exercises/tensors")
    assert status == 1, said
    assert "isn't written yet: open `tensors.py`" in said
    assert "site-packages" not in said
    solution = ROOT / "solutions" / "tensors" / "tensors.py"
    (folder / "exercises" / "tensors" / "tensors.py").write_bytes(solution.read_bytes())
    status, said = command(folder, "grader", "check", "exercises/tensors")
    assert status == 0, said
    assert " passed" in said
    assert "failed" not in said
