"""The advice that follows an exception: matched against what the installed libraries really say."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from grader import explain
from grader.advice import advice
from grader.errors import Frame, ImportFailed, MissingSymbol, StudentError
from grader.settings import SETTINGS

OFFENCES = Path(__file__).with_name("offences.py")

# The function in offences.py, and what its advice must name in either language.
NAMED = {
    "add_weight_in_metric": 'add_weight(name="…"',
    "add_weight_in_layer": 'add_weight(name="…"',
    "reset_states": "`reset_state`",
    "as_list": "`tuple(shape[:-1])",
    "add_metric": "`keras.metrics.Mean`",
    "lr": "`learning_rate`",
    "lr_attribute": "`learning_rate`",
    "minimize": "`apply_gradients`",
    "reduction_auto": '`"sum"`',
    "reduction_class": '`"sum"`',
    "saving": "`keras.saving`",
    "backend": "`keras.ops`",
    "keras_name": "Keras 3",
    "numpy_in_function": "`tf.…`",
    "numpy_in_layer": "`tf.…`",
    "numpy_under_tape": "`tf.…`",
    "dot_numpy": "`.numpy()`",
    "dtypes_eager": "`tf.cast(",
    "dtypes_in_function": "`tf.cast(",
    "dtypes_convert": "`tf.cast(",
    "dtypes_python_number": "`tf.cast(",
    "if_without_autograph": "`tf.cond`",
    "if_in_layer": "`tf.cond`",
    "if_on_keras_input": "`tf.cond`",
    "if_on_vector": "`tf.where`",
    "if_on_eager_vector": "`tf.where`",
    "loop_in_comprehension": "`tf.while_loop`",
    "range_without_autograph": "`tf.range`",
    "assignment": "`tf.TensorArray`",
    "out_of_scope": "`tf.TensorArray`",
    "none": "`None`",
    "custom_gradient": "`tf.custom_gradient`",
    "no_gradients": "`with`",
    "tape_twice": "`tape.gradient(loss, [a, b])`",
    "variables_on_second_call": "`tf.function`",
    "slots_on_second_call": "`tf.function`",
    "unregistered": "register_keras_serializable",
    "forgotten_argument": "`get_config`",
    "no_config": "`get_config`",
    "other_package": "NumPy",
    "misspelt_name": "Keras 3",
    "moved_module": "Keras 3",
}

_SCRIPT = """
import json, sys
from pathlib import Path
from grader.asking import Session
from grader.engine.local import LocalBackend
from grader.errors import StudentError
session = Session(LocalBackend(Path(sys.argv[1])))
found = {}
for name in sys.argv[2:]:
    try:
        session.call(session[name])
    except StudentError as error:
        frames = [[frame.line, frame.function, frame.code] for frame in error.frames]
        found[name] = [error.type_name, error.message, frames, list(error.bases)]
print(json.dumps(found))
"""


@pytest.fixture(scope="module")
def raised() -> dict[str, StudentError]:
    """The real exceptions, from one process with TensorFlow, as a worker describes them."""
    names = [*NAMED, "dump"]
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", _SCRIPT, str(OFFENCES), *names],
        env={**os.environ, **SETTINGS},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    told = json.loads(done.stdout.splitlines()[-1])
    return {
        name: StudentError(kind, message, tuple(Frame(*f) for f in frames), tuple(bases))
        for name, (kind, message, frames, bases) in told.items()
    }


@pytest.mark.parametrize("name", NAMED)
def test_advice(name: str, raised: dict[str, StudentError]) -> None:
    """Each offence raises, and the advice names the remedy in both languages."""
    assert name in raised, f"{name} raises nothing with the installed TensorFlow and Keras"
    found = advice(raised[name])
    assert found is not None, f"no rule for {raised[name]}"
    assert NAMED[name] in found.en
    assert NAMED[name] in found.zh


@pytest.mark.parametrize("name", [*NAMED, "dump"])
def test_sentence(name: str, raised: dict[str, StudentError]) -> None:
    """One paragraph: class and words, the student's line, the advice; no dump, no library path."""
    error = raised[name]
    text = explain.exception(error, "dense.py")
    line = error.frames[-1].line
    for sentence, place in ((text.en, f"(line {line})"), (text.zh, f"（第 {line} 行）")):
        assert error.type_name in sentence
        assert place in sentence
        assert len(sentence) < 700
        assert not any(
            noise in sentence
            for noise in (
                "\n",
                "config={",
                "Arguments received",
                "{{function_node",
                "[Op:",
                ". (",
                ".. H",
            )
        )
        assert "site-packages" not in sentence
    assert text.en.startswith("your code raises ")
    assert text.zh.startswith("你的代码抛出 ")
    hinted = name in NAMED
    assert (". Hint: " in text.en, "。提示：" in text.zh) == (hinted, hinted)


def test_wrapping_is_taken_off(raised: dict[str, StudentError]) -> None:
    """Of what Keras and TensorFlow wrap around an error, the one sentence that matters is left."""
    said = explain.said(raised["if_in_layer"])
    assert said == (
        "OperatorNotAllowedInGraphError: Using a symbolic `tf.Tensor` as a Python `bool` is not"
        " allowed."
    )
    assert explain.said(raised["numpy_in_layer"]).startswith(
        "NotImplementedError: Cannot convert a symbolic tf.Tensor"
    )
    assert explain.said(raised["dtypes_eager"]).endswith("is a double tensor")


# -- sentences that need no library ----------------------------------------------------------------


def stub_error(*frames: Frame) -> StudentError:
    return StudentError("NotImplementedError", "", frames)


def test_not_written() -> None:
    """The stub's own NotImplementedError names function, file, line and the next step."""
    text = explain.exception(stub_error(Frame(27, "huber_fn", "raise NotImplementedError")), "h.py")
    assert text.en == (
        "`huber_fn` isn't written yet: open `h.py` (line 27), replace `raise NotImplementedError`"
        " with your code, and run the check again"
    )
    assert text.zh == (
        "`huber_fn` 还没有写：打开 `h.py`（第 27 行），把 `raise NotImplementedError`"
        " 换成你的代码，再运行一次检查"
    )
    assert "this part isn't written yet" in explain.exception(stub_error(), "h.py").en


def test_not_implemented_with_words_is_an_exception_like_any_other() -> None:
    """`raise NotImplementedError("later")` is the student's own and told as such."""
    error = StudentError("NotImplementedError", "later", (Frame(3, "f", ""),))
    assert not explain.not_written(error)
    said = explain.exception(error, "h.py").en
    assert said == "your code raises NotImplementedError: later (line 3)"


def test_places_of_a_notebook() -> None:
    """Lines are the notebook's own: cell and line, not those of the module made of it."""
    error = StudentError("ValueError", "no", (Frame(90, "f", ""),))

    def place(line: int) -> str:
        return f"Übung, cell 1.ipynb, cell {line // 10}, line {line % 10 + 2}"

    text = explain.exception(error, "Übung, cell 1.ipynb", place)
    assert text.en == "your code raises ValueError: no (cell 9, line 2)"
    assert text.zh == "你的代码抛出 ValueError: no（第 9 个单元格第 2 行）"
    text = explain.exception(error, "h.py", lambda line: f"h.py, line {line + 1}")
    assert text.en == "your code raises ValueError: no (line 91)"


def test_shortcuts_in_a_notebook() -> None:
    """Where a shortcut is used is told as the notebook has it, as are exceptions."""
    place = explain.places("huber.ipynb", ((2, 1), (3, 7)))
    text = explain.shortcut("tf.pow", 2, place)
    assert text.en.startswith("`tf.pow` is used (cell 3, line 7): this exercise asks you")
    assert text.zh.startswith("使用了 `tf.pow`（第 3 个单元格第 7 行）：")
    assert "used (line 3)" in explain.shortcut("tf.pow", 3, place).en
    assert "used (line 2)" in explain.shortcut("tf.pow", 2, explain.places("h.py", None)).en
    assert "is used: this" in explain.shortcut("tf.pow", 0, place).en


def test_what_an_export_leaves_behind() -> None:
    """`get_ipython()` in a program made of a notebook: the advice says where it comes from."""
    error = ImportFailed("NameError", "name 'get_ipython' is not defined")
    found = advice(error)
    assert found is not None
    assert found.en.startswith("only a notebook has this name: take the line out")
    assert "notebook" in found.zh
    assert advice(StudentError("NameError", "name 'x' is not defined")) is None


@pytest.mark.parametrize(
    ("message", "advised"),
    [
        ("huber_fn() takes 1 positional argument but 2 were given", True),
        ("MyDense.__init__() missing 1 required positional argument: 'units'", True),
        ("create_huber() got an unexpected keyword argument 'threshold'", True),
        ("f.<locals>.grad() takes 0 positional arguments but 1 was given", False),
    ],
)
def test_parameters(message: str, advised: bool) -> None:
    """A call that doesn't fit the signature is about the statement's parameters.

    Only where no line of the student's is involved: their own wrong calls are another matter.
    """
    assert (advice(StudentError("TypeError", message)) is not None) == advised
    assert advice(StudentError("TypeError", message, (Frame(1, "f", ""),))) is None


def test_import_failures() -> None:
    """A module that can't be imported says so first; one that ends the program is told why."""
    failed = ImportFailed("NameError", "name 'tf' is not defined", (Frame(2, "<module>", ""),))
    assert explain.exception(failed, "h.py").en == (
        "`h.py` can't be imported, so nothing in it can be checked: your code raises"
        " NameError: name 'tf' is not defined (line 2)"
    )
    text = explain.exception(ImportFailed("SystemExit", "0"), "h.py")
    assert "ends the program while it is imported" in text.en
    assert "sys.exit" in text.zh


def test_missing_names() -> None:
    """A missing name is told with those that look like it, or with where to begin."""
    near = explain.missing(MissingSymbol("HuberLoss", ("Huberloss", "Loss")), "h.py")
    assert "`Huberloss`, `Loss`" in near.en
    assert "`Huberloss`, `Loss`" in near.zh
    assert "start from the exercise's stub" in explain.missing(MissingSymbol("f"), "h.py").en


def test_unknown_exceptions_get_no_advice() -> None:
    """Nothing is advised where nothing is known."""
    for kind, message in (("ValueError", "no"), ("TypeError", ""), ("KeyError", "'kernel'")):
        assert advice(StudentError(kind, message)) is None
    assert explain.exception(StudentError("Exception", ""), "h.py").en == (
        "your code raises Exception"
    )
