"""Whatever text is in the results, in whatever place: the pages keep their structure."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path
from typing import Any

import pytest

from grader.report import write_report
from grader.results import (
    Adjustment,
    Attempt,
    CheckResult,
    CheckSpec,
    Diagnosis,
    ExerciseSpec,
    Late,
    Results,
    Row,
    Run,
    mark,
)
from grader.text import Text

from .pages import Node, read

ATTACKS = {
    "script": "<script>alert(1)</script>",
    "closes everything": "</p></div></td></pre></code></bdi></title></style><script>x</script>",
    "comment": "<!-- --><![CDATA[x]]><!doctype html><?php x ?>",
    "double quotes": '" onmouseover="alert(1)" x="',
    "single quotes": "' onfocus='alert(1)' autofocus='",
    "no quotes": " onload=alert(1) style=position:fixed ",
    "address": "javascript:alert(1)//",
    "data address": "data:text/html,<script>alert(1)</script>",
    "style": "}</style><style>*{background:url(//evil)}",
    "css": "expression(alert(1));width:100%;background:url(javascript:x)",
    "entities": "&lt;script&gt;&#60;script&#x3e;&quot;&NewLine;",
    "template": "{{ 7*7 }}{% include 'x' %}{# #}${7*7}<%= 7 %>",
    "format": "{0.__class__}{level}{n}%s%(x)s",
    "backticks": "`<img src=x onerror=alert(1)>` `` ` \\` `a`b`",
    "svg": "<svg/onload=alert(1)><math><mtext></form><img src=x onerror=alert(1)>",
    "meta": '<meta http-equiv="refresh" content="0;url=//evil"><base href="//evil">',
    "frame": '<iframe srcdoc="<script>x</script>"></iframe><object data=x><embed src=x>',
    "ansi": "\x1b[2J\x1b[31mred\x1b[0m\x1b]0;title\x07\x1b]8;;http://evil\x1b\\link\x1b]8;;\x1b\\",
    "c1": "\x9b31m\x9d0;title\x9c\x90q\x9c",
    "returns": "100\r0\x08\x08\x7f\x0b\x0c\x85",
    "bidi": "\u202egnp.exe\u2066\u2067\u2068\u2069\u200f\u061c",
    "unseen": "a\u200b\u2060\ufeff\u00ad\u034f\u115f\u3164\ufe01\U000e0041\U000e0100",
    "line ends": "one\ntwo\u2028three\u2029four\r\nfive",
    "tower": "Z" + "\u0301\u0316" * 500,
    "nul": "\x00<scr\x00ipt>",
    "utf-7": "+ADw-script+AD4-",
    "overlong": "\udcc0\udcbcscript>",
    "megabyte": "<b>" * 350_000,
}
UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u200b\u200e\u200f\u202a-\u202e"
    "\u2060-\u206f\u3164\ufe01\ufeff\U000e0000-\U000e01ef]"
)


def filled(text: str) -> Results:
    """Results with `text` in every place that any text can have."""
    both = Text(text, text)
    spec = CheckSpec(f"a{text}", both, 2.0, "values")
    other = CheckSpec(f"b{text}", both, 2.0, "data")
    exercise = ExerciseSpec(text, both, 4.0, (spec, other))
    evidence: dict[str, Any] = {
        "asked": {"en": text, "zh": text},
        **dict.fromkeys(("expected", "got", "first_difference", "traceback", "output"), text),
        "rests_on": text,
        text: text,
        "internal": text,
    }
    checks = (
        CheckResult(
            spec.id, "failed", 0.0, 2.0, 0.1, text, both, both, evidence, Diagnosis(text, both)
        ),
        CheckResult(other.id, "grader_error", 0.0, 2.0, 0.1, text, both, both, evidence),
    )
    late = Late(text, text, None, 1.0, both)
    tries = (Attempt(text, text, 1.0, 1.0, counts=True), Attempt(text, text))
    change, total = Adjustment(text, 2.0, None, text), Adjustment(text, None, 2.0, text)
    rows = (
        Row(
            f"a{text}", text, "graded", 0.0, 4.0, checks=checks, notes=(both,), file=text,
            mark=mark(0.0, late, change, tries),
        ),
        Row(f"b{text}", text, "unreadable", 0.0, 4.0, reason=both, notes=(both,), file=text),
        Row(f"c{text}", text, "missing", 0.0, 4.0, reason=both, mark=mark(0.0, None, total)),
        Row(f"d{text}", text, "grader_error", 0.0, 4.0, reason=both, file=text),
    )  # fmt: skip
    run = Run(text, 1.0, 7, 2, "both", text, {text: text, "grader": text}, (both,))
    return Results(run, (exercise,), rows)


def skeleton(page: Node) -> list[tuple[str, tuple[str, ...]]]:
    """Every element but `<code>`, which texts may make, and the names of its attributes."""
    return [(node.tag, tuple(node.attrs)) for node in page.walk() if node.tag != "code"]


def written(results: Results, folder: Path) -> dict[str, Node]:
    """The pages by what they are about: their names depend on the student's."""
    write_report(results, folder)
    pages = {}
    for path in sorted(folder.rglob("*.html")):
        text = path.read_text(encoding="utf-8")
        assert len(text) < 600_000, path
        assert not UNSEEN.search(text), path
        page = read(text)
        kind = {folder: "index", folder / "exercises": "exercise"}.get(
            path.parent, page.one("h1").text[:1]
        )
        pages[kind + ("zh" if path.name.endswith(".zh.html") else "en")] = page
    return pages


@pytest.fixture(scope="module")
def honest(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Node]:
    """The pages of the same results with plain words in every place."""
    return written(filled("word"), tmp_path_factory.mktemp("honest"))


@pytest.mark.parametrize("attack", ATTACKS)
def test_structure_does_not_depend_on_texts(
    attack: str, honest: dict[str, Node], tmp_path: Path
) -> None:
    """Element by element the same page as with plain words: no tag and no attribute more."""
    pages = written(filled(ATTACKS[attack]), tmp_path)
    assert set(pages) == set(honest)
    for kind, page in pages.items():
        assert skeleton(page) == skeleton(honest[kind]), kind
        for node in page.walk():
            for name, value in node.attrs.items():
                if name == "href":
                    assert re.fullmatch(r"data:,|[-a-z0-9./#]+", value), value
                elif name == "style":
                    assert re.fullmatch(r"width:\d+%", value), value
                elif name in ("class", "id", "aria-labelledby"):
                    assert re.fullmatch(r"[-a-z0-9_. ]+", value), value
                elif name not in ("aria-label", "title", "datetime"):
                    assert ATTACKS[attack] not in value


def test_policy_is_strict(honest: dict[str, Node]) -> None:
    """Before anything else in the head: nothing is fetched, no form is sent, nothing runs but the
    class page's own script, which its digest names."""
    for kind, page in honest.items():
        head = [n for n in page.one("head").parts if isinstance(n, Node)]
        policy = head[1].attrs
        assert policy["http-equiv"] == "Content-Security-Policy"
        rules = dict(rule.split(" ", 1) for rule in policy["content"].split("; "))
        assert rules.pop("default-src") == rules.pop("base-uri") == rules.pop("form-action")
        assert kind.startswith("index") == ("script-src" in rules)
        assert re.fullmatch(
            r"'sha256-[\w+/]{43}='", rules.pop("script-src", f"'sha256-{'x' * 43}='")
        )
        assert rules == {"style-src": "'unsafe-inline'", "img-src": "data:"}
        assert "'none'" in policy["content"]


def test_names_that_look_alike_stay_apart(tmp_path: Path) -> None:
    """Students whose names differ only in what can't be seen have a page each."""
    names = ("ada", "ada\u200b", "\u0430da", "ada\u202e", "Ada", "ad\u0061\u0301", "adá")
    rows = tuple(Row(name, "word", "missing", 0.0, 4.0) for name in names)
    write_report(dataclasses.replace(filled("word"), results=rows), tmp_path)
    assert len(list((tmp_path / "students").iterdir())) == 2 * len(names)
