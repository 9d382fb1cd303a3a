"""Moodle's bulk download, file by file."""

from __future__ import annotations

import random
import zipfile
from typing import TYPE_CHECKING

import pytest

from grader.lms.moodle import parse
from grader.lms.pages import MAX_PAGE_BYTES, page_text

from ..submissions.handins import notebook
from .downloads import (
    CODE,
    ONE,
    collected,
    moodle,
    online,
    reading,
    states,
    understood,
    unpacked,
    write_zip,
)

if TYPE_CHECKING:
    from pathlib import Path

PAGE = b"<pre>def f(x):\r\n    return x\r\n</pre><p>I hope this works!</p>"
CLASS = {
    moodle("Jane Doe", 101): CODE,
    moodle("Jane Doe", 101, "old/plots.png"): b"\x89PNG",
    moodle("Seán O'Neil, Jr.", 102, "work/week 3/huber.ipynb"): notebook("huber_fn = 1"),
    moodle("王 小明", 103): b"z = 1\n",
    moodle("Kim Lee", 104): b"k = 1\n",
    moodle("Kim Lee", 105): b"k = 2\n",
    moodle("דנה כהן", 106, "hw3.py"): b"d = 1\n",
    online("Max Muster", 107): PAGE,
    online("Jane Doe", 101): b"<p>see the file</p>",
    "__MACOSX/Jane Doe_101_assignsubmission_file_/._huber.py": b"\0",
    moodle("Kim Lee", 105, ".DS_Store"): b"\0",
    "Max Muster_107_assignsubmission_comments_/c.html": b"hello",
    "grades.csv": b"Identifier\n",
}


def test_names() -> None:
    """What a name says, with and without folders."""
    found = parse("A-Team-Jane Doe_12_assignsubmission_file_")
    assert found is not None
    assert (found.name, found.id, found.plugin) == ("A-Team-Jane Doe", "12", "file")
    found = parse("Jane 2 Doe_12_assignsubmission_file_my_1_assign.py")
    assert found is not None
    assert (found.name, found.id, found.rest) == ("Jane 2 Doe", "12", "my_1_assign.py")
    assert parse("Jane Doe_12") is None
    assert parse("Jane Doe_x_assignsubmission_file_") is None
    assert parse("x" * 400 + "_12_assignsubmission_file_") is None


def test_a_class(tmp_path: Path) -> None:
    """Every file is somebody's or nobody's; two of one name are kept apart by their numbers."""
    archive = write_zip(tmp_path / "hw.zip", CLASS)
    found = understood(archive, ONE)
    assert found.layout == "moodle"
    kim, jane, lee = "Kim Lee (104)", "Jane Doe", "Kim Lee (105)"
    assert states(found) == {
        moodle("Jane Doe", 101): (jane, "taken", "huber"),
        moodle("Jane Doe", 101, "old/plots.png"): (jane, "ignored", ""),
        online("Jane Doe", 101): (jane, "ignored", ""),
        moodle("Seán O'Neil, Jr.", 102, "work/week 3/huber.ipynb"): (
            "Seán O'Neil, Jr.", "taken", "huber",
        ),
        moodle("王 小明", 103): ("王 小明", "taken", "huber"),
        moodle("Kim Lee", 104): (kim, "taken", "huber"),
        moodle("Kim Lee", 105): (lee, "taken", "huber"),
        moodle("דנה כהן", 106, "hw3.py"): ("דנה כהן", "taken", "huber"),
        online("Max Muster", 107): ("Max Muster", "taken", "huber"),
        "Max Muster_107_assignsubmission_comments_/c.html": ("Max Muster", "ignored", ""),
        moodle("Kim Lee", 105, ".DS_Store"): ("", "ignored", ""),
        "__MACOSX/Jane Doe_101_assignsubmission_file_/._huber.py": ("", "ignored", ""),
        "grades.csv": ("", "unclear", ""),
    }  # fmt: skip
    graded = collected(archive)
    assert graded[lee, "huber"].source == b"k = 2\n"
    assert graded["Max Muster", "huber"].source == b"def f(x):\n    return x\n"
    assert graded["Jane Doe", "huber"].origin == "hw.zip/Jane Doe/huber.py"
    assert "`hw3.py` was taken for `huber.py`" in graded["דנה כהן", "huber"].notes[0].en
    assert {one.person.name: one.person.id for one in found.students}[lee] == "105"


def test_several_exercises(tmp_path: Path) -> None:
    """Without --exercise a name that no exercise has is unclear, not guessed."""
    found = understood(write_zip(tmp_path / "hw.zip", CLASS))
    assert states(found)[moodle("דנה כהן", 106, "hw3.py")] == ("דנה כהן", "unclear", "")
    assert states(found)[online("Max Muster", 107)] == ("Max Muster", "unclear", "")
    assert states(found)[moodle("Jane Doe", 101)] == ("Jane Doe", "taken", "huber")


def test_unpacked_by_hand(tmp_path: Path) -> None:
    """As macOS does it, as Windows does it (a folder of the zip's name), and without folders."""
    archive = write_zip(tmp_path / "hw.zip", CLASS)
    want = {key: one.source for key, one in collected(archive).items()}
    mac = unpacked(archive, tmp_path / "mac")
    unpacked(archive, tmp_path / "windows" / "hw" / "hw")
    for folder in (mac, tmp_path / "windows"):
        assert {key: one.source for key, one in collected(folder).items()} == want
    flat = {
        name.replace("file_/", "file_").replace("text_/", "text_").replace("/", "_"): data
        for name, data in CLASS.items()
        if "/" in name and "MACOSX" not in name
    }
    flat.pop(moodle("Kim Lee", 105, ".DS_Store").replace("_/", "_"))
    found = collected(write_zip(tmp_path / "flat.zip", flat))
    assert {key: one.source for key, one in found.items()} == want


def test_teams(tmp_path: Path) -> None:
    """The team's name isn't part of the member's; names with hyphens alone are no teams."""
    members = {
        moodle("Anne-Marie Roy", 1, team="Lab-1"): CODE,
        moodle("Jane Doe", 2, team="Lab-1"): CODE,
        moodle("Kim Lee", 3, team="Lab-2"): CODE,
    }
    with reading(write_zip(tmp_path / "t.zip", members)) as found:
        who = [(one.person.name, one.person.group) for one in found.hand_ins]
    assert who == [("Anne-Marie Roy", "Lab-1"), ("Jane Doe", "Lab-1"), ("Kim Lee", "Lab-2")]
    members = {moodle("Anne-Marie Roy", 1): CODE, moodle("Jean-Luc Roy", 2): CODE}
    with reading(write_zip(tmp_path / "n.zip", members)) as found:
        assert [one.person.name for one in found.hand_ins] == ["Anne-Marie Roy", "Jean-Luc Roy"]


@pytest.mark.parametrize("word", ["Participant", "Teilnehmer/in".replace("/", ""), "参与者"])
def test_blind_marking(tmp_path: Path, word: str) -> None:
    """`Participant 12`, as the grading worksheet has it."""
    members = {moodle(word, number): CODE for number in (12, 13, 14)}
    with reading(write_zip(tmp_path / "b.zip", members)) as found:
        assert [one.person.name for one in found.hand_ins] == [f"{word} {n}" for n in (12, 13, 14)]
        assert all(one.person.anonymous for one in found.hand_ins)


def test_a_file_named_like_somebody_else_s(tmp_path: Path) -> None:
    """What a student calls the file makes nobody else of them, and takes nothing from anybody."""
    name = "Ada Lovelace_99_assignsubmission_file_huber.py"
    members = {name: CODE, f"Mallory_66_assignsubmission_file_{name}": b"m = 1\n"}
    archive = write_zip(tmp_path / "m.zip", members)
    assert {who: one.source for (who, _), one in collected(archive).items()} == {
        "Ada Lovelace": CODE,
        "Mallory": b"m = 1\n",
    }


def test_an_empty_folder(tmp_path: Path) -> None:
    """A student whose folder is empty appears, and is told apart as unclear."""
    archive = write_zip(tmp_path / "e.zip", {moodle("Jane Doe", 1): CODE})
    with zipfile.ZipFile(archive, "a") as opened:
        opened.writestr("Kim Lee_2_assignsubmission_file_/", b"")
    assert collected(archive)["Kim Lee", "huber"].status == "missing"
    assert [who for who, _ in understood(archive, ONE).unclear()] == ["Kim Lee"]


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>def f(x):</p>\n<p>&nbsp; &nbsp; return x</p>", "def f(x):\n    return x\n"),
        ("<div>a = 1<br>b = 2<br/>c = 3</div>", "a = 1\nb = 2\nc = 3\n"),
        ("<p>hi</p><pre class='x'>if a &lt; 1:\n  b</pre><pre>c</pre>", "if a < 1:\n  b\nc\n"),
        ("a <1 and 2> c", "a <1 and 2> c\n"),
        ("if a < b:<!-- no --> pass", "if a < b: pass\n"),
        ("<script>x</script><style>y</style><title>t</title>", ""),
        ("<![CDATA[x", "<![CDATA[x\n"),
        ("", ""),
    ],
)
def test_pages(html: str, text: str) -> None:
    """What a browser would show."""
    assert page_text(html) == text


@pytest.mark.parametrize("piece", ["<!--", "<a ", "<a b='", "<![", "</", "<?", "<pre>", "&#"])
def test_a_page_against_the_parser(piece: str) -> None:
    """Markup for which html.parser takes minutes goes through as text."""
    page_text(piece * (MAX_PAGE_BYTES // len(piece)))


def test_a_page_beside_a_file(tmp_path: Path) -> None:
    """Whoever hands in a file is graded by it, whatever its name, and what they typed is not."""
    members = {moodle("Jane Doe", 1, "hw3.py"): CODE, online("Jane Doe", 1): PAGE}
    found = collected(write_zip(tmp_path / "p.zip", members))
    assert found["Jane Doe", "huber"].source == CODE


def test_a_large_page(tmp_path: Path) -> None:
    """Nobody types that much: refused with a reason."""
    page = random.randbytes(MAX_PAGE_BYTES + 1)
    members = {online("Jane Doe", 1): page, moodle("Kim Lee", 2): CODE}
    found = collected(write_zip(tmp_path / "l.zip", members))
    assert found["Jane Doe", "huber"].status == "unreadable"
    assert "128 KiB" in found["Jane Doe", "huber"].reason.en
    assert found["Kim Lee", "huber"].status == "ready"
