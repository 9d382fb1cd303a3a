"""Outputs that a document shows against those that came: what is a difference, and what isn't."""

from __future__ import annotations

import pytest

from grader.tutorial.compare import claimed_error, compare, compare_error

TENSOR = (
    "<tf.Tensor: shape=(2, 2), dtype=float32, numpy=\n"
    "array([[1., 2.],\n       [3., 4.]], dtype=float32)>"
)
FIT = "Epoch 1/2\n 8/8 ━━━━━━━━━━ 0s 2ms/step - loss: {} - mae: {}"
SUMMARY_2 = (
    'Model: "sequential_3"\n'
    + "_" * 40
    + "\n Layer (type)   Output Shape   Param #\n"
    + "=" * 40
    + "\n dense_7 (Dense)   (None, 3)   12\n"
    + "=" * 40
    + "\nTotal params: 12 (48.00 Byte)"
)
SUMMARY_3 = (
    'Model: "sequential"\n┏━━━━━┳━━━━┓\n┃ Layer (type) ┃ Output Shape ┃ Param # ┃\n┡━━━━╇━━━┩\n'
    "│ dense (Dense) │ (None, 3) │ 12 │\n└────┴────┘\n Total params: 12 (48.00 B)"
)


@pytest.mark.parametrize(
    ("claimed", "got"),
    [("3", "3\n"), ("a  \nb\n\n", "\na\nb"), ("", "\n"), (TENSOR, TENSOR + "\n")],
)
def test_exact(claimed, got):
    """Blanks at the ends of lines and of the text are all that `exact` forgives."""
    assert compare(claimed, got)[0] == "exact"


@pytest.mark.parametrize(
    ("claimed", "got"),
    [
        pytest.param(TENSOR.replace("shape", "id=12, shape"), TENSOR, id="id"),
        pytest.param(" ".join(TENSOR.split()), TENSOR, id="breaks in a repr"),
        pytest.param("[1.,2.]", "[1., 2.]", id="spacing"),
        pytest.param("<F at 0x1546fc080>", "<F at 0x7f00aa11bb22>", id="address"),
        pytest.param("<F at 0x7f…>", "<F at 0x7f00aa11bb22>", id="elided address"),
        pytest.param("numpy=1.2>", "numpy=1.2000000477>", id="float32"),
        pytest.param("numpy=0.8>", "numpy=0.800000011920929>", id="float32 in full"),
        pytest.param("[2.0, 3.]", "[2., 3.000]", id="zeros"),
        pytest.param("0.69314724", "0.69314718", id="last digits"),
        pytest.param("3.142", "3.14159", id="rounded"),
        pytest.param("1e-05", "1.0e-5", id="exponent"),
        pytest.param("(1.0, True)", "(np.float32(1.0), np.True_)", id="NumPy 2"),
        pytest.param("[np.str_('a')]", "['a']", id="NumPy 2 text"),
        pytest.param(
            "<class 'tensorflow.python.framework.ops.EagerTensor'>",
            "<class 'EagerTensor'>",
            id="moved class",
        ),
        pytest.param(
            "<keras.callbacks.History at 0x1f>",
            "<keras.src.callbacks.history.History at 0x7f00aa11bb22>",
            id="moved object",
        ),
        pytest.param(
            "<KerasTensor: shape=(None, 3) dtype=float32 (created by layer 'dense')>",
            "<KerasTensor shape=(None, 3), dtype=float32, sparse=False, name=keras_tensor_4>",
            id="KerasTensor",
        ),
        pytest.param("tf.float32", "<dtype: 'float32'>", id="dtype"),
        pytest.param("a\n[...]\nz", "a\nb\nc\nz", id="elided lines"),
        pytest.param("a\n...\nz", "a\nz", id="elided nothing"),
        pytest.param("shape=(2,) [...] numpy=3>", "shape=(2,) dtype=x, numpy=3>", id="elided part"),
        pytest.param("0.333...", "0.3333333432674408", id="elided digits"),
        pytest.param("1 … 3 … 5", "1 2 3 4 5", id="several elisions"),
        pytest.param("[1 2 ... 9]", "[1 2 ... 9 ]", id="NumPy's own dots"),
        pytest.param(
            "1/1 [==============================] - 0s 20ms/step\n[[1.5]]",
            "\x1b[1m1/1\x1b[0m \x1b[32m━━━━\x1b[0m 0s 40ms/step\x08\x08\x08\r\x1b[1m1/1\x1b[0m"
            " \x1b[32m━━━━\x1b[0m 0s 41ms/step\n[[1.5]]\n",
            id="progress bar",
        ),
        pytest.param("[[1.5]]", "1/1 ━━━━━━ 0s 41ms/step\n[[1.5]]", id="progress bar left out"),
        pytest.param(
            "Epoch 2/2\n1/1 ━━━━━ 1s 5ms/step - loss: 0.0000e+00",
            "Epoch 2/2\n\r1/1 ━━━━━ 0s 6ms/step - loss: 0.2500\n"
            + "\b" * 40
            + "\r1/1 ━━━━━ 1s 9ms/step - loss: 0.0000e+00\n",
            id="bar drawn again after its line's end",
        ),
        pytest.param(
            "Epoch 1/2\n8/8 [====] - 1s 99ms/step - mae: 0.25 - loss: 0.5",
            FIT.format("0.5000", "0.2500"),
            id="metrics in another order",
        ),
        pytest.param(
            "8/8 - 2s - loss: 0.5 - 2s/epoch - 3ms/step",
            "8/8 - 0s - 4ms/step - loss: 0.5",
            id="verbose=2",
        ),
        pytest.param("loss: 9\rloss: 7", "loss: 7", id="carriage return"),
        pytest.param(
            "2024-01-02 03:04:05.678901: I tensorflow/core/x.cc:1] hello\n3", "3", id="C++ log"
        ),
        pytest.param("3", "WARNING:tensorflow:5 out of 5 calls\n3", id="log"),
        pytest.param("/a/b.py:3: UserWarning: old\n  f(x)\n3", "3", id="warning"),
        pytest.param(" 50%|█████     | 1/2 [00:01<00:01]\n3", "3", id="tqdm"),
        pytest.param(SUMMARY_2, SUMMARY_3, id="summary"),
    ],
)
def test_equivalent(claimed, got):
    """What a reader who knows TensorFlow wouldn't call a difference."""
    closeness, why = compare(claimed, got)
    assert closeness == "equivalent", why.en


@pytest.mark.parametrize(
    ("claimed", "got", "random"),
    [
        pytest.param(FIT.format("0.5", "0.2"), FIT.format("0.7", "0.3"), False, id="training"),
        pytest.param("[...] loss: 4.30 - r: 1.73\n[...]", "8/8 [==] 1s - loss: 2.1 - r: 0.9\nx",
                     False, id="training, elided"),
        pytest.param("accuracy: 0.91", "accuracy: 0.52", False, id="metric"),
        pytest.param("准确率：0.91", "准确率：0.52", False, id="metric in Chinese"),
        pytest.param("[0.1 0.2]", "[0.7 0.3]", True, id="random"),
        pytest.param("[3 1 2]", "[9 8 7]", True, id="random whole numbers"),
        pytest.param("2.3.1", "2.21.0", False, id="version"),
        pytest.param("took 3.2s", "took 1.1s", False, id="duration"),
        pytest.param("{'b', 'a'}", "{'a', 'b'}", False, id="set"),
    ],
)  # fmt: skip
def test_drift(claimed, got, random):
    """The same words with numbers that another run or version may change."""
    closeness, why = compare(claimed, got, random)
    assert closeness == "drift", why.en


@pytest.mark.parametrize(
    ("claimed", "got", "random"),
    [
        pytest.param("6", "7", False, id="whole number"),
        pytest.param("0.5", "0.7", False, id="fraction"),
        pytest.param("2", "2.0", False, id="int for float"),
        pytest.param("2.", "2.4", False, id="not a rounding"),
        pytest.param("-1.0", "1.0", False, id="sign"),
        pytest.param("b'x'", "'x'", False, id="bytes"),
        pytest.param("dtype=float32", "dtype=float64", False, id="dtype"),
        pytest.param("shape=(2, 3)", "shape=(3, 2)", True, id="shape, though random"),
        pytest.param("TensorShape([2, 3])", "TensorShape([3, 2])", True, id="TensorShape"),
        pytest.param("[1, 2]", "[1 2]", False, id="list for array"),
        pytest.param("[1.]", "1.", False, id="list for number"),
        pytest.param("loss: 0.5", "loss: nan", True, id="nan"),
        pytest.param("a b", "a\nb", False, id="line break outside a repr"),
        pytest.param("a", "a\nb", False, id="more"),
        pytest.param("a\nb", "a", False, id="less"),
        pytest.param("a [...] b", "a c", False, id="not behind the elision"),
        pytest.param("a [...] b [...]", "b a", False, id="elided in the wrong order"),
        pytest.param("np.float32(1.0)", "np.float64(1.0)", False, id="scalar's dtype"),
        pytest.param("", "x", False, id="nothing shown"),
        pytest.param("Epoch 1/5", "Epoch 1/6", False, id="epochs"),
        pytest.param("[2, 1]", "[1, 2]", False, id="order of a list"),
    ],
)
def test_wrong(claimed, got, random):
    """Differences that no run or version explains, each told in one line in both languages."""
    closeness, why = compare(claimed, got, random)
    assert closeness == "wrong"
    for sentence in (why.en, why.zh):
        assert sentence
        assert "\n" not in sentence


def test_why_names_the_number():
    """The first number that differs is named with its line."""
    why = compare("a: 1\nb: 2\nc: 3", "a: 1\nb: 5\nc: 4")[1]
    assert "`2`" in why.en
    assert "`b: 5`" in why.en
    assert "c:" not in why.en


@pytest.mark.parametrize(
    ("claimed", "got"),
    [
        ("[...] a " * 3000 + "b", "a " * 30000),
        ("a " * 3000 + "... " + "a " * 3000 + "b ... z", "a " * 60000),
        ("[" * 50000, "]" * 50000),
        ("=" * 200_000, "[" + "=" * 200_000),
        ("-1" * 50_000, "\r" * 50_000 + "1"),
        ("loss " + "0.5 " * 30_000, "loss " + "0.7 " * 30_000),
        ("9" * 100_000 + ".5", "8" * 100_000),
        ("a..." * 20_000, "ab" * 20_000),
    ],
)
def test_hostile(claimed, got):
    """Texts made to be slow or to break a parser get an answer like any other."""
    assert compare(claimed, got)[0] in ("exact", "equivalent", "drift", "wrong")


TRACE = 'Traceback (most recent call last):\n  File "<stdin>", line 1, in <module>\n    f()\n'


@pytest.mark.parametrize(
    ("claimed", "closeness"),
    [
        (TRACE + "ValueError: bad 3", "exact"),
        ("ValueError: bad 3", "exact"),
        ("ValueError", "equivalent"),
        ("pkg.mod.ValueError: bad [...]", "equivalent"),
        ("Traceback[...]ValueError[...]bad[...]", "equivalent"),
        ("Traceback (most recent call last):\n...\nValueError: ...", "equivalent"),
        ("Traceback[...]", "equivalent"),
        ("ValueError: good", "drift"),
        ("TypeError: bad 3", "wrong"),
        (TRACE + "TypeError: bad 3", "wrong"),
    ],
)
def test_error(claimed, closeness):
    """The class decides; other words are another version's."""
    answer = compare_error(claimed, "ValueError", "bad 3")
    assert answer is not None
    assert answer[0] == closeness


@pytest.mark.parametrize(
    "claimed", ["3", "a ValueError is what comes", "ValueErrors: 3", "<class 'ValueError'>", ""]
)
def test_no_error_shown(claimed):
    """Text that only speaks of an exception shows none."""
    assert claimed_error(claimed) is None
