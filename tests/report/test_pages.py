"""The pages as their readers meet them: whole, linked, in both languages, and right."""

import base64
import dataclasses
import hashlib
import posixpath
import re
from pathlib import Path

import pytest

from grader.report import write_report
from grader.report.slugs import slug
from grader.report.strings import OUTCOMES, STATUSES, STRINGS
from grader.results import Results, ResultsError, Row, from_json, to_json
from grader.text import Text

from .pages import Node, read
from .sample import EXERCISES, HUBER, MEAN_OF_BATCHES, STUDENTS, check, graded, sample

Pages = dict[str, Node]


def page_of(pages: Pages, student: str, lang: str = "en") -> Node:
    """A student's page."""
    return pages[f"students/{slug(student)}{'.html' if lang == 'en' else '.zh.html'}"]


def row_of(table: Node, student: str) -> list[str]:
    """The texts of a student's cells in the class table."""
    (row,) = [r for r in table.all("tr") if r.all("th")[0].words == student]
    return [cell.words for cell in row.all("td")]


def test_a_page_per_student_and_language(pages: Pages) -> None:
    """Two class pages, two pages for each exercise and each of the 14, and nothing else."""
    assert len(pages) == 2 + 2 * len(EXERCISES) + 2 * len(STUDENTS)
    assert {"index.html", "index.zh.html"} < set(pages)


def test_pages_stand_alone(out: Path, pages: Pages) -> None:
    """No frame, no form, nothing fetched, and no script but the class page's own, by its digest."""
    for name, page in pages.items():
        tags = {node.tag for node in page.walk()}
        assert not tags & {"iframe", "form", "object", "embed", "img", "base"}, name
        scripts = page.all("script")
        assert len(scripts) == (name in ("index.html", "index.zh.html")), name
        digests = [hashlib.sha256(script.text.encode()).digest() for script in scripts]
        allowed = [f"script-src 'sha256-{base64.b64encode(d).decode()}'; " for d in digests]
        (policy,) = [n for n in page.all("meta") if n.attrs.get("http-equiv")]
        assert policy.attrs["content"] == (
            f"default-src 'none'; {''.join(allowed)}style-src 'unsafe-inline'; img-src data:; "
            "base-uri 'none'; form-action 'none'"
        )
        assert not [a for n in page.walk() for a in n.attrs if a.startswith("on")], name
        for node in page.all("link"):
            assert node.attrs["href"] == "data:,"
        assert not re.search(r"https?://|@import|url\(", (out / name).read_text(encoding="utf-8"))


def test_every_link_arrives(pages: Pages) -> None:
    """Each link leads to a page of the report and to an id that it has; ids are unique."""
    ids = {}
    for name, page in pages.items():
        found = [n.attrs["id"] for n in page.walk() if "id" in n.attrs]
        assert len(found) == len(set(found)), name
        ids[name] = set(found)
    seen = 0
    for name, page in pages.items():
        for link in page.all("a"):
            path, _, anchor = link.attrs["href"].partition("#")
            target = posixpath.normpath(posixpath.join(posixpath.dirname(name), path or "."))
            target = name if not path else target
            assert target in pages, (name, link.attrs["href"])
            assert not anchor or anchor in ids[target], (name, link.attrs["href"])
            assert target.endswith(".zh.html") == name.endswith(".zh.html") or "lang" in link.attrs
            seen += 1
        for node in page.walk():
            label = node.attrs.get("aria-labelledby")
            assert label is None or set(label.split()) <= ids[name], (name, label)
    assert seen > 200


def test_languages_are_told_and_lead_to_each_other(pages: Pages) -> None:
    """`lang` is right, the other language is one link away, and no page is half translated."""
    for name, page in pages.items():
        chinese = name.endswith(".zh.html")
        assert page.one("html").attrs["lang"] == ("zh-Hans" if chinese else "en")
        (switch,) = page.one("ul", "langs").all("a")
        other = name.replace(".zh.html", ".html") if chinese else name.replace(".html", ".zh.html")
        assert switch.attrs["href"] == posixpath.basename(other)
        assert switch.attrs["lang"] == ("en" if chinese else "zh-Hans")
    english = {text.en for text in (*STRINGS.values(), *OUTCOMES.values(), *STATUSES.values())}
    for name, page in pages.items():
        if name.endswith(".zh.html"):
            said = {part.strip() for n in page.walk() for part in n.parts if isinstance(part, str)}
            assert not said & english, name
    assert "班级报告" in pages["index.zh.html"].one("h1").words
    assert (
        re.search("[\u4e00-\u9fff]", pages["index.html"].one("main").words.replace("王小明", ""))
        is None
    )


def test_tables_are_tables(pages: Pages) -> None:
    """Each table has a caption and its headers a scope; rows are as wide as the header."""
    for page in pages.values():
        for table in page.all("table"):
            assert table.one("caption").words
            assert all(th.attrs.get("scope") in {"col", "row"} for th in table.all("th"))
            widths = {
                sum(int(c.attrs.get("colspan", 1)) for c in row.parts if isinstance(c, Node))
                for row in table.all("tr")
            }
            assert len(widths) == 1


def test_class_table_says_who_has_what(pages: Pages) -> None:
    """Points, states in words beside the drawings, and totals without what wasn't judged."""
    table = pages["index.html"].one("table", "matrix")
    assert [r.all("th")[0].words for r in table.one("tbody").all("tr")] == sorted(
        (" ".join(name.split()) for name in STUDENTS), key=lambda n: (n.casefold(), n)
    )
    assert row_of(table, "ada") == ["21 / 25", "10", "6", "5"]
    assert row_of(table, "Ada") == ["25 / 25", "10", "10", "5"]
    assert row_of(table, "missing-mo") == ["10 / 25", "10", "not handed in", "not handed in"]
    assert row_of(table, "syntax-sam") == ["15 / 25", "10", "unreadable", "5"]
    assert row_of(table, "luc-émile") == ["17 / 20", "crashed 7", "10", "grader’s fault"]
    assert row_of(table, "almost-al") == ["19 / 23", "grader’s fault 8", "6", "5"]
    assert row_of(table, "zoë two spaces") == ["20 / 20", "10", "10", "–not part of this run"]
    assert row_of(table, "cheat-chi")[1] == "not allowed 0"


def test_summary_counts(pages: Pages) -> None:
    """The numbers on top are the class's."""
    tiles = {
        n.one("dt").words: n.one("dd").words
        for n in pages["index.html"].one("dl", "tiles").all("div")
    }
    assert tiles == {
        "Students": "14",
        "Mean": "76 %",
        "Graded": "37",
        "Not handed in": "2",
        "Unreadable": "1",
        "Grader’s faults": "2",
    }


def test_weak_isolation_is_loud_and_strict_is_not(pages: Pages, tmp_path: Path) -> None:
    """Less than strict opens the page, with what was missing; strict needs no notice."""
    notice = pages["index.html"].one("section", "is-weak")
    assert "Isolation was “basic”" in notice.words
    assert "No user namespaces" in notice.words
    write_report(sample(sandbox="strict"), tmp_path)
    page = read((tmp_path / "index.html").read_text(encoding="utf-8"))
    assert not page.all("section", "is-weak")
    assert "No user namespaces" in page.words


def test_every_page_shows_the_level(pages: Pages) -> None:
    """Whoever reads a mark can see behind which wall it was made."""
    assert len(pages) > 2
    for page in pages.values():
        level = page.one("footer").words.rpartition(" ")[2].rpartition("：")[2]
        assert level == "basic"


def test_faults_of_the_grader_are_never_the_student_s(pages: Pages) -> None:
    """The class page lists them with their cause; the student reads whose fault it is."""
    (notice,) = pages["index.html"].all("section", "notice", "is-grader_error")
    assert (
        "luc-émile Shuffled input pipeline the whole exercise The worker could not" in notice.words
    )
    assert "almost-al Huber loss Survives saving and loading The check failed on" in notice.words
    whole = page_of(pages, "luc-émile").id(slug("pipeline"))
    assert "The grader failed here, not you." in whole.words
    assert "not counted" in whole.words
    assert "0 / 5" not in whole.words
    one = page_of(pages, "almost-al").id(f"{slug('huber')}.4")
    assert "The grader failed here, not you." in one.words
    assert "/ 2" not in one.words
    assert page_of(pages, "almost-al").id(slug("huber")).one("p", "sum").words == "8 / 8"


def test_student_page_shows_everything_about_a_miss(pages: Pages) -> None:
    """Outcome, points, question, aligned numbers, message, hint: in this language only."""
    name = 'O\'Brien, Pat "PJ"'
    for lang, asked, message in (
        ("en", "on a (7, 3) batch", "isn’t used."),
        ("zh", "对形状 (7, 3) 的批次调用", "没有用到"),
    ):
        page = page_of(pages, name, lang)
        assert page.one("h1").words == name
        missed = page.id(f"{slug('huber')}.2")
        assert missed.one("span", "badge").words == OUTCOMES["failed"].in_(lang)
        assert missed.one("p", "score").words == "0.0 / 2.0"
        assert asked in missed.one("p", "asked").words
        assert message in missed.one("p", "message").words
        assert missed.one("p", "message").one("code").text == "threshold"
        expected, got, first = missed.one("dl", "compare").all("pre")
        assert expected.text.split("\n") == [
            "[[0.125   2.    0.5   ]",
            "          ^^",
            " [3.0625  0.    1.5   ]",
            " [0.72    4.18  0.0032]]",
        ]
        assert got.text.split("\n")[:2] == ["[[0.125   1.5   0.5   ]", "          ^^^"]
        assert [side.one("mark").text for side in (expected, got)] == ["2.", "1.5"]
        assert first.text == "[0, 1]: expected 2.0, got 1.5 (off by 0.5)"
        assert "|error| > threshold" in missed.one("p", "hint").words
        assert "huber.ipynb" in page.one("div", "notes").words
    passed = page_of(pages, name).id(f"{slug('huber')}.1")
    assert (
        passed.words == f"{OUTCOMES['passed'].en}: Values on both sides of the threshold3.0 / 3.0"
    )


def test_student_page_shows_traceback_output_and_whose_word(pages: Pages) -> None:
    """The student's own lines, what was printed (folded away), and what nobody could verify."""
    crash = page_of(pages, "luc-émile").id(f"{slug('huber')}.3")
    assert crash.one("pre", "code").text.split("\n")[1] == "    return self._inner(y_true, y_pred)"
    late = page_of(pages, "王小明").id(f"{slug('huber')}.3")
    assert late.one("details").one("pre").text.endswith("step 1\n")
    assert "open" not in late.one("details").attrs
    word = STRINGS["rests_on"].en
    assert word in page_of(pages, "ada").id(f"{slug('precision')}.3").words
    assert word not in page_of(pages, "ada").id(f"{slug('precision')}.2").words
    found = page_of(pages, "ada").id(f"{slug('precision')}.1").one("p", "diagnosis").words
    assert found == f"{STRINGS['diagnosis'].en} {MEAN_OF_BATCHES.title.en}"


@pytest.mark.parametrize(
    ("student", "says"),
    [
        ("ada", "Streaming precision → Two batches of unequal size"),
        ("王小明", "Huber loss → Values on both sides of the threshold"),
        ("luc-émile", "Huber loss → Gradient at and beyond the threshold"),
        ("missing-mo", "Not handed in yet: Streaming precision"),
        ("syntax-sam", "Line 12 is not Python: '(' was never closed."),
        ("almost-al", "Streaming precision → Two batches"),
        ("Ada", STRINGS["next_done"].en),
    ],
)
def test_next_step(pages: Pages, student: str, says: str) -> None:
    """The first check not passed; else what is missing; a fault of the grader is nobody's step."""
    assert says in page_of(pages, student).one("section", "next").words


def test_who_only_has_faults_left_is_told_to_wait(tmp_path: Path) -> None:
    """A student whose only open point is the grader's fault has nothing to do."""
    row = graded("ada", HUBER, "passed", "passed", "passed", "grader_error")
    write_report(dataclasses.replace(sample(), results=(row,)), tmp_path)
    page = read((tmp_path / "students" / f"{slug('ada')}.html").read_text(encoding="utf-8"))
    assert STRINGS["next_wait"].en in page.one("section", "next").words


def test_every_outcome_and_status_is_said_in_words(pages: Pages) -> None:
    """No state is told by colour or drawing alone, in either language."""
    for lang, suffix in (("en", ".html"), ("zh", ".zh.html")):
        said = {
            badge.words
            for name, page in pages.items()
            if name.endswith(suffix) and (lang == "zh") == name.endswith(".zh.html")
            for badge in page.all("span", "badge")
        }
        quiet = [
            line.one("span", "hidden").words.rstrip(":：")
            for name, page in pages.items()
            if name.endswith(suffix) and (lang == "zh") == name.endswith(".zh.html")
            for line in page.all("div", "ok")
        ]
        assert set(quiet) == {OUTCOMES["passed"].in_(lang)}
        said |= set(quiet)
        wanted = {text.in_(lang) for text in OUTCOMES.values()}
        wanted |= {text.in_(lang) for status, text in STATUSES.items() if status != "graded"}
        assert wanted <= said


def test_hostile_text_stays_text(out: Path, pages: Pages) -> None:
    """Markup is shown, never obeyed; escapes and overrides are gone from every page."""
    page = page_of(pages, "<b>bold</b> & co")
    assert page.one("h1").words == "<b>bold</b> & co"
    missed = page.id(f"{slug('huber')}.1")
    shown = "<script>alert('x')</script>red evil & \"quoted\""
    for pre in missed.all("pre"):
        assert pre.text == shown
    assert missed.one("p", "message").words == shown
    assert not page.all("b")
    assert not page.all("i")
    for path in out.rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", text), path


def test_hostile_ids_and_evidence_make_no_markup(tmp_path: Path) -> None:
    """Ids written by hand can't leave their attribute; odd evidence is shown."""
    evil = "\"><script>x</script>'"
    spec = dataclasses.replace(
        HUBER, id=evil, checks=(dataclasses.replace(HUBER.checks[0], id=evil),)
    )
    result = check(
        spec.checks[0],
        "failed",
        device=evil,
        evidence={
            "expected": 3,
            "got": {"zh": "只有中文"},
            "traceback": ["a", 1],
            "output": None,
            "asked": {"en": ""},
            "rests_on": evil,
        },
    )
    results = sample()
    run = dataclasses.replace(results.run, device="both", started=evil, versions={evil: evil})
    row = Row(evil, evil, "graded", 0.0, 3.0, checks=(result,), file=evil, notes=(Text(evil, ""),))
    write_report(Results(run, (spec,), (row,)), tmp_path)
    for path in tmp_path.rglob("*.html"):
        page = read(path.read_text(encoding="utf-8"))
        assert all(script.text.startswith('"use strict";') for script in page.all("script"))
    page = read((tmp_path / "students" / f"{slug(evil)}.html").read_text(encoding="utf-8"))
    assert [pre.text for pre in page.all("pre")] == ["3", "只有中文", "['a', 1]"]


def test_what_upstream_left_out_leaves_no_empty_box(tmp_path: Path) -> None:
    """A check whose evidence is withheld shows its message and nothing that looks forgotten."""
    row = graded("ada", HUBER, checks=(check(HUBER.checks[0], "failed", evidence={}),))
    write_report(dataclasses.replace(sample(), results=(row,)), tmp_path)
    page = read((tmp_path / "students" / f"{slug('ada')}.html").read_text(encoding="utf-8"))
    missed = page.one("article", "check")
    assert not missed.all("pre")
    assert not missed.all("dl")
    assert not missed.all("details")
    assert STRINGS["asked"].en not in missed.words


def test_a_report_made_later_is_the_same(out: Path, tmp_path: Path) -> None:
    """`grader report results.json` gives byte for byte what the run itself wrote."""
    write_report(from_json(to_json(sample())), tmp_path)
    names = sorted(p.relative_to(out) for p in out.rglob("*.html"))
    assert names == sorted(p.relative_to(tmp_path) for p in tmp_path.rglob("*.html"))
    for name in names:
        assert (out / name).read_bytes() == (tmp_path / name).read_bytes()


def test_an_empty_class_is_a_page_too(tmp_path: Path) -> None:
    """No submission is an answer, not a crash."""
    write_report(dataclasses.replace(sample(), results=()), tmp_path)
    page = read((tmp_path / "index.html").read_text(encoding="utf-8"))
    assert STRINGS["no_rows"].en in page.words
    for exercise in EXERCISES:
        text = (tmp_path / "exercises" / f"{slug(exercise.id)}.html").read_text(encoding="utf-8")
        assert STRINGS["nobody_graded"].en in read(text).words


def test_results_that_do_not_hold_together_are_refused(tmp_path: Path) -> None:
    """Two rows of one student for one exercise: neither is silently dropped."""
    row = graded("ada", HUBER)
    with pytest.raises(ResultsError, match="a second row of 'ada'"):
        write_report(dataclasses.replace(sample(), results=(row, row)), tmp_path)
    assert list(tmp_path.iterdir()) == []
