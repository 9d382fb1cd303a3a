"""Which files a page is written to and linked by, and the table of who reads what."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.errors import UsageError
from grader.report import write_report
from grader.report.names import Names
from grader.report.pages_folder import NOTES
from grader.report.preferences import names_of, read_preferences, unknown_line
from grader.report.slugs import slug

from .pages import read
from .sample import sample

ADA = f"students/{slug('ada')}"


def files(names: Names, stem: str) -> dict[str, str]:
    """The language of each file of a page."""
    return {f: lang for lang in names.written(stem) for f in names.files(stem, lang)}


def test_all_languages() -> None:
    """English has the plain name, each page is linked in its own language."""
    names = Names()
    assert files(names, "index") == {"index.html": "en", "index.zh.html": "zh"}
    assert [names.file("index", lang) for lang in ("en", "zh")] == ["index.html", "index.zh.html"]
    assert [file for _, _, file in names.switch(ADA)] == [
        f"{slug('ada')}.html",
        f"{slug('ada')}.zh.html",
    ]


def test_one_language_has_the_plain_names_and_no_switch() -> None:
    """`--lang zh`."""
    names = Names(("zh",))
    assert files(names, "index") == {"index.html": "zh"}
    assert names.file("index", "zh") == "index.html"
    assert names.switch("index") == ()


def test_a_preferred_language_takes_the_plain_name() -> None:
    """It keeps its full name too, and the others are still there, each linked by its own."""
    names = Names(preferred={ADA: "zh"})
    assert files(names, ADA) == {
        f"{ADA}.html": "zh",
        f"{ADA}.zh.html": "zh",
        f"{ADA}.en.html": "en",
    }
    assert names.file(ADA, "en") == f"{ADA}.en.html"
    assert names.file(ADA, "zh") in files(names, ADA)
    assert files(names, "students/bob") == {"students/bob.html": "en", "students/bob.zh.html": "zh"}
    assert files(Names(preferred={ADA: "en"}), ADA) == {f"{ADA}.html": "en", f"{ADA}.zh.html": "zh"}


def test_one_language_and_another_for_one_student() -> None:
    """That student's page is in that language only, and links from everywhere arrive."""
    names = Names(("en",), {ADA: "zh"})
    assert files(names, ADA) == {f"{ADA}.html": "zh"}
    assert names.file(ADA, "en") == f"{ADA}.html"
    assert names.file("index", "zh") == "index.html"
    assert names.switch(ADA) == ()


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"ada,zh\n", "line 1 must be student,lang"),
        (b"", "line 1 must be student,lang"),
        (b"student,lang\nada\n", "line 2: 1 cells, must be 2"),
        (b"student,lang\nada,fr\n", "line 2: no language 'fr': there is en and zh"),
        (b"student,lang\nada,en\nada,zh\n", "line 3: 'ada' has another language further up"),
        (b'student,lang\n"ada,en\n', "not CSV"),
        (b"student,lang\n\xff,en\n", "byte 13 is not UTF-8"),
    ],
)
def test_a_bad_table_is_refused_in_one_line(tmp_path: Path, data: bytes, says: str) -> None:
    """The file, the line and what is wrong."""
    file = tmp_path / "who.csv"
    file.write_bytes(data)
    with pytest.raises(UsageError) as caught:
        read_preferences(file)
    assert says in str(caught.value)
    assert str(caught.value).startswith(str(file))
    assert "\n" not in str(caught.value)


def test_a_table_that_is_not_there(tmp_path: Path) -> None:
    """One line too."""
    with pytest.raises(UsageError, match="can't be read"):
        read_preferences(tmp_path / "none.csv")


def test_a_table_of_spreadsheet_programs(tmp_path: Path) -> None:
    """A byte order mark, their line ends, blanks, quotes and names of any script."""
    file = tmp_path / "who.csv"
    file.write_bytes('\ufeffStudent,Lang\r\n王小明, ZH\r\n\r\n"O, Pat",en\r\n'.encode())
    wanted = read_preferences(file)
    assert wanted == {"王小明": "zh", "O, Pat": "en"}
    names, unknown = names_of(sample(), None, wanted)
    assert names.preferred == {f"students/{slug('王小明')}": "zh"}
    assert unknown == ["O, Pat"]
    assert unknown_line([f"n{n}\x1b[31m" for n in range(9)]).endswith("'n4' and 4 more")


def test_pages_of_an_earlier_report_are_removed_and_nothing_else(tmp_path: Path) -> None:
    """Also after a run that was killed; what isn't the report's own text stays."""
    write_report(sample(), tmp_path)
    students = tmp_path / "students"
    mine = students / f"{slug('ada')}.zh.html"
    mine.write_text("changed by hand", encoding="utf-8")
    foreign = {tmp_path / "notes.zh.html", students / "backup.html", tmp_path / "results.json"}
    for file in foreign:
        file.write_text("x", encoding="utf-8")
    outside = tmp_path.parent / "outside.html"
    outside.write_text("", encoding="utf-8")
    empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    with (tmp_path / NOTES).open("a", encoding="utf-8") as notes:
        notes.write(f"{empty}  ../outside.html\nno note\n{empty}  /etc/passwd\n")
    write_report(sample(), tmp_path, Names(("zh",)))
    left = set(tmp_path.rglob("*.html")) | {tmp_path / "results.json"}
    assert foreign <= left
    assert mine in left
    assert outside.exists()
    assert {f for f in left if ".zh." in f.name} == {tmp_path / "notes.zh.html", mine}
    page = read((tmp_path / "index.html").read_text(encoding="utf-8"))
    assert page.one("html").attrs["lang"] == "zh-Hans"
    assert not page.all("ul", "langs")
