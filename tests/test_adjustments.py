"""adjustments.csv: read as spreadsheets write it, written to come back, put into results."""

from __future__ import annotations

import csv
import dataclasses
import io
import re
import subprocess
import sys
import unicodedata
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec import structs

from grader import folders
from grader.adjustments import (
    FILE,
    ByHand,
    Entry,
    Source,
    Table,
    add,
    entry,
    for_grading,
    read_adjustments,
    settle,
    with_adjustments,
)
from grader.adjustments import apply as applying
from grader.adjustments.table import MOST_REASON, Layout, parse, to_text
from grader.errors import UsageError
from grader.replaced import earlier
from grader.results import Adjustment, Results, Row, from_json, mark, read_results, to_json

from .report.sample import ATTEMPTS, HUBER, LATE, MARKS, STUDENTS, graded, marked, sample
from .test_cli import call, refused

HEADER = "student,exercise,change,total,reason,staff\r\n"
STARTS = tuple("=+-@＝＋－＠")
PAT = STUDENTS[1]
STEADY = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
"""However busy the machine is."""


def table(text: str) -> Table:
    """The table in a text."""
    return parse(text.encode(), "a.csv")


def wrong(data: str | bytes) -> str:
    """The one line that a malformed table is told."""
    with pytest.raises(UsageError) as error:
        parse(data.encode() if isinstance(data, str) else data, "a.csv")
    said = str(error.value)
    assert said.startswith("a.csv: ")
    assert "\n" not in said
    assert len(said) < 400
    return said.removeprefix("a.csv: ")


def of(*students: str) -> Results:
    """The sample's course, of which these students have everything but one check of Huber's."""
    rows = tuple(graded(name, HUBER, "failed") for name in students)
    return dataclasses.replace(sample(), results=rows)


def row(results: Results, student: str, exercise: str = "huber") -> Row:
    """A row of some results."""
    (found,) = [r for r in results.results if (r.student, r.exercise) == (student, exercise)]
    return found


# -- the table as spreadsheets write it ------------------------------------------------------------

PLAIN = HEADER + 'ada,huber,+2,,"the graph, explained",Dr. M\r\nbob,huber,,3.5,oral exam,\r\n'
READ = (
    Entry("ada", "huber", Adjustment("the graph, explained", 2.0, None, "Dr. M"), 2),
    Entry("bob", "huber", Adjustment("oral exam", None, 3.5), 3),
)


@pytest.mark.parametrize(
    ("data", "layout"),
    [
        pytest.param(PLAIN.encode(), Layout(","), id="plain"),
        pytest.param(PLAIN.encode("utf-8-sig"), Layout(","), id="byte order mark"),
        pytest.param(PLAIN.replace("\r\n", "\n").encode(), Layout(","), id="Unix lines"),
        pytest.param(PLAIN.replace("\r\n", "\r").encode(), Layout(","), id="old Mac lines"),
        pytest.param(PLAIN.rstrip().encode(), Layout(","), id="no end of line"),
        pytest.param(PLAIN.replace("\r\n", ",,\r\n").encode(), Layout(","), id="empty columns"),
        pytest.param(
            PLAIN.replace("bob,huber,,3.5,oral exam,", "bob,huber,,3.5,oral exam").encode(),
            Layout(","), id="a cell less",
        ),
        pytest.param(
            (b"student;exercise;change;total;reason;staff\r\n"
             b"ada;huber;2,0;;the graph, explained;Dr. M\r\nbob;huber;;3,5;oral exam;\r\n"),
            Layout(";"), id="semicolons and decimal commas",
        ),
        pytest.param(
            ("student\texercise\tchange\ttotal\treason\tstaff\r\n"
             "ada\thuber\t2\t\tthe graph, explained\tDr. M\r\nbob\thuber\t\t3,5\toral exam\t\r\n"
             ).encode("utf-16"),
            Layout("\t", "utf-16"), id="Excel's Unicode text",
        ),
        pytest.param(
            (b"Reason , Staff,TOTAL,Change,exercise,Student\r\n"
             b'"the graph, explained",Dr. M,,\'+2,huber,ada\r\noral exam,,3.50,,huber, bob \r\n'
             ),
            Layout(","), id="another order, spaces, an apostrophe for a plus",
        ),
    ],
)  # fmt: skip
def test_as_spreadsheets_write_it(data: bytes, layout: Layout) -> None:
    """Excel and LibreOffice, in any locale: one table."""
    assert parse(data, "a.csv") == Table(READ, layout)


def test_empty_lines_are_passed_over_and_counted() -> None:
    """Lines that spreadsheets add, and in cells; numbers are those of the file's lines."""
    text = f'\r\n{HEADER},,,,,\r\nada,huber,1,,"a\r\nb",\r\n\r\n,,\r\nbob,huber,1,,r,\r\n'
    ada, bob = table(text).entries
    assert ada.adjustment.reason == "a\r\nb"
    assert (ada.line, bob.line) == (4, 8)


def test_without_the_columns_that_arent_needed() -> None:
    """No staff, no total: three columns and one of points."""
    (found,) = table("student,exercise,change,reason\nada,huber,-1.5,copied a line\n").entries
    assert found.adjustment == Adjustment("copied a line", -1.5)


def test_nothing_but_a_header() -> None:
    """A table that somebody has begun."""
    assert table(HEADER).entries == ()


@pytest.mark.parametrize("minus", ["-", "−"])
def test_numbers(minus: str) -> None:
    """With a typographic minus, too; to four decimals, as results have points."""
    (found,) = table(f"{HEADER}ada,huber,{minus}0.33333333,,r,\n").entries
    assert found.adjustment.change == -0.3333


# -- tables that are none: one line each -----------------------------------------------------------


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ("ada,huber,2,,,", "line 2: no reason: write one; the student reads it"),
        ("ada,huber,2,,  ,", "line 2: no reason"),
        (",huber,2,,r,", "line 2: no student: write one"),
        ("ada,,2,,r,", "line 2: no exercise: write one"),
        ("ada,huber,,,r,", "line 2: neither change nor total: write either change (points to add"),
        ("ada,huber,1,2,r,", "line 2: both change and total: write either"),
        ("ada,huber,two,,r,", "line 2: change is 'two', no number of points: write it like 1.5"),
        ('ada,huber,"1,5",,r,', "line 2: change is '1,5', no number of points: write it like 1.5"),
        ("ada,huber,1e3,,r,", "line 2: change is '1e3', no number"),
        ("ada,huber,nan,,r,", "line 2: change is 'nan', no number"),
        ("ada,huber,٢,,r,", "line 2: change is '٢', no number"),
        ("ada,huber,1234567890,,r,", "line 2: change is '1234567890', no number"),
        ("ada,huber,999999999.99999,,r,", "line 2: change is '999999999.99999', no number"),
        ("ada,huber,=1+1,,r,", "line 2: change is '=1+1', no number"),
        ("ada,huber,,-1,r,", "line 2: a total is not below 0"),
        ("ada,huber,2,,r,M,more", "line 2: a cell stands outside of the columns: a text that hold"),
        (
            "ada,huber,2,,r,\nbob,huber,1,,r,\nada,huber,,3,r,",
            "line 4: 'ada' has 'huber' in line 2 already: make one line of them",
        ),
        (
            "a,huber,2,,,\nb,huber,2,,r,\nc,huber,,,r,\nd,huber,x,,r,",
            "line 2: no reason: write one; the student reads it (to mend, too: line 4, 5)",
        ),
        (
            "\n".join(f"s{n},huber,x,,r," for n in range(9)),
            "line 2: change is 'x', no number of points: write it like 1.5 or -2 (to mend, too: "
            "line 3, 4, 5, 6, 7, …)",
        ),
        ('ada,huber,2,,"r,', "line 2: not CSV (unexpected end of data): save it from"),
        ('ada,huber,2,,"r"x,', "line 2: not CSV ("),
        ("ada,huber,2,," + "r" * (MOST_REASON + 1) + ",", "line 2: reason has 2001 characters"),
        ("ada,huber,2,,r," + "M" * 300, "line 2: staff has 300 characters: 200 at most"),
        ("a" * 5000 + ",huber,2,,r,", "line 2: student has 5000 characters: 4096 at most"),
        ("ada,huber,2,," + "r" * 10**6 + ",", "line 2: not CSV (field larger than field limit"),
        ("\u202e\x1b[31m" * 9 + "ada,huber,2,,,", "line 2: no reason"),
    ],
)  # fmt: skip
def test_lines_that_are_wrong(lines: str, said: str) -> None:
    """Each is told with its number and how to mend it, the others with their numbers."""
    assert wrong(HEADER.replace("\r", "") + lines).startswith(said)


@pytest.mark.parametrize(
    ("header", "said"),
    [
        ("", "line 1: the column student is missing: the first line must be student,exercise,chan"),
        (
            "ada,huber,2,,r,",
            "line 1: there is no column 'ada': the first line must be student,exer",
        ),
        ("student,exercise,reason", "line 1: the column change is missing: the first line must be"),
        ("student,exercise,change", "line 1: the column reason is missing"),
        ("student,student,exercise,change,reason", "line 1: the column student is there twice"),
        ("student,exercise,change,reason,staf", "line 1: there is no column 'staf'"),
    ],
)
def test_headers_that_are_wrong(header: str, said: str) -> None:
    """A column that is spelled otherwise isn't passed over in silence."""
    assert wrong(header).startswith(said)


def test_files_that_are_no_text() -> None:
    """Another encoding, and half of one."""
    assert wrong(HEADER.encode() + b"m\xfcller,huber,1,,r,").startswith(
        "byte 45 is not UTF-8: save it as “CSV UTF-8”"
    )
    assert wrong("ada".encode("utf-16") + b"\x00").startswith("byte 8 is not UTF-16")


def test_a_semicolon_file_is_told_of_its_own_numbers() -> None:
    """The example in the message is written as the file's numbers are."""
    text = "student;exercise;change;reason\nada;huber;1.5.2;r\n"
    assert wrong(text).endswith("write it like 1,5 or -2")


def test_files_that_cant_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not there, a directory, endless."""
    with pytest.raises(
        UsageError, match=r"a.csv: can't be read \(No such file or directory\): `gra"
    ):
        read_adjustments(tmp_path / "a.csv")
    with pytest.raises(UsageError, match=r"can't be read \(Is a directory\)"):
        read_adjustments(tmp_path)
    (tmp_path / "a.csv").write_bytes(b"x" * 20_000_001)
    with pytest.raises(UsageError, match="larger than 20 MB: no table of changes"):
        read_adjustments(tmp_path / "a.csv")


def test_too_many_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    """A bound that no class comes near to."""
    monkeypatch.setattr("grader.adjustments.table.MOST_LINES", 3)
    assert len(table(HEADER + "".join(f"s{n},huber,1,,r,\n" for n in range(3))).entries) == 3
    assert wrong(HEADER + "".join(f"s{n},huber,1,,r,\n" for n in range(4))).startswith(
        "more than 3"
    )


# -- what is written comes back --------------------------------------------------------------------

texts = st.text(
    st.characters(exclude_categories=("Cs",)) | st.sampled_from("=+-@'\",;\t\r\n＝\x00\u202e<&"),
    max_size=40,
).filter(lambda text: text.strip())
points = st.integers(-(10**9) + 1, 10**9 - 1).map(lambda n: n / 10_000)


@st.composite
def entries(draw: st.DrawFn) -> tuple[Entry, ...]:
    """Entries that may stand in one table."""
    made = {}
    for _ in range(draw(st.integers(0, 4))):
        change = draw(st.none() | points)
        total = abs(draw(points)) if change is None else None
        staff = draw(texts | st.just(""))
        one = entry(draw(texts), draw(texts), draw(texts), staff, change, total)
        made[one.key] = one
    return tuple(made.values())


@STEADY
@given(entries(), st.sampled_from([Layout(), Layout(";"), Layout("\t", "utf-16")]))
def test_what_is_written_comes_back(made: tuple[Entry, ...], layout: Layout) -> None:
    """Whatever names and reasons say, in each layout; and the layout stays."""
    data = to_text(Table(made, layout)).encode(layout.encoding)
    found = parse(data, "a.csv")
    assert tuple(dataclasses.replace(one, line=0) for one in found.entries) == made
    assert found.layout == layout


@STEADY
@given(entries())
def test_no_cell_begins_a_formula(made: tuple[Entry, ...]) -> None:
    """What a spreadsheet program reads as a text stays one; numbers are numbers."""
    for cells in list(csv.reader(io.StringIO(to_text(Table(made)), newline="")))[1:]:
        for place, cell in enumerate(cells):
            if place in (2, 3):
                assert re.fullmatch(r"(-?\d+(\.\d+)?)?", cell)
            else:
                assert not cell.startswith(STARTS)


@pytest.mark.parametrize("reason", ["=1+1", "'=1+1", "''=x", "@x", "+1", "-", "'", "'x", "＝x"])
def test_reasons_that_look_like_formulas(reason: str) -> None:
    """Come back as they were meant; so does an apostrophe that belongs to them."""
    text = to_text(Table((entry("ada", "huber", reason, "", 1.0, None),)))
    assert table(text).entries[0].adjustment.reason == reason


def test_bytes_of_a_command_line_that_are_no_text() -> None:
    """Half a character in a terminal of another encoding isn't written."""
    with pytest.raises(UsageError, match="reason isn't text in UTF-8"):
        entry("ada", "huber", "m\udcfcndlich", "", 1.0, None)


# -- the file, one person at a time ----------------------------------------------------------------


def test_adding_and_replacing(tmp_path: Path) -> None:
    """One line per student and exercise, the others stay in their order; and the layout."""
    path = tmp_path / "deep" / FILE
    assert not add(path, entry("ada", "huber", "one", "", 1.0, None))
    assert not add(path, entry("bob", "huber", "two", "", 1.0, None))
    assert add(path, entry("ada", "huber", "three", "M", None, 2.0))
    assert (
        path.read_bytes()
        == (
            '\ufeff"student","exercise","change","total","reason","staff"\r\n'
            '"ada","huber","","2","three","M"\r\n"bob","huber","1","","two",""\r\n'
        ).encode()
    )
    path.write_bytes("student;exercise;change;reason\nada;huber;1,5;x\n".encode("utf-16"))
    add(path, entry("bob", "huber", "y", "", -0.25, None))
    assert path.read_bytes().decode("utf-16").splitlines()[1:] == [
        '"ada";"huber";"1,5";"";"x";""', '"bob";"huber";"-0,25";"";"y";""',
    ]  # fmt: skip


def test_adding_through_a_link(
    tmp_path: Path, out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """It stays a link; and what is to be run next names a file that lies elsewhere."""
    (tmp_path / "there").mkdir()
    link, real = tmp_path / "link.csv", tmp_path / "there" / FILE
    link.symlink_to(real)
    args = (*WHO, "--change", "1", "--reason", "r", "--adjustments", link)
    status, said, _ = call("adjust", out, *args, capsys=capsys)
    assert (status, said.splitlines()[1]) == (
        0,
        f"next: grader report {out / 'results.json'} --adjustments {link}",
    )
    assert link.is_symlink()
    assert [one.student for one in read_adjustments(real).entries] == ["ada"]


def test_adding_to_a_file_that_is_malformed(tmp_path: Path) -> None:
    """Nothing of it is thrown away."""
    (tmp_path / FILE).write_text("what is this\n")
    with pytest.raises(UsageError, match="line 1: there is no column 'what is this'"):
        add(tmp_path / FILE, entry("ada", "huber", "r", "", 1.0, None))
    assert (tmp_path / FILE).read_text() == "what is this\n"


def test_adding_where_nothing_can_be_written(tmp_path: Path) -> None:
    """One line."""
    (tmp_path / "file").write_text("x")
    with pytest.raises(UsageError, match=r"file/x: nothing can be written there"):
        add(tmp_path / "file" / "x" / FILE, entry("ada", "huber", "r", "", 1.0, None))


def test_a_name_that_is_too_long(tmp_path: Path) -> None:
    """The file system's refusal is a line, too."""
    with pytest.raises(UsageError, match="can't be written") as caught:
        add(tmp_path / ("x" * 300 + ".csv"), entry("ada", "huber", "r", "", 1.0, None))
    assert "\n" not in str(caught.value)


def test_staff_at_the_same_time(tmp_path: Path) -> None:
    """Nobody's line is lost, also while a grader holds the directory."""
    path = tmp_path / FILE

    def write(who: int) -> None:
        for n in range(10):
            add(path, entry(f"student {who}", f"exercise {n}", "r", "", 1.0, None))

    with folders.alone_in(tmp_path), ThreadPoolExecutor(8) as pool:
        list(pool.map(write, range(8)))
    assert len(read_adjustments(path).entries) == 80


# -- put into results ------------------------------------------------------------------------------


def test_the_points_stay_and_the_mark_is_made() -> None:
    """A change and a total; who isn't named stays as he is; and nothing else changes."""
    before = of("ada", "bob", "eve")
    found = applying.apply(before, READ, "a.csv")
    assert (found.changed, found.count, found.dropped, found.warnings) == (True, 2, 0, ())
    assert row(found.results, "ada").mark == mark(7.0, None, READ[0].adjustment)
    assert row(found.results, "ada").counts == 9.0
    assert row(found.results, "bob").counts == 3.5
    assert row(found.results, "eve") is row(before, "eve")
    plain = [structs.replace(one, mark=None) for one in found.results.results]
    assert plain == list(before.results)


def test_lateness_and_attempts_stay() -> None:
    """What the grading found is kept with the change, and without it again."""
    late = structs.replace(graded("ada", HUBER, "failed"), mark=mark(7.0, LATE, None, ATTEMPTS))
    before = dataclasses.replace(sample(), results=(late,))
    found = applying.apply(before, READ[:1], "a.csv").results
    assert row(found, "ada").mark == mark(7.0, LATE, READ[0].adjustment, ATTEMPTS)
    assert row(found, "ada").counts == 7.0
    assert applying.apply(found, (), "a.csv").results == before


def test_points_of_many_digits_make_the_mark_that_their_rounding_makes() -> None:
    """What a grading wrote doesn't change when it is read again."""
    before = of("ada")
    late = dataclasses.replace(LATE, penalty=3.0536)
    (only,) = before.results
    only = structs.replace(only, points=3.07815, mark=mark(3.07815, late))
    written = from_json(to_json(dataclasses.replace(before, results=(only,))))
    assert not applying.apply(written, (), "a.csv").changed


def test_twice_is_once() -> None:
    """The same table again changes nothing, and says so."""
    once = applying.apply(of("ada", "bob"), READ, "a.csv")
    again = applying.apply(once.results, READ, "a.csv")
    assert (again.changed, again.count) == (False, 2)
    assert again.results is once.results


def test_what_the_table_doesnt_name_any_more_is_dropped() -> None:
    """And counted."""
    found = applying.apply(marked(), (), "a.csv")
    by_hand = [hand for _, hand, _ in MARKS.values() if hand]
    assert (found.changed, found.dropped) == (True, len(by_hand))
    assert not [r for r in found.results.results if r.mark and r.mark.adjustment]
    assert row(found.results, "missing-mo", "precision").mark is None
    assert row(found.results, PAT).mark == mark(5.0, LATE, None, ATTEMPTS)


def test_names_are_compared_as_people_read_them() -> None:
    """However a file system or a spreadsheet composes an é."""
    name = unicodedata.normalize("NFD", "Renée Müller")
    for there, said in (
        (name, "Renée Müller"),
        ("Renée Müller", name),
        ("Renée Müller", " Renée Müller "),
    ):
        found = applying.apply(of(there), (entry(said, "huber", "r", "", 1.0, None),), "a.csv")
        assert found.count == 1, (there, said)
    twins = of(name, "Renée Müller")
    found = applying.apply(twins, (entry(name, "huber", "r", "", 1.0, None, 2),), "a.csv")
    assert found.count == 0
    assert found.warnings[0].startswith("a.csv: line 2: two students are called")


def test_who_isnt_there_is_warned_of() -> None:
    """Student, exercise, and a row; with what may have been meant."""
    made = tuple(
        entry(student, exercise, "r", "", 1.0, None, line)
        for line, (student, exercise) in enumerate(
            [("adda", "huber"), ("zoe", "huber"), ("ada", "hubber"), ("ada", "precision")], 2
        )
    )
    found = applying.apply(of("ada", "bob"), made, "a.csv")
    assert not found.changed
    assert found.warnings == (
        "a.csv: line 2: no student 'adda' in these results; is 'ada' meant?",
        "a.csv: line 3: no student 'zoe' in these results",
        "a.csv: line 4: no exercise 'hubber' in these results; is 'huber' meant?",
        "a.csv: line 5: 'ada' has no row for 'precision' in these results",
    )


def test_many_strangers_are_cut() -> None:
    """A batch of one student with the changes of a whole class."""
    made = tuple(entry(f"s{n}", "huber", "r", "", 1.0, None, n) for n in range(2, 100))
    found = applying.apply(of("ada"), made, "a.csv")
    assert len(found.warnings) == 6
    assert found.warnings[-1] == "a.csv: and 93 more lines like these"


def test_changes_that_may_not_do_what_was_meant() -> None:
    """More than the maximum; a change where the grader failed and no points are known."""
    made = (
        entry("almost-al", "huber", "r", "", 1.0, None, 2),
        entry("luc-émile", "pipeline", "r", "", 3.0, None, 3),
        entry("ada", "huber", "r", "", None, 100.0, 4),
        entry("Ada", "huber", "r", "", None, 10.0, 5),
    )
    assert applying.apply(sample(), made, "a.csv").warnings == (
        "a.csv: line 2: the grader failed on 'huber' of 'almost-al', so a change alone is no grade:"
        " give a total, or grade again",
        "a.csv: line 3: the grader failed on 'pipeline' of 'luc-émile', so a change alone is no"
        " grade: give a total, or grade again",
        "a.csv: line 4: 'huber' of 'ada' counts for 100 of 10 points now",
    )


@STEADY
@given(entries())
def test_marks_that_are_made_can_be_stored(made: tuple[Entry, ...]) -> None:
    """Whatever staff writes: results.json holds it, and the same table makes the same of it."""
    named = [dataclasses.replace(one, exercise="huber") for one in made]
    before = of(*{one.key[0]: one.student for one in named}.values())
    found = applying.apply(before, {one.key: one for one in named}.values(), "a.csv").results
    assert from_json(to_json(found)) == found


# -- beside results.json ---------------------------------------------------------------------------


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """A folder with results, and nothing else."""
    (tmp_path / "results.json").write_text(to_json(of("ada", "bob")), "utf-8")
    return tmp_path


def test_results_are_written_anew_only_if_they_change(out: Path) -> None:
    """With the table, with the same again, and without it."""
    path = out / "results.json"
    stamp = path.stat().st_ino
    assert settle(path, None).told == ()
    assert path.stat().st_ino == stamp
    (out / FILE).write_text(PLAIN)
    settled = settle(path, None)
    assert settled.told == (f"changed by hand: 2 result(s), by {out / FILE}",)
    assert read_results(path) == settled.results
    assert row(settled.results, "ada").counts == 9.0
    stamp = path.stat().st_ino
    settle(path, None)
    assert path.stat().st_ino == stamp
    (out / FILE).unlink()
    assert settle(path, None).warnings == (
        f"2 change(s) by hand that the results had are gone: {out / FILE} isn't there; if the file"
        " lies elsewhere, name it with --adjustments",
    )
    assert read_results(path) == of("ada", "bob")


def test_reading_with_changes_writes_nothing(out: Path) -> None:
    """An export has them, the results don't."""
    (out / FILE).write_text(PLAIN)
    before = (out / "results.json").read_bytes()
    assert row(with_adjustments(out / "results.json", None).results, "ada").counts == 9.0
    assert (out / "results.json").read_bytes() == before


def test_a_file_that_lies_elsewhere(out: Path) -> None:
    """Counts instead of the one beside the results; and must be there."""
    (out / FILE).write_text(PLAIN)
    (out / "other.csv").write_text(f"{HEADER}bob,huber,1,,r,\n")
    found = with_adjustments(out / "results.json", out / "other.csv").results
    assert (row(found, "ada").counts, row(found, "bob").counts) == (7.0, 8.0)
    with pytest.raises(UsageError, match=r"gone\.csv: can't be read"):
        with_adjustments(out / "results.json", out / "gone.csv")


def test_results_arent_changed_under_a_grader(out: Path) -> None:
    """Its results would be overwritten, or these by its own."""
    (out / FILE).write_text(PLAIN)
    with folders.alone_in(out), pytest.raises(UsageError, match="another grader is writing to"):
        settle(out / "results.json", None)


def put(
    begun: Callable[[Iterable[tuple[str, str]], int], ByHand], results: Results, had: int = 0
) -> tuple[Results, tuple[str, ...]]:
    """The results as a grading makes them, row by row, and its warnings."""
    changes = begun([(row.student, row.exercise) for row in results.results], had)
    rows = tuple(map(changes.row, results.results))
    return dataclasses.replace(results, results=rows), changes.warnings(
        {e.id for e in results.exercises}
    )


def test_a_grading_reads_the_table_first_and_last(tmp_path: Path) -> None:
    """A malformed one stops it before it begins; what changes meanwhile counts, unless it is
    malformed by then: no night is lost for it."""
    path = tmp_path / FILE
    path.write_text("student\n")
    with pytest.raises(UsageError, match="line 1: the column exercise is missing"):
        for_grading(Source(tmp_path))
    path.write_text(PLAIN)
    begun = for_grading(Source(tmp_path))
    path.write_text(f"{HEADER}ada,huber,,1,r,\n")
    assert row(put(begun, of("ada"))[0], "ada").counts == 1.0
    path.write_text(f"{HEADER}ada,huber,,,r,\n")
    results, (warning,) = put(begun, of("ada", "bob"))
    assert row(results, "ada").counts == 9.0
    assert warning.startswith(f"{path}: line 2: neither change nor total")
    assert warning.endswith("; what the file said before the grading was put in")
    path.unlink()
    assert row(put(begun, of("ada"))[0], "ada").mark is None


def test_a_grading_says_what_is_lost(out: Path) -> None:
    """Results with changes are graded anew, and the table isn't there: staff is told how many."""
    (out / FILE).write_text(PLAIN)
    settle(out / "results.json", None)
    (out / FILE).unlink()
    begun, had = for_grading(Source(out)), earlier(out / "results.json").changes
    assert put(begun, of("ada"), had)[1] == (
        f"2 change(s) by hand that the results had are gone: {out / FILE} isn't there; if the file"
        " lies elsewhere, name it with --adjustments",
    )
    (out / FILE).write_text(PLAIN)  # somebody brings it back in the night
    assert put(begun, of("ada", "bob"), had)[1] == ()
    (out / "results.json").write_text(to_json(of("ada")), "utf-8")
    (out / FILE).unlink()
    assert earlier(out / "results.json").changes == 0


# -- the commands ----------------------------------------------------------------------------------


def test_adjust_then_report(out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The line is written, the report shows it, results.json has it."""
    who = ("--student", "ada", "--exercise", "huber")
    status, said, err = call(
        "adjust", out, *who, "--change", "+2", "--reason", "=SUM(1)", capsys=capsys
    )
    assert (status, err) == (0, "")
    assert said == f"added to: {out / FILE}\nnext: grader report {out / 'results.json'}\n"
    total = ("--total", "8.5", "--reason", "=SUM(1)", "--staff", "M")
    call("adjust", out / "results.json", *who, *total, capsys=capsys)
    (made,) = read_adjustments(out / FILE).entries
    assert made.adjustment == Adjustment("=SUM(1)", None, 8.5, "M")
    status, said, err = call("report", out / "results.json", capsys=capsys)
    assert (status, err) == (0, "")
    assert said.splitlines()[0] == f"changed by hand: 1 result(s), by {out / FILE}"
    assert row(read_results(out / "results.json"), "ada").counts == 8.5
    assert "=SUM(1)" in (out / "index.html").read_text("utf-8")
    (out / FILE).unlink()
    status, said, err = call("report", out / "results.json", capsys=capsys)
    assert (status, err.count("\n")) == (0, 1)
    assert "1 change(s) by hand that the results had are gone" in err
    assert "=SUM(1)" not in (out / "index.html").read_text("utf-8")


def test_adjust_before_grading(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Without results nobody can be looked up; the line waits for them."""
    args = ("--student", "zoe", "--exercise", "huber", "--change", "-1", "--reason", "r", "--quiet")
    assert call("adjust", tmp_path, *args, capsys=capsys) == (0, "", "")
    assert (
        call("adjust", tmp_path, "--adjustments", tmp_path / "x.csv", *args, capsys=capsys)[0] == 0
    )
    assert read_adjustments(tmp_path / "x.csv") == read_adjustments(tmp_path / FILE)


WHO = ("--student", "ada", "--exercise", "huber")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((*WHO, "--change", "2"), "no reason: write one; the student reads it"),
        ((*WHO, "--reason", "r"), "neither change nor total: write either"),
        ((*WHO, "--reason", "r", "--change", "1", "--total", "2"), "both change and total"),
        ((*WHO, "--reason", "r", "--total", "-2"), "a total is not below 0"),
        (
            (*WHO, "--reason", "r", "--change", "two"),
            "Invalid value for '--change': 'two' is no number of points, such as 2 or -1.5;",
        ),
        ((*WHO, "--reason", "r", "--change", "nan"), "Invalid value for '--change': 'nan' is no"),
        (("--exercise", "huber", "--reason", "r", "--change", "1"), "no student: write one"),
        (("--student", "ada", "--reason", "r", "--change", "1"), "no exercise: write one"),
        (
            ("--student", "adda", "--exercise", "huber", "--reason", "r", "--change", "1"),
            "no student 'adda' in the results; there is, for example: 'ada'",
        ),
        (
            ("--student", "ada", "--exercise", "x", "--reason", "r", "--change", "1"),
            "no exercise 'x' in the results; there is, for example: 'huber', 'pip",
        ),
        ((*WHO, "--list"), "--list shows all changes and makes none: leave the others out"),
        ((*WHO, "--change", "1", "--reason", "x" * 2001), "reason has 2001 characters: 2000"),
    ],
)  # fmt: skip
def test_wrong_calls(
    arguments: tuple[str, ...], said: str, out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """One line, and nothing is written."""
    assert refused("adjust", out, *arguments, capsys=capsys).startswith(said)
    assert not (out / FILE).exists()


def test_two_students_of_one_name(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Nobody is guessed."""
    twins = of("Ren\u00e9", "Rene\u0301")
    (tmp_path / "results.json").write_text(to_json(twins), "utf-8")
    args = ("--student", "Ren\u00e9", "--exercise", "huber", "--change", "1", "--reason", "r")
    assert "rename one of their directories" in refused("adjust", tmp_path, *args, capsys=capsys)


def test_a_folder_that_isnt_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Isn't made: most likely it is misspelled."""
    args = (*WHO, "--change", "1", "--reason", "r")
    assert "is no directory" in refused("adjust", tmp_path / "x", *args, capsys=capsys)
    assert "is no directory" in refused("adjust", tmp_path / "x", "--list", capsys=capsys)
    said = refused("adjust", tmp_path / "resluts.json", *args, capsys=capsys)
    assert "isn't there: give the results.json" in said
    said = refused("adjust", tmp_path, *args, "--adjustments", "", capsys=capsys)
    assert said == ".: isn't a file: name one that can be written"
    assert not list(tmp_path.iterdir())
    assert not (tmp_path / "x").exists()


def test_the_list(out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """All changes, as text whoever wrote it; none where there is no file."""
    status, said, _ = call("adjust", out, "--list", capsys=capsys)
    assert (status, said) == (0, f"0 change(s) in {out / FILE}\n")
    add(out / FILE, entry("ada", "huber", "[red]x[/red]\x1b[31m\n=1", "[b]", 1.5, None))
    add(out / FILE, entry("bob", "huber", "y" * 2000, "", None, 3.0))
    status, said, _ = call("adjust", out, "--list", capsys=capsys)
    lines = said.splitlines()
    assert [" ".join(line.split())[:33] for line in lines[:2]] == [
        "student exercise points reason st", "ada huber +1.5 [red]x[/red] =1 [b]"[:33],
    ]  # fmt: skip
    assert lines[2].split()[:4] == ["bob", "huber", "=", "3"]
    assert "\x1b" not in said
    assert len(said) < 3000


@pytest.mark.parametrize("command", ["report", "export"])
def test_a_malformed_table_is_told_in_one_line(
    command: str, out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """And nothing is written."""
    (out / FILE).write_text(f"{HEADER}ada,huber,x,,r,\n")
    more = ("--format", "csv") if command == "export" else ()
    said = refused(command, out / "results.json", *more, capsys=capsys)
    assert said.startswith(f"{out / FILE}: line 2: change is 'x'")
    assert sorted(path.name for path in out.iterdir()) == [FILE, "results.json"]


def test_export_has_the_changes(out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Those of the file beside the results, or of the one that is named; warnings on stderr."""
    (out / FILE).write_text(PLAIN)
    (out / "other.csv").write_text(f"{HEADER}zoe,huber,1,,r,\n")
    call("export", out / "results.json", "--format", "csv", capsys=capsys)
    assert '"ada","huber","graded",7,10,"",2,9' in (out / "marks.csv").read_text("utf-8")
    status, _, err = call(
        "export", out / "results.json", "--format", "csv", "--adjustments", out / "other.csv",
        capsys=capsys,
    )  # fmt: skip
    assert (status, err) == (
        0,
        f"grader: {out / 'other.csv'}: line 2: no student 'zoe' in these results\n",
    )
    assert '"ada","huber","graded",7,10,"","",7' in (out / "marks.csv").read_text("utf-8")


def test_grading_again_keeps_the_changes(tmp_path: Path) -> None:
    """`grader grade` as a process: a malformed table stops it at once, a good one survives it."""
    (tmp_path / "class" / "ada").mkdir(parents=True)
    out = tmp_path / "out"
    command = [sys.executable, "-m", "grader", "grade", str(tmp_path / "class"), "--jobs", "1"]
    command += ["--exercise", "huber", "--out", str(out), "--sandbox", "basic"]
    root = Path(__file__).parents[1]

    def grade() -> subprocess.CompletedProcess[str]:
        return subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)

    out.mkdir()
    (out / FILE).write_text(f"{HEADER}ada,huber,,,r,\n")
    done = grade()
    assert done.returncode == 2
    assert done.stderr.startswith(f"grader: {out / FILE}: line 2: neither change nor total")
    assert sorted(path.name for path in out.iterdir()) == [FILE]
    (out / FILE).write_text(f"{HEADER}ada,huber,,4,oral exam,\nzoe,huber,1,,r,\n")
    before = (out / FILE).read_bytes()
    for _ in range(2):
        done = grade()
        assert done.returncode == 0, done.stderr
        assert f"changed by hand: 1 result(s), by {out / FILE}\n" in done.stdout
        assert "line 3: no student 'zoe' in these results" in done.stderr
        (found,) = read_results(out / "results.json").results
        assert (found.status, found.points, found.counts) == ("missing", 0.0, 4.0)
        assert (out / FILE).read_bytes() == before
