"""The tutorial pages as their readers meet them: whole, linked, right, safe from their texts."""

from __future__ import annotations

import dataclasses
import posixpath
import re
from importlib.resources import files
from pathlib import Path

import pytest

from grader.errors import UsageError
from grader.report.prose import passage
from grader.report.sides import sides
from grader.report.slugs import slug
from grader.report.tutorial_page import terminal_lines, write_tutorial
from grader.report.tutorial_words import MEANINGS, SEVERITIES, STATUSES, WORDS
from grader.rules.values import Edit, Finding
from grader.text import Text
from grader.tutorial.results import Checked, Report
from grader.tutorial.values import (
    Advice,
    Block,
    Claim,
    Document,
    Piece,
    Prose,
    Raised,
    Status,
    Verdict,
)

from ..report.pages import Node, read
from .samples import HOUSING, checked, clean, report

Pages = dict[str, Node]
TEMPLATES = {
    path.name: path.read_text(encoding="utf-8")
    for path in files("grader.report").joinpath("templates").iterdir()
}
OURS = "".join(text for name, text in TEMPLATES.items() if name.startswith("tutorial"))
SAID = Text("So it is.", "如此。")


def written(run: Report, out: Path) -> Pages:
    """The pages, by path relative to the folder."""
    assert write_tutorial(run, out) == out / "index.html"
    return {
        path.relative_to(out).as_posix(): read(path.read_text(encoding="utf-8"))
        for path in sorted(out.rglob("*.html"))
    }


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the sample's report."""
    return tmp_path_factory.mktemp("tutorial")


@pytest.fixture(scope="module")
def pages(out: Path) -> Pages:
    """All of its pages."""
    return written(report(), out)


@pytest.fixture(scope="module")
def page(pages: Pages) -> Node:
    """The English page of the sample document."""
    return pages[f"documents/{slug('docs/metrics.md')}.html"]


def test_a_page_per_document_and_language(pages: Pages, out: Path) -> None:
    """And the two of the index, and tutorial.json; nothing half written."""
    assert len(pages) == 2 + 2 * 2
    assert {"index.html", "index.zh.html"} < set(pages)
    assert {path.name for path in out.iterdir()} == {
        "documents",
        "index.html",
        "index.zh.html",
        "tutorial.json",
    }


def test_pages_stand_alone(pages: Pages) -> None:
    """No script, nothing fetched, under the same policy as all reports."""
    for found in pages.values():
        (policy,) = [n.attrs["content"] for n in found.all("meta") if "http-equiv" in n.attrs]
        assert policy == (
            "default-src 'none'; style-src 'unsafe-inline'; img-src data:; "
            "base-uri 'none'; form-action 'none'"
        )
        tags = {node.tag for node in found.walk()}
        assert not tags & {"script", "iframe", "form", "object", "embed", "img", "base"}
        assert not [a for n in found.walk() for a in n.attrs if a.startswith("on")]
        assert found.one("link").attrs["href"] == "data:,"
        assert not re.search(r"@import|url\(", found.one("style").text)


def test_every_link_arrives(pages: Pages) -> None:
    """At a page that is there and an id that it has; ids are unique."""
    ids = {}
    for name, found in pages.items():
        names = [n.attrs["id"] for n in found.walk() if "id" in n.attrs]
        assert len(names) == len(set(names)), name
        ids[name] = set(names)
    seen = 0
    for name, found in pages.items():
        for link in found.all("a"):
            path, _, anchor = link.attrs["href"].partition("#")
            target = posixpath.normpath(posixpath.join(posixpath.dirname(name), path))
            target = target if path else name
            assert target in pages, link.attrs["href"]
            assert not anchor or anchor in ids[target], link.attrs["href"]
            assert target.endswith(".zh.html") == name.endswith(".zh.html") or "lang" in link.attrs
            seen += 1
        for node in found.walk():
            label = node.attrs.get("aria-labelledby")
            assert label is None or label in ids[name]
    assert seen >= 60


def test_both_languages_are_whole(pages: Pages) -> None:
    """No sentence of the English table is on a Chinese page; each page tells its language."""
    tables = (WORDS, STATUSES, MEANINGS, SEVERITIES)
    english = {text.en for table in tables for text in table.values()}  # type: ignore[attr-defined]
    for name, found in pages.items():
        chinese = name.endswith(".zh.html")
        assert found.one("html").attrs["lang"] == ("zh-Hans" if chinese else "en")
        if chinese:
            said = {p.strip() for n in found.walk() for p in n.parts if isinstance(p, str)}
            # As the document's own words, or its languages.
            assert not said & english


def test_words_are_used_and_speak_both_languages() -> None:
    """None is missing, none is left over, none is a copy; both have the same places to fill."""
    used = set(re.findall(r"\bt\.([a-z_0-9]+)", OURS))
    used |= {f"{mark}_line" for mark in ("error", "advice")}  # t[line.mark ~ "_line"]
    used |= {"code", "transcript", "output", "other"}  # t[block.kind]
    assert used == set(WORDS)
    for table in (WORDS, STATUSES, MEANINGS, SEVERITIES):
        for text in table.values():  # type: ignore[attr-defined]
            assert re.search("[\u4e00-\u9fff]", text.zh)
            assert not re.search("[\u4e00-\u9fff]", text.en)
            assert re.findall(r"\{\w*\}", text.en) == re.findall(r"\{\w*\}", text.zh)
    assert set(STATUSES) == set(MEANINGS)


def test_templates_hold_no_sentence_of_their_own() -> None:
    """What people read comes from the table."""
    for name, source in TEMPLATES.items():
        if name.startswith("tutorial") and name.endswith(".j2"):
            text = re.sub(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", "", source, flags=re.DOTALL)
            said = {t.strip() for t in re.findall(r">([^<>]*)<", text)}
            assert {t for t in said if re.search(r"[A-Za-z]{2}", t)} <= {"grader"}, name


def test_head_counts_blocks_of_code(page: Node) -> None:
    """Per status, with a drawing and the word; the output and the shell command apart."""
    tiles = page.one("dl", "statuses")
    told = [(t.one("dt").words, t.one("dd").words) for t in tiles.all("div")]
    assert told == [
        ("failed", "2"),
        ("blocked", "1"),
        ("cascaded", "3"),
        ("drifted", "1"),
        ("expected", "1"),
        ("passed", "4"),
        ("skipped", "1"),
    ]
    assert len(tiles.all("svg")) == 7
    assert "13 blocks of code and 2 that are not ·" in page.one("main").words


def test_no_status_is_told_by_colour_alone(page: Node) -> None:
    """Each badge has a drawing and a word; each status has a tone."""
    for badge in page.all("span", "badge"):
        assert badge.all("svg")
        assert badge.words
    for status in STATUSES:
        style = TEMPLATES["style.css"] + TEMPLATES["tutorial.css"]
        assert re.search(rf"\.is-{status}\b[^}}]*--tone", style), status


def test_roots_come_first_and_the_worst_of_them_first(page: Node) -> None:
    """Before the document; with what they drag down, through other cascades too, and linked."""
    found = page.all("article", "root")
    assert [root.one("h3").words for root in found] == ["line 22", "line 60", "line 86", "line 50"]
    first, second, third, _ = found
    assert "drags down 2 blocks" in first.words
    links = [(a.words, a.attrs["href"]) for a in first.one("p", "drags").all("a")]
    assert links == [("line 31", "#b4"), ("line 36", "#b5")]
    assert "ValueError: Cannot convert 'total' to a shape." in first.words
    assert "Passes on Keras 2" in first.words
    assert "drags down 1 block" in second.words
    assert "tensorflow_hub" in second.words
    assert not third.all("p", "drags")
    order = [n.attrs["id"] for n in page.walk() if n.attrs.get("id") in ("roots", "document")]
    assert order == ["roots", "document"]


def test_advice_shows_its_patch(page: Node) -> None:
    """The rule, the line, what to write, as lines to remove and to add."""
    first, *_ = page.all("article", "root")
    advice = first.one("div", "advice")
    assert advice.one("span", "rule").words == "K304"
    assert advice.all("a")[0].attrs["href"] == "#L22"
    assert "remove: " in advice.one("del").text
    assert advice.one("ins").text.endswith(
        '+self.total = self.add_weight(name="total", initializer="zeros")\n'
    )
    listed = page.one("ul", "advised")
    assert [li.one("span", "rule").words for li in listed.all("li")] == ["N101", "F101"]


def test_document_keeps_its_order_and_its_lines(page: Node) -> None:
    """Prose and blocks as they are, the document's line before each line of code."""
    section = page.one("section", "tutorial")
    parts = [n for n in section.parts if isinstance(n, Node) and n.tag != "h2"]
    kinds = ["block" if n.tag == "article" else n.tag for n in parts]
    assert kinds[:6] == ["h3", "p", "block", "block", "h4", "block"]
    lines = page.id("b3").one("pre", "lines").all("span", "row")
    assert [line.one("span", "no").words for line in lines] == [
        "19",
        "20",
        "21",
        "the error is on this line 22",
        "23",
        "24",
    ]
    assert lines[1].text == "20    def __init__(self, **kwargs):\n"
    assert [n.attrs["id"] for n in page.all("span", "has-error")] == [
        "L22",
        "L31",
        "L36",
        "L50",
        "L60",
    ]


def test_margin_tells_the_status(page: Node) -> None:
    """Of each block, and whose output an output is."""
    margins = [a.one("div", "margin") for a in page.all("article", "block")]
    told = [[n.words for n in margin.parts if isinstance(n, Node)] for margin in margins]
    assert told[2] == ["failed", "bash", "0.1 s"]
    assert told[3] == ["cascaded", "python"]
    assert told[7] == ["shown as output of line 45"]
    assert told[13] == ["not code", "console"]


def test_cascade_names_its_root(page: Node) -> None:
    """With a link, and by which names and files."""
    text = page.id("b5")
    assert "Because of the block at line 19 · through metric, m.keras" in text.words
    assert page.id("b10").all("a")[0].attrs["href"] == "#b9"


def test_claimed_stands_beside_got(page: Node) -> None:
    """Where they differ, with what differs marked; what is merely equivalent is folded away."""
    (table,) = page.id("b7").all("table", "sides")
    rows = [[td.text for td in tr.all("td")] for tr in table.one("tbody").all("tr")]
    assert rows == [
        [
            "−<tf.Tensor: shape=(), dtype=float32, numpy=0.3>",
            "+<tf.Tensor: shape=(), dtype=float32, numpy=0.30000001>",
        ],
        ["and one line", "and one line"],
        ["−more", ""],
    ]
    assert [b.text for b in table.all("b")] == ["3", "30000001"]
    assert page.id("b6").one("details").one("table", "sides")
    assert not page.id("b1").all("table")


def test_claims_are_answered(page: Node) -> None:
    """True, not true, not checked: in words."""
    assert page.id("b4").one("div", "claims").one("li").words.startswith("not checked line 32")
    assert page.id("b7").one("div", "claims").one("li").words == (
        "not true line 28 prints once It printed 3 times."
    )
    link = page.id("b6").one("div", "claims").one("a")
    assert page.id(link.attrs["href"][1:]).words.startswith("We build a metric")


def test_stand_ins_are_disclosed(page: Node) -> None:
    """At the top, and at the block that used one."""
    (notice,) = page.all("section", "notice")
    assert HOUSING in notice.words
    assert HOUSING in page.id("b2").one("p", "stand-in").words
    assert not page.id("b1").all("p", "stand-in")


def test_mended_copy_is_shown(page: Node) -> None:
    """As a diff, with what still fails; a document that wasn't mended says nothing of it."""
    diff = page.one("pre", "whole")
    assert [d.text.strip() for d in diff.all("del")] == [
        '-        self.total = self.add_weight("total")'
    ]
    assert len(diff.all("ins")) == 1
    still = "Still fails in the copy: line 86"
    assert still in page.one("main").words


def test_nothing_to_mend(pages: Pages) -> None:
    """A clean document says so, and is named by its path where it has no title."""
    found = pages[f"documents/{slug('清单/short.md')}.html"]
    assert found.one("h1").words == "清单/short.md"
    assert "Nothing to mend" in found.one("main").words
    assert not found.all("article", "root")
    assert not found.all("pre", "whole")


def test_index_has_a_row_per_document(pages: Pages) -> None:
    """Faults, blocks, statuses; every row as wide as the header."""
    table = pages["index.html"].one("table", "documents")
    rows = [[td.words for td in tr.all("td")] for tr in table.one("tbody").all("tr")]
    assert rows[0] == ["4", "13", "2", "1", "3", "1", "1", "4", "1", "1 min 05 s"]
    assert rows[1] == ["–", "1", "–", "–", "–", "–", "–", "1", "–", "1.0 s"]
    assert len(table.one("thead").all("th")) == 11
    assert all(th.attrs["scope"] in ("row", "col") for th in table.all("th"))


def test_nothing_was_checked(tmp_path: Path) -> None:
    """An index that says so."""
    pages = written(Report((), "2026-03-01T12:30:00+00:00", 0.1), tmp_path)
    assert set(pages) == {"index.html", "index.zh.html"}
    assert "No document was checked." in pages["index.html"].words


def test_a_folder_that_can_t_be_written_is_named(tmp_path: Path) -> None:
    """In one line, and no page is left."""
    (tmp_path / "file").write_text("x")
    with pytest.raises(UsageError, match="can't be written"):
        write_tutorial(report(), tmp_path / "file")


def test_terminal_says_the_worst_first() -> None:
    """Counts, then each root with its line, and what it drags down."""
    assert terminal_lines(report(), "en") == [
        "docs/metrics.md: 2 failed, 1 blocked, 3 cascaded, 1 drifted, 1 expected, 4 passed,"
        " 1 skipped (1 min 05 s)",
        "  docs/metrics.md:22: failed ValueError: Cannot convert 'total' to a shape."
        " (drags down 2 blocks)",
        "  docs/metrics.md:60: blocked ModuleNotFoundError: No module (not there: tensorflow_hub)"
        " (drags down 1 block)",
        "  docs/metrics.md:86: failed Killed at its limit of 60 s.",
        "  docs/metrics.md:50: drifted Another number came.",
        "  stand-in data: California housing",
        "  mended copy: 1 block still at fault",
        "清单/short.md: 1 passed (1.0 s)",
    ]
    chinese = terminal_lines(report(), "zh")
    assert chinese[0].startswith("docs/metrics.md: 失败 2，受阻 1，")
    assert chinese[1].endswith("（牵连 2 个代码块）")


def test_terminal_stays_short_and_safe() -> None:
    """Of a hundred roots it tells some and counts the rest; no text acts on the terminal."""
    whole = checked()
    failed = whole.verdicts[2]
    error = Raised("E", "\x1b[2J\nx" * 500, 3)
    verdicts = tuple(
        dataclasses.replace(
            failed, block=dataclasses.replace(failed.block, index=n, line=n + 1), error=error
        )
        for n in range(100)
    )
    many = dataclasses.replace(whole, path="\x1b]0;x\x07a.md", verdicts=verdicts)
    said = terminal_lines(Report((many,), "", 0.0), "en")
    assert said[0].startswith("a.md: 100 failed")
    assert "  … and 75 more in the report" in said
    assert all(line.isprintable() and len(line) < 400 for line in said)


def test_a_false_claim_about_a_block_that_passed_is_to_mend() -> None:
    """It is a root by the claim's line, though the code runs."""
    whole = clean()
    claim = Claim(9, "prints twice", "prints", False, Text("It printed once.", "只打印一次。"))
    (verdict,) = whole.verdicts
    false = dataclasses.replace(whole, verdicts=(dataclasses.replace(verdict, claims=(claim,)),))
    assert terminal_lines(Report((false,), "", 0.0), "en")[1] == (
        "  清单/short.md:9: not true “prints twice”: It printed once."
    )


@pytest.mark.parametrize(
    ("text", "kind", "lines"),
    [
        ("# One", "heading", ("One",)),
        ("### Three ###", "heading", ("Three",)),
        ("Under\n-----", "heading", ("Under",)),
        ("Under\n=====", "heading", ("Under",)),
        ("#no heading", "paragraph", ("#no heading",)),
        ("- one\n- two", "item", ("- one", "- two")),
        ("  2) two", "item", ("  2) two",)),
        ("> said\n>twice", "quote", ("said", "twice")),
        ("| a |\n|---|\n| b |", "table", ("| a |", "|---|", "| b |")),
        ("just\nwords", "paragraph", ("just", "words")),
        ("\n\nwords\n", "paragraph", ("words",)),
    ],
)
def test_prose_stays_readable(text: str, kind: str, lines: tuple[str, ...]) -> None:
    """Headings, lists, quotes and tables are told apart; all else is as it is."""
    found = passage(Prose(1, text, -1))
    assert found is not None
    assert (found.kind, found.lines) == (kind, lines)


def test_blank_prose_is_left_out() -> None:
    """No empty paragraph."""
    assert passage(Prose(1, " \n\n", -1)) is None


def test_sides_of_long_outputs_stay_short() -> None:
    """Equal lines are folded, those beyond the limit counted, one too many has no partner."""
    left = "\n".join(map(str, range(100)))
    rows = sides(left, left.replace("50", "fifty") + "\nmore")
    assert [row.kind for row in rows] == (
        ["left_out"] + ["same"] * 3 + ["changed"] + ["same"] * 3 + ["left_out"] + ["same"] * 3
        + ["changed"]
    )  # fmt: skip
    assert (rows[0].count, rows[8].count) == (47, 43)
    assert rows[-1].left is None
    cut = sides("a\n" * 500, "b\n" * 900)
    assert (len(cut), cut[-1].kind, cut[-1].count) == (201, "cut", 700)


def test_lines_with_nothing_in_common_are_not_looked_into() -> None:
    """Marks in them would be noise; in a line much alike they are the point."""
    (row,) = sides("abc def", "123 456")
    assert row.left == ((False, "abc def"),)
    (row,) = sides("loss: 0.25 - mae: 1", "loss: 0.26 - mae: 1")
    assert row.left == ((False, "loss: 0."), (True, "25"), (False, " - mae: 1"))


def test_blank_lines_before_the_code_keep_the_numbers_right(tmp_path: Path) -> None:
    """`Block.line` is that of the first code; the text may begin before it."""
    block = Block(0, 4, "", "code", "\n\nx = 1", (Piece("x = 1", (4,)),))
    document = Document(Path("a.md"), "A", "```\n\n\nx = 1\n```", (block,), ())
    found = Checked("a.md", "A", document, (Verdict(block, "passed", SAID),))
    page = written(Report((found,), "", 0.0), tmp_path)[f"documents/{slug('a.md')}.html"]
    assert [n.words for n in page.all("span", "no")] == ["2", "3", "4"]


ATTACKS = {
    "script": "<script>alert(1)</script>",
    "closes everything": "</p></div></td></pre></code></bdi></title></style><script>x</script>",
    "comment": "<!-- --><![CDATA[x]]><!doctype html>",
    "double quotes": '" onmouseover="alert(1)" x="',
    "single quotes": "' onfocus='alert(1)' autofocus='",
    "address": "javascript:alert(1)//",
    "style": "}</style><style>*{background:url(//evil)}",
    "template": "{{ 7*7 }}{% include 'x' %}{# #}",
    "format": "{0.__class__}{n}%s%(x)s",
    "backticks": "`<img src=x onerror=alert(1)>` `` ` `a`b`",
    "markdown": "[x](javascript:alert(1)) ![y](//evil)",
    "ansi": "\x1b[2J\x1b]0;title\x07\x9b31m",
    "bidi": "\u202egnp.exe\u2066\u200f",
    "line ends": "one\rtwo\u2028three\x0bfour",
    "nul": "\x00<scr\x00ipt>",
    "surrogate": "\udcc0<b>",
    "long": "<b>" + "x" * 6_000,
}


def filled(text: str) -> Report:
    """A report with `text` in every place that any text can have."""
    both = Text(text, text)
    edit = Edit(1, 0, 1, 0, "new ")
    advice = tuple(
        Advice(2, Finding(text, 1, both, severity, (edit,), text))
        for severity in ("error", "trap", "note")
    )
    claims = tuple(Claim(2, text, "value", holds, both) for holds in (True, False, None))
    statuses: tuple[Status, ...] = (*STATUSES,)
    blocks = tuple(
        Block(n, 10 * n + 2, text, "code", text, (Piece(text, (10 * n + 2,)),), reason=both, cell=n)
        for n in range(len(statuses))
    )
    verdicts = tuple(
        Verdict(
            block,
            status,
            both,
            1.0,
            Raised(text, text, block.line, (), f"{text}!", "module"),
            0,
            (text, text),
            f"{text}\n{text}",
            f"other {text}",
            "drift",
            tuple(dataclasses.replace(a, line=block.line) for a in advice),
            claims,
            (text,),
        )
        for block, status in zip(blocks, statuses, strict=True)
    )
    prose = tuple(
        Prose(200 + n, f"{mark}{text}", n - 1)
        for n, mark in enumerate(("word ", "# ", "- ", "> ", "| a |\n|---|\n| "))
    )
    document = Document(Path("a.md"), text, text, blocks, prose)
    found = Checked(
        f"a{text}",
        text,
        document,
        verdicts,
        1.0,
        (text,),
        f"--- {text}\n+++ {text}\n@@ {text}\n-{text}\n+{text}\n {text}",
        (0,),
        dict.fromkeys(range(len(blocks)), True),
    )
    return Report((found,), text, 1.0, {text: text, "grader": text})


def skeleton(page: Node) -> list[tuple[str, tuple[str, ...]]]:
    """Elements and names of their attributes, but for what texts may make.

    That is: code, a stop for the keyboard where lines are long, and lines side by side.
    """
    lines = [line for table in page.all("table", "sides") for line in table.one("tbody").walk()]
    assert {line.tag for line in lines} <= {"tbody", "tr", "td", "span", "b"}
    assert {name for line in lines for name in line.attrs} <= {"class", "colspan", "aria-hidden"}
    inside = set(map(id, lines))
    return [
        (node.tag, tuple(name for name in node.attrs if name != "tabindex"))
        for node in page.walk()
        if node.tag != "code" and id(node) not in inside
    ]


@pytest.fixture(scope="module")
def honest(tmp_path_factory: pytest.TempPathFactory) -> list[Node]:
    """The pages with plain words in every place."""
    return list(written(filled("word"), tmp_path_factory.mktemp("honest")).values())


@pytest.mark.parametrize("attack", ATTACKS)
def test_structure_does_not_depend_on_texts(
    attack: str, honest: list[Node], tmp_path: Path
) -> None:
    """Element by element the same pages as with plain words, and no text in any address."""
    run = filled(ATTACKS[attack])
    pages = list(written(run, tmp_path).values())
    assert len(pages) == len(honest) == 4
    for page, plain in zip(pages, honest, strict=True):
        assert skeleton(page) == skeleton(plain)
        for node in page.walk():
            assert not {"style", "src", "srcdoc"} & set(node.attrs)
            assert re.fullmatch(r"|data:,|[-a-z0-9A-Z./#]+", node.attrs.get("href", ""))
            assert re.fullmatch(r"|[-a-zA-Z0-9_ ]+", node.attrs.get("class", ""))
            assert re.fullmatch(r"|[-a-zA-Z0-9]+", node.attrs.get("id", ""))
        assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200f\u202a-\u202e]", page.text)
    for line in terminal_lines(run, "en"):
        assert line.isprintable()
