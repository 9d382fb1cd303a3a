"""From the LMS's zip to results: `grader grade` takes the download as it came."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from grader.results import read_results

from .downloads import canvas, write_zip

TINY = Path(__file__).parents[1] / "courses" / "tiny"
RIGHT = (TINY / "solutions" / "square" / "square.py").read_bytes()


def test_a_canvas_zip_is_graded(tmp_path: Path) -> None:
    """Every student has a row; what is unclear is marked with its reason; ids come along."""
    archive = write_zip(
        tmp_path / "submissions.zip",
        {
            canvas("Doe, Jane", 4242, 1, "hw3.py", late=True): RIGHT,
            canvas("王小明", 18, 2, "square.py"): b"x = 1\n",
            canvas("王小明", 18, 3, "square-1.py"): RIGHT,
            canvas("Lee, Kim", 20, 4, "hw.zip"): b"no zip",
            canvas("Roy, Lou", 21, 5, "a.py"): RIGHT,
            canvas("Roy, Lou", 21, 6, "b.py"): RIGHT,
            "readme.py": RIGHT,
        },
    )
    out = tmp_path / "out"
    command = [sys.executable, "-m", "grader", "grade", str(archive), "--course", str(TINY)]
    options = ["--exercise", "square", "--jobs", "1", "--out", str(out), "--seed", "7"]
    done = subprocess.run([*command, *options], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert (
        "grader: 1 file(s) are unclear and weren't graded, since whose they are isn't known: "
        "readme.py; `grader intake` says why\n"
    ) in done.stderr
    results = read_results(out / "results.json")
    rows = {row.student: row for row in results.results}
    assert {name: row.status for name, row in rows.items()} == {
        "doejane": "graded",
        "王小明": "graded",
        "leekim": "unreadable",
        "roylou": "missing",
    }
    assert rows["doejane"].points == rows["doejane"].max_points > 0
    assert rows["王小明"].points == rows["王小明"].max_points
    assert rows["doejane"].file == "hw3.py"
    assert "`hw3.py` was taken for `square.py`" in rows["doejane"].notes[0].en
    assert "broken or incomplete" in rows["leekim"].reason.en
    assert "which of `a.py` and `b.py`" in rows["roylou"].reason.en
    assert json.loads((out / "results.json").read_text("utf-8"))["students"]["doejane"] == {
        "lms": "canvas",
        "id": "4242",
        "login": "",
        "email": "",
        "submitted": "",
        "late": True,
    }
    assert results.students["王小明"].id == "18"
    assert set(results.students) == set(rows)
    assert [path.name for path in tmp_path.iterdir() if path.name.endswith(".py")] == []
