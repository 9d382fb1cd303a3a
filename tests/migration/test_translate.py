"""Each form of assertion, and what it becomes; what has no plain meaning is never guessed."""

from __future__ import annotations

import ast

import pytest

from grader.migration.scope import Scope
from grader.migration.translate import Translation, translate

KINDS = {"f": "function", "g": "function", "Scale": "class", "answer_to_all": "value"}


def of(source: str, output: str | None = None) -> Translation:
    imports = {"np": "numpy", "tf": "tensorflow", "math": "math", "pytest": "pytest"}
    return translate(source, Scope(KINDS, imports), output)  # type: ignore[arg-type]


def plain(source: str, output: str | None = None) -> str:
    """The translation without its questions, as one line of Python each."""
    done = of(source, output)
    assert not done.missed, done.missed
    tree = ast.parse("\n".join(done.lines))
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            node.keywords = [k for k in node.keywords if k.arg != "ask"]
    return ast.unparse(tree)


@pytest.mark.parametrize(
    ("source", "wanted"),
    [
        ("assert f(3) == 9", "expect.equal(student.f(3), 9)"),
        ("assert 9 == f(3)", "expect.equal(student.f(3), 9)"),
        ("assert f(0.5) == 0.25", "expect.close(student.f(0.5), 0.25)"),
        ("assert f(x=-1, y=[1, 'a']) == 'b'", "expect.equal(student.f(x=-1, y=[1, 'a']), 'b')"),
        ("assert f(1) is None", "expect.equal(student.f(1), None)"),
        ("assert f(7)", "expect.equal(student.f(7), True)"),
        ("assert not f(8)", "expect.equal(student.f(8), False)"),
        (
            "assert f(1) == 1 and f(2) == 4",
            "expect.equal(student.f(1), 1)\nexpect.equal(student.f(2), 4)",
        ),
        ("assert round(f(2), 2) == 1.41", "expect.close(student.f(2), 1.41, atol=0.0035461)"),
        ("assert abs(f(2) - 4) < 1e-3", "expect.close(student.f(2), 4, atol=0.00025)"),
        ("assert math.isclose(f(2), 4, abs_tol=0.1)",
         "answer = expect.array(student.f(2))\n"
         "expect.close(answer, spread(4, answer), atol=0.1)"),
        ("assert np.allclose(f(1), [1.0, 2.0])",
         "expect.close(student.f(1), [1.0, 2.0], atol=1e-05)"),
        ("assert np.array_equal(f(1), np.array([1, 2]))",
         "expect.close(student.f(1), np.asarray(np.array([1, 2])).tolist(), atol=0.0)"),
        ("assert (f(1) == np.array([1, 2])).all()",
         "answer = expect.array(student.f(1))\n"
         "expect.close(answer, spread(np.array([1, 2]), answer), atol=0.0)"),
        ("np.testing.assert_almost_equal(f(1), 0.5, decimal=3)",
         "expect.close(student.f(1), 0.5, atol=0.0015)"),
        ("from nose.tools import assert_raises\nassert_raises(ValueError, f, -1)",
         "expect.raises(lambda: student.f(-1), ('ValueError',))"),
        ("with pytest.raises((ValueError, TypeError)):\n    f(-1)",
         "expect.raises(lambda: student.f(-1), ('ValueError', 'TypeError'))"),
        ("from nose.tools import assert_equal, assert_true\nassert_equal(f(1), 1)\n"
         "assert_true(f(2) == 4)",
         "expect.equal(student.f(1), 1)\nexpect.equal(student.f(2), 4)"),
        ("assert answer_to_all == 42", "expect.equal(fetch(student.answer_to_all), 42)"),
        ("assert Scale(3).apply(2) == 6", "expect.equal(student.Scale(3).apply(2), 6)"),
        ("s = Scale(3)\nassert s.factor == 3",
         "s = student.Scale(3)\nexpect.equal(fetch(s.factor), 3)"),
        ("assert g(2)(3) == 6", "expect.equal(student.g(2)(3), 6)"),
        ("assert f(g(2)) == 1", "expect.equal(student.f(student.g(2)), 1)"),
        ("student = 3\nassert f(student) == 9",
         "student_ = 3\nexpect.equal(student.f(student_), 9)"),
        ("assert f(np.zeros((2, 2), dtype=np.float32)).shape == (2, 2)",
         "expect.equal(expect.array(student.f(as_numpy(np.zeros((2, 2), dtype='float32'))))"
         ".shape, (2, 2))"),
        ("assert f(tf.constant([1, 2])).numpy().sum() == 3", None),
        ("assert f(tf.Variable(1.0)) == 2",
         "expect.equal(student.f(as_variable(np.array(1.0, 'float32'))), 2)"),
        ("assert f(tf.ones((2,), tf.float64)) == 2",
         "expect.equal(student.f(np.ones((2,), 'float64')), 2)"),
    ],
)  # fmt: skip
def test_forms(source: str, wanted: str | None) -> None:
    """A form that is known becomes one comparison; `None` stands for one that isn't."""
    if wanted is None:
        assert of(source).missed
    else:
        assert plain(source) == wanted


def test_order() -> None:
    """An inequality asks for a number first, and turns with its sides."""
    assert plain("assert 3 <= f(1)").startswith("value = expect.number(student.f(1))\n")
    assert "value >= 3" in plain("assert 3 <= f(1)")


def test_shown_output() -> None:
    """otter compares what the notebook shows under the last expression."""
    assert plain("f(3)", "9") == "expect.equal(student.f(3), 9)"
    assert plain("f(3) == 9", "True") == "expect.equal(student.f(3), 9)"
    assert "np.asarray(np.array([1.0, 4.0])).tolist()" in "".join(
        of("f(3)", "array([1., 4.])").lines
    )
    assert of("f(3)", "<a picture>").missed
    assert of("f(3)").missed, "without an output nothing is compared"


def test_a_test_as_a_function() -> None:
    """Parameters are the names of the students' module; calls of the test are dropped."""
    done = of("def test_it(env):\n    assert env['f'](3) == 9\n\ntest_it(env)")
    assert not done.missed
    assert done.lines[0:2] == ["expect.equal(", "    student.f(3),"]


@pytest.mark.parametrize(
    ("source", "why"),
    [
        ("assert f(1) == f(2)", "two answers"),
        ("assert True", "nothing in it"),
        ("assert f(1)[0] == 1", "does more than to call"),
        ("assert f(np.random.rand(3)) == 1", "neither a student's"),
        ("assert len(f(3)) == 3", "neither a student's|is given a student's"),
        ("f(3)", "only called"),
        ("import os\nos.remove('x')", "nothing like it"),
        ("assert f(*[1]) == 1", "isn't a literal"),
        ("assert f(**{'a': 1}) == 1", "spreads"),
        ("while f(1):\n    pass", "nothing like it"),
        ("for x in open('data'):\n    assert f(x) == 1", "neither a student's"),
        ("assert f({1, 2}) == 1", "isn't a literal"),
        ("assert f == 1", "itself is used"),
        ("assert Scale(1) == 1", "is an object"),
        ("### AUTOTEST f(3)", "running the solution"),
        ("assert f(1 == 1", "can't read"),
        ("try:\n    f(0)\nexcept ValueError:\n    pass", "another form"),
    ],
)
def test_what_is_not_guessed(source: str, why: str) -> None:
    """It stays as a comment, and its line is named."""
    done = of(source)
    ((line, said), *_) = done.missed
    assert 1 <= line <= source.count("\n") + 1
    assert any(part in said for part in why.split("|")), said
    kept = "\n".join(done.lines)
    assert all(f"# {text}" in kept for text in source.split("\n")[line - 1 :] if text.strip())


def test_what_follows_a_lost_name_is_lost_too() -> None:
    """A name whose value couldn't be told is never taken for something else."""
    done = of("x = open('data').read()\nassert f(x) == 1\nassert f(2) == 4")
    assert [line for line, _ in done.missed] == [1, 2]
    assert done.compares == 1


def test_questions_name_their_values() -> None:
    """Students are told what a name in the question stands for."""
    text = "\n".join(of("x = [1, 2]\nfor n in [1, 2]:\n    assert f(n, x) == {1: 2}").lines)
    assert 'f"`f(n, x)`, where n = {n!r}, x = [1, 2]"' in text
    assert "{1: 2}," in text
    braces = "\n".join(of("for n in [1, 2]:\n    assert f(n, {3: 4}) == 1").lines)
    assert 'f"`f(n, {{3: 4}})`, where n = {n!r}"' in braces


def test_messages_become_hints() -> None:
    """The author's own words help more than ours."""
    assert of("assert f(1) == 1, 'Square it.'").hints == ["Square it."]
    assert of("assert f(1) == 1, f'got {f(1)}'").remarks
