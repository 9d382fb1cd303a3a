"""The rules read code and say the right thing on the right line, and nothing about right code."""

import sys
from pathlib import Path

import pytest

from grader.rules.examine import aliases, examine
from grader.rules.names import undefined
from grader.rules.patch import apply
from grader.rules.values import Edit

sys.path.insert(0, str(Path(__file__).parent))
from rule_snippets import SNIPPETS

sys.path.pop(0)
ROOT = Path(__file__).parents[2]


def said(source, known=None):
    return [(f.rule, f.line) for f in examine(source, known or {})]


@pytest.mark.parametrize("snippet", SNIPPETS, ids=[f"{s.rule}-{n}" for n, s in enumerate(SNIPPETS)])
def test_each_bad_one_has_its_finding_and_no_other(snippet):
    """Its code, at the marked line; what `also` allows may come beside it."""
    lines = [n for n, text in enumerate(snippet.bad.splitlines(), 1) if "# <-" in text]
    found = [pair for pair in said(snippet.bad) if pair[0] not in snippet.also]
    assert found == [(snippet.rule, lines[0])]


@pytest.mark.parametrize("snippet", SNIPPETS, ids=[f"{s.rule}-{n}" for n, s in enumerate(SNIPPETS)])
def test_each_good_one_has_none(snippet):
    """The good one, or the mended one, is free of errors, traps and the rule's own finding."""
    edits = [edit for f in examine(snippet.bad) for edit in f.edits]
    good = snippet.good or apply(snippet.bad, edits)
    left = [f for f in examine(good) if f.rule == snippet.rule or f.severity != "note"]
    assert left == []


@pytest.mark.parametrize("snippet", SNIPPETS, ids=[f"{s.rule}-{n}" for n, s in enumerate(SNIPPETS)])
def test_messages_teach_in_both_languages(snippet):
    """Both texts are there, Chinese in Chinese, and no placeholder is left in them."""
    for found in examine(snippet.bad):
        assert len(found.message.en) > 30
        assert any("\u4e00" <= letter <= "\u9fff" for letter in found.message.zh)
        assert "{0}" not in found.message.en + found.message.zh
        assert found.source


RIGHT = {
    "optimizer with names": "o = keras.optimizers.SGD(learning_rate=0.1, momentum=0.9)",
    "lr of a function of one's own": "def fit(lr): pass\nfit(lr=0.1)",
    "lr of a dictionary": 'params = dict(lr=0.1)\nprint(params["lr"])',
    "lr of an object that is no optimizer": "class A: lr = 1\na = A()\na.lr = 2\nprint(a.lr)",
    "lr of torch": "import torch\no = torch.optim.SGD([], lr=0.1)",
    "optimizer of torch": "import torch\noptimizer = torch.optim.SGD([])\noptimizer.minimize",
    "decay in a schedule": "s = keras.optimizers.schedules.ExponentialDecay(0.1, 1, 0.9)",
    "decay=0": "o = keras.optimizers.SGD(0.1, decay=0.0)",
    "weight decay": "o = keras.optimizers.AdamW(weight_decay=0.1)",
    "lr and learning_rate in an f-string": 'optimizer = keras.optimizers.SGD()\nprint(f"lr")',
    "SciPy's minimize": "from scipy import optimize as opt\nopt.minimize(f, x0)",
    "apply_gradients with zip": "optimizer = keras.optimizers.SGD()\n"
    "optimizer.apply_gradients(zip(g, v))",
    "K.get_value": "K = keras.backend\nprint(K.get_value(optimizer.learning_rate))",
    "K.set_value of a tf.Variable": "v = tf.Variable(1.0)\nkeras.backend.set_value(v, 2.0)",
    "add_weight with names": """
class Own(keras.layers.Layer):
    def build(self, shape):
        self.w = self.add_weight(name="w", shape=shape[1:])
""",
    "add_weight with the shape first": """
class Own(keras.layers.Layer):
    def build(self, shape):
        self.w = self.add_weight((3,), "zeros")
        self.b = self.add_weight(shape, name="b")
""",
    "add_weight of another library": """
class Graph:
    def build(self):
        self.add_weight("edge", 3)
""",
    "add_weight on something else": "graph.add_weight('edge', 3)",
    "reset_state": "m = keras.metrics.Mean()\nm.reset_state()",
    "reset_states of a stateful layer": "lstm = keras.layers.LSTM(3, stateful=True)\n"
    "lstm.reset_states()",
    "reset_states of layers in a loop": "for layer in model.layers:\n    layer.reset_states()",
    "reset_states of an environment": "env.reset_states()",
    "reset_states defined in a class of one's own": "class A:\n    def reset_states(self): pass",
    "both reset methods": """
class M(keras.metrics.Metric):
    def reset_state(self): pass
    reset_states = reset_state
    def reset_states(self): self.reset_state()
""",
    "as_list of a TensorShape": "print(tf.ones((2, 3)).shape.as_list())",
    "as_list in call": """
class Own(keras.layers.Layer):
    def call(self, x):
        return tf.reshape(x, x.shape.as_list())
""",
    "tf.Variable in a tf.Module": """
class Own(tf.Module):
    def __init__(self):
        self.v = tf.Variable(1.0)
""",
    "tf.Variable in a callback": """
class Own(keras.callbacks.Callback):
    def __init__(self):
        self.v = tf.Variable(1.0)
""",
    "an untrained tf.Variable": """
class Own(keras.layers.Layer):
    def __init__(self):
        super().__init__()
        self.step = tf.Variable(0, trainable=False)
""",
    "keras.Variable": """
class Own(keras.layers.Layer):
    def __init__(self):
        super().__init__()
        self.v = keras.Variable(1.0)
""",
    "trainable_variables of a layer in an attribute": """
class Own(keras.Model):
    def __init__(self):
        super().__init__()
        self.hidden = keras.layers.Dense(1)
        self.blocks = [keras.layers.Dense(1)]
    def inner(self):
        return self.hidden.trainable_variables + self.blocks[0].trainable_variables
""",
    "losses of an object of one's own": "class A:\n    def __init__(self): self.losses = []",
    "losses of a callback": """
class History(keras.callbacks.Callback):
    def on_train_begin(self, logs=None):
        self.losses = []
    def on_epoch_end(self, epoch, logs=None):
        self.losses.append(logs["loss"])
        print(epoch)
""",
    "if training in call": """
class Own(keras.layers.Layer):
    def call(self, x, training=False):
        if training and x.shape[0] != 3 and self.factor > 0:
            x = x * 2
        return x if x.dtype == tf.float32 else tf.cast(x, tf.float32)
""",
    "a tensor `if` where AutoGraph converts it": """
class Own(keras.layers.Layer):
    @tf.function
    def call(self, x):
        if tf.reduce_sum(x) > 0:
            return x
        return -x
""",
    "a tensor `if` in a tf.function": """
@tf.function
def f(x):
    if tf.reduce_sum(x) > 0:
        return x
    return -x
""",
    "a model that is run eagerly": """
class Own(keras.Model):
    def call(self, x):
        print(x.numpy())
        return x
m = Own()
m.compile(run_eagerly=True)
""",
    "a model with get_config": """
class Own(keras.Model):
    def __init__(self, units):
        super().__init__()
    def get_config(self):
        return {"units": 3}
""",
    "a model whose arguments have defaults": """
class Own(keras.Model):
    def __init__(self, units=3, *, rate=0.1, **kwargs):
        super().__init__(**kwargs)
""",
    "saving as .keras": 'model = keras.Sequential()\nmodel.save("m.keras")\n'
    'model.save_weights("w.weights.h5")\nmodel.load_weights("w.weights.h5")\n'
    'keras.models.load_model("m.keras")',
    "saving to a path in a variable": "model.save(path)\nmodel.save_weights(path)",
    "saving something else": 'figure.save("plot")\nimage.save("a.png")\n'
    'checkpoint = tf.train.Checkpoint()\ncheckpoint.save("ckpt")\nnp.save("x", 3)',
    "export": 'model.export("folder")',
    "a checkpoint": 'keras.callbacks.ModelCheckpoint("m_{epoch:02d}.keras", save_freq="epoch")\n'
    'keras.callbacks.ModelCheckpoint("w.weights.h5", save_weights_only=True)',
    "saved_model": 'tf.saved_model.save(module, "folder")\ntf.saved_model.load("folder")',
    "Input": "m = keras.Sequential([keras.Input(shape=(3,)), keras.layers.Dense(1)])",
    "input_shape of a model of keras.applications": "m = keras.applications.ResNet50("
    "input_shape=(32, 32, 3), weights=None)",
    "weights of an embedding": "e = keras.layers.Embedding(3, 2, weights=[w])",
    "alpha of an ELU": "e = keras.layers.ELU(alpha=1.0)",
    "reduction": 'l = keras.losses.MeanSquaredError(reduction="none")\n'
    "l = keras.losses.MeanSquaredError(reduction=keras.losses.Reduction.NONE)",
    "a functional model in keras.ops": "import keras\nx = keras.Input((3,))\n"
    "y = keras.ops.concatenate([x, x + 1])\nz = keras.layers.Lambda(lambda t: tf.square(t))(x)\n"
    "m = keras.Model(inputs=x, outputs=z)",
    "tf functions on arrays with the name of an input": "x = keras.Input((3,))\n"
    "x = np.ones(3)\ny = tf.square(x)",
    "tf functions in a layer's call": """
class Own(keras.layers.Layer):
    def call(self, inputs):
        return tf.concat([inputs, tf.square(inputs)], axis=-1)
""",
    "output_shape of a model": "print(model.output_shape, model.input_shape)",
    "output_shape of one's own layer": """
class Own(keras.layers.Layer):
    def __init__(self):
        super().__init__()
        self.output_shape = 3
layer = Own()
print(layer.output_shape)
""",
    "workers of a PyDataset": "d = keras.utils.PyDataset(workers=2)\nmodel.fit(d)",
    "workers of something else": "pool.fit(x, workers=2)",
    "predict_proba of scikit-learn": "from sklearn.linear_model import LogisticRegression\n"
    "model = LogisticRegression()\nmodel.predict_proba(x)",
    "predict_proba of unknown origin": "model.predict_proba(x)",
    "steps_per_execution": 'model.compile("sgd", "mse", steps_per_execution=2)',
    "TensorFlow 2 names": "tf.math.log(2.0)\ntf.random.normal([2])\ntf.io.gfile",
    "TensorFlow 1 under compat": "import tensorflow.compat.v1 as tf\ntf.placeholder",
    "compat.v1 written out": "tf.compat.v1.Session()",
    "Keras 2 as such": "import tf_keras as keras\nkeras.metrics.Mean().reset_states()\n"
    "keras.optimizers.Adam(lr=0.1)",
    "Keras 2 by the switch": 'import os\nos.environ["TF_USE_LEGACY_KERAS"] = "1"\n'
    "import tensorflow as tf\ntf.keras.optimizers.Adam(lr=0.1)",
    "an import that is tried": """
try:
    from keras.utils import np_utils
except ImportError:
    np_utils = None
try:
    tf.keras.losses.mean_squared_error
except AttributeError as e:
    print(e)
""",
    "a loss function in keras": "import keras\nkeras.losses.mean_squared_error",
    "a loss function in tf.keras": "tf.keras.losses.mse\ntf.keras.metrics.mae",
    "the backend under tf.keras": "from tensorflow import keras\nK = keras.backend\n"
    "K.square(K.transpose(x))\nK.epsilon()",
    "keras.layers with odd names": "keras.layers.LayerNormalization()\nkeras.layers.core_x",
    "saving under tf.keras, imported": "from tensorflow.keras.saving import load_model",
    "a name that is bound anew": "keras = object()\nkeras.losses.mean_squared_error",
    "np of one's own": "np = object()\n@tf.function\ndef f(x):\n    return np.random.rand()",
    "a parameter named tf": "def f(tf):\n    return tf.placeholder",
    "activations.serialize": "keras.activations.serialize(keras.activations.relu)",
    "constants in NumPy, in a tf.function": """
@tf.function
def f(x):
    return x * np.sqrt(2.0) + np.arange(3)
""",
    "random outside": "x = np.random.rand(3)\n@tf.function\ndef f(y):\n    return x + y",
    "tf.random inside": "@tf.function\ndef f(x):\n    return x + tf.random.normal([])",
    "a function that isn't traced": """
import time
n = 0
def f(x):
    global n
    n += 1
    print(x.numpy(), time.time(), np.random.rand())
    return tf.Variable(x)
""",
    "append to a list of its own": """
@tf.function
def f(x):
    parts = []
    for weight in (1.0, 2.0):
        parts.append(x * weight)
    return tf.stack(parts)
""",
    "a list in tf.range that isn't used after it": """
@tf.function
def f(n):
    for i in tf.range(n):
        parts = []
        parts.append(i)
        tf.print(tf.stack(parts))
""",
    "a singleton variable": """
v = None
@tf.function
def f(x):
    global v
    if v is None:
        v = tf.Variable(x)
    return v
class Own(keras.layers.Layer):
    def call(self, x):
        if not self.built:
            self.v = tf.Variable(1.0, trainable=False)
        return x
""",
    "assign in a tf.function": """
v = tf.Variable(1.0)
@tf.function
def f(x):
    v.assign_add(x)
    v.assign(v * 2)
    return v
""",
    "py_function": """
def read(x):
    print(x.numpy())
    return np.random.rand()
ds = tf.data.Dataset.range(3).map(lambda x: tf.py_function(read, [x], tf.float32))
ds = ds.map(lambda x: tf.numpy_function(lambda y: np.square(y), [x], tf.float32))
""",
    "init_scope": """
@tf.function
def f(x):
    with tf.init_scope():
        print("a new graph", np.random.rand())
    if tf.executing_eagerly():
        print(x)
    return x
""",
    "map of Python and of pandas": "list(map(lambda x: np.random.rand(), range(3)))\n"
    "frame.map(lambda x: print(x))\ncolumn = table['a'].map(lambda v: v + np.random.rand())",
    "numpy() on what is returned": "@tf.function\ndef f(x):\n    return x\nprint(f(1.0).numpy())",
    "numpy() on a constant of outside": "c = tf.constant(3)\n@tf.function\ndef f(x):\n"
    "    return x + int(c.numpy())",
    "NumPy on a Python argument": """
@tf.function
def f(n):
    return tf.ones(3) * np.sqrt(n)
f(4)
""",
    "loops": """
@tf.function
def f(x):
    for _ in range(4):
        x += 1.0
    for _ in tf.range(1000):
        x += 1.0
    return x
""",
    "range outside": "for i in range(1000):\n    print(i)",
    "tensors as arguments": "@tf.function\ndef f(x):\n    return x\n"
    "f(tf.constant(1))\nf(tf.constant(2))",
    "the same number": "@tf.function\ndef f(x):\n    return x\nf(1)\nf(1)",
    "numbers under a signature": "@tf.function(input_signature=[tf.TensorSpec([], tf.int32)])\n"
    "def f(x):\n    return x\nf(1)\nf(2)",
    "numbers to a plain function": "def f(x):\n    return x\nf(1)\nf(2)",
    "one tape each": """
with tf.GradientTape() as tape:
    y = x * x
g = tape.gradient(y, x)
with tf.GradientTape() as tape:
    z = y * x
h = tape.gradient(z, x)
""",
    "a persistent tape": """
with tf.GradientTape(persistent=True) as tape:
    y = x * x
a, b = tape.gradient(y, x), tape.gradient(y, w)
del tape
""",
    "a tape in two branches": """
with tf.GradientTape() as tape:
    y = x * x
if flag:
    g = tape.gradient(y, x)
else:
    g = tape.jacobian(y, x)
""",
    "a tape's second question, expected to fail": """
with tf.GradientTape() as tape:
    y = x * x
g = tape.gradient(y, x)
try:
    tape.gradient(y, x)
except RuntimeError as e:
    print(e)
""",
    "nested tapes": """
with tf.GradientTape() as outer:
    with tf.GradientTape() as inner:
        y = x * x
    g = inner.gradient(y, x)
h = outer.gradient(g, x)
""",
    "sums of plain numbers": "total = 0\ntotal += 1\ndef f():\n    n = 0\n    n += 1\n    return n",
    "+= on a tensor": "t = tf.constant(1.0)\nt += 2.0",
    "+= on a weight's copy": """
class Own(keras.layers.Layer):
    def build(self, shape):
        self.w = self.add_weight(name="w", shape=())
    def call(self, x):
        total = self.w
        total += x
        return total
""",
    "a counter in a callback": """
class Own(keras.callbacks.Callback):
    def __init__(self):
        super().__init__()
        self.calls = 0
    def on_batch_end(self, batch, logs=None):
        self.calls += 1
""",
    "a function that is bound to another later": "@tf.function\ndef f(x):\n    return x\n"
    "f = len\nf(1)\nf(2)",
    "not Python": "def f(:\n",
    "nothing": "",
    "a null byte": "x = 1\0",
}


@pytest.mark.parametrize("name", RIGHT)
def test_right_code_has_no_finding(name):
    """Not even a note."""
    assert said(RIGHT[name]) == []


PROGRAMS = sorted(
    [p for p in ROOT.glob("solutions/*/*.py") if not p.name.startswith("test_")]
    + list(ROOT.glob("solutions/*/variants/right_*.py"))
)


@pytest.mark.parametrize("path", PROGRAMS, ids=lambda p: f"{p.parent.name}-{p.stem}-{p.parts[-3]}")
def test_right_programs_have_no_errors_and_no_traps(path):
    """The course's references and right variants, all of which run and pass their checks."""
    source = path.read_text(encoding="utf-8")
    assert [f for f in examine(source) if f.severity != "note"] == []
    assert undefined(source) == ()


def test_there_are_programs():
    """The table above isn't empty by a slip of a path."""
    assert len(PROGRAMS) > 100


@pytest.mark.parametrize(
    ("source", "known", "expected"),
    [
        ("import tensorflow as tf", {}, {"tf": "tensorflow"}),
        ("from tensorflow import keras", {}, {"keras": "tensorflow.keras"}),
        ("from tensorflow.keras import layers as L", {}, {"L": "tensorflow.keras.layers"}),
        ("from keras.layers import Dense", {}, {"Dense": "keras.layers.Dense"}),
        ("import os.path", {}, {"os": "os"}),
        ("K = keras.backend", {}, {"K": "tensorflow.keras.backend"}),
        ("K = keras.backend", {"keras": "keras"}, {"keras": "keras", "K": "keras.backend"}),
        ("m = tf.metrics.Mean()", {}, {"m": "tensorflow.keras.metrics.Mean()"}),
        (
            "class Own(keras.layers.Layer): pass\nlayer = Own()",
            {},
            {"Own": "tensorflow.keras.layers.Layer*", "layer": "tensorflow.keras.layers.Layer*()"},
        ),
        ("keras = 3", {"keras": "keras", "np": "numpy"}, {"np": "numpy"}),
        ("def f(:", {"tf": "tensorflow"}, {"tf": "tensorflow"}),
        ("def f():\n    import keras", {}, {}),
        ("a, b = tf, np", {}, {"a": "tensorflow", "b": "numpy"}),
        ("a = b\nb = a", {}, {}),
    ],
)
def test_aliases(source, known, expected):
    """What the next block may rely on; names bound to something else are gone."""
    assert aliases(source, known) == expected


def test_findings_rest_on_what_earlier_blocks_bound():
    """An instance and a class that another block made."""
    known = aliases(
        "from tensorflow.keras.optimizers import Adam as A\n"
        "class Own(tf.keras.layers.Layer): pass\n"
        "stopper = tf.keras.metrics.Precision()"
    )
    assert said("A(lr=0.1)", known) == [("K101", 1)]
    assert said("stopper.reset_states()", known) == [("K205", 1)]
    assert said("stopper.reset_states()") == []
    block = "class More(Own):\n    def build(self, s):\n        self.w = self.add_weight('w', s)"
    assert said(block, known) == [("K201", 3)]
    assert said(block) == []


def test_a_function_of_an_earlier_block_is_traced_for_each_number():
    """Also where `tf.function` made it, but not where a signature takes numbers for tensors."""
    known = aliases("cube = tf.function(lambda x: x**3)\n@tf.function\ndef g(x): return x")
    assert said("cube(2)\ncube(3)\ncube(3)\ng(1)\ng(1)\ng(2)", known) == [
        ("F304", 2),
        ("F304", 6),
    ]


def test_numbers_of_a_loop():
    """Only a Python loop's own variable, only where it takes several values."""
    known = aliases("@tf.function\ndef g(x): return x")
    call = "    g(n)"
    for head, there in (
        ("for n in range(3):", True),
        ("for n in range(1, 9, 2):", True),
        ("for n in (1, 2.5):", True),
        ("for n in range(1):", False),
        ("for n in [2, 2]:", False),
        ("for n in tf.range(3):", False),
        ("for n in tensors:", False),
        ("for m in range(3):", False),
        ("for n in range(3):\n  def h(n):", False),
    ):
        assert said(f"{head}\n{call}", known) == ([("F304", 2)] if there else []), head


def test_comprehensions():
    """Only over what is handed a tensor: a list of tensors can be gone through."""
    head = "@tf.function\ndef f(a, b):\n    return [x for x in {0}]\n\n{1}"
    for over, call, there in (
        ("a", "f(tf.ones(3), 1)", True),
        ("b", "f(1, tf.range(3))", True),
        ("b", "f(tf.ones(3), 1)", False),
        ("a", "f([tf.ones(3)], 1)", False),
        ("range(3)", "f(tf.ones(3), 1)", False),
        ("tf.unstack(a)", "f(tf.ones(3), 1)", False),
        ("a", "try:\n    f(tf.ones(3), 1)\nexcept TypeError:\n    pass", True),
    ):
        assert said(head.format(over, call)) == ([("F305", 3)] if there else []), (over, call)


IN_A_METRIC = """
class Own(keras.metrics.Metric):
    def update_state(self, y, p):
        print("values", y)
        self.n.assign(np.sum(y))
        self.n.assign(p.numpy())
        if tf.reduce_sum(y) > 0:
            pass
"""


@pytest.mark.parametrize(
    ("source", "severities"),
    [
        (IN_A_METRIC, ["note", "note", "note", "note"]),
        (
            IN_A_METRIC.replace("metrics.Metric", "layers.Layer").replace("update_state", "call"),
            ["note", "error", "error", "error"],
        ),
        ('@tf.function\ndef f(x):\n    print("tracing", x)', ["note"]),
        (
            'model.compile("sgd", "huber", metrics=["mse"])\nmodel.save("m.h5")\n'
            'keras.models.load_model("m.h5")',
            ["note", "note"],
        ),
        (
            'model.compile("sgd", "mse")\nmodel.save("m.h5")\nkeras.models.load_model("m.h5")',
            ["note", "error"],
        ),
        ("@tf.function\ndef f(x):\n    print('只打印一次')", ["note"]),
        ("@tf.function\ndef f(x):\n    print('值', x)", ["trap"]),
    ],
)
def test_how_bad_it_is_where_it_may_run_eagerly(source, severities):
    """Metrics are called by hand as often as by `fit`: what only `fit` refuses is a note."""
    assert [f.severity for f in examine(source)] == severities


@pytest.mark.parametrize("print_", ["print(f'{x}')", "print('x = ' + str(x))", "print(x, end='')"])
def test_no_edit_where_tf_print_alone_does_not_help(print_):
    """A string that is built while tracing stays what it was then."""
    (found,) = examine(f"@tf.function\ndef f(x):\n    {print_}")
    assert found.rule == "F105"
    assert found.edits == ()


@pytest.mark.parametrize(
    ("source", "edits", "expected"),
    [
        ("abc", [Edit(1, 1, 1, 2, "X")], "aXc"),
        ("a\r\nb\r\nc", [Edit(2, 0, 2, 1, "B"), Edit(3, 1, 3, 1, "!")], "a\r\nB\r\nc!"),
        ("权重 = 1\n偏置 = 2", [Edit(1, 5, 1, 6, "3"), Edit(2, 0, 2, 2, "b")], "权重 = 3\nb = 2"),
        ("f(a,\n  b)", [Edit(1, 3, 2, 3, "")], "f(a)"),
        ("ab", [Edit(1, 0, 1, 1, "x"), Edit(1, 1, 1, 2, "y")], "xy"),
        ("ab", [Edit(1, 0, 1, 1, "x"), Edit(1, 0, 1, 1, "x")], "xb"),
        ("ab", [], "ab"),
    ],
)
def test_patches(source, edits, expected):
    """Columns count characters, lines end as Python's do, the same edit counts once."""
    assert apply(source, edits) == expected


@pytest.mark.parametrize(
    "edits",
    [
        [Edit(1, 0, 1, 2, "x"), Edit(1, 1, 1, 3, "y")],
        [Edit(1, 1, 1, 1, "x"), Edit(1, 1, 1, 1, "y")],
        [Edit(1, 2, 1, 1, "x")],
        [Edit(3, 0, 3, 0, "x")],
        [Edit(1, 0, 1, 99, "x")],
    ],
)
def test_patches_that_are_refused(edits):
    """Those that overlap, go backwards or lie outside."""
    with pytest.raises(ValueError, match="edit"):
        apply("abcdef\nx", edits)


def test_all_edits_of_a_source_fit_together():
    """Many findings in one source, on lines with Chinese: all mended at once."""
    source = """
指标 = keras.metrics.Mean(); 指标.reset_states()
optimizer = keras.optimizers.Adam(lr=0.1); 名 = "学习率"; keras.backend.set_value(optimizer.lr, 0.2)
model = keras.Sequential([keras.layers.LeakyReLU(alpha=0.1)])
model.fit(x, y, workers=2, use_multiprocessing=True, epochs=3)
model.save("模型", save_format="tf")
v = tf.Variable(tf.random_normal([2]))
v += tf.log(2.0)
"""
    edits = [edit for f in examine(source) for edit in f.edits]
    # The sum and the logarithm in it overlap, and whoever mends makes one of them at a time.
    inner = [e for e in edits if "math.log" in e.text]
    mended = apply(source, [e for e in edits if e not in inner])
    mended = apply(mended, [e for f in examine(mended) for e in f.edits])
    assert (
        mended
        == """
指标 = keras.metrics.Mean(); 指标.reset_state()
optimizer = keras.optimizers.Adam(learning_rate=0.1); 名 = "学习率"; \
optimizer.learning_rate.assign(0.2)
model = keras.Sequential([keras.layers.LeakyReLU(negative_slope=0.1)])
model.fit(x, y, epochs=3)
model.save("模型.keras")
v = tf.Variable(tf.random.normal([2]))
v.assign_add(tf.math.log(2.0))
"""
    )


@pytest.mark.parametrize(
    ("source", "defined", "expected"),
    [
        ("x = 1\nprint(x, y)", (), (("y", 2),)),
        ("print(y)", {"y"}, ()),
        ("def f():\n    return later\nlater = 1", (), ()),
        ("def f(a, *b, c=off, **d):\n    return a, b, c, d, on", (), (("off", 1), ("on", 2))),
        ("print([i for i in range(3)], [(n := j) for j in range(2)], n)", (), ()),
        ("def f():\n    global n\n    n = 1\nf()\nprint(n)", (), ()),
        ("class A:\n    x = 1\n    y = x\nprint(A, __name__, __file__)", (), ()),
        ("for 甲 in range(3):\n    print(乙)", (), (("乙", 2),)),
        ("import a.b as c, d.e\nprint(c, d, e)", (), (("e", 2),)),
        ("try:\n    pass\nexcept E as e:\n    print(e)", (), (("E", 3),)),
        ("with open('f') as f, g() as h:\n    print(f, h)", (), (("g", 1),)),
        ("match p:\n    case [a, *b]:\n        print(a, b)", {"p"}, ()),
        ("from x import *\nprint(anything)", (), ()),
        ("lambda q: q + r", (), (("r", 1),)),
        ("def f(:", (), ()),
        ("del z", (), ()),
        ("@deco\ndef f(x: Hint) -> None: ...", (), (("deco", 1), ("Hint", 2))),
        ("x += 1", (), ()),
        ("get_ipython().run_line_magic('time', '')", (), ()),
    ],
)
def test_undefined_names(source, defined, expected):
    """Each once, with the line that first reads it."""
    assert undefined(source, defined) == expected


@pytest.mark.parametrize(
    "source",
    [
        "x = " + "(" * 5000 + ")" * 5000,
        "x = " + "-" * 50_000 + "1",
        "a" + ".b" * 20_000,
        "x = [" + "tf.square(" * 80 + "1" + ")" * 80 + "]",
        "\n".join(f"a{n} = a{n - 1}" for n in range(1, 3000)),
        "a = a\nb = a.b\na = b",
        "a0 = 1\n"
        + "\n".join(f"a{n} = [a{n - 1}] + a{n - 1}" for n in range(1, 40))
        + "\ntf.abs(a39)",
        "def g(x): return x\n" + "ds.map(g)\n" * 2000,
        "@tf.function\ndef f(x):\n" + "    np.sum(x)\n    l.append(x)\n    global g\n" * 500,
        "\n".join("v = tf.Variable(1)" for _ in range(3000)) + "\nv += 1",
    ],
)
def test_hostile_sources_are_survived(source):
    """Deep, long and circular ones: an answer comes, whichever it is."""
    examine(source)
    aliases(source)
    undefined(source)
