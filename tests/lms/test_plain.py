"""Zips and directories whose names are the students', and what `grader intake` prints of them."""

from __future__ import annotations

import json
import zipfile
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grader import cli
from grader.errors import UsageError
from grader.lms.read import opened
from grader.submissions.intake import tree_of
from grader.submissions.model import Unreadable

from ..submissions.handins import SYMBOLS, notebook, zipped
from .downloads import (
    CODE,
    ONE,
    canvas,
    collected,
    metadata,
    moodle,
    reading,
    states,
    understood,
    unpacked,
    write_zip,
)

if TYPE_CHECKING:
    from pathlib import Path

COURSE = ["--course", "tests/courses/tiny"]


def test_a_zip_of_directories_and_zips(tmp_path: Path) -> None:
    """Each is a student, wherever the folder around them; loose files are nobody's."""
    members = {
        "ada/huber.py": CODE,
        "王小明/week 1/huber.ipynb": notebook("huber_fn = 1"),
        "O'Neil, Kim.zip": zipped({"hw/huber.py": b"k = 1\n"}),
        "bob.zip": b"no zip",
    }
    found = collected(write_zip(tmp_path / "flat.zip", {**members, "notes.txt": b""}))
    assert {key: one.status for key, one in found.items()} == {
        ("ada", "huber"): "ready",
        ("王小明", "huber"): "ready",
        ("O'Neil, Kim", "huber"): "ready",
        ("bob", "huber"): "unreadable",
    }
    assert found["O'Neil, Kim", "huber"].source == b"k = 1\n"
    inside = {f"class/{name}": data for name, data in members.items()}
    with reading(write_zip(tmp_path / "in.zip", inside)) as handed_in:
        assert [one.person.name for one in handed_in.hand_ins] == sorted(name for name, _ in found)
        assert "everything lies in the folder `class`" in handed_in.notes[0].en
        assert handed_in.layout == "plain"
        assert all(one.person.lms == "" for one in handed_in.hand_ins)


def test_one_student_s_folder_is_no_wrapper(tmp_path: Path) -> None:
    """`ada/week1/huber.py` alone is ada's."""
    assert list(collected(write_zip(tmp_path / "a.zip", {"ada/week1/huber.py": CODE}))) == [
        ("ada", "huber")
    ]


def test_a_path_that_leads_out_is_nobody_s(tmp_path: Path) -> None:
    """Nobody is called `..`; the file is unclear, with the reason."""
    found = understood(write_zip(tmp_path / "a.zip", {"../huber.py": CODE, "ada/huber.py": CODE}))
    assert [one.person.name for one in found.students] == ["ada"]
    ((who, file),) = found.unclear()
    assert (who, file.path) == ("", "huber.py")
    assert "leads outside" in file.why.en


SPOOFED = {
    "gradescope": {
        "submission_metadata.yml": metadata({"submission_1": [("Ada", "55", "ada@x.org")]}),
        "submission_1/huber.py": CODE,
    },
    "gradescope without its list": {"submission_1/huber.py": CODE},
    "canvas": {canvas("Ada", 55, 700): CODE, canvas("Ada", 55, 701, "b.py"): CODE},
    "moodle": {moodle("Ada", 55): CODE},
}


@pytest.mark.parametrize("layout", SPOOFED)
@pytest.mark.parametrize("kind", ["zip", "folder"])
def test_one_student_s_folder_is_no_download(tmp_path: Path, kind: str, layout: str) -> None:
    """Whatever a lone student puts into it makes nobody else of them."""
    members = {f"mallory/{name}": data for name, data in SPOOFED[layout].items()}
    path = write_zip(tmp_path / "c.zip", members)
    with reading(unpacked(path, tmp_path / "c") if kind == "folder" else path) as found:
        assert [(one.person.name, one.person.lms) for one in found.hand_ins] == [("mallory", "")]
        assert found.notes == ()


@pytest.mark.parametrize("kind", ["zip", "folder"])
def test_a_download_of_one_student(tmp_path: Path, kind: str) -> None:
    """It is understood as it came, also in the folder that Gradescope puts around it."""
    members = {f"assignment_7_export/{name}": one for name, one in SPOOFED["gradescope"].items()}
    path = write_zip(tmp_path / "c.zip", members)
    with reading(unpacked(path, tmp_path / "c") if kind == "folder" else path) as found:
        assert [(one.person.name, one.person.login) for one in found.hand_ins] == [("Ada", "55")]
        assert "everything lies in the folder `assignment_7_export`" in found.notes[0].en


@pytest.mark.parametrize("kind", ["zip", "folder"])
def test_one_name_as_in_a_download(tmp_path: Path, kind: str) -> None:
    """One student's zip that is named as in Moodle's makes the others nobody less."""
    members = {"ada.zip": zipped({"huber.py": CODE}), "zoe/huber.py": CODE}
    members[moodle("Ada", 1, "huber.zip").replace("_/", "_")] = zipped({"huber.py": CODE})
    path = write_zip(tmp_path / "c.zip", members)
    with reading(unpacked(path, tmp_path / "c") if kind == "folder" else path) as found:
        assert found.layout == "plain"
        names = [one.person.name for one in found.hand_ins]
    assert names == ["Ada_1_assignsubmission_file_huber", "ada", "zoe"]


def test_a_directory_and_a_zip_of_one_name(tmp_path: Path) -> None:
    """Both appear, under different names."""
    members = {"ada/huber.py": CODE, "ada.zip": zipped({"huber.py": b"z = 1\n"})}
    found = collected(write_zip(tmp_path / "a.zip", members))
    assert sorted(name for name, _ in found) == ["ada", "ada (ada.zip)"]


def test_a_directory_as_before(tmp_path: Path) -> None:
    """A directory per student is read as ever; what isn't one's is ignored and listed."""
    for name in ("ada", "zoe"):
        (tmp_path / "class" / name).mkdir(parents=True)
        (tmp_path / "class" / name / "huber.py").write_bytes(CODE)
    (tmp_path / "class" / "zoe" / "huber (1).py").write_bytes(CODE)
    (tmp_path / "class" / "grades.csv").write_bytes(b"")
    found = understood(tmp_path / "class")
    assert found.layout == "plain"
    assert [(file.path, file.state) for file in found.loose] == [("grades.csv", "ignored")]
    (ada, zoe) = found.students
    assert [(file.path, file.state) for file in ada.files] == [("huber.py", "taken")]
    assert [(file.path, file.state, file.exercise) for file in zoe.files] == [
        ("huber (1).py", "superseded", "huber"),
        ("huber.py", "taken", "huber"),
    ]


@pytest.mark.parametrize(
    ("names", "want"),
    [
        (["hw3.py"], {"hw3.py": "taken"}),
        (["hw3.py", "hw3.ipynb"], {"hw3.py": "taken", "hw3.ipynb": "superseded"}),
        (["hubr.py"], {"hubr.py": "taken"}),
        (["hw3.py", "test_huber.py"], {"hw3.py": "taken", "test_huber.py": "ignored"}),
        (["hw3.py", "utils.py"], {"hw3.py": "unclear", "utils.py": "unclear"}),
        (["huber.py", "utils.py"], {"huber.py": "taken", "utils.py": "ignored"}),
        (["dense.py"], {"dense.py": "ignored"}),
        (["a/huber.py", "b/huber.py"], {"a/huber.py": "unclear", "b/huber.py": "unclear"}),
        (["essay.pdf"], {"essay.pdf": "ignored"}),
    ],
)
def test_whatever_its_name_is(tmp_path: Path, names: list[str], want: dict[str, str]) -> None:
    """The only program is the answer where one exercise is set; two are never guessed between."""
    members = {f"ada/{name}": CODE for name in names} | {"zoe/huber.py": CODE}
    archive = write_zip(tmp_path / "c.zip", members)
    found = understood(archive, ONE, ["huber", "dense"])
    mine = {path[4:]: state for path, (_, state, _) in states(found).items() if path[:4] == "ada/"}
    assert mine == want
    taken = "taken" in want.values()
    assert (found.students[0].answers[0].status == "ready") == taken
    clear = taken or "dense.py" in want
    assert [who for who, _ in found.unclear()] == (
        []
        if clear
        else ["ada"] * max(1, len([state for state in want.values() if state == "unclear"]))
    )


PARTS = st.sampled_from(
    [
        *("ada", "huber.py", "huber-1.py", "x.zip", "王", "..", ".DS_Store", "__MACOSX", "a.pdf"),
        *("submission_1", "submission_metadata.yml", canvas("Doe", 1, 2), canvas("Doe", 1, 3)),
        *(moodle("Jo", 1)[:-9], moodle("Jo", 2)[:-9], canvas("Doe", 1, 4, "huber-1.py")),
    ]
)
CONTENTS = st.sampled_from([CODE, b"", b"x", zipped({"huber.py": CODE}), zipped({"y/z.txt": b""})])


@given(
    st.dictionaries(st.lists(PARTS, min_size=1, max_size=3).map("/".join), CONTENTS, min_size=1),
    st.booleans(),
)
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_file_is_lost(tmp_path: Path, members: dict[str, bytes], one: bool) -> None:
    """Whatever lies in a zip, each file of it is in one state, or nobody is found at all."""
    archive = tmp_path / "any.zip"
    with zipfile.ZipFile(archive, "w") as packed:
        for name, data in members.items():
            packed.writestr(name, data)
    symbols = ONE if one else SYMBOLS
    try:
        found = understood(archive, symbols)
    except UsageError:
        return
    wanted = {
        "/".join(part for part in name.split("/") if part != "..")
        for name in members
        if name.strip("./")
    }
    seen = [file.path for student in found.students for file in student.files]
    for student in found.students:
        paths = [file.path for file in student.files]
        assert len(paths) == len(set(paths))
    assert wanted <= {*seen, *(file.path for file in found.loose)}
    for student in found.students:
        assert all(file.why.en for file in student.files if file.state != "taken")
        assert len(student.answers) == len(symbols)
    assert all(file.why.en for file in found.loose)


def call(*arguments: object, capsys: pytest.CaptureFixture[str]) -> tuple[object, str, str]:
    """(status, stdout, stderr) of `grader intake`."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sys.argv", ["grader", "intake", *map(str, arguments)])
        try:
            cli.main()
        except SystemExit as end:
            return end.code, *capsys.readouterr()
    raise AssertionError("it always ends with a status")


def test_what_is_printed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Student by student, the unclear last, then the totals; status 1. Names are text."""
    members = {
        canvas("Doe, Jane", 1, 8, "square.py", late=True): b"def square(x):\n    return x * x\n",
        canvas("Lee, Kim", 2, 9, "a.py"): CODE,
        canvas("Lee, Kim", 2, 10, "[red]b.py"): CODE,
    }
    archive = write_zip(tmp_path / "c.zip", members)
    status, out, err = call(archive, *COURSE, "--exercise", "square", capsys=capsys)
    assert (status, err) == (1, "")
    lines = out.splitlines()
    assert lines[0] == "understood as a bulk download of Canvas"
    assert "doejane  canvas 1  late" in lines
    assert any("square.py  taken  for square" in line for line in lines)
    last = lines[lines.index("unclear, for somebody to look at:") :]
    assert "leekim_2_10_[red]b.py" in last[1]
    assert "which of `" in last[1]
    assert last[-1] == (
        "2 students, 1 files to grade, 0 unreadable, 0 superseded, 0 ignored, 2 unclear"
    )


def test_for_machines(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The same as JSON; status 0 when all is clear; --quiet prints nothing."""
    archive = write_zip(tmp_path / "c.zip", {canvas("Doe, Jane", 1, 8, "square.py"): CODE})
    status, out, _ = call(archive, *COURSE, "--exercise", "square", "--json", capsys=capsys)
    document = json.loads(out)
    assert (status, document["layout"], document["unclear"]) == (0, "canvas", [])
    (student,) = document["students"]
    assert (student["student"], student["id"], student["late"]) == ("doejane", "1", False)
    assert student["exercises"] == [
        {"id": "square", "status": "ready", "file": "doejane_1_8_square.py", "reason": ""}
    ]
    assert student["files"] == [
        {
            "path": "doejane_1_8_square.py",
            "state": "taken",
            "exercise": "square",
            "why": "",
            "remark": "",
        }
    ]
    assert call(archive, *COURSE, "--quiet", capsys=capsys)[:2] == (0, "")


def test_the_zip_is_closed(tmp_path: Path) -> None:
    """Also when whoever uses it fails, whose error comes through as it is."""
    archive = write_zip(tmp_path / "c.zip", {"ada/huber.py": CODE})
    with reading(archive) as found:
        (entry,) = tree_of(found.students[0]).entries
        assert entry.read(10) == CODE
    with pytest.raises(Unreadable, match="can't be unpacked"):
        entry.read(10)
    with pytest.raises(ValueError, match="mine"), opened(archive):
        raise ValueError("mine")
