"""What is understood of a class's files: every file of it is in exactly one of four states.

Nothing of a student's code runs here. `taken` for an exercise; `superseded` by a better or later
file; `ignored`, with the reason; or `unclear`: a person has to look, for nothing is guessed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from grader.lms.trees import CODE
from grader.lms.values import HandedIn, HandIn, Layout, Listed, Person, State
from grader.submissions.intake import Taken, take, tree_of
from grader.submissions.model import Tree, shown
from grader.text import Text

_OPENED = Text("an archive; its files are listed by themselves", "压缩包；其中的文件单独列出")
_NO_PROGRAM = Text("not a program (.py, .ipynb)", "不是程序（.py、.ipynb）")
_NO_EXERCISE = Text("no exercise has this name", "没有同名的练习")
_OTHER = Text("for an exercise that isn't asked for", "属于另一个练习")
_BESIDE = Text("files were handed in beside it", "另有提交的文件")


@dataclass(frozen=True, slots=True)
class Answer:
    """What there is for one exercise: `ready`, `missing` or `unreadable`, and why."""

    exercise: str
    status: str
    file: str
    reason: Text


@dataclass(frozen=True, slots=True)
class Understood:
    """One student's files.

    Attributes:
        trouble: why a person should look at this hand-in, where no single file is to blame.
    """

    person: Person
    files: tuple[Listed, ...]
    answers: tuple[Answer, ...]
    notes: tuple[Text, ...]
    trouble: Text | None = None


@dataclass(frozen=True, slots=True)
class Intake:
    """A whole class's."""

    layout: Layout
    students: tuple[Understood, ...]
    loose: tuple[Listed, ...]
    notes: tuple[Text, ...]

    def unclear(self) -> Iterator[tuple[str, Listed]]:
        """(student, "" for nobody's; file, "" for the hand-in as a whole) to look at."""
        for one in self.students:
            if one.trouble is not None:
                yield one.person.name, Listed("", "unclear", one.trouble)
            for file in one.files:
                if file.state == "unclear":
                    yield one.person.name, file
        for file in self.loose:
            if file.state == "unclear":
                yield "", file


def understand(
    found: HandedIn, symbols: Mapping[str, Sequence[str]], others: Collection[str] = ()
) -> Intake:
    """Every file's state, for the exercises in `symbols`; see `collect` for the arguments."""
    students = tuple(_understood(hand_in, symbols, others) for hand_in in found.hand_ins)
    return Intake(found.layout, students, found.loose, found.notes)


def _understood(
    hand_in: HandIn, symbols: Mapping[str, Sequence[str]], others: Collection[str]
) -> Understood:
    tree = tree_of(hand_in.student)
    taken = take(hand_in.student, tree, symbols, others)
    meant_else = frozenset(others) - set(symbols)
    files = [*_of_layout(hand_in, tree), *_of_tree(tree, taken, meant_else)]
    answers = tuple(
        Answer(
            one.submission.exercise,
            one.submission.status,
            one.entry.place if one.entry else "",
            one.submission.reason,
        )
        for one in taken
    )
    notes = tuple(dict.fromkeys(note for one in taken for note in one.submission.notes))
    # A file is told about once: by the layout first, then by what the student's own files say.
    once = {file.path: file for file in reversed(files)}
    settled = tuple(sorted(once.values(), key=lambda file: file.path))
    doubt = hand_in.owned.doubt if hand_in.owned else None
    return Understood(hand_in.person, settled, answers, notes, doubt or _trouble(tree, settled))


def _trouble(tree: Tree, files: Sequence[Listed]) -> Text | None:
    if tree.problem is not None:
        return tree.problem
    if any(file.state in ("taken", "unclear") or file.why == _OTHER for file in files):
        return None
    return Text("nothing that can be graded was handed in", "没有提交可以评分的内容")


def _of_layout(hand_in: HandIn, tree: Tree) -> Iterator[Listed]:
    """What is settled before the student's own files are looked at."""
    owned = hand_in.owned
    if owned is None:
        return
    yield from owned.listed
    seen = {entry.place for entry in tree.entries}
    for entry in (*owned.entries, *((owned.page,) if owned.page else ())):
        if tree.problem is not None:
            yield Listed(entry.place, "ignored", entry.problem or tree.problem)
        elif entry.place not in seen:
            why = _BESIDE if entry is owned.page else _OPENED
            yield Listed(entry.place, "ignored", why)


def _of_tree(tree: Tree, taken: Sequence[Taken], meant_else: Collection[str]) -> Iterator[Listed]:
    used = {id(one.entry): one for one in taken if one.entry is not None}
    better = {id(entry): one for one in taken for entry in one.rest}
    maybe = {id(entry): one for one in taken for entry in one.candidates}
    nothing = not used
    for entry in tree.entries:
        code = entry.name.lower().endswith(CODE)
        path = entry.place
        if one := used.get(id(entry)):
            # What can't be read is graded all the same; what mustn't be is for somebody to look at.
            state: State = "unclear" if entry.problem else "taken"
            yield Listed(path, state, one.submission.reason, one.submission.exercise)
        elif one := maybe.get(id(entry)):
            yield Listed(path, "unclear", one.submission.reason, one.submission.exercise)
        elif (one := better.get(id(entry))) and one.entry:
            name = shown(one.entry.place, 80)
            why = Text(f"`{name}` was preferred", f"采用了 `{name}`")
            yield Listed(path, "superseded", why, one.submission.exercise)
        elif code and entry.name.rpartition(".")[0] in meant_else:
            yield Listed(path, "ignored", _OTHER)
        elif not code:
            yield Listed(path, "ignored", entry.problem or _NO_PROGRAM)
        else:
            why = entry.problem or _NO_EXERCISE
            yield Listed(path, "unclear" if nothing else "ignored", why)
