"""The tutorial check's pages and its lines for a terminal, in the house style of the reports."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from functools import cache, partial
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined

from grader.defuse import defuse, defuse_line
from grader.report import strings
from grader.report.markup import duration, in_language, moment, printable, sentence, tail
from grader.report.names import Names
from grader.report.tutorial_views import DocumentView, counts, document_view, roots
from grader.report.tutorial_words import MEANINGS, SEVERITIES, STATUSES, WORDS
from grader.results import write_atomically
from grader.text import Text
from grader.tutorial.results import Checked, Report, fault_line, message_of, to_json
from grader.tutorial.values import Status, Verdict

_MOST_ROOTS = 25
"""Told on a terminal of one document; the page has them all."""
_MOST_DIFF_LINES = 3000


def write_tutorial(report: Report, out: Path) -> Path:
    """Writes `tutorial.json` and, in every language, a page per document and `index.html`.

    Returns the path of `index.html`, which is written last: what it links to is there.

    Raises:
        UsageError: the folder can't be written.
        ValueError: seconds that are no numbers.
    """
    write_atomically(out / "tutorial.json", to_json(report).decode())
    documents = [document_view(checked) for checked in report.checked]
    names = Names()
    for lang in reversed(names.languages):  # index.html last
        environment = _environment(lang)
        page = environment.get_template("tutorial.html.j2")
        for doc in documents:
            text = page.render(page=doc.slug, run=report, doc=doc)
            write_atomically(out / "documents" / names.file(doc.slug, lang), text)
        text = environment.get_template("tutorial_index.html.j2").render(
            page="index", run=report, documents=documents, total=_total(documents)
        )
        write_atomically(out / names.file("index", lang), text)
    return out / "index.html"


def terminal_lines(report: Report, lang: str) -> list[str]:
    """What a terminal shows: per document its counts, then its roots, the worst first."""
    said = []
    for checked in report.checked:
        path = defuse_line(checked.path)
        told, _ = counts(checked)
        words = ", ".join(f"{n} {STATUSES[status].in_(lang)}" for status, n in told)
        if lang.startswith("zh"):
            words = "，".join(f"{STATUSES[status].zh} {n}" for status, n in told)
        said.append(f"{path}: {words} ({duration(checked.seconds)})")
        found = roots(checked)
        said += (
            f"  {_root_line(path, verdict, len(drags), lang)}"
            for verdict, drags in found[:_MOST_ROOTS]
        )
        if (more := len(found) - _MOST_ROOTS) > 0:
            text = Text(f"… and {more} more in the report", f"……另有 {more} 处，见报告")
            said.append(f"  {text.in_(lang)}")
        if checked.stand_ins:
            names = defuse_line(", ".join(checked.stand_ins), max_chars=160)
            said.append(f"  {Text('stand-in data', '替身数据').in_(lang)}: {names}")
        if checked.mended is not None:
            said.append(f"  {_mended(checked).in_(lang)}")
    return said


def _root_line(path: str, verdict: Verdict, dragged: int, lang: str) -> str:
    """`path:line: failed NameError: … (drags down 12 blocks)`."""
    line = fault_line(verdict)
    false = [claim for claim in verdict.claims if claim.holds is False]
    status = STATUSES[verdict.status].in_(lang)
    if verdict.status in ("failed", "blocked") and verdict.error is not None:
        what = f"{verdict.error.type}: {message_of(verdict.error)}"
    elif false and verdict.status not in ("failed", "blocked", "drifted"):
        line, status = false[0].line, WORDS["fails_to_hold"].in_(lang)
        what = f"“{false[0].text}”: {false[0].why.in_(lang)}"
    else:
        what = verdict.why.in_(lang)
    drags = ""
    if dragged:
        several = "block" if dragged == 1 else "blocks"
        drags = Text(f" (drags down {dragged} {several})", f"（牵连 {dragged} 个代码块）").in_(lang)
    return f"{path}:{line}: {status} {defuse_line(what, max_chars=160)}{drags}"


def _mended(checked: Checked) -> Text:
    if not checked.mended:
        return WORDS["mended_none"]
    n = len(checked.still_failing)
    if not n:
        return Text("mended copy: nothing fails any more", "修正后的副本：已全部通过")
    blocks = "block" if n == 1 else "blocks"
    return Text(f"mended copy: {n} {blocks} still at fault", f"修正后的副本：仍有 {n} 个代码块出错")


def _total(documents: list[DocumentView]) -> list[tuple[Status, int]]:
    found: Counter[Status] = Counter()
    for doc in documents:
        found.update(dict(doc.counts))
    return [(status, found[status]) for status in STATUSES if found[status] or status == "passed"]


def _diff_lines(diff: str) -> Iterator[tuple[str, str]]:
    """Each line of a unified diff with the kind of mark-up that it gets."""
    lines = diff.rstrip("\n").split("\n")
    body = False
    for line in lines[:_MOST_DIFF_LINES]:
        if line.startswith("@@"):
            body = True
            yield "hunk", line
        elif not body:
            yield "file", line
        else:
            yield {"-": "del", "+": "ins"}.get(line[:1], ""), line
    if len(lines) > _MOST_DIFF_LINES:
        yield "hunk", f"… (+{len(lines) - _MOST_DIFF_LINES})"


def _oneline(text: str) -> str:
    """A line as it is, but for what would act or hide; other line ends in it become spaces."""
    return defuse(text).replace("\n", " ")


@cache
def _environment(lang: str) -> Environment:
    """Templates that print in `lang`; whatever they print is defused, then escaped."""
    environment = Environment(
        loader=PackageLoader("grader.report"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=printable,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(
        say=lambda value: sentence(in_language(value, lang)),
        inlang=partial(in_language, lang=lang),
        oneline=_oneline,
        tail=tail,
        diff=_diff_lines,
        moment=moment,
        duration=duration,
        page=lambda stem: Names().file(stem, lang),
    )
    environment.globals.update(
        lang=lang,
        s=strings.strings(lang),
        t={name: text.in_(lang) for name, text in WORDS.items()},
        statuses=STATUSES,
        meanings=MEANINGS,
        severities=SEVERITIES,
        tags=strings.TAGS,
        switch=Names().switch,
    )
    return environment
