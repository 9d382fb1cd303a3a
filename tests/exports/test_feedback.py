"""Zips of feedback: whose a page is, by the platform's own rule, and that it is theirs alone."""

from __future__ import annotations

import dataclasses
import re
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from msgspec import structs

from grader.errors import UsageError
from grader.exports import canvas_feedback, feedback, moodle_feedback, show
from grader.results import Results, Row, StudentInfo, to_json

from ..lms.downloads import CODE, canvas, write_zip
from ..lms.platforms import canvas_reads, moodle_reads
from ..report.sample import EXERCISES, HOSTILE, HUBER, check, graded
from .classes import with_rows
from .test_flow import call

if TYPE_CHECKING:
    from collections.abc import Iterator

ODD = (
    "../../etc/passwd",
    "a_105_assignsubmission_file_",
    "~.hidden",
    "CON\x00\r\n",
    "\u202egnp.王小明",
    "n" * 500,
    HOSTILE,
    "...",
    "O'Brien & Co",
)


def class_of(platform: str, **ids: str) -> Results:
    """Students by name, with their ids; each has all of one exercise."""
    made = with_rows(*(graded(name, HUBER) for name in ids))
    infos = {name: StudentInfo(platform, number) for name, number in ids.items()}
    return dataclasses.replace(made, exercises=(HUBER,), students=infos)


def members(path: Path) -> list[zipfile.ZipInfo]:
    """What is in a zip, in its order."""
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        return archive.infolist()


def text_of(path: Path, name: str) -> str:
    """A page in it."""
    with zipfile.ZipFile(path) as archive:
        return archive.read(name).decode("utf-8")


def test_moodle_s_folders() -> None:
    """Whatever a student is called, Moodle reads their own number, and the zip stays one level."""
    results = class_of("moodle", **{name: str(101 + n) for n, name in enumerate(ODD)})
    plan = moodle_feedback.plan(results)
    assert plan.left == ()
    for place in plan.places:
        number, name = moodle_reads(place.path)
        assert number == results.students[place.student].id
        assert name == "feedback.html"
        folder, slash, _ = place.path.partition("/")
        assert slash
        assert "/" not in place.path.removeprefix(folder + "/")
        assert folder.isprintable()
        assert not folder.startswith((".", "~"))
        assert len(folder) < 130
    assert len({place.path for place in plan.places}) == len(ODD)


def test_a_number_that_is_none() -> None:
    """Numbers of Moodle's are digits; somebody else's id makes no folder."""
    plan = moodle_feedback.plan(class_of("moodle", ada="101", zoe="1_2", max="٣"))
    assert [place.student for place in plan.places] == ["ada"]
    assert {one.who for one in plan.left} == {"zoe", "max"}


def test_who_gets_none() -> None:
    """Nobody is guessed, and nobody gets a page where they wouldn't get a grade."""
    fault = graded("fay", HUBER, checks=(check(HUBER.checks[0], "grader_error"),))
    results = with_rows(
        *(graded(name, HUBER) for name in ("ada", "two", "too", "zoe", "eve")),
        fault,
        Row("mia", "huber", "missing", 0.0, 10.0),
        Row("una", "huber", "unreadable", 0.0, 10.0),
    )
    ids = {"ada": "1", "two": "2", "too": "2", "fay": "4", "mia": "5", "una": "6", "eve": ""}
    infos = {name: StudentInfo("moodle", number) for name, number in ids.items()}
    infos["zoe"] = StudentInfo("canvas", "3")
    plan = moodle_feedback.plan(dataclasses.replace(results, students=infos))
    assert {place.student for place in plan.places} == {"ada", "una"}
    assert {one.who: one.why for one in plan.left} == {
        "two": "2 students have its number 2",
        "too": "2 students have its number 2",
        "zoe": "isn’t known to Moodle: comes from no download of its own",
        "eve": "isn’t known to Moodle: comes from no download of its own",
        "fay": "not judged in full (huber): the grader’s fault",
        "mia": "handed in nothing",
    }


def test_the_same_zip_every_time(tmp_path: Path) -> None:
    """In the report's order, without the time or the machine; names of any script are UTF-8."""
    results = class_of("moodle", Zoe="103", ada="101", 王小明="102")
    plan = moodle_feedback.plan(results)
    first = feedback.write(results, plan, tmp_path / "a.zip", "en")
    feedback.write(results, plan, tmp_path / "b.zip", "en")
    data = (tmp_path / "a.zip").read_bytes()
    assert data == (tmp_path / "b.zip").read_bytes()
    assert first.size == len(data)
    found = members(tmp_path / "a.zip")
    assert [one.filename.split("_")[0] for one in found] == ["ada", "Zoe", "王小明"]
    for one in found:
        assert one.date_time == (1980, 1, 1, 0, 0, 0)
        assert one.external_attr >> 16 == 0o644
        assert one.create_system == 3
        assert one.compress_type == zipfile.ZIP_DEFLATED
    assert found[2].flag_bits & 0x800


def test_a_page_is_the_student_s_alone(tmp_path: Path) -> None:
    """In one language, with no way to a page of the class, and nobody else in it."""
    names = {"Ada Lovelace": "101", "Blaise Pascal": "102", "王小明": "103"}
    results = class_of("moodle", **names)
    plan = moodle_feedback.plan(results)
    feedback.write(results, plan, tmp_path / "f.zip", "zh")
    for place in plan.places:
        text = text_of(tmp_path / "f.zip", place.path)
        assert text.startswith('<!doctype html>\n<html lang="zh')
        assert place.student in text
        assert not any(name in text for name in names if name != place.student)
        assert "index.html" not in text
        assert "index.zh" not in text
        assert "students/" not in text
        assert "src=" not in text


def test_pages_are_written_one_at_a_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The next one is made when the last is in the zip."""
    told: list[str] = []
    pages, write = feedback.student_page.pages, zipfile.ZipFile.writestr

    def made(*arguments: Any) -> Iterator[tuple[str, str, str]]:
        for page in pages(*arguments):
            told.append("made")
            yield page

    def written(archive: zipfile.ZipFile, *arguments: Any) -> None:
        told.append("written")
        write(archive, *arguments)

    monkeypatch.setattr(feedback.student_page, "pages", made)
    monkeypatch.setattr(zipfile.ZipFile, "writestr", written)
    results = class_of("moodle", ada="1", zoe="2", max="3")
    feedback.write(results, moodle_feedback.plan(results), tmp_path / "f.zip", "en")
    assert told == ["made", "written"] * 3


def test_a_zip_that_fails_halfway(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Leaves the earlier one as it was, and nothing beside it."""
    (tmp_path / "f.zip").write_bytes(b"earlier")
    pages = feedback.student_page.pages

    def broken(*arguments: Any) -> Iterator[tuple[str, str, str]]:
        yield next(pages(*arguments))
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(feedback.student_page, "pages", broken)
    results = class_of("moodle", ada="1", zoe="2")
    with pytest.raises(UsageError, match=r"f\.zip: can't be written \(Input/output error\)"):
        feedback.write(results, moodle_feedback.plan(results), tmp_path / "f.zip", "en")
    assert [path.name for path in tmp_path.iterdir()] == ["f.zip"]
    assert (tmp_path / "f.zip").read_bytes() == b"earlier"


def test_a_zip_too_large_for_many(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Is written, and told with its size."""
    assert show._size(5 * 2**19) == "2.5 MiB"
    monkeypatch.setattr(feedback, "LARGE", 10)
    results = class_of("moodle", ada="1")
    done = feedback.write(results, moodle_feedback.plan(results), tmp_path / "f.zip", "en")
    assert len(done.notes) == 1
    assert "MiB, more than many a platform takes at once" in done.notes[0]


def canvas_class(tmp_path: Path, *files: str, **ids: str) -> canvas_feedback.Feedback:
    """The plan for students with these ids, out of a download with these files."""
    archive = write_zip(tmp_path / "s.zip", dict.fromkeys(files, CODE))
    results = class_of("canvas", **ids)
    rows = tuple(structs.replace(row, file="") for row in results.results)
    return canvas_feedback.plan(dataclasses.replace(results, results=rows), archive, "en")


def test_canvas_s_names(tmp_path: Path) -> None:
    """Canvas reads the user's and the attachment's numbers, whatever stands before and behind."""
    files = (
        canvas("Doe, Jane", 4001, 9001, "my_1_2_huber.py", late=True),
        canvas("_anon", 4002, 9002),
        canvas("2024", 4003, 9003),
        canvas("Smith_2x, Agent_7b", 4004, 9004),
        canvas("王小明", 4005, 9005, "huber-3.py"),
        canvas("", "aB3xY", 9006, late=True),
    )
    numbers = ("4001", "4002", "4003", "4004", "4005", "aB3xY")
    ids = {f"student {number}": number for number in numbers}
    plan = canvas_class(tmp_path, *files, **ids)
    found = {place.student: canvas_reads(place.path) for place in plan.places}
    read = [*numbers[:-1], "anon_aB3xY"]
    assert found == {name: (read[n], f"900{n + 1}") for n, name in enumerate(ids)}
    paths = [place.path for place in plan.places]
    assert paths[0] == "doejane_4001_9001_feedback.html"
    assert paths[4] == "王小明_4005_9005_feedback.html"
    assert paths[5] == "anon_aB3xY_9006_feedback.html"


def test_the_file_that_was_graded_is_answered(tmp_path: Path) -> None:
    """Of several attachments; what lay in a zip is the zip's; another download's isn't there."""
    files = [canvas("Doe, Jane", 7, 9001 + n, f) for n, f in enumerate(("a.pdf", "hw.zip", "z.py"))]
    archive = write_zip(tmp_path / "s.zip", dict.fromkeys(files, CODE))
    other = write_zip(tmp_path / "o.zip", dict.fromkeys(files[::2], CODE))
    results = class_of("canvas", jane="7")

    def plan(file: str, download: Path) -> canvas_feedback.Feedback:
        row = structs.replace(results.results[0], file=file)
        one = dataclasses.replace(results, results=(row,))
        return canvas_feedback.plan(one, download, "en")

    for file, attachment in (("huber.py", "9002"), ("z.py", "9003"), ("", "9002")):
        assert canvas_reads(plan(file, archive).places[0].path) == ("7", attachment)
    assert canvas_reads(plan("", other).places[0].path) == ("7", "9001")
    found = plan("huber.py", other)
    assert found.places == ()
    assert [one.why for one in found.left] == ["the file that was graded isn’t in that download"]


def test_an_earlier_attempt_is_answered(tmp_path: Path) -> None:
    """Where that one counts: the page lies beside it."""
    files = [canvas("Doe, Jane", 7, 9001), canvas("Doe, Jane", 7, 9002, "huber-1.py")]
    archive = write_zip(tmp_path / "s.zip", dict.fromkeys(files, CODE))
    results = class_of("canvas", jane="7")
    for file, attachment in (("huber.py", "9001"), ("huber-1.py", "9002"), ("", "9002")):
        row = structs.replace(results.results[0], file=file)
        one = dataclasses.replace(results, results=(row,))
        (place,) = canvas_feedback.plan(one, archive, "en").places
        assert canvas_reads(place.path) == ("7", attachment)


def test_who_gets_none_in_canvas(tmp_path: Path) -> None:
    """A text typed online has no attachment; a student may be in another download."""
    typed = canvas("Roe, Tex", 8, 0, "text.html").replace("_0_text", "_text")
    plan = canvas_class(tmp_path, canvas("Doe, Jane", 7, 9001), typed, jane="7", tex="8", lou="9")
    assert [place.student for place in plan.places] == ["jane"]
    assert {one.who: one.why for one in plan.left} == {
        "tex": "handed in no file but a text, and Canvas takes feedback only beside a file",
        "lou": "user 9 isn’t in that download",
    }


@pytest.mark.parametrize(("lang", "said"), [("en", "save it under a name"), ("zh", "另存为")])
def test_canvas_s_page_tells_what_it_is(lang: str, said: str, tmp_path: Path) -> None:
    """In its first line, for it gets the name of a program."""
    archive = write_zip(tmp_path / "s.zip", {canvas("Doe, Jane", 7, 9001): CODE})
    results = class_of("canvas", jane="7")
    plan = canvas_feedback.plan(results, archive, lang)
    feedback.write(results, plan, tmp_path / "f.zip", lang)
    first, second, *_ = text_of(tmp_path / "f.zip", plan.places[0].path).splitlines()
    assert first.startswith("<!-- ")
    assert first.endswith(" -->")
    assert said in first
    assert second == "<!doctype html>"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Results of each platform, a download of Canvas and one of nobody's."""
    for platform in ("canvas", "moodle", "gradescope"):
        results = class_of(platform, jane="7", zoe="8")
        (tmp_path / f"{platform}.json").write_text(to_json(results), "utf-8")
    gone = with_rows(Row("mia", EXERCISES[0].id, "missing", 0.0, 10.0))
    gone = dataclasses.replace(gone, students={"mia": StudentInfo("moodle", "1")})
    (tmp_path / "gone.json").write_text(to_json(gone), "utf-8")
    (tmp_path / "plain.json").write_text(to_json(with_rows(graded("a", HUBER))), "utf-8")
    write_zip(tmp_path / "s.zip", {canvas("Doe, Jane", 7, 9001): CODE})
    write_zip(tmp_path / "other.zip", {"ada/huber.py": CODE, "zoe/huber.py": CODE})
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ("canvas.json --format canvas-feedback", "give that zip with --from FILE"),
        ("moodle.json --format moodle-feedback --from s.zip", "--from goes with --format canvas-f"),
        ("moodle.json --format moodle-feedback --into s.zip", "--into goes with --format canvas, "),
        ("canvas.json --format canvas-feedback --from no.zip", "no.zip"),
        ("canvas.json --format canvas-feedback --from other.zip", "isn’t a download of Canvas"),
        ("canvas.json --format moodle-feedback", "nobody in these results comes from Moodle; these "
         "come from Canvas: grade the download as Moodle gives it"),
        ("plain.json --format moodle-feedback", "nobody in these results comes from Moodle: grade"),
        ("gradescope.json --format moodle-feedback", "which takes no feedback files; what it"),
        ("gone.json --format moodle-feedback", "nobody gets a page, so there is nothing to give "
         "back: mia, for example, handed in nothing"),
        ("moodle.json --format moodle-feedback --out s.zip/x.zip", "can't be written"),
        ("moodle.json --format moodle-feedback --student eva", "no student 'eva' in the results"),
    ],
)  # fmt: skip
def test_wrong_calls(
    arguments: str, said: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Status 2 and one line that says how to mend it; nothing is written."""
    before = sorted(folder.iterdir())
    status, out, err = call(*arguments.split(), capsys=capsys)
    assert (status, out) == (2, "")
    assert said in err
    assert err.count("\n") == 1
    assert sorted(folder.iterdir()) == before


def test_what_is_told(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """How many, how large, who not and why; a dry run shows the names in the zip."""
    arguments = ("canvas.json", "--format", "canvas-feedback", "--from", "s.zip")
    status, out, err = call(*arguments, "--dry-run", capsys=capsys)
    lines = [" ".join(line.split()) for line in out.splitlines()]
    assert (status, err) == (0, "")
    assert lines[0] == "feedback for 1 student(s)"
    assert "jane doejane_7_9001_feedback.html" in lines
    assert any(line.startswith("note: Canvas gives each page the name of the") for line in lines)
    assert "zoe user 8 isn’t in that download" in lines
    assert lines[-1] == "would write: canvas-feedback.zip"
    assert not (folder / "canvas-feedback.zip").exists()
    status, out, _ = call(*arguments, capsys=capsys)
    assert re.fullmatch(r"feedback for 1 student\(s\), [1-9][0-9]? KiB", out.splitlines()[0])
    assert out.splitlines()[-1] == "written: canvas-feedback.zip"
    assert [one.filename for one in members(folder / "canvas-feedback.zip")] == [
        "doejane_7_9001_feedback.html"
    ]


def test_one_student_alone(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """--student makes the zip in parts."""
    arguments = ("moodle.json", "--format", "moodle-feedback", "--student", "zoe", "--out", "z.zip")
    assert call(*arguments, capsys=capsys)[0] == 0
    assert [one.filename for one in members(folder / "z.zip")] == [
        "zoe_8_assignsubmission_file_/feedback.html"
    ]
