"""The static search for library functions that an exercise rules out."""

from __future__ import annotations

import pytest

from grader.screening import Finding, screen

HUBER = ("keras.losses.Huber", "keras.losses.huber")
SOFTPLUS = (
    "tf.nn.softplus",
    "tf.math.softplus",
    "keras.activations.softplus",
    "keras.ops.softplus",
)
HEAD = (
    "import tensorflow as tf\nimport keras\nfrom tensorflow import keras as K\nimport importlib\n"
)


def lines(
    source: str, shortcuts: tuple[str, ...] = HUBER, symbols: tuple[str, ...] = ("f",)
) -> str:
    """The findings as `line shortcut`, one after the other."""
    found = screen(source.encode(), symbols, shortcuts)
    return "; ".join(f"{item.line} {item.shortcut}" for item in found)


def uses(expression: str, shortcuts: tuple[str, ...] = HUBER, before: str = "") -> list[str]:
    """The shortcuts found in a function that returns `expression`."""
    source = f"{HEAD}{before}\ndef f(x):\n    return {expression}\n"
    return sorted({item.shortcut for item in screen(source.encode(), ("f",), shortcuts)})


@pytest.mark.parametrize(
    "expression",
    [
        "keras.losses.Huber(1.0)",
        "tf.keras.losses.Huber(1.0)",
        "K.losses.Huber",
        "tf.losses.Huber()",
        "tf.compat.v1.keras.losses.Huber()",
        "tf.compat.v2.losses.Huber()",
        "keras.losses.Huber(delta=x).call(x, x)",
        "(keras\n .losses\n .Huber)",
        'getattr(keras.losses, "Huber")',
        'getattr(keras.losses, "Hu" + "ber")',
        'getattr(getattr(keras, "losses"), "Huber", None)',
        'getattr(keras.losses, "".join(["Hu", "ber"]))',
        "getattr(keras.losses, f\"{'Hu'}ber\")",
        'getattr(keras.losses, "rebuH"[::-1])',
        'getattr(keras.losses, "xHuberx"[1:-1])',
        'getattr(keras.losses, "%sber" % "Hu")',
        'getattr(keras.losses, "%s%s" % ("Hu", "ber"))',
        'getattr(keras.losses, "hUBER".swapcase())',
        'getattr(keras.losses, "Huxer".replace("x", "b"))',
        'getattr(keras.losses, chr(72) + "uber")',
        'getattr(keras.losses, "Hu" "ber")',
        'importlib.import_module("keras.losses").Huber',
        'importlib.import_module("tensorflow").keras.losses.Huber',
        '__import__("keras").losses.Huber',
        '__import__("keras.losses").losses.Huber',
        '__import__("keras.losses", fromlist=["Huber"]).Huber',
        'vars(keras.losses)["Huber"]',
        'vars(keras.losses).get("Huber")',
        'keras.losses.__dict__["Huber"]',
        'keras.losses.__dict__.get("Huber")',
        'keras.losses.__getattribute__("Huber")',
        'keras.losses.get("Huber")',
        'keras.losses.get(identifier="Huber")',
        'keras.losses.deserialize({"class_name": "Huber", "config": {}})',
        'keras.saving.deserialize_keras_object({"class_name": "Huber", "config": {}})',
        "keras.src.losses.losses.Huber",
        "(lambda: keras.losses.Huber)()",
        "[keras.losses.Huber for _ in x]",
        "(h := keras.losses.Huber)",
        "keras.losses.Huber if x else None",
        "(K if x else keras).losses.Huber",
        "(None or keras.losses).Huber",
    ],
)
def test_ways_to_say_it(expression: str) -> None:
    """Each way to reach the class is found under the same canonical name."""
    assert uses(expression) == ["keras.losses.Huber"]


@pytest.mark.parametrize(
    "before",
    [
        "from keras.losses import Huber as h",
        "from tensorflow.keras.losses import Huber as h",
        "h = keras.losses.Huber",
        "L = keras.losses; h = L.Huber",
        "import keras.losses as L; h = L.Huber",
        "from keras import losses; h = losses.Huber",
        "a, h = 1, keras.losses.Huber",
        "h: type = keras.losses.Huber",
        "h = g = keras.losses.Huber",
        "n = 'Hu'\nh = getattr(keras.losses, n + 'ber')",
        "for h in [keras.losses.Huber]: pass",
        "try:\n    from keras.losses import Huber as h\nexcept ImportError:\n    h = None",
        "def h(x, d=keras.losses.Huber):\n    return d(x)",
        "def g():\n    L = keras.losses\n    return L.Huber\ndef h(x): return g()",
        "class h(keras.losses.Huber): pass",
        "class B(keras.losses.Huber): pass\nclass h(B): pass",
        "h = lambda x: keras.losses.Huber()(x)",
        "class h:\n    loss = keras.losses.Huber()",
        "h = {}\nh['x'] = keras.losses.Huber()",
        "import functools\nh = functools.partial(keras.losses.Huber, 1.0)",
        "import operator\nh = operator.attrgetter('losses.Huber')(keras)",
        "import sys\nh = sys.modules['keras.losses'].Huber",
        "import inspect\nh = inspect.getattr_static(keras.losses, 'Huber')",
        "globals()['h'] = keras.losses.Huber",
        "def g():\n    global h\n    h = keras.losses.Huber\ng()",
        "get = keras.losses.get\nh = get('Huber')",
        "L = None\ndef h(x): return L.Huber(x)\nL = keras.losses",
    ],
)
def test_ways_to_hand_it_on(before: str) -> None:
    """However the module hands the class on to the symbol, the use is found."""
    assert uses("h(x)", before=before) == ["keras.losses.Huber"]


def test_star_import() -> None:
    """A name that only a star import can have brought is the library's; an own one isn't."""
    assert lines("from keras.losses import *\ndef f(x):\n    return Huber()(x)\n") == (
        "3 keras.losses.Huber"
    )
    own = "from keras.losses import *\nclass Huber: pass\ndef f(x):\n    return Huber()\n"
    assert lines(own) == ""


@pytest.mark.parametrize(
    "source",
    [
        "import keras\nfrom keras.losses import Huber\ndef f(x):\n    return x\n",
        "import keras\ndef f(x):\n    return x\nif __name__ == '__main__':\n"
        "    keras.losses.Huber()\n",
        "import keras\ndef f(x):\n    return x\ndef check():\n"
        "    assert f(1) == keras.losses.huber(1)\n",
        "import keras\ndef f(x):\n    return x\nprint(f(1) - keras.losses.Huber()(1, 1))\n",
        "class Huber:\n    pass\ndef f(x):\n    return Huber()\n",
        "class losses:\n    class Huber: pass\nclass keras:\n    losses = losses\n"
        "def f(x):\n    return keras.losses.Huber()\n",
        "import keras\ndef f(keras):\n    return keras.losses.Huber()\n",
        "import keras\ndef f(x):\n    keras = x\n    return keras.losses.Huber()\n",
        "import keras\nkeras = object()\ndef f(x):\n    return keras.losses.Huber()\n",
        "import keras\ndef f(x):\n    'keras.losses.Huber'\n"
        "    # keras.losses.Huber\n    return 'Huber'\n",
        "import keras\ndef f(x):\n    return isinstance(x, keras.losses.Huber)\n",
        "import keras\ndef f(x: keras.losses.Huber) -> keras.losses.Huber:\n    return x\n",
        "import keras\ndef f(x):\n    y: keras.losses.Huber = x\n    return y\n",
        "import keras\ndef f(x):\n"
        "    return keras.losses.HuberLike(), keras.losses.MeanSquaredError()\n",
        "import keras\ndef f(x):\n    return keras.losses.get(x), keras.activations.get('huber')\n",
        "import keras\ndef f(x):\n    return getattr(keras.losses, x)\n",
        "import keras\ndef f(x):\n    return [keras for keras in x][0].losses.Huber\n",
        "def getattr(a, b): return a\nimport keras\ndef f(x):\n"
        "    return getattr(keras.losses, 'Huber')\n",
        "import mylib\ndef f(x):\n    return mylib.keras.losses.Huber\n",
        "from .keras import losses\ndef f(x):\n    return losses.Huber\n",
    ],
)
def test_no_accusation(source: str) -> None:
    """What isn't a use of the library's class by the symbol is no finding."""
    assert lines(source) == ""


def test_finding() -> None:
    """A finding has the line, its text, and the symbols that reach it, directly or not."""
    source = (
        "import keras\n\n\ndef _helper(x):\n    return keras.losses.huber(x, 0)\n\n\n"
        "def f(x):\n    return _helper(x)\n\n\ndef g(x):\n    return f(x)\n\n\n"
        "def h(x):\n    return x\n"
    )
    found = screen(source.encode(), ("f", "g", "h", "absent"), HUBER)
    assert found == (
        Finding("keras.losses.huber", 5, "return keras.losses.huber(x, 0)", frozenset({"f", "g"})),
    )


def test_each_symbol_its_own() -> None:
    """Two uses for two symbols are told apart."""
    source = (
        "import keras\ndef f(): return keras.losses.Huber\ndef g(): return keras.losses.huber\n"
    )
    found = screen(source.encode(), ("f", "g"), HUBER)
    assert [(item.line, sorted(item.symbols)) for item in found] == [(2, ["f"]), (3, ["g"])]


def test_alias_is_reported_where_used() -> None:
    """An alias is reported at its making and where it is used, each line once."""
    source = (
        "import keras\n_h = getattr(\n    keras.losses, 'Hu' + 'ber')\n"
        "def f(x):\n    return _h(_h)\n"
    )
    assert lines(source) == "2 keras.losses.Huber; 5 keras.losses.Huber"


def test_name_at_the_end_of_a_chain() -> None:
    """A chain over several lines is reported at the line of the forbidden name."""
    assert lines("import keras\nf = (keras\n     .losses\n     .Huber)\n") == "4 keras.losses.Huber"


@pytest.mark.parametrize(
    ("expression", "want"),
    [
        ("tf.nn.softplus(x)", "tf.nn.softplus"),
        ("tf.math.softplus(x)", "tf.math.softplus"),
        ("tf.keras.activations.softplus(x)", "keras.activations.softplus"),
        ("keras.ops.softplus(x)", "keras.ops.softplus"),
        ("keras.ops.nn.softplus(x)", "keras.ops.softplus"),
        ("keras.src.ops.nn.softplus(x)", "keras.activations.softplus"),
        ("keras.activations.get('softplus')(x)", "keras.activations.softplus"),
        ("keras.layers.Activation('softplus')(x)", "keras.activations.softplus"),
        ("keras.layers.Dense(1, activation='softplus')(x)", "keras.activations.softplus"),
        ("keras.layers.Dense(1, 'soft' + 'plus')(x)", "keras.activations.softplus"),
    ],
)
def test_softplus(expression: str, want: str) -> None:
    """The library's many softplus, by function, by name in a registry and by a layer's argument."""
    assert uses(expression, SOFTPLUS) == [want]


@pytest.mark.parametrize(
    "expression",
    ["keras.layers.Dense(1, activation='relu')(x)", "print('softplus')",
     "mine(activation='softplus')", "keras.layers.Layer(name='softplus')",
     "tf.math.log1p(tf.exp(x))"],
)  # fmt: skip
def test_not_softplus(expression: str) -> None:
    """A string counts only where Keras looks it up."""
    assert uses(expression, SOFTPLUS) == []


def test_prefix() -> None:
    """A shortcut that ends in `*` stands for every name that begins so, and for none below it."""
    rules = ("tf.scan", "tf.math.cumulative_*")
    assert uses("tf.math.cumulative_logsumexp(x)", rules) == ["tf.math.cumulative_logsumexp"]
    assert uses("tf.scan(x)", rules) == ["tf.scan"]
    assert uses("tf.math.cumsum(x), tf.scanner, tf.math.reduce_sum", rules) == []


def test_shortcuts_in_any_spelling() -> None:
    """The course may spell a shortcut through `tf.keras`; findings have the canonical name."""
    assert uses("keras.losses.Huber()", ("tf.keras.losses.Huber",)) == ["keras.losses.Huber"]


def test_class_body_and_methods() -> None:
    """A method of the symbol's class counts as part of it."""
    source = "import keras\nclass f(keras.losses.Loss):\n    def call(self, a, b):\n"
    assert lines(source + "        return keras.losses.huber(a, b)\n") == "4 keras.losses.huber"


def test_patched_on_later() -> None:
    """What is put on the symbol's class after its definition counts."""
    source = "import keras\nclass f: pass\nf.call = keras.losses.Huber().call\n"
    assert lines(source) == "3 keras.losses.Huber"
