"""What a name of a module rests on: the statements that it takes, and no others.

Reaching definitions over the top-level statements, run top to bottom as a notebook is: a later
definition replaces an earlier one, a conditional one or a change of the object adds to it. What a
function's body reads is looked up when it is called, so at the end of the module.

Calls made only to show or train something (`plt.plot(…)`, `model.fit(…)`, `print(…)`) are no part
of what a name rests on. These are, when they touch an object that is needed: assignments to its
attributes and items, `setattr`, the mutating methods in `names.MUTATORS`, its registration with
Keras, and a call of a function that alone binds a needed global.
"""

from __future__ import annotations

import ast
import builtins
from bisect import bisect_left
from collections import defaultdict
from typing import TYPE_CHECKING

from grader.submissions.names import facts_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from grader.submissions.scopes import Facts

_BUILTINS = frozenset(dir(builtins))
_IMPORTS: tuple[type[ast.stmt], ...] = (ast.Import, ast.ImportFrom)
_DEFINITIONS: tuple[type[ast.stmt], ...] = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
ANY = -1
"""In place of a position: every definition of the name counts, whichever is in force."""


class Program:
    """The top-level statements of a module and how they rest on each other.

    `end` is the position after the last statement. `if __name__ == "__main__":` is left out: a
    grader imports the module, so it never runs.
    """

    def __init__(self, statements: Sequence[ast.stmt]) -> None:
        self.facts: list[Facts | None] = [
            None if _is_main_guard(statement) else facts_of(statement) for statement in statements
        ]
        self.end = len(self.facts)
        self._binders: dict[str, list[int]] = defaultdict(list)
        self._killers: dict[str, list[int]] = defaultdict(list)
        self._changers: dict[str, list[int]] = defaultdict(list)
        self._own: dict[tuple[str, bool], bool] = {}
        self.stars: list[int] = []
        for number, facts in self._each():
            for name in facts.scope.bound:
                self._binders[name].append(number)
            for name in facts.kills:
                self._killers[name].append(number)
            if facts.stars:
                self.stars.append(number)
        self._global_binds()
        for number, facts in self._each():
            data = {name for name in facts.called_on if self._is_bound_by(name, data=True)}
            own = {name for name in facts.registers if self._is_bound_by(name, data=False)}
            for name in (facts.touches | data | own) - facts.scope.bound:
                self._changers[name].append(number)

    def _each(self) -> Iterator[tuple[int, Facts]]:
        return ((n, facts) for n, facts in enumerate(self.facts) if facts is not None)

    def _global_binds(self) -> None:
        """`def init(): global TABLE; …` and `init()` bind TABLE, if nothing else does.

        With another binding around (`_step = None`), the call is only a demonstration of a function
        that remembers something, which may well be a training run.
        """
        by_function: dict[str, set[str]] = defaultdict(set)
        definers: dict[str, list[int]] = defaultdict(list)
        for number, facts in self._each():
            for bound in facts.scope.bound if facts.global_binds else ():
                by_function[bound] |= facts.global_binds
                definers[bound].append(number)
        alone = {name for names in by_function.values() for name in names} - set(self._binders)
        callers: dict[str, set[int]] = defaultdict(set)
        for number, facts in self._each():
            for name in [n for f in facts.calls for n in by_function.get(f, ()) if n in alone]:
                callers[name].add(number)
        for function, names in by_function.items():
            for name in names & set(callers):
                callers[name].update(definers[function])
        for name, numbers in callers.items():
            self._binders[name] = sorted(numbers)

    def _is_bound_by(self, name: str, *, data: bool) -> bool:
        """Whether some binding of a name is the module's own: an assignment, or also a definition.

        Methods of classes, functions and modules change nothing that a slice needs to repeat.
        """
        if (name, data) not in self._own:
            self._own[name, data] = self._find_own(name, data)
        return self._own[name, data]

    def _find_own(self, name: str, data: bool) -> bool:
        others = _IMPORTS + (_DEFINITIONS if data else ())
        return any(
            not isinstance(facts.statement, others)
            for number in self._binders.get(name, ())
            if (facts := self.facts[number])
        )

    def reaching(self, name: str, position: int, limit: int = 64) -> list[int]:
        """The statements that bind `name` as it is at `position`, oldest first.

        The last certain binding before it and every conditional one after that; empty when the name
        isn't the module's own. With ANY, whichever is in force. At most the last `limit`.
        """
        binders = self._binders.get(name, [])
        first, last = 0, len(binders)
        if position != ANY:
            start, _ = self._span(name, position)
            first, last = bisect_left(binders, start), bisect_left(binders, position)
        return binders[max(first, last - limit) : last]

    def early(self, kept: Iterable[int], limit: int) -> Iterator[tuple[int, str, int]]:
        """(statement, name, its first definition) where that stands only further down.

        Run from top to bottom, the statement fails: its cells were run in another order. At most
        `limit`.
        """
        found = 0
        for number in sorted(kept):
            facts = self.facts[number]
            for name in sorted(facts.immediate) if facts is not None else ():
                binders = self._binders.get(name, [])
                # In one statement a name may be bound and used in any order.
                if name in _BUILTINS or not binders or binders[0] <= number:
                    continue
                yield number, name, binders[0]
                found += 1
                if found == limit:
                    return

    def _span(self, name: str, position: int) -> tuple[int, int]:
        """From the binding in force at `position` to the next certain one."""
        killers = self._killers.get(name, [])
        place = bisect_left(killers, position)
        start = killers[place - 1] if place else 0
        return start, killers[place] if place < len(killers) else self.end

    def closure(self, names: Iterable[str]) -> frozenset[int]:
        """The positions of the statements that `names`, as the module leaves them, rest on."""
        kept: set[int] = set()
        asked: set[tuple[str, int, bool]] = set()
        done: set[tuple[int, int]] = set()
        starred: set[int] = set()
        todo = [(name, self.end) for name in names]
        while todo:
            demand = todo.pop()
            name, position = demand
            # All positions between two certain bindings ask for the same, so they count once.
            span = position if position in (ANY, self.end) else self._span(name, position)[0]
            if (name, span, position == self.end) in asked:
                continue
            asked.add((name, span, position == self.end))
            # What is used at once may be called at once: then the names its body reads are those
            # of that moment. Asking for every definition keeps this linear.
            mode = self.end if position == self.end else ANY
            behind = self._behind(name, position)
            if behind is None:
                # Any star import may bring it: all of them are kept, which needs doing only once.
                behind = [*self._changers.get(name, []), *(() if mode in starred else self.stars)]
                starred.add(mode)
            for number in behind:
                facts = self.facts[number]
                if facts is None or (number, mode) in done:
                    continue
                done.add((number, mode))
                kept.add(number)
                todo += [(used, number) for used in facts.immediate]
                todo += [(used, mode) for used in facts.deferred]
                if not isinstance(facts.statement, ast.FunctionDef | ast.ClassDef):
                    todo += [(used, ANY) for used in facts.deferred]
        return frozenset(kept)

    def _behind(self, name: str, position: int) -> list[int] | None:
        """The statements that make `name` what it is at `position`; None: it isn't the module's."""
        binders, changers = self._binders.get(name, []), self._changers.get(name, [])
        if not binders:
            return [] if name in _BUILTINS else None
        if position == ANY:
            return [*binders, *changers]
        start, stop = self._span(name, position)
        return [
            *binders[bisect_left(binders, start) : bisect_left(binders, stop)],
            *changers[bisect_left(changers, start) : bisect_left(changers, stop)],
        ]


def _is_main_guard(statement: ast.stmt) -> bool:
    if not isinstance(statement, ast.If) or statement.orelse:
        return False
    test = statement.test
    if not (isinstance(test, ast.Compare) and isinstance(test.ops[0], ast.Eq)):
        return False
    sides = [test.left, *test.comparators]
    names = {side.id for side in sides if isinstance(side, ast.Name)}
    constants = {side.value for side in sides if isinstance(side, ast.Constant)}
    return len(sides) == 2 and names == {"__name__"} and constants == {"__main__"}
