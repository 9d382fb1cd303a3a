"""The sample reports in `reports/` are what comes of their results file today, and small."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from grader.report.samples import write_samples
from grader.report.strings import LANGUAGES
from grader.results import ResultsError

REPORTS = Path(__file__).parents[2] / "reports"
MOST_BYTES = 300 * 1024
"""Of one sample: it is looked at, not kept for reference."""


def contents(folder: Path) -> dict[str, bytes]:
    """Every file below `folder`, by its path in there."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def stale(kept: Path, fresh: Path) -> list[str]:
    """The files that differ, are gone or are too many."""
    old, new = contents(kept), contents(fresh)
    return sorted(name for name in old.keys() | new.keys() if old.get(name) != new.get(name))


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Both samples, rendered now."""
    folder = tmp_path_factory.mktemp("samples")
    write_samples(REPORTS / "results.json", folder)
    return folder


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_sample_is_current(fresh: Path, lang: str) -> None:
    """Byte by byte; `python3 -m grader.report.samples` makes it so."""
    name = f"sample-{lang}"
    assert stale(REPORTS / name, fresh / name) == [], "run: python3 -m grader.report.samples"
    assert sum(map(len, contents(fresh / name).values())) < MOST_BYTES


def test_a_stale_sample_is_noticed(fresh: Path, tmp_path: Path) -> None:
    """A page that differs, one that is gone, one that nobody renders any more."""
    kept = tmp_path / "kept"
    for name, content in contents(fresh / "sample-en").items():
        (kept / name).parent.mkdir(parents=True, exist_ok=True)
        (kept / name).write_bytes(content)
    assert stale(kept, fresh / "sample-en") == []
    (kept / "index.html").write_bytes(b"old")
    (kept / "marks.csv").unlink()
    (kept / "zzz.html").write_bytes(b"")
    assert stale(kept, fresh / "sample-en") == ["index.html", "marks.csv", "zzz.html"]


def test_one_language_each(fresh: Path) -> None:
    """No page links to a language that the sample doesn't have."""
    for lang in LANGUAGES:
        for name, content in contents(fresh / f"sample-{lang}").items():
            if name.endswith(".html"):
                assert b"hreflang" not in content
                tag = re.search(rb'<html lang="([-\w]+)"', content)
                assert tag is not None
                assert tag[1].decode().startswith(lang)


def test_the_command(fresh: Path, tmp_path: Path) -> None:
    """It needs nothing but the results file; TensorFlow isn't imported."""
    (tmp_path / "results.json").write_bytes((REPORTS / "results.json").read_bytes())
    code = (
        "import runpy, sys; sys.argv[1:] = [sys.argv[1]]; "
        "runpy.run_module('grader.report.samples', run_name='__main__'); "
        "sys.exit('tensorflow' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert len(done.stdout.splitlines()) == len(LANGUAGES)
    for lang in LANGUAGES:
        assert stale(tmp_path / f"sample-{lang}", fresh / f"sample-{lang}") == []


def test_a_file_that_is_none(tmp_path: Path) -> None:
    """Told apart from a results file."""
    (tmp_path / "results.json").write_text("{}", "utf-8")
    with pytest.raises(ResultsError):
        write_samples(tmp_path / "results.json", tmp_path)
