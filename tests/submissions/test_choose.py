"""Which of a student's files is taken for an exercise."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from .handins import notebook

if TYPE_CHECKING:
    from .handins import HandIn

CODE = b"x = 1\n"


def test_one_submission_per_exercise(hand_in: HandIn) -> None:
    """Every exercise has exactly one result, in the course's order, whatever was handed in."""
    found = hand_in({"dense.py": CODE})
    assert list(found) == ["huber", "huber_metric", "dense"]
    assert [item.status for item in found.values()] == ["missing", "missing", "ready"]
    assert found["dense"].origin == "ada/dense.py"
    assert found["dense"].source == CODE
    assert len(found["dense"].sha256) == 64


def test_shallowest_wins(hand_in: HandIn) -> None:
    """The file nearest to the top is taken, and the note names the one that wasn't."""
    found = hand_in({"a/huber.py": CODE, "a/b/huber.py": b"y = 2"})["huber"]
    assert (found.status, found.origin) == ("ready", "ada/a/huber.py")
    assert "a/b/huber.py" in found.notes[0].en


def test_two_equally_good(hand_in: HandIn) -> None:
    """Two files at the same depth: unreadable, and the reason names both."""
    found = hand_in({"old/huber.py": CODE, "new/huber.py": CODE})["huber"]
    assert found.status == "unreadable"
    assert "`new/huber.py` and `old/huber.py`" in found.reason.en
    assert "new/huber.py" in found.reason.zh


def test_python_before_notebook(hand_in: HandIn) -> None:
    """`.py` and `.ipynb` side by side: the `.py`, with a note that names the notebook."""
    found = hand_in({"huber.py": CODE, "huber.ipynb": notebook("y = 1")})["huber"]
    assert found.source == CODE
    assert "huber.ipynb" in found.notes[0].en


def test_shallower_notebook_before_deeper_python(hand_in: HandIn) -> None:
    """Depth comes before the kind of file."""
    found = hand_in({"d/huber.py": CODE, "huber.ipynb": notebook("huber_fn = 1")})["huber"]
    assert found.origin == "ada/huber.ipynb"


@pytest.mark.parametrize(
    "name",
    ["Huber.py", "HUBER.PY", "huber (1).py", "huber(12).py", "huber-2.py", "huber_2.py",
     "huber 3.py", "huber copy.py", "huber - Copy (2).py", "huber - 副本.py", "Huber-1 (1).py"],
)  # fmt: skip
def test_renamed_by_a_download(hand_in: HandIn, name: str) -> None:
    """One file with other capitals or a copy's number is taken, with a note."""
    found = hand_in({name: CODE})["huber"]
    assert (found.status, found.source) == ("ready", CODE)
    assert name in found.notes[0].en
    assert name in found.notes[0].zh


def test_renamed_notebook(hand_in: HandIn) -> None:
    """The same holds for notebooks, read as notebooks."""
    found = hand_in({"Huber (2).ipynb": notebook("huber_fn = 1")})["huber"]
    assert found.status == "ready"
    assert b"huber_fn = 1" in found.source


def test_exact_before_renamed(hand_in: HandIn) -> None:
    """The exact name wins even when it lies deeper, and the note names the other file."""
    found = hand_in({"Huber (1).py": b"print()", "homework/huber.py": CODE})["huber"]
    assert found.source == CODE
    assert "Huber (1).py" in found.notes[0].en


def test_two_renamed(hand_in: HandIn) -> None:
    """Two renamed candidates: missing, and the reason names both."""
    found = hand_in({"huber (1).py": CODE, "huber (2).py": CODE})["huber"]
    assert found.status == "missing"
    assert "huber (1).py" in found.reason.en
    assert "huber (2).py" in found.reason.en


def test_another_exercises_name(hand_in: HandIn) -> None:
    """`huber_metric.py` isn't a renamed `huber.py`, nor is an id that looks like a copy."""
    found = hand_in(
        {"huber_metric.py": CODE, "dense_2.py": CODE}, {"huber": (), "dense": (), "dense_2": ()}
    )
    assert found["huber"].status == "missing"
    assert found["dense"].status == "missing"
    assert found["dense_2"].status == "ready"


@pytest.mark.parametrize("name", ["huber.py.txt", "hubber.py", "huber.txt", "hubr.py"])
def test_near_names(hand_in: HandIn, name: str) -> None:
    """A name that comes near isn't taken, but the reason says to rename it."""
    found = hand_in({name: CODE, "notes.docx": b""})["huber"]
    assert found.status == "missing"
    assert f"if `{name}` is meant, rename it" in found.reason.en
    assert "docx" not in found.reason.en


def test_nothing_near(hand_in: HandIn) -> None:
    """With nothing near, the reason says what was looked for."""
    found = hand_in({"notes.docx": CODE})["huber"]
    assert found.reason.en == (
        "there is no `huber.py` or `huber.ipynb`, but `notes.docx`: hand in the program itself, a "
        "file in .py or .ipynb"
    )


def test_many_near_names_are_capped(hand_in: HandIn) -> None:
    """A reason lists a few names and counts the rest."""
    found = hand_in({f"huber ({n}).py": CODE for n in range(40)})["huber"]
    assert found.reason.en.count(".py`") < 10
    assert "35 more" in found.reason.en


def test_archive_inside(hand_in: HandIn) -> None:
    """An archive in place of the files: the reason says to unzip it."""
    found = hand_in({"homework.zip": b"PK"})["huber"]
    assert found.status == "missing"
    assert "unzip `homework.zip`" in found.reason.en


def test_litter(hand_in: HandIn) -> None:
    """Hidden files and tools' folders are nobody's answer."""
    found = hand_in(
        {f"{d}/huber.py": CODE for d in ("__MACOSX", "__pycache__", ".ipynb_checkpoints", ".x")}
        | {"._huber.py": CODE}
    )["huber"]
    assert found.status == "missing"


def test_hostile_names_are_escaped(hand_in: HandIn) -> None:
    """A file's name can't put control characters or a second line into a reason."""
    found = hand_in({"huber (1).py": CODE, "x\x1b[2J\n\u202e/huber (2).py": CODE})["huber"]
    assert found.status == "missing"
    assert found.reason.en.isprintable()
    assert "\\x1b" in found.reason.en
