"""Picks the file that is meant for an exercise out of everything a student handed in."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from grader.submissions.model import Entry, Unreadable, hides, shown
from grader.text import Text

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

_LISTED = 5
_COMPARED = 500
# What browsers, file managers and upload forms add to a name that is taken.
_COPY = (
    r"(?:[ _.-]*\(\d{1,3}\)"
    r"|[ _-]+\d{1,3}"
    r"|[ _-]+(?:copy|kopie|copie|副本)(?:[ _-]*\(?\d{1,3}\)?)?)*"
)
_PROGRAMS = (".py", ".ipynb")
_ARCHIVES = (".zip", ".rar", ".7z", ".tar", ".gz", ".tgz", ".bz2", ".xz")


@dataclass(frozen=True, slots=True)
class Choice:
    """The entry for an exercise, how it was picked, and the entries it was preferred to."""

    entry: Entry
    notes: tuple[Text, ...] = ()
    rest: tuple[Entry, ...] = ()


class Missing(Exception):
    """Nothing was handed in for an exercise; `reason` lists the names that come near.

    `candidates` are the entries that may be meant nevertheless.
    """

    def __init__(self, reason: Text, candidates: Sequence[Entry] = ()) -> None:
        super().__init__(reason.en)
        self.reason = reason
        self.candidates = tuple(candidates)


class Ambiguous(Unreadable):
    """Several entries are equally good."""

    def __init__(self, reason: Text, candidates: Sequence[Entry]) -> None:
        super().__init__(reason)
        self.candidates = tuple(candidates)


def choose(entries: Sequence[Entry], exercise: str, exercises: Collection[str]) -> Choice:
    """The entry for `exercise`.

    An exact name at the shallowest depth wins, `.py` before `.ipynb`; without one, a name with
    other capitals or with a copy's number, if there is exactly one. Names that are exactly another
    exercise's are never taken.

    Raises Ambiguous when two files are equally good, Missing when there is none.
    """
    exact = [entry for entry in entries if entry.name in (f"{exercise}.py", f"{exercise}.ipynb")]
    near = [entry for entry in entries if _is_near(entry, exercise, exercises)]
    if exact:
        # A file that can't be opened anyway doesn't stand in the way of one that can.
        usable = [entry for entry in exact if entry.problem is None] or exact
        depth = min(entry.depth for entry in usable)
        level = [entry for entry in usable if entry.depth == depth]
        picked = _prefer_python(level)
        if len(picked) > 1:
            raise Ambiguous(_ambiguous(picked), picked)
        rest = [entry for entry in [*exact, *near] if entry is not picked[0]]
        return Choice(picked[0], _not_used(picked[0], rest), tuple(rest))
    picked = _prefer_python(near)
    if len(picked) != 1:
        alike = _alike(exercise, entries)
        raise Missing(_missing(exercise, entries, near, alike), near or alike)
    return _renamed(picked[0], near, exercise)


def choose_only(entries: Sequence[Entry], exercise: str, exercises: Collection[str]) -> Choice:
    """The one program that was handed in, whatever its name is, where one exercise was set.

    Names of other exercises, of tests and of what Python and its tools need aren't candidates, nor
    are those with characters that nobody sees.

    Raises Missing when there is no candidate, or more than one.
    """
    candidates = [entry for entry in entries if _may_be_any(entry, exercises)]
    picked = _prefer_python(candidates)
    if len({entry.path.rpartition(".")[0] for entry in candidates}) != 1 or len(picked) != 1:
        alike = _alike(exercise, entries)
        raise Missing(_missing(exercise, entries, candidates, alike), candidates or alike)
    return _renamed(picked[0], candidates, exercise)


def _may_be_any(entry: Entry, exercises: Collection[str]) -> bool:
    stem, dot, suffix = entry.name.rpartition(".")
    if not dot or suffix.lower() not in ("py", "ipynb") or stem in exercises or any(hides(stem)):
        return False
    return not stem.startswith("test_") and stem not in ("conftest", "setup", "__init__")


def _renamed(taken: Entry, near: Sequence[Entry], exercise: str) -> Choice:
    note = Text(
        f"`{shown(taken.path)}` was taken for `{exercise}.py`",
        f"把 `{shown(taken.path)}` 当作 `{exercise}.py` 来评分",
    )
    rest = tuple(entry for entry in near if entry is not taken)
    return Choice(taken, (note, *_not_used(taken, rest)), rest)


def _is_near(entry: Entry, exercise: str, exercises: Collection[str]) -> bool:
    stem, dot, suffix = entry.name.rpartition(".")
    if not dot or suffix.lower() not in ("py", "ipynb") or stem in exercises:
        return False
    # A name longer than this isn't a copy's; it also keeps the pattern's repetition short.
    if len(stem) > len(exercise) + 40 or not stem.lower().startswith(exercise.lower()):
        return False
    return re.fullmatch(_COPY, stem[len(exercise) :], re.IGNORECASE) is not None


def _prefer_python(entries: Sequence[Entry]) -> list[Entry]:
    python = [entry for entry in entries if entry.name.lower().endswith(".py")]
    return python or list(entries)


def _names(entries: Sequence[Entry], last_en: str = "and") -> tuple[str, str]:
    names = [f"`{shown(entry.path, 80)}`" for entry in entries[:_LISTED]]
    more = len(entries) - len(names)
    if more:
        return ", ".join(names) + f" and {more} more", "、".join(names) + f" 等 {len(entries)} 个"
    if len(names) < 2:
        return "".join(names), "".join(names)
    return f"{', '.join(names[:-1])} {last_en} {names[-1]}", "、".join(names)


def _ambiguous(entries: Sequence[Entry]) -> Text:
    en, zh = _names(entries)
    return Text(
        f"{en} could each be meant: hand in only one of them",
        f"{zh} 都可能是你的答案：请只提交其中一个",
    )


def _not_used(taken: Entry, rest: Sequence[Entry]) -> tuple[Text, ...]:
    if not rest:
        return ()
    (en, zh), name = _names(rest), shown(taken.path, 80)
    return (Text(f"`{name}` was graded, {en} not", f"评分用的是 `{name}`，未使用 {zh}"),)


def _missing(
    exercise: str, entries: Sequence[Entry], near: Sequence[Entry], alike: Sequence[Entry]
) -> Text:
    en = f"there is no `{exercise}.py` or `{exercise}.ipynb`"
    zh = f"没有找到 `{exercise}.py` 或 `{exercise}.ipynb`"
    if len(near) > 1:
        names_en, names_zh = _names(near)
        return Text(
            f"{en}, and which of {names_en} is meant isn't clear: hand in one file `{exercise}.py`",
            f"{zh}，也无法确定 {names_zh} 中哪个是答案：请只提交一个 `{exercise}.py`",
        )
    if alike:
        names_en, names_zh = _names(alike, "or")
        return Text(
            f"{en}; if {names_en} is meant, rename it", f"{zh}；如果是 {names_zh}，请改名后重新提交"
        )
    packed = [entry for entry in entries if entry.name.lower().endswith(_ARCHIVES)]
    if packed:
        names_en, names_zh = _names(packed)
        return Text(
            f"{en}; archives inside are not opened, unzip {names_en}",
            f"{zh}；其中的压缩包不会打开，请先解压 {names_zh}",
        )
    if entries and not any(entry.name.lower().endswith(_PROGRAMS) for entry in entries):
        names_en, names_zh = _names(entries)
        return Text(
            f"{en}, but {names_en}: hand in the program itself, a file in .py or .ipynb",
            f"{zh}，只有 {names_zh}：请提交程序本身，即 .py 或 .ipynb 文件",
        )
    return Text(en, zh)


def _alike(exercise: str, entries: Sequence[Entry]) -> list[Entry]:
    """Files whose name starts with the exercise's, or is a slip of the keyboard away."""
    lowered = exercise.lower()
    entries = entries[:_COMPARED]
    stems = {id(entry): entry.name.lower().split(".")[0][:80] for entry in entries}
    close = set(difflib.get_close_matches(lowered, set(stems.values()), n=_LISTED, cutoff=0.8))
    named = (lowered + ".py", lowered + ".ipynb", lowered + ".txt")
    return [
        entry
        for entry in entries
        if stems[id(entry)] in close - {lowered} or entry.name.lower().startswith(named)
    ]
