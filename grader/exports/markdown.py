"""A student's results as Markdown: points, checks, what was asked and what came, what to do next.

Whatever a student wrote stays text: in sentences every sign that means something to Markdown is
escaped, what programs print stands in fences and code spans longer than any in it. So no text makes
a link, an image, HTML, a heading or an end of its fence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from grader.defuse import defuse, defuse_line
from grader.exports.evidence import Fact, facts
from grader.exports.grades import number
from grader.exports.marked import marked
from grader.report.markup import in_language, moment
from grader.report.scores import counted
from grader.report.strings import OUTCOMES, STATUSES
from grader.report.views import Standing
from grader.results import CheckResult, CheckSpec, ExerciseSpec, Results, Row
from grader.text import Text

_CODE = re.compile(r"`([^`\n]+)`")
_SIGNS = re.compile(r"([\\`*_{}\[\]<>#|!~&$^])")
_FIRST = re.compile(r"^(\d{0,9})([-+=:.)])")
"""What begins a list, or makes a heading of the line before."""
_ADDRESS = re.compile(r"(:)(?=//)|(?<=www)(\.)", re.IGNORECASE)
"""Where GitHub's Markdown sees a link that nobody marked as one."""
_TICKS = re.compile("`+")
_COLON = Text(": ", "：")
_WORDS = {
    "of": Text("{points} of {most} points", "得分 {points}，满分 {most}"),
    "when": Text(
        "Graded {when} with grader {version}.", "评分时间：{when}；grader 版本 {version}。"
    ),
    "exercise": Text("Exercise", "练习"),
    "points": Text("Points", "得分"),
    "result": Text("Result", "结果"),
    "file": Text("File", "文件"),
    "not_counted": Text("not counted", "不计入"),
    "passed": Text("Passed", "已通过"),
    "fault": Text(
        "The grader failed here, not you. These points are not counted.",
        "这里是评分系统出了故障，与你无关。这些分数暂不计入。",
    ),
}


def summary(results: Results, student: Standing, lang: str) -> str:
    """The page of `student` in `lang`, which ends with a newline."""
    pairs = [
        (spec, row)
        for spec, row in zip(results.exercises, student.rows, strict=True)
        if row is not None
    ]
    total = student.score
    points = {"points": number(total.points), "most": number(total.max_points)}
    blocks = [f"# {escape(student.name)}", f"**{escape(_say('of', lang).format(**points))}**"]
    blocks.append("\n".join(_table(pairs, lang)))
    for spec, row in pairs:
        blocks += _exercise(spec, row, lang)
    told = {
        "when": defuse_line(moment(results.run.started), max_chars=60),
        "version": defuse_line(results.run.versions.get("grader", "?"), max_chars=60),
    }
    blocks.append(escape(_say("when", lang).format(**told)))
    return "\n\n".join(blocks) + "\n"


def escape(text: str) -> str:
    """`text` on one line in which nothing is markup.

    A zero-width space follows every at sign: escaped or not, some renderers make links and
    notifications of what stands behind one.
    """
    return _escaped(defuse_line(text, max_chars=2000))


def span(text: str) -> str:
    """`text` on one line as a code span; "" where there is none."""
    line = defuse_line(text, max_chars=2000)
    if not line:
        return ""
    fence = "`" * (_longest(line) + 1)
    pad = " " if line[0] in "` " or line[-1] in "` " else ""
    return f"{fence}{pad}{line}{pad}{fence}"


def fenced(text: str) -> str:
    """`text` as a block of code that nothing in it can end."""
    clean = defuse(text)
    fence = "`" * max(3, _longest(clean) + 1)
    return f"{fence}text\n{clean}\n{fence}"


def sentence(text: str) -> str:
    """A sentence with the course's `code` in it: that as code spans, everything else escaped."""
    parts, at = [], 0
    line = defuse_line(text, max_chars=2000)
    for found in _CODE.finditer(line):
        parts += [_escaped(line[at : found.start()]), span(found[1]) or found[0]]
        at = found.end()
    return "".join((*parts, _escaped(line[at:])))


def _escaped(line: str) -> str:
    # The first sign last: in `://` it is the address's, and escaped once already.
    line = _ADDRESS.sub(r"\\\g<0>", _SIGNS.sub(r"\\\1", line))
    return _FIRST.sub(r"\1\\\2", line).replace("@", "@\u200b")


def _say(name: str, lang: str) -> str:
    return _WORDS[name].in_(lang)


def _longest(text: str) -> int:
    return max(map(len, _TICKS.findall(text)), default=0)


def _table(pairs: list[tuple[ExerciseSpec, Row]], lang: str) -> Iterator[str]:
    header = " | ".join(_say(name, lang) for name in ("exercise", "points", "result"))
    yield f"| {header} |"
    yield "| --- | ---: | --- |"
    for spec, row in pairs:
        title = escape(in_language(spec.title, lang))
        yield f"| {title} | {_points(row, lang)} | {STATUSES[row.status].in_(lang)} |"


def _points(row: Row, lang: str) -> str:
    score = counted(row)
    if score.max_points <= 0:
        return _say("not_counted", lang)
    return f"{number(score.points)} / {number(score.max_points)}"


def _exercise(spec: ExerciseSpec, row: Row, lang: str) -> Iterator[str]:
    yield f"## {escape(in_language(spec.title, lang))}"
    if row.file:
        yield f"{_say('file', lang)}{_COLON.in_(lang)}{span(row.file)}"
    if row.status != "graded":
        reason = in_language(row.reason, lang)
        yield f"**{STATUSES[row.status].in_(lang)}**" + (
            f"{_COLON.in_(lang)}{sentence(reason)}" if reason else ""
        )
    if why := marked(row, lang):
        yield "\n".join(f"- {sentence(line)}" for line in why)
    for note in row.notes:
        yield sentence(in_language(note, lang))
    checks = {check.id: check for check in spec.checks}
    passed = [result for result in row.checks if result.outcome == "passed"]
    for result in row.checks:
        if result.outcome != "passed":
            yield from _check(checks[result.id], result, lang)
    if passed:
        titles = [sentence(in_language(checks[result.id].title, lang)) for result in passed]
        yield "\n".join((f"**{_say('passed', lang)}**", "", *(f"- {title}" for title in titles)))


def _check(spec: CheckSpec, result: CheckResult, lang: str) -> Iterator[str]:
    points = f"{number(result.points)} / {number(result.max_points)}"
    fault = result.outcome == "grader_error"
    told = _say("not_counted", lang) if fault else points
    title = sentence(in_language(spec.title, lang))
    yield f"### {title} — {OUTCOMES[result.outcome].in_(lang)} ({told})"
    if fault:
        yield _say("fault", lang)
        return
    if message := sentence(in_language(result.message, lang)):
        yield message
    for fact in facts(result, lang):
        yield from _fact(fact, lang)


def _fact(fact: Fact, lang: str) -> Iterator[str]:
    if fact.verbatim:
        yield f"{fact.label}{_COLON.in_(lang)}".rstrip()
        yield fenced(fact.text)
    else:
        yield f"**{fact.label}**{_COLON.in_(lang)}{sentence(fact.text)}"
