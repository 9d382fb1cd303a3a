"""Which entries of a directory are students, and which files of theirs are seen."""

from __future__ import annotations

import os
import socket
import stat
import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from grader.errors import UsageError
from grader.submissions import collect, find, find_students
from grader.submissions.find import MAX_DEPTH, walk

from .handins import SYMBOLS, zipped

if TYPE_CHECKING:
    from collections.abc import Callable


def _names(root: Path) -> list[str]:
    return [student.name for student in find_students(root)]


def test_directories_and_zips_sorted(tmp_path: Path) -> None:
    """Each directory and each zip is a student, by name; hidden files and litter are nobody."""
    for name in ("zoë", "ada", 'O\'Brien, Pat "PJ"', "王小明", "__MACOSX", "__pycache__", ".git"):
        (tmp_path / name).mkdir()
    (tmp_path / "bob.zip").write_bytes(zipped({"huber.py": b""}))
    (tmp_path / "eve.ZIP").write_bytes(zipped({"huber.py": b""}))
    for name in (".DS_Store", "grades.csv", ".hidden.zip"):
        (tmp_path / name).write_bytes(b"")
    assert _names(tmp_path) == ['O\'Brien, Pat "PJ"', "ada", "bob", "eve", "zoë", "王小明"]


def test_nfd_names_are_nfc(tmp_path: Path) -> None:
    """A name as a Mac writes it (NFD) is the same student as the one typed elsewhere."""
    (tmp_path / unicodedata.normalize("NFD", "luc-émile")).mkdir()
    assert _names(tmp_path) == [unicodedata.normalize("NFC", "luc-émile")]


def test_same_name_twice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`ada/` and `ada.zip` both appear, in the same way whatever order the system lists them in."""
    (tmp_path / "ada").mkdir()
    (tmp_path / "ada.zip").write_bytes(zipped({"huber.py": b""}))
    first = find_students(tmp_path)
    listed = os.listdir(tmp_path)
    monkeypatch.setattr(os, "listdir", lambda path: listed[::-1])
    assert find_students(tmp_path) == first
    assert [(s.name, s.kind) for s in first] == [("ada", "directory"), ("ada (ada.zip)", "zip")]
    assert first[0].notes == ()
    assert "more than one" in first[1].notes[0].en
    found = collect(first[1], SYMBOLS)
    assert found[0].student == "ada (ada.zip)"
    assert "more than one" in found[0].notes[0].en


def test_same_name_in_two_spellings(tmp_path: Path) -> None:
    """Two directories whose names differ only in NFC and NFD both appear, each with a name."""
    for form in ("NFC", "NFD"):
        (tmp_path / unicodedata.normalize(form, "é")).mkdir()
    names = _names(tmp_path)
    assert len(set(names)) == 2
    assert names[0] == "é"


def test_disambiguated_name_is_unused(tmp_path: Path) -> None:
    """The name made up for a second `ada` isn't that of a student who is really called so."""
    for name in ("ada", "ada (ada.zip)"):
        (tmp_path / name).mkdir()
    (tmp_path / "ada.zip").write_bytes(zipped({"huber.py": b""}))
    assert _names(tmp_path) == ["ada", "ada (ada.zip)", "ada (ada.zip) 2"]


def test_undecodable_name(tmp_path: Path) -> None:
    """A directory whose name isn't UTF-8 appears under a name that can be written to JSON."""
    os.mkdir(os.fsencode(tmp_path) + b"/caf\xe9")
    (student,) = find_students(tmp_path)
    assert student.name == "caf\\xe9"
    assert student.name.encode()
    assert "UTF-8" in student.notes[0].en
    assert collect(student, SYMBOLS)[0].origin.encode()


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda path: None, "there is no such directory"),
        (lambda path: path.write_text("x"), "is a file; give the directory"),
        (lambda path: path.write_bytes(zipped({"a.py": b""})), "unzip it"),
        (lambda path: path.mkdir(), "has no students"),
    ],
)
def test_nothing_to_grade(tmp_path: Path, make: object, says: str) -> None:
    """A path without students is a usage error: one line that names it and says how to mend it."""
    path = tmp_path / "class"
    make(path)  # type: ignore[operator]
    with pytest.raises(UsageError) as caught:
        find_students(path)
    assert says in str(caught.value)
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_zip_given_by_name(tmp_path: Path) -> None:
    """A `.zip` in place of the directory is told to be unzipped even if it is broken."""
    path = tmp_path / "class.zip"
    path.write_bytes(b"PK")
    with pytest.raises(UsageError, match="unzip it"):
        find_students(path)


def test_loose_files(tmp_path: Path) -> None:
    """A directory with only files in it says that each student needs a directory."""
    (tmp_path / "huber.py").write_text("")
    with pytest.raises(UsageError, match=r"huber\.py.*directory of their own"):
        find_students(tmp_path)


def test_student_link_is_not_followed(tmp_path: Path) -> None:
    """A student's entry that is a link appears, but nothing is read through it."""
    root, other = tmp_path / "class", tmp_path / "elsewhere"
    root.mkdir()
    other.mkdir()
    (other / "huber.py").write_text("x = 1")
    (root / "eve").symlink_to(other)
    (root / "grades.csv").symlink_to(other / "huber.py")
    (student,) = find_students(root)
    assert student.kind == "link"
    found = collect(student, SYMBOLS)
    assert [item.status for item in found] == ["unreadable"] * len(SYMBOLS)
    assert "link" in found[0].reason.en


@pytest.mark.parametrize(
    ("entry", "make", "says"),
    [
        ("eve.zip", os.mkfifo, "pipe"),
        ("eve", os.mkfifo, "pipe"),
        ("eve", lambda path: os.symlink("nowhere", path), "link"),
        ("eve", lambda path: os.symlink("eve", path), "link"),
        ("eve.zip", lambda path: os.symlink("/dev/zero", path), "link"),
        ("eve.rar", lambda path: path.write_bytes(b"Rar!"), "archive that isn't opened"),
        ("eve.tar.gz", lambda path: path.write_bytes(b""), "archive that isn't opened"),
    ],
)
def test_nobody_is_dropped_in_silence(
    tmp_path: Path, entry: str, make: Callable[[Path], object], says: str
) -> None:
    """What may be somebody's hand-in appears with a reason, though it is never opened."""
    make(tmp_path / entry)
    (student,) = find_students(tmp_path)
    assert student.name in ("eve", entry)
    for found in collect(student, SYMBOLS):
        assert found.status == "unreadable"
        assert says in found.reason.en


@pytest.mark.parametrize(
    ("entry", "shown"),
    [
        ("ada\u200b", "ada\\u200b"),
        ("ada\u202egnp.", "ada\\u202egnp."),
        ("ada\nbob", "ada\\nbob"),
        ("\x1b[2Jada\x1b]8;;x\x07", "\\x1b[2Jada\\x1b]8;;x\\x07"),
        ("ada ", "ada\\x20"),
        ("ada\u3164", "ada\\u3164"),
        ("Z" + "\u0301" * 5, "\u0179" + "\u0301" * 3 + "\\u0301"),
        ("ada\u200cb", "ada\\u200cb"),
        ("王\u3000小明", "王\u3000小明"),
        ("علی\u200cرضا", "علی\u200cرضا"),
        ('O\'Brien "PJ" <b>', 'O\'Brien "PJ" <b>'),
        ("..\u2215..\u2044etc", None),
        ("n" * 255, "n" * 255),
    ],
)
def test_names_show_what_is_in_them(tmp_path: Path, entry: str, shown: str | None) -> None:
    """Characters that can't be seen are escapes, with a note; a hidden folder stays nobody's."""
    (tmp_path / entry).mkdir()
    (tmp_path / "ada").mkdir()
    found = {student.name: student for student in find_students(tmp_path)}
    assert set(found) == {"ada"} | ({shown} if shown else set())
    if shown:
        assert bool(found[shown].notes) == (shown != entry)
        assert all("can't be seen" in note.en for note in found[shown].notes)


def test_hidden_characters_before_the_ending(tmp_path: Path) -> None:
    """What comes before `.zip` is the name, and its end is an end."""
    (tmp_path / "ada .zip").write_bytes(b"")
    (student,) = find_students(tmp_path)
    assert student.name == "ada\\x20"
    assert "can't be seen" in student.notes[0].en


def test_names_of_two_alphabets(tmp_path: Path) -> None:
    """A Cyrillic letter in a Latin word, which nobody can tell by looking, has a note."""
    for name in ("ada", "\u0430da", "Иван Petrov", "λ-ada"):
        (tmp_path / name).mkdir()
    notes = {student.name: student.notes for student in find_students(tmp_path)}
    assert [name for name in notes if notes[name]] == ["\u0430da"]
    assert "mixes CYRILLIC and LATIN letters" in notes["\u0430da"][0].en


def test_hidden_characters_in_file_names(tmp_path: Path) -> None:
    """A file's own name too is shown as what it is."""
    (tmp_path / "ada").mkdir()
    (tmp_path / "ada" / "huber\u202e.py").write_text("x = 1")
    found = collect(find_students(tmp_path)[0], SYMBOLS)[0]
    assert "if `huber\\u202e.py` is meant, rename it" in found.reason.en


def test_links_inside(tmp_path: Path) -> None:
    """A link to the student's own file is read; one that leads out, or to nothing, is refused."""
    (tmp_path / "secret.py").write_text("SECRET = 1")
    home = tmp_path / "class" / "ada"
    home.mkdir(parents=True)
    (home / "mine.txt").write_text("x = 1")
    (home / "huber.py").symlink_to("mine.txt")
    (home / "dense.py").symlink_to(tmp_path / "secret.py")
    (home / "huber_metric.py").symlink_to("nowhere.py")
    (home / "up").symlink_to(tmp_path)
    found = {s.exercise: s for s in collect(find_students(home.parent)[0], SYMBOLS)}
    assert found["huber"].source == b"x = 1"
    assert found["dense"].status == found["huber_metric"].status == "unreadable"
    assert found["dense"].source == b""
    assert "copy of the file" in found["dense"].reason.en


def test_loop_of_links(tmp_path: Path) -> None:
    """Links in a circle end in a reason."""
    home = tmp_path / "class" / "ada"
    home.mkdir(parents=True)
    (home / "huber.py").symlink_to("dense.py")
    (home / "dense.py").symlink_to("huber.py")
    found = collect(find_students(home.parent)[0], SYMBOLS)
    assert found[0].status == "unreadable"


def test_pipes_and_sockets_are_not_opened(tmp_path: Path) -> None:
    """A FIFO, which would block whoever opens it, and a socket are refused unopened."""
    home = tmp_path / "class" / "ada"
    home.mkdir(parents=True)
    os.mkfifo(home / "huber.py")
    with socket.socket(socket.AF_UNIX) as listener:
        cwd = os.open(home, os.O_RDONLY)
        listener.bind(f"/proc/self/fd/{cwd}/dense.py")
        os.close(cwd)
        found = {s.exercise: s for s in collect(find_students(home.parent)[0], SYMBOLS)}
    assert found["huber"].status == found["dense"].status == "unreadable"


def test_devices_are_not_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A device (here one that only looks like it: making one takes privileges) stays unopened."""
    home = tmp_path / "class" / "ada"
    home.mkdir(parents=True)
    (home / "huber.py").write_text("x = 1")
    (home / "dense.py").symlink_to("/dev/zero")
    real = Path.lstat

    def lstat(path: Path) -> os.stat_result:
        found = list(real(path))
        if path.name == "huber.py":
            found[0] = stat.S_IFCHR | 0o666
        return os.stat_result(found)

    monkeypatch.setattr(Path, "lstat", lstat)
    monkeypatch.setattr(find, "_is_file", lambda item: False)  # as of a device
    found = {s.exercise: s for s in collect(find_students(home.parent)[0], SYMBOLS)}
    assert found["huber"].status == found["dense"].status == "unreadable"


def test_unreadable_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Folders that can't be read are told, a few of them: the notes go into every row."""
    for number in range(30):
        (tmp_path / f"d{number}").mkdir()
    real = os.scandir

    def scandir(path: Path) -> object:
        if path != tmp_path:
            raise PermissionError(13, "Permission denied")
        return real(path)

    monkeypatch.setattr(os, "scandir", scandir)
    notes = walk(tmp_path).notes
    assert 0 < len(notes) < 10
    assert "the folder `d0/` can't be read (Permission denied)" in notes[0].en


def test_unreadable_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that the grader may not read is told so."""
    (tmp_path / "ada").mkdir()
    (tmp_path / "ada" / "huber.py").write_text("x = 1")

    def refuse(*args: object) -> int:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "open", refuse)
    found = collect(find_students(tmp_path)[0], SYMBOLS)[0]
    assert found.reason.en == "`huber.py` can't be read (Permission denied)"


def test_directory_called_like_the_file(tmp_path: Path) -> None:
    """A folder `huber.py/` is a folder: the file in it is found."""
    home = tmp_path / "class" / "ada" / "huber.py"
    home.mkdir(parents=True)
    (home / "huber.py").write_text("x = 1")
    found = collect(find_students(tmp_path / "class")[0], SYMBOLS)
    assert found[0].origin == "ada/huber.py/huber.py"


def test_walk_bounds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Absurdly deep and absurdly many files are left out with a note, shallow ones come first."""
    path = tmp_path.joinpath(*["d"] * (MAX_DEPTH + 2))
    path.mkdir(parents=True)
    (path / "huber.py").write_text("")
    tree = walk(tmp_path)
    assert tree.entries == ()
    assert "deep" in tree.notes[0].en
    monkeypatch.setattr("grader.submissions.find.MAX_ENTRIES", 3)
    for name in "abce":
        (tmp_path / name).write_text("")
    tree = walk(tmp_path)
    assert [entry.path for entry in tree.entries] == ["a", "b", "c"]
    assert "more than 3" in tree.notes[0].en


def test_folder_that_vanishes(tmp_path: Path) -> None:
    """A student's directory that can't be read makes each exercise unreadable, saying so."""
    (tmp_path / "ada").mkdir()
    (student,) = find_students(tmp_path)
    (tmp_path / "ada").rmdir()
    found = collect(student, SYMBOLS)
    assert {item.status for item in found} == {"unreadable"}
    assert "can't be read" in found[0].reason.en
