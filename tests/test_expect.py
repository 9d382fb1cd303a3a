"""Comparing answers: nothing wrong or hostile passes, and what fails is told as a teacher would."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from grader.asking import Proxy, Session, Trace, TraceLog
from grader.checks import Expect, Text, Why, as_numpy, curves
from grader.errors import CheckFailed, StudentError, WorkerLost
from grader.results.pictures import Picture, Series, from_evidence
from grader.wire import Path

ASK = Text("`f(x)`", "`f(x)`（中文）")
MEAN = Text(
    "that is their mean: return one value for each element",
    "这是它们的平均值：请为每个元素各返回一个值",
)
SUM = Text(
    "that is their sum: return one value for each element",
    "这是它们的总和：请为每个元素各返回一个值",
)
F4 = np.float32


class Answers:
    """A backend whose answers a Python function gives."""

    def __init__(self, answer: Callable[..., Any]) -> None:
        self.answer = answer

    def ask(self, request: dict[str, Any]) -> Any:
        return self.answer(*request["args"])

    def fresh(self) -> Answers:
        return self


def session(answer: Callable[..., Any] = lambda *args: None) -> Session:
    return Session(Answers(answer))


def proxy(type_name: str = "Dense") -> Proxy:
    return Proxy(session(), Path(7), type_name)


def failure(action: Callable[[], Any]) -> CheckFailed:
    """The failure of `action`, which must speak both languages and never the same words."""
    with pytest.raises(CheckFailed) as caught:
        action()
    text = caught.value.text
    assert text.en
    assert text.zh
    assert text.en != text.zh
    assert caught.value.evidence["asked"] == {"en": ASK.en, "zh": ASK.zh}
    return caught.value


def close(got: Any, want: Any, **more: Any) -> None:
    Expect().close(got, want, ask=ASK, **more)


def not_close(got: Any, want: Any, **more: Any) -> str:
    return failure(lambda: close(got, want, **more)).text.en


# -- what passes and what doesn't ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("got", "want"),
    [
        (np.zeros((2, 3), F4), np.zeros((2, 3), F4)),
        (np.zeros((0, 3), F4), np.zeros((0, 3), F4)),
        (np.array(1.5, F4), 1.5),
        (np.array(1.5), 1.5),
        (1.5, 1.5),
        (np.array(3), 3),
        (np.array(3, "int32"), 3.0),
        (True, np.array(True)),
        ([1.0, 2.0], np.array([1.0, 2.0])),
        (np.array([b"a", b"b"], object), np.array([b"a", b"b"], object)),
        (np.array([1 + 2j]), np.array([1 + 2j])),
    ],
    ids=str,
)
def test_equal_answers_pass(got: Any, want: Any) -> None:
    """Equal values of one shape pass; a Python number as `want` leaves the dtype open."""
    close(got, want)


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64"])
def test_bound_is_inclusive_and_relative_above_one(dtype: str) -> None:
    """|got - want| = tol * max(1, |want|) passes, the next number beyond fails, on either side."""
    tolerance = {"float16": 2.0**-10, "float32": 2.0**-20, "float64": 2.0**-40}[dtype]
    for want in (0.0, 0.5, 1.0, 4.0, -4.0):
        for sign in (1, -1):
            edge = np.array([want + sign * tolerance * max(1.0, abs(want))], dtype)
            beyond = np.nextafter(edge, np.array(sign * 1e4, dtype))
            close(edge, np.array([want], dtype), atol=tolerance)
            not_close(beyond, np.array([want], dtype), atol=tolerance)


@pytest.mark.parametrize(
    ("dtype", "inside", "outside"),
    [("float16", 0.9e-3, 2.1e-3), ("float32", 0.9e-6, 1.2e-6), ("float64", 0.9e-12, 1.1e-12)],
)
def test_bound_of_each_dtype(dtype: str, inside: float, outside: float) -> None:
    """float32 is compared to 1e-6, float64 to 1e-12, float16 to 1e-3 unless the check says so."""
    want = np.ones(3, dtype)
    close((want + np.array(inside, dtype)).astype(dtype), want)
    not_close((want + np.array(outside, dtype)).astype(dtype), want)


def test_integers_and_strings_are_exact() -> None:
    """One off is wrong, however large the number; and so is another string."""
    assert "expected 10000000, got 10000001" in not_close(
        np.array(10_000_001), np.array(10_000_000)
    )
    strings = np.array([b"a", b"c"], object)
    assert "b'c'" in not_close(strings, np.array([b"a", b"b"], object))


@pytest.mark.parametrize("want", [0.0, 1e300, np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("got", [np.nan, np.inf, -np.inf])
def test_nan_and_inf_never_pass(got: float, want: float) -> None:
    """Not even against themselves, nor within whatever tolerance, nor hidden among right values."""
    for atol in (None, 1e6, np.inf):
        not_close(np.array([0.0, got]), np.array([0.0, want]), atol=atol)
        not_close(got, want, atol=atol)


def test_nothing_passes_for_an_infinite_want() -> None:
    """An infinite reference value is the course's fault and makes no finite answer right."""
    not_close(np.array([5.0]), np.array([np.inf]))


def test_imaginary_parts_count() -> None:
    """A complex answer isn't right because its real part is."""
    assert "expected 2, got (2+5j)" in not_close(np.complex128(2 + 5j), 2.0)


@pytest.mark.parametrize(
    ("got", "want", "said"),
    [
        (np.array(1.0, F4), np.array([1.0], F4), "expected shape (1,), got shape ()"),
        (np.array([1.0], F4), np.array(1.0, F4), "expected shape (), got shape (1,)"),
        (np.zeros((3, 3), F4), np.zeros((3, 1), F4), "expected shape (3, 1), got shape (3, 3)"),
        (np.zeros((0,), F4), np.zeros((0, 1), F4), "expected shape (0, 1), got shape (0,)"),
        (np.zeros(3, "int32"), np.ones((3, 1), F4), "expected shape (3, 1), got shape (3,)"),
    ],
)
def test_shape_is_told_before_anything_else(got: Any, want: Any, said: str) -> None:
    """A wrong shape is the first thing told, even where dtype and values are wrong as well."""
    assert not_close(got, want) == f"`f(x)`: {said}"


def test_dtype_is_told_before_values() -> None:
    """A wrong dtype is told even where the values are wrong too, and where they are right."""
    for values in (np.zeros(3), np.ones(3)):
        assert not_close(values, np.ones(3, F4)) == "`f(x)`: expected dtype float32, got float64"


def test_no_value() -> None:
    """None asks after a forgotten `return` or a cut gradient."""
    said = not_close(None, np.ones(2))
    assert "got `None`" in said
    assert "`return`" in said
    assert "cut off" in said


@pytest.mark.parametrize(
    ("got", "said"),
    [
        ("1.0", "expected numbers, got '1.0'"),
        (b"1.0", "expected numbers, got b'1.0'"),
        ([[1.0], [1.0, 2.0]], "expected numbers, got [[1.0], [1.0, 2.0]]"),
        ({"a": 1.0}, "expected numbers, got {'a': 1.0}"),
        (10**60, "expected numbers, got 1000"),
        ([1.0, None], "expected numbers, got [1.0, None]"),
        (object(), "expected numbers, got <object object"),
    ],
)
def test_what_isnt_numbers(got: Any, said: str) -> None:
    """Strings, ragged lists, dicts and other objects are told for what they are."""
    assert said in not_close(got, np.ones(2))


def test_proxies() -> None:
    """A layer where numbers were asked for is named by its class, alone or inside a list."""
    assert not_close(proxy(), 1.0) == "`f(x)`: expected numbers, got a `Dense` object"
    assert "expected numbers" in not_close([proxy(), 1.0], np.ones(2))
    said = failure(lambda: Expect().remote(1.5, ask=ASK)).text.en
    assert said == "`f(x)`: expected an object, got 1.5"
    layer = proxy()
    assert Expect().remote(layer, ask=ASK) is layer


def test_object_arrays_never_pass_for_numbers() -> None:
    """A tensor of strings that look like the right numbers isn't right, whatever asks for it."""
    strings = np.array([b"1.0", b"2.0"], object)
    not_close(strings, np.array([1.0, 2.0]))
    single = np.array(b"1.0", object)
    assert "got dtype string" in failure(lambda: Expect().number(single, ask=ASK)).text.en
    assert "expected numbers" not in not_close(np.array(1.0), np.array(b"1.0", object))


def test_float_subclasses_are_numbers() -> None:
    """NumPy's scalars count as numbers, a student's own subclass has no say in the comparison."""

    class Always(float):
        def __eq__(self, other: object) -> bool:
            return True

        def __le__(self, other: float) -> bool:
            return True

        __hash__ = None  # type: ignore[assignment]

    close(np.float64(2.0), 2.0)
    not_close(Always(3.0), 2.0)
    with pytest.raises(CheckFailed):
        Expect().equal([Always(3.0)], [2.0], ask=ASK)


# -- misconceptions --------------------------------------------------------------------------------

ONE, TWO = Text("one", "一"), Text("two", "二")


def test_why_names_the_one_misconception_that_fits() -> None:
    """The sentence follows the numbers when exactly one candidate explains them."""
    why = [Why(np.array([2.0, 4.0]), ONE), Why(np.array([3.0, 4.0]), TWO)]
    said = failure(lambda: close(np.array([3.0, 4.0]), np.array([1.0, 2.0]), why=why)).text
    assert said.en.endswith(": two")
    assert said.zh.endswith("：二")


@pytest.mark.parametrize(
    "why",
    [
        [Why(np.array([3.0, 4.0]), ONE), Why(np.array([3.0, 4.0 + 1e-9]), TWO)],
        [Why(np.array([3.0, 5.0]), ONE)],
        [Why(np.array([[3.0], [4.0]]), ONE)],
        [Why(None, ONE)],
        [],
    ],
    ids=["two fit", "none fits", "another shape", "no value", "none given"],
)
def test_why_is_silent_otherwise(why: list[Why]) -> None:
    """Two explanations are none, and so is one that only nearly fits."""
    said = not_close(np.array([3.0, 4.0]), np.array([1.0, 2.0]), why=why)
    assert said == "`f(x)`: expected [1., 2.], got [3., 4.]"


def test_one_misconception_with_several_values() -> None:
    """Two candidates of one sentence don't contradict each other."""
    why = [Why(3.0, ONE), Why(3.0 + 1e-9, ONE)]
    assert not_close(3.0, 1.0, why=why).endswith(": one")


def test_why_never_explains_a_right_answer_away() -> None:
    """A candidate that equals what is wanted explains nothing, and a right answer still passes."""
    why = [Why(np.array([1.0, 2.0]), ONE)]
    close(np.array([1.0, 2.0]), np.array([1.0, 2.0]), why=why)
    assert ": one" not in not_close(np.array([1.0, 2.0 + 2e-12]), np.array([1.0, 2.0]), why=why)


def test_why_for_shapes_and_plain_values() -> None:
    """Wrong shapes and plain values are recognised under the same rule: exactly one."""
    want = np.array([[1.0], [3.0]])
    rows = [Why(np.array([1.0, 3.0]), ONE)]
    assert not_close(np.array([1.0, 3.0]), want, why=rows).endswith("got shape (2,): one")
    both = [*rows, Why(np.array([1.0, 3.0]), TWO)]
    assert not_close(np.array([1.0, 3.0]), want, why=both).endswith("got shape (2,)")
    for why, end in (([Why(None, ONE)], ": one"), ([Why(None, ONE), Why(None, TWO)], "got None")):
        failed = failure(lambda why=why: Expect().equal(None, "relu", ask=ASK, why=why))
        assert failed.text.en.endswith(end)


@pytest.mark.parametrize(("reduce", "text"), [(np.mean, MEAN), (np.sum, SUM)])
def test_mean_and_sum_are_recognised(reduce: Callable[..., Any], text: Text) -> None:
    """One number where single ones were asked for: their mean or their sum, if it is that."""
    want = np.array([[1.0], [2.0], [6.0]], F4)
    said = failure(lambda: close(np.asarray(reduce(want)), want)).text
    assert said.en.endswith(f"got shape (): {text.en}")
    assert said.zh.endswith(f"：{text.zh}")
    assert not_close(np.array(7.5, F4), want).endswith("got shape ()")
    assert not_close(np.array(7.5), np.array([b"x"], object)).endswith("got shape ()")
    assert not_close(np.array(7.5), np.array([7.5])).endswith("got shape ()")
    assert not_close(np.array(0.0), np.array([7.5, -7.5])).endswith("got shape ()")


# -- equal, true, number, raises, traces -----------------------------------------------------------


@pytest.mark.parametrize(
    ("got", "want"),
    [
        ((None, 3), [None, 3]),
        ({"a": [1, 2.0]}, {"a": (1, 2)}),
        (np.array(3), 3),
        (np.array(True), True),
        (np.bool_(False), False),
        ("relu", "relu"),
        (None, None),
        (np.array([1, 2]), np.array([1, 2])),
    ],
)
def test_equal_accepts(got: Any, want: Any) -> None:
    """Plain structures of equal values; a scalar tensor counts as its value."""
    Expect().equal(got, want, ask=ASK)


@pytest.mark.parametrize(
    ("got", "want"),
    [
        (1, True),
        (True, 1),
        (np.array(1), True),
        (np.array([True]), True),
        ("1", 1),
        (1, "1"),
        (b"relu", "relu"),
        ([1, 2], [1, 2, 3]),
        ([1, 2, 3], [1, 2]),
        ({"a": 1, "b": 2}, {"a": 1}),
        ({}, {"a": 1}),
        ("ab", ["a", "b"]),
        ({"a": 1}, ["a"]),
        (np.array([1]), 1),
        (np.nan, np.nan),
        ([np.nan], [np.nan]),
        (np.array([np.nan]), np.array([np.nan])),
        (None, False),
        (0, None),
    ],
)
def test_equal_refuses(got: Any, want: Any) -> None:
    """1 isn't True, "1" isn't 1, a longer list isn't equal, and NaN equals nothing."""
    failure(lambda: Expect().equal(got, want, ask=ASK))


def test_equal_with_hostile_values() -> None:
    """An object that claims to equal everything doesn't, alone or deep inside."""

    class Equal:
        def __eq__(self, other: object) -> bool:
            return True

        __hash__ = None  # type: ignore[assignment]

    class Names(list):  # type: ignore[type-arg]
        def __eq__(self, other: object) -> bool:
            return True

        __hash__ = None  # type: ignore[assignment]

    for got in (Equal(), proxy(), [Equal(), 2], Names([1, 2]), [proxy(), 2]):
        for want in ([1, 2], 1, "a", None, {"a": 1}):
            failure(lambda got=got, want=want: Expect().equal(got, want, ask=ASK))
    failure(lambda: Expect().equal({"a": Equal()}, {"a": 1}, ask=ASK))


@pytest.mark.parametrize(
    "condition", [False, np.bool_(False), 1, "yes", [0], np.array([True]), None]
)
def test_true_takes_only_true(condition: Any) -> None:
    """Nothing but True itself is true: a truthy answer of the student's is no proof."""
    yes, no = Text("five", "五"), Text("four", "四")
    Expect().true(True, ask=ASK, expected=yes, got=no)
    Expect().true(np.bool_(True), ask=ASK, expected=yes, got=no)
    failed = failure(lambda: Expect().true(condition, ask=ASK, expected=yes, got=no, why=ONE))
    assert failed.text == Text(
        "`f(x)`: expected five, got four: one", "`f(x)`（中文）：应为五，得到四：一"
    )
    assert failed.evidence["expected"] == {"en": "five", "zh": "五"}


@pytest.mark.parametrize(
    "got", [np.nan, np.inf, np.array([1.0]), 1 + 2j, "1", None, np.array(b"1", object)]
)
def test_number_refuses(got: Any) -> None:
    """Whatever isn't one finite real number fails the check and nothing else."""
    failure(lambda: Expect().number(got, ask=ASK))


def test_number_gives_a_float() -> None:
    """A scalar tensor, a number, a bool: a Python float comes out."""
    for got in (np.array(2.0, F4), 2, np.int64(2), 2.0):
        assert type(Expect().number(got, ask=ASK)) is float
        assert Expect().number(got, ask=ASK) == 2.0


def test_array_shape_and_dtype() -> None:
    """Shape and dtype are checked where they are asked for, and the array comes back."""
    array = np.zeros((2, 1), F4)
    assert Expect().array(array, ask=ASK, shape=(2, 1), dtype="float32") is array
    failure(lambda: Expect().array(array, ask=ASK, shape=(2,)))
    failure(lambda: Expect().array(array, ask=ASK, dtype="float64"))


def test_raises() -> None:
    """The wanted class or a subclass passes; another class or none is told with what came."""

    def student(error: StudentError | None) -> None:
        if error is not None:
            raise error

    wrong = StudentError("KeyError", "'x'", (), ("KeyError", "LookupError", "Exception"))
    names = ("ValueError", "TypeError")
    sub = StudentError("UnicodeError", "no", (), ("UnicodeError", "ValueError", "Exception"))
    assert Expect().raises(lambda: student(sub), names, ask=ASK) is sub
    said = failure(lambda: Expect().raises(lambda: student(wrong), names, ask=ASK)).text.en
    assert said == "`f(x)`: expected ValueError / TypeError, but it raises KeyError: 'x'"
    said = failure(lambda: Expect().raises(lambda: student(None), names, ask=ASK)).text.en
    assert said == "`f(x)`: expected ValueError / TypeError, but nothing is raised"


def test_what_no_answer_confirms() -> None:
    """An exception's class is the worker's word, and a check can say the same of anything else."""

    def refuses() -> None:
        raise StudentError("ValueError", "no", (), ("ValueError", "Exception"))

    raised, said = Expect(), Expect()
    raised.raises(refuses, ("ValueError",), ask=ASK)
    said.unconfirmed()
    assert raised.evidence == said.evidence == {"rests_on": "worker"}
    error = failure(lambda: raised.equal("Dense", "MyDense", ask=ASK))
    assert error.evidence["rests_on"] == "worker", "what fails says so too"


def test_what_numbers_confirm() -> None:
    """Right numbers are evidence by themselves, from a call, a tape or a reloaded model."""
    x = np.array([1.0, 2.0])
    expect, square = Expect(), session(lambda x: x * x)
    expect.close(x * x, x * x, ask=ASK)
    expect.equal({"factor": 2.5}, {"factor": 2.5}, ask=ASK)
    expect.slopes(square, square.f, [x], 0, 2 * x, ask=ASK)
    assert expect.evidence == {}


def test_traces() -> None:
    """The count decides; names and lines are told, harmless; that the worker says so is noted."""
    event = Trace("smooth", 12, {})
    expect = Expect()
    expect.traces(TraceLog([event]), ask=ASK, exactly=1)
    expect.traces(TraceLog([]), ask=ASK, at_most=1)
    assert expect.evidence == {"rests_on": "worker"}
    failed = failure(lambda: Expect().traces(TraceLog([event] * 3), ask=ASK, exactly=1, why=ONE))
    assert failed.text.en == "`f(x)`: expected 1 new trace(s), got 3: `smooth` (line 12): one"
    assert "`smooth`（第 12 行）" in failed.text.zh
    assert failed.evidence["rests_on"] == "worker"
    failure(lambda: Expect().traces(TraceLog([event] * 2), ask=ASK, at_most=1))
    assert "none" in failure(lambda: Expect().traces(TraceLog([]), ask=ASK, exactly=1)).text.en
    hostile = [Trace(f"\x1b[31m{'x' * 5000}{n}", n, {}) for n in range(50)]
    said = failure(lambda: Expect().traces(TraceLog(hostile), ask=ASK, exactly=1)).text.en
    assert "\x1b" not in said
    assert len(said) < 1000


# -- pictures --------------------------------------------------------------------------------------

CURVE = Picture("lines", ASK, ASK, ASK, [Series(ASK, "yours", [1.0, 2.0], [0.0, 1.0])])


def failing(picture: Callable[[], Any] | None) -> list[CheckFailed]:
    """The failures of each comparison that takes a picture."""

    def no_slope(session: Session) -> None:
        Expect().slopes(session, session.f, [X], 0, X, ask=ASK, picture=picture)

    return [
        failure(lambda: close(np.zeros(2), np.ones(2), picture=picture)),
        failure(lambda: Expect().true(False, ask=ASK, expected=ONE, got=ONE, picture=picture)),
        failure(lambda: no_slope(session(lambda x: 3 * x))),
    ]


def test_a_picture_is_drawn_of_a_failure_only() -> None:
    """It is asked for after the comparison, once, and adds nothing but itself."""
    drawn: list[Picture] = []

    def draw() -> Picture:
        drawn.append(CURVE)
        return CURVE

    expect = Expect()
    close(np.ones(2), np.ones(2), picture=draw)
    expect.true(True, ask=ASK, expected=ONE, got=ONE, picture=draw)
    expect.slopes(session(lambda x: x * x), Path(7), [X], 0, 2 * X, ask=ASK, picture=draw)
    assert drawn == []
    for plain, pictured in zip(failing(None), failing(draw), strict=True):
        assert from_evidence(pictured.evidence) == (CURVE,)
        assert pictured.text == plain.text
        assert "pictures" not in plain.evidence
        assert {k: v for k, v in pictured.evidence.items() if k != "pictures"} == plain.evidence
    assert len(drawn) == 3


def raises(error: Exception) -> Callable[[], Any]:
    def draw() -> Any:
        raise error

    return draw


@pytest.mark.parametrize(
    "draw",
    [
        raises(StudentError("ValueError", "no")),
        raises(WorkerLost("timeout", ASK)),
        raises(CheckFailed(ASK, {})),
        raises(ZeroDivisionError()),
        lambda: None,
        lambda: "a picture",
        lambda: Picture("bars", ASK, ASK, ASK, [Series(ASK, "yours", [1.0])], []),
        lambda: curves([0, 1], title=ASK, x_label=ASK, y_label=ASK, yours=["x", "y"]),
        lambda: curves([0, 1], title=ASK, x_label=ASK, y_label=ASK, yours=np.zeros(10**6)),
        lambda: curves([0, 1], title=ASK, x_label=ASK, y_label=ASK, yours=proxy()),
    ],
)
def test_a_picture_that_cannot_be_drawn_changes_nothing(draw: Callable[[], Any]) -> None:
    """Whatever a student's code does while it is drawn, the verdict and its sentence stand."""
    for plain, pictured in zip(failing(None), failing(draw), strict=True):
        assert (pictured.text, pictured.evidence) == (plain.text, plain.evidence)


def test_a_failure_of_traces_is_drawn_by_call() -> None:
    """Only the module's own functions are calls; each says what it was given."""
    answers = iter([None, 1, 2, 3, [["cube", 3, {}, 1], ["cube", 3, {}, 2], ["cube", 3, {}, 2]]])

    class Traced(Answers):
        def ask(self, request: dict[str, Any]) -> Any:
            return next(answers)

    student = Session(Traced(lambda: None))
    with student.traces() as log:
        student.cube(2.5, [1])
        student.cube(np.zeros((2, 3), F4), as_numpy(np.zeros(2)))
        student.tf.square(3)
    assert [event.request for event in log.events] == [1, 2, 2]
    for limits, expected in (
        ({"exactly": 1}, [1, 0]),
        ({"at_most": 0}, [0, 0]),
        ({"at_most": 2}, None),
    ):
        failed = failure(lambda limits=limits: Expect().traces(log, ask=ASK, **limits))
        (picture,) = from_evidence(failed.evidence)
        assert picture.labels == ["cube(2.5, …)", "cube(float32[2, 3], float64[2])"]
        yours, *others = [one.y for one in picture.series]
        assert yours == [1, 2]
        assert others == ([expected] if expected else [])
    log.calls.pop()
    failed = failure(lambda: Expect().traces(log, ask=ASK, exactly=1))
    assert "pictures" not in failed.evidence


# -- slopes ----------------------------------------------------------------------------------------

X = np.array([[-2.0, 0.3], [1.5, 9.0]])


def slopes(function: Callable[..., Any], gradient: Any, x: Any = X, **more: Any) -> None:
    Expect().slopes(session(function), "f", [x], 0, gradient, ask=ASK, **more)


@pytest.mark.parametrize(
    ("function", "slope"),
    [
        (np.sin, np.cos),
        (lambda x: x**3, lambda x: 3 * x**2),
        (lambda x: 1e4 + np.tanh(x), lambda x: 1 - np.tanh(x) ** 2),
        (lambda x: 1e4 * np.sin(x), lambda x: 1e4 * np.cos(x)),
        (np.exp, np.exp),
        (lambda x: np.where(np.arange(4).reshape(2, 2) % 2, 1e4, -1e4) + x, np.ones_like),
        (lambda x: np.append(x, np.full(30_000, 1e4 / 3)), np.ones_like),
        (lambda x: np.zeros((2, 2)), np.zeros_like),
    ],
    ids=[
        "sin",
        "cube",
        "large offset",
        "steep",
        "exp",
        "large values that cancel",
        "many others",
        "constant",
    ],
)
def test_slopes_accepts_true_gradients(
    function: Callable[..., Any], slope: Callable[..., Any]
) -> None:
    """Right gradients of functions with values up to 1e4 agree with the values' own slopes."""
    slopes(function, slope(X))


@pytest.mark.parametrize("wrong", [1e-5, -1e-5, 1.0, np.nan, np.inf])
@pytest.mark.parametrize("place", [(0, 0), (0, 1), (1, 0), (1, 1)])
def test_slopes_catches_a_forged_gradient(wrong: float, place: tuple[int, int]) -> None:
    """One entry that is 1e-5 off, or no number, is caught wherever it is."""
    gradient = np.cos(X)
    gradient[place] += wrong
    failed = failure(lambda: slopes(np.sin, gradient))
    assert f"at input {X[place]:g} the gradient is" in failed.text.en


def test_slopes_uses_the_upstream_gradient() -> None:
    """The sum that rises is that of outputs times upstream; another shape is told as such."""
    upstream = np.array([[1.0, -3.0], [0.5, 2.0]])
    slopes(np.sin, upstream * np.cos(X), upstream=upstream)
    failure(lambda: slopes(np.sin, np.cos(X), upstream=upstream))
    failed = failure(lambda: slopes(np.mean, np.cos(X), upstream=upstream))
    assert "expected shape (2, 2), got shape ()" in failed.text.en


def test_slopes_looks_at_other_arguments_than_the_first() -> None:
    """`wrt` says which argument is moved."""
    arguments = [np.array([2.0, 5.0]), np.array([3.0, 4.0])]
    made = session(lambda a, b: a * b)
    Expect().slopes(made, "f", arguments, 1, np.array([2.0, 5.0]), ask=ASK)
    failure(lambda: Expect().slopes(made, "f", arguments, 1, np.array([3.0, 4.0]), ask=ASK))


@pytest.mark.parametrize(
    "answer",
    [None, "text", np.array([b"x"] * 4, object).reshape(2, 2), X * 1j, [[1.0]], proxy()],
    ids=["None", "text", "strings", "complex", "another shape", "object"],
)
def test_slopes_with_hostile_answers(answer: Any) -> None:
    """Values or gradients of another kind fail the check; they never break it."""
    failure(lambda: slopes(lambda x: x, answer))
    changing = iter([X, answer] * 9)
    failure(lambda: slopes(lambda x: next(changing), np.ones_like(X)))
    failure(lambda: slopes(lambda x: np.full_like(x, np.inf), np.ones_like(X)))
    failure(lambda: slopes(lambda x: np.where(x > X, np.inf, x), np.ones_like(X)))


# -- wording ---------------------------------------------------------------------------------------


def test_messages_word_for_word() -> None:
    """A handful of whole messages, as a student reads them."""
    many = np.arange(30, dtype=F4).reshape(10, 3)
    off = many.copy()
    off[2, 1] += 0.5
    off[9, 0] = -1
    failed = failure(lambda: close(off, many))
    assert failed.text == Text(
        "`f(x)`: 2 of 30 values differ, first at [2, 1]: expected 7, got 7.5",
        "`f(x)`（中文）：30 个值中有 2 个不同，第一个在 [2, 1]：应为 7，得到 7.5",
    )
    assert failed.evidence["first_difference"] == "[2, 1]: expected 7, got 7.5"
    assert failed.evidence["got"].endswith("shape (10, 3), float32")
    failed = failure(lambda: close(np.array(0.25, F4), 1.5))
    assert failed.text == Text(
        "`f(x)`: expected 1.5, got 0.25", "`f(x)`（中文）：应为 1.5，得到 0.25"
    )
    assert (failed.evidence["expected"], failed.evidence["got"]) == ("1.5", "0.25")
    failed = failure(lambda: Expect().equal({"units": 3}, {"units": 4}, ask=ASK))
    assert failed.text == Text(
        "`f(x)`: expected {'units': 4}, got {'units': 3}",
        "`f(x)`（中文）：应为 {'units': 4}，得到 {'units': 3}",
    )


@pytest.mark.parametrize(
    ("got", "want", "said"),
    [
        (1 + 1e-10, np.float64(1.0), "expected 1, got 1.0000000001"),
        (np.array([1 + 1e-10, 2.0]), np.array([1.0, 2.0]), "[0]: expected 1, got 1.0000000001"),
        (1 / 3 + 1e-11, np.float64(1 / 3), "expected 0.333333333333, got 0.333333333343"),
    ],
)
def test_small_differences_can_be_seen(got: Any, want: Any, said: str) -> None:
    """Two numbers that differ never look alike in a message."""
    assert said in not_close(np.asarray(got), want)


def test_large_and_hostile_values_stay_short() -> None:
    """A message stays readable, whatever the size of the answer or the escapes in it."""
    big = np.zeros(100_000)
    failed = failure(lambda: close(big + 1, big))
    assert len(failed.text.en) < 200
    assert len(failed.evidence["got"]) < 400
    failed = failure(lambda: Expect().equal("\x1b[2J" + "x" * 10_000, "relu", ask=ASK))
    assert "\x1b" not in failed.text.en
    assert len(failed.text.en) < 400
    strings = np.array([b"\x1b[31m" + b"x" * 100_000], object)
    failed = failure(lambda: close(strings, np.array([b"x"], object)))
    assert len(failed.text.en) < 1000
    assert len(failed.evidence["got"]) < 2000


def test_a_scalar_string_inside_something() -> None:
    """An array without axes that holds a string can be shown wherever it is."""
    got = {"name": np.array(b"ada", object)}
    assert "ada" in failure(lambda: Expect().equal(got, {"name": b"bob"}, ask=ASK)).text.en
