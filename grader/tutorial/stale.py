"""The kernel's state as a document goes on: which names and files aren't as they should be.

When a block stops halfway, the names it would have bound are missing, or still stand for what an
earlier block bound them to. Both are remembered until something binds the name anew.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from grader.tutorial import filenames
from grader.tutorial.graph import Step


@dataclass(frozen=True, slots=True)
class Stale:
    """Why a name or a file isn't what the document means it to be.

    Attributes:
        root, by: indices of the first block to blame, and of the one that should have set it.
        line: where it should have been set.
        how: `made`: the definition didn't run; `touched`: a change to it didn't; `gap`: it ran, in
            a block with code left out; `lost`: the kernel was started anew.
        name: what it goes back to, if it was computed from something else that is stale.
    """

    root: int
    by: int
    line: int
    how: Literal["made", "touched", "gap", "lost"]
    name: str


class State:
    """What names and files stand for after the blocks so far."""

    def __init__(self) -> None:
        self.stale: dict[str, Stale] = {}
        self.files: dict[str, Stale] = {}
        self.lost: dict[str, Stale] = {}
        self.made: dict[str, int] = {}
        self.written: dict[str, int] = {}
        self.deleted: dict[str, int] = {}
        self.stars: dict[str, Stale] = {}
        self._imports: dict[str, str] = {}
        self._random: set[str] = set()

    def random(self, steps: Iterable[Step]) -> bool:
        """Whether what the steps show may be different each time, or with other data."""
        own: set[str] = set()
        for step in steps:
            if step.random or (step.uses & self._random) - own:
                return True
            own |= step.defines
        return False

    def blamed(self, step: Step) -> dict[str, Stale]:
        """What the step uses that isn't what it should be; names first, then files."""
        found = {name: self.stale[name] for name in sorted(step.uses & self.stale.keys())}
        for file in step.reads:
            if stale := self.file(file):
                found[file] = stale
        return found

    def file(self, path: str) -> Stale | None:
        """Why a file isn't there, or is an old one; None where no block is to blame."""
        for pattern, stale in self.files.items():
            if filenames.same(path, pattern) or filenames.inside(path, pattern):
                return stale
        return None

    def complete(self, step: Step, *, chance: bool = False) -> None:
        """The step ran; `chance`: on data that aren't the reader's."""
        source = next((s for n, s in self.blamed(step).items() if s.how != "touched"), None)
        chance = chance or step.random or bool(step.uses & self._random)
        for name in step.defines:
            self.made[name] = step.first
            self.lost.pop(name, None)
            self.deleted.pop(name, None)
            self._imports.pop(name, None)
            self.stale.pop(name, None)
            # What is computed from an old value is as old, whatever it is called.
            if source is not None:
                self.stale[name] = source
        self._imports.update(step.imports)
        for name in step.touches:
            if name in self.stale and self.stale[name].how == "touched":
                del self.stale[name]
        for name in step.deletes:
            self.made.pop(name, None)
            self.deleted[name] = step.first
        self._random -= step.defines
        if chance:
            self._random |= (step.defines - step.imports.keys() - step.functions.keys()) | (
                step.touches & self.made.keys()
            )
        for path in step.writes:
            self.wrote(path, step.first)

    def wrote(self, path: str, line: int) -> None:
        """A file was written in full."""
        self.written[filenames.normal(path)] = line
        for pattern in [known for known in self.files if filenames.same(known, path)]:
            del self.files[pattern]

    def abandon(
        self, steps: Iterable[Step], root: int, by: int, how: Literal["made", "gap"] = "made"
    ) -> None:
        """The steps didn't run, or (`gap`) not as a reader's would."""
        line = 0
        for step in steps:
            line = step.first or line
            for name in step.defines:
                # The same module imported again would be the same module.
                if name in step.imports and self._imports.get(name) == step.imports[name]:
                    continue
                self.stale[name] = Stale(root, by, line, how, name)
            for name in step.touches & self.made.keys():
                if name not in self.stale or self.stale[name].how == "touched":
                    self.stale[name] = Stale(root, by, line, "touched", name)
            for path in step.writes:
                self.files[filenames.normal(path)] = Stale(root, by, line, how, path)
            for module in step.stars:
                self.stars[module] = Stale(root, by, line, how, module)

    def restart(self, root: int, line: int) -> None:
        """The kernel ended: names are gone, files aren't."""
        for name in self.made:
            self.lost[name] = Stale(root, root, line, "lost", name)

    def older(self, name: str) -> int:
        """The line of the definition that a stale name still has; 0 where it has none."""
        return self.made.get(name, 0)


def _holding(steps: tuple[Step, ...], line: int) -> Iterator[int]:
    """Indices of the steps that hold `line`, the smallest first."""
    fitting = [n for n, step in enumerate(steps) if step.first <= line <= step.last and step.first]
    yield from sorted(fitting, key=lambda n: steps[n].last - steps[n].first)


def failing(steps: tuple[Step, ...], line: int, elsewhere: Iterable[str] = ()) -> int | None:
    """Which step failed, where `line` is what the exception says; None where that can't be told.

    A line in a function's body means the step that called it; `elsewhere` names the functions, in
    other pieces, that hold the line.
    """
    inside = set(elsewhere)
    start = 0
    for index in _holding(steps, line):
        step = steps[index]
        if not (step.body and step.functions and line >= step.body):
            return index
        inside |= step.functions.keys()
        start = index + 1
    if not inside:
        return None
    calls = (n for n in range(start, len(steps)) if steps[n].uses & inside)
    return next(calls, start - 1 if start else None)
