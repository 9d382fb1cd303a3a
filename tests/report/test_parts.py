"""The report's parts: file names, sentences, numbers, strings, colours."""

import re
from importlib.resources import files
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.report import markup, strings
from grader.report.audit_page import WORDS
from grader.report.scores import Score, judged
from grader.report.slugs import slug
from grader.report.words_student import STATES
from grader.results import Outcome, Row, Status, Topic
from grader.text import Text

from .sample import EXERCISES, HUBER, check, graded

TEMPLATES = {
    path.name: path.read_text(encoding="utf-8")
    for path in files("grader.report").joinpath("templates").iterdir()
}


@given(st.lists(st.text(max_size=60), unique=True, max_size=20))
def test_slugs_are_unique_and_safe_everywhere(names: list[str]) -> None:
    """Different names never share a file, also where case is ignored; each is a plain file name."""
    slugs = [slug(name) for name in names]
    assert len({s.lower() for s in slugs}) == len(names)
    assert all(re.fullmatch(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?", s) and len(s) <= 65 for s in slugs)


def test_slugs_stay_readable_and_the_same() -> None:
    """Written down, since pages that people bookmarked must keep their names."""
    assert slug("luc-émile") == "luc-emile-9809bc9530101bf04c7306bc"
    assert slug("王小明") == "acf979cc584e1cf9c18c65bf"
    assert slug("e\u0301") != slug("\u00e9")
    assert slug("con").startswith("con-")
    assert slug("../../etc/passwd").startswith("etc-passwd-")


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("use `tf.where`, not `if`", "use <code>tf.where</code>, not <code>if</code>"),
        ("`a < b` & <i>", "<code>a &lt; b</code> &amp; &lt;i&gt;"),
        ("`<script>`", "<code>&lt;script&gt;</code>"),
        ("one ` alone", "one ` alone"),
        ("` over\na line `", "` over\na line `"),
        ("``", "``"),
    ],
)
def test_backticks_become_code(text: str, html: str) -> None:
    """Only pairs on one line, and only after everything was escaped."""
    assert markup.sentence(text) == html


@given(st.text())
def test_a_sentence_has_no_tag_but_code(text: str) -> None:
    """No text whatever makes another element."""
    html = str(markup.sentence(text + "`<b>`"))
    assert not re.search(r"<(?!/?code>)", html)


def test_numbers_and_times() -> None:
    """Percent never rounds up to what wasn't reached; times read as people write them."""
    assert [markup.whole_percent(s) for s in (0, 0.29, 0.996, 1, 1.2)] == [0, 29, 99, 100, 100]
    assert markup.decimals([1, 2.0, 10]) == 0
    assert markup.decimals([1, 2.5]) == 1
    assert markup.decimals([3.3333]) == 2
    assert markup.moment("2026-03-01T12:30:05+08:00") == "2026-03-01 04:30 UTC"
    assert markup.moment("yesterday") == "yesterday"
    assert [markup.duration(s) for s in (0.04, 59.94, 59.96, 245, 7380)] == [
        "0.0 s",
        "59.9 s",
        "1 min 00 s",
        "4 min 05 s",
        "2 h 03 min",
    ]


def test_output_keeps_its_end() -> None:
    """Of a long output the last lines are shown, whole, and that something is missing is said."""
    assert markup.tail("short") == "short"
    long = markup.tail("".join(f"line {n}\n" for n in range(10_000)))
    assert long.endswith("line 9999\n")
    assert len(long) <= markup.OUTPUT_CHARS + 2
    assert re.fullmatch(r"…\n(line \d+\n)+", long)
    assert markup.tail("x" * 10_000) == "…\n" + "x" * markup.OUTPUT_CHARS


def test_a_text_missing_in_one_language_falls_back() -> None:
    """Better the other language than nothing."""
    assert markup.in_language(Text("en", ""), "zh") == "en"
    assert markup.in_language({"zh": "中"}, "en") == "中"
    assert markup.in_language(None, "en") == ""


def test_fault_s_points_are_not_up_for_judgement() -> None:
    """Withheld points leave the maximum, once, whether or not the row already left them out."""
    row = graded("ada", HUBER, "passed", "failed", "passed", "grader_error")
    assert judged(row) == Score(6.0, 8.0)
    assert judged(graded("ada", HUBER, *("passed",) * 3, "grader_error", max_points=8.0)) == Score(
        8.0, 8.0
    )
    awarded = check(HUBER.checks[3], "grader_error", points=2.0)
    assert judged(graded("ada", HUBER, checks=(*row.checks[:3], awarded))) == Score(8.0, 10.0)
    assert judged(Row("ada", "huber", "grader_error", 0.0, 10.0)).share is None
    assert judged(graded("ada", EXERCISES[1], "failed")) == Score(6.0, 10.0)


def test_every_string_speaks_both_languages() -> None:
    """No translation is missing, none is a copy, and both have the same places to fill."""
    tables = (strings.STRINGS, STATES, strings.OUTCOMES, strings.STATUSES, strings.TOPICS)
    for table in tables:
        for name, text in table.items():
            assert text.en.strip(), name
            assert text.zh.strip(), name
            assert re.search("[\u4e00-\u9fff]", text.zh) or name in {
                "percent",
                "missed_of",
                "bin",
            }, name
            assert not re.search("[\u4e00-\u9fff]", text.en), name
            places = r"\{(\w*)\}"
            assert set(re.findall(places, text.en)) == set(re.findall(places, text.zh)), name
    assert set(strings.OUTCOMES) == set(get_args(Outcome))
    assert set(strings.STATUSES) == set(get_args(Status))
    assert set(strings.TOPICS) == set(get_args(Topic))
    assert set(strings.LANGUAGES) == set(strings.TAGS) == {"en", "zh"}


def test_every_string_is_used_and_every_used_one_exists() -> None:
    """Neither a sentence that nobody reads, nor a page that fails on a rare branch."""
    source = "".join(text for name, text in TEMPLATES.items() if name != "audit.html.j2")
    used = set(re.findall(r"\bs\.([a-z_]+)", source))
    audit = set(re.findall(r"\bs\.([a-z_]+)", TEMPLATES["audit.html.j2"]))
    assert audit <= set(WORDS) | set(strings.STRINGS)
    assert used == set(strings.STRINGS)


def test_templates_hold_no_sentence_of_their_own() -> None:
    """What people read comes from the table: between tags there are no words."""
    for name in (
        "base.html.j2",
        "index.html.j2",
        "student.html.j2",
        "student_parts.html.j2",
        "languages.html.j2",
    ):
        text = re.sub(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", "", TEMPLATES[name], flags=re.DOTALL)
        said = [t.strip() for t in re.findall(r">([^<>]*)<", text)]
        assert {t for t in said if re.search(r"[A-Za-z]{2}", t)} <= {"grader"}, name


def test_every_outcome_has_a_drawing_and_a_tone() -> None:
    """A new outcome can't appear without its sign."""
    for kind in {*get_args(Outcome), *get_args(Status)}:
        assert f'"{kind}": "M' in TEMPLATES["parts.html.j2"], kind
        assert re.search(rf"\.is-{kind}\b", TEMPLATES["style.css"]), kind


def _luminance(colour: str) -> float:
    value = colour.lstrip("#")
    value = "".join(c * 2 for c in value) if len(value) == 3 else value
    channels = [int(value[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("scheme", [0, 1, 2], ids=["light", "dark", "print"])
def test_text_has_contrast(scheme: int) -> None:
    """WCAG AA, 4.5 to 1, for every text colour on every ground, in each of the colour schemes."""
    roots = re.findall(r":root \{(.*?)\}", TEMPLATES["style.css"], flags=re.DOTALL)
    assert len(roots) == 3
    colours = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{3,6});", roots[scheme]))
    assert len(colours) == 15
    for ground in ("paper", "panel", "sunken", "fault-wash", "odd-wash"):
        for ink in ("ink", "muted", "accent", "passed", "failed", "odd", "fault"):
            pair = sorted((_luminance(colours[ground]), _luminance(colours[ink])))
            ratio = (pair[1] + 0.05) / (pair[0] + 0.05)
            assert ratio >= 4.5, f"{ink} on {ground}: {ratio:.2f}"


@pytest.mark.parametrize("scheme", [0, 1, 2], ids=["light", "dark", "print"])
def test_code_has_contrast(scheme: int) -> None:
    """WCAG AA for each colour of code, and for a line's number, on each ground a line can have."""
    found = re.findall(r":root \{(.*?)\}", TEMPLATES["student.css"], flags=re.DOTALL)
    house = re.findall(r":root \{(.*?)\}", TEMPLATES["style.css"], flags=re.DOTALL)
    colours = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{3,6});", house[scheme] + found[scheme]))
    for ground in ("sunken", "here", "path", "defined"):
        for ink in ("ink", "accent", "co", "kw", "st", "nu", "de"):
            pair = sorted((_luminance(colours[ground]), _luminance(colours[ink])))
            ratio = (pair[1] + 0.05) / (pair[0] + 0.05)
            assert ratio >= 4.5, f"{ink} on {ground}: {ratio:.2f}"
    for ink in ("muted", "failed"):
        pair = sorted((_luminance(colours["sunken"]), _luminance(colours[ink])))
        assert (pair[1] + 0.05) / (pair[0] + 0.05) >= 4.5, ink
