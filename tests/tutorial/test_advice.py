"""Advice on a document: from its code taken together, and on names that nothing defines."""

import pytest

from grader.rules.values import Edit
from grader.tutorial import advice
from grader.tutorial.content import Fragment, assemble
from grader.tutorial.fixes import Hunk, made
from grader.tutorial.values import Document, Piece


def told(*sources):
    """(block, rule, document's line) of all advice; blocks are ten lines apart, from line 1."""
    fragments = [
        Fragment(source, tuple(range(10 * n + 1, 10 * n + 2 + source.count("\n"))), "python")
        for n, source in enumerate(sources)
    ]
    document = Document(None, "", "", assemble(fragments), ())
    found = advice.of(document, advice.supplied(document))
    return [(i, a.finding.rule, a.line) for i, given in found.items() for a in given], found


KERAS = "import keras\ninputs = keras.Input((3,))"


def test_what_a_tensor_is_stands_in_an_earlier_block():
    found, _ = told(f"{KERAS}\nimport tensorflow as tf", "\ntf.square(inputs)")
    assert found == [(1, "K406", 12)]


def test_a_name_that_may_be_two_things_is_neither():
    found, _ = told(f"{KERAS}\nimport tensorflow as tf", "inputs = 3.0", "tf.square(inputs)")
    assert found == []


def test_an_edit_is_one_of_its_own_piece():
    save = "import keras\nmodel = keras.Sequential()\nmodel.compile(loss='mse')\nmodel.save('m.h5')"
    found, given = told(save, "1 +", "print()\nagain = keras.models.load_model('m.h5')")
    assert (2, "K302", 22) in found
    (load,) = [a for a in given[2] if a.finding.rule == "K302"]
    assert [edit.line for edit in load.finding.edits] == [2]


def test_nothing_is_said_twice():
    found, _ = told("import keras\nkeras.optimizers.SGD(lr=0.1)", "x = 1")
    assert found == [(0, "K101", 2)]


@pytest.mark.parametrize(
    ("sources", "wanted"),
    [
        (("np.ones(3)",), [(0, "N101", 1)]),
        (("import numpy as np", "np.ones(3)"), []),
        ((">>> import numpy as np\n>>> np.ones(3)",), []),
        (("print(rate)",), [(0, "N102", 1)]),
        (("print(rate)", "rate = 3"), []),
        (("from math import *", "print(rate)"), []),
        (("[...]\nprint(rate)",), []),
        (("def f():\n    return rat", "rate = 3"), [(0, "N102", 2)]),
    ],
)
def test_names(sources, wanted):
    assert told(*sources)[0] == wanted


def test_a_name_like_another_is_named():
    _, given = told("def f():\n    return learning_rat", "learning_rate = 3")
    assert "`learning_rate`" in given[0][0].finding.message.en


def test_lines_that_come_behind_the_last_one_follow_it():
    hunks = made(Piece("a\nb", (5, 6)), [Edit(2, 1, 2, 1, "\nc")])
    assert hunks == (Hunk(7, (), ("c",)),)
