"""The reference is asked once; a conversation that leaves the known path is replayed."""

from __future__ import annotations

from typing import Any

import pytest

from grader.asking import Session
from grader.engine.memory import Memory, Remembered
from grader.errors import EngineError, StudentError, WorkerLost
from grader.text import Text


class Counter:
    """A live reference: a sum that questions add to."""

    def __init__(self) -> None:
        self.total = 0
        self.asked: list[int] = []
        self.made: list[Counter] = []

    def ask(self, request: dict[str, Any]) -> Any:
        if request["op"] == "begin":
            self.total = 0
        else:
            self.asked.append(request["n"])
            self.total += request["n"]
        return self.total

    def fresh(self) -> Counter:
        self.made.append(Counter())
        return self.made[-1]


def talk(memory: Memory, live: Counter, *numbers: int) -> list[Any]:
    session = Remembered(memory, lambda: live)
    session.ask({"op": "begin"})
    return [session.ask({"op": "add", "n": n}) for n in numbers]


def test_the_same_conversation_is_asked_once() -> None:
    """The second submission gets the first one's answers, without a live reference."""
    memory, live = {}, Counter()
    assert talk(memory, live, 1, 2, 3) == [1, 3, 6]
    assert talk(memory, live, 1, 2, 3) == [1, 3, 6]
    assert live.asked == [1, 2, 3]


def test_a_prefix_needs_nothing_live() -> None:
    """A conversation that stops early opens no reference at all."""
    memory: Memory = {}
    talk(memory, Counter(), 1, 2, 3)

    def never() -> Counter:
        raise AssertionError("nothing new has been asked")

    session = Remembered(memory, never)
    session.ask({"op": "begin"})
    assert session.ask({"op": "add", "n": 1}) == 1


def test_a_diverging_conversation_is_replayed() -> None:
    """State counts: what was answered from memory is asked again before something new is."""
    memory, live = {}, Counter()
    talk(memory, live, 1, 2, 3)
    live.asked.clear()
    assert talk(memory, live, 1, 2, 10) == [1, 3, 13]
    assert live.asked == [1, 2, 10]
    assert talk(memory, live, 1, 2, 3) == [1, 3, 6]


def test_after_a_divergence_the_live_reference_hears_everything() -> None:
    """Once something live was asked, known questions reach it too: its state must stay right."""
    memory, live = {}, Counter()
    one, other = Remembered(memory, lambda: live), Remembered(memory, Counter)
    for n in (1, 5):
        other.ask({"op": "add", "n": n})
        if n == 1:
            memory.clear()
            one.ask({"op": "add", "n": n})
    assert one.ask({"op": "add", "n": 5}) == 6, "known from the other conversation"
    assert live.asked == [1, 5]
    assert one.ask({"op": "add", "n": 4}) == 10


def test_the_order_of_questions_counts() -> None:
    """The same questions in another order are another conversation."""
    memory, live = {}, Counter()
    assert talk(memory, live, 1, 2) == [1, 3]
    assert talk(memory, live, 2, 1) == [2, 3]


def test_fresh_is_a_conversation_of_its_own() -> None:
    """A fresh process knows nothing of the first, and its answers are remembered too."""
    memory, live = {}, Counter()
    for _ in range(2):
        session = Remembered(memory, lambda: live)
        session.ask({"op": "begin"})
        session.ask({"op": "add", "n": 1})
        assert session.fresh().ask({"op": "add", "n": 5}) == 5
    assert len(live.made) == 1


@pytest.mark.parametrize(
    "error",
    [StudentError("ValueError", "no"), WorkerLost("timeout", Text("slow", "慢")), EngineError("x")],
    ids=lambda error: type(error).__name__,
)
def test_a_failing_reference_is_the_courses_fault(error: Exception) -> None:
    """Whatever the reference fails with is an EngineError, and isn't remembered as an answer."""

    class Failing(Counter):
        def ask(self, request: dict[str, Any]) -> Any:
            raise error

    memory: Memory = {}
    with pytest.raises(EngineError):
        Remembered(memory, Failing).ask({"op": "add", "n": 1})
    assert not memory


def test_an_answer_cant_be_changed_from_outside() -> None:
    """Bytes of arrays are read-only, structures are copied by the session that lifts them."""

    class Live:
        def ask(self, request: dict[str, Any]) -> Any:
            return {"config": [1, 2]}

        def fresh(self) -> Any:
            raise AssertionError

    memory: Memory = {}
    first = Session(Remembered(memory, Live)).request("fetch")
    first["config"].append(3)
    assert Session(Remembered(memory, Live)).request("fetch") == {"config": [1, 2]}
