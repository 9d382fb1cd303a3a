"""One snippet or more for every rule: what it must say, and what really happens.

`# <-` marks the line of the finding. `bad` is examined as it stands; it is run with `tf`, `keras`
and `np` imported, `after` appended. `raises` names the exception that must come; where there is
none, `after` binds `seen`, which must be true for `bad` and false for the good one. The good one
is `good`, or else `bad` with its edits made; it must run.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Snippet:
    rule: str
    bad: str
    after: str = ""
    raises: str = ""
    good: str = ""
    warns: str = ""
    also: tuple[str, ...] = ()


def S(rule, bad, **more):
    return Snippet(rule, bad.strip("\n") + "\n", **more)


_MODEL = "model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(1)])\n"
_FITTED = _MODEL + 'model.compile(loss="mse", optimizer="sgd")\n'
_XY = "x, y = np.ones((4, 3)), np.ones((4, 1))\n"
_LAYER = "layer = Own()\nout = layer(tf.ones((2, 3)))\n"
_FUNCTIONAL = (
    "m = keras.Sequential([keras.Input((3,)), Own()])\nm.predict(np.ones((2, 3)), verbose=0)\n"
)

K = (
    # Optimizers
    S("K101", "o = keras.optimizers.Adam(lr=0.1)  # <-", raises="ValueError"),
    S("K101", "o = tf.keras.optimizers.SGD(momentum=0.9,\n    lr=0.1)  # <-", raises="ValueError"),
    S(
        "K102",
        "o = keras.optimizers.SGD(learning_rate=0.1, decay=0.5)  # <-",
        good="o = keras.optimizers.SGD(\n"
        "    keras.optimizers.schedules.InverseTimeDecay(0.1, 1, 0.5)\n)\n",
        after="v = keras.Variable(1.0)\nrates = []\nfor _ in range(3):\n"
        "    o.apply([tf.constant(0.0)], [v])\n    rates.append(float(o.learning_rate))\n"
        "seen = len(set(rates)) == 1\n",
        warns="`decay` is no longer supported",
    ),
    S(
        "K103",
        "optimizer = keras.optimizers.SGD(0.1)\nprint(float(optimizer.lr))  # <-",
        raises="AttributeError",
    ),
    S(
        "K104",
        "optimizer = keras.optimizers.SGD(0.1)\noptimizer.lr = 0.5  # <-",
        after="seen = abs(float(optimizer.learning_rate) - 0.1) < 1e-6",
    ),
    S(
        "K105",
        "K = keras.backend\noptimizer = keras.optimizers.SGD(0.1)\n"
        "K.set_value(optimizer.learning_rate, 0.2)  # <-",
        raises="AttributeError",
    ),
    S(
        "K105",
        "K = keras.backend\noptimizer = keras.optimizers.SGD(0.1)\n"
        "K.set_value(optimizer.lr, K.get_value(optimizer.learning_rate) * 2)  # <-",
        raises="AttributeError",
    ),
    *(
        S(
            "K106",
            f"optimizer = keras.optimizers.SGD(0.1)\nv = tf.Variable(1.0)\n{call}  # <-",
            raises="AttributeError",
            good="optimizer = keras.optimizers.SGD(0.1)\noptimizer.variables\n",
        )
        for call in (
            "optimizer.minimize(lambda: v * v, [v])",
            "optimizer.get_weights()",
            "optimizer.get_updates(v)",
            "optimizer.get_gradients(v, v)",
        )
    ),
    S(
        "K107",
        "v = tf.Variable(1.0)\noptimizer = keras.optimizers.SGD(0.1)\n"
        'optimizer.apply_gradients([(tf.constant(1.0), v)], name="step")  # <-',
        raises="TypeError",
    ),
    # Derived classes
    S(
        "K201",
        """
class Own(keras.layers.Layer):
    def build(self, shape):
        self.w = self.add_weight("w", shape=(3,), initializer="ones")  # <-

    def call(self, x):
        return x * self.w
""",
        after=_LAYER,
        raises="ValueError",
    ),
    S(
        "K201",
        """
class Own(keras.layers.Layer):
    def build(self, shape):
        self.w = super().add_weight(f"权重{1}", (3,))  # <-

    def call(self, x):
        return x * self.w
""",
        after=_LAYER,
        raises="ValueError",
    ),
    S(
        "K201",
        """
class Count(keras.metrics.Metric):
    def __init__(self):
        super().__init__()
        self.n = self.add_weight("n", initializer="zeros")  # <-

    def update_state(self, y, p, sample_weight=None):
        self.n.assign_add(1.0)

    def result(self):
        return self.n
""",
        after="Count().update_state(1, 1)\n",
        raises="ValueError",
    ),
    S(
        "K202",
        """
class Own(keras.layers.Layer):
    def build(self, shape):
        self.w = self.add_weight(name="w", shape=(3,), use_resource=True)  # <-

    def call(self, x):
        return x * self.w
""",
        after=_LAYER,
        raises="TypeError",
    ),
    S(
        "K203",
        """
class Own(keras.layers.Layer):
    def call(self, x):
        self.add_metric(tf.reduce_mean(x), name="mean")  # <-
        return x
""",
        good="""
class Own(keras.layers.Layer):
    def __init__(self):
        super().__init__()
        self.mean = keras.metrics.Mean()

    def call(self, x):
        self.mean.update_state(x)
        return x
""",
        after=_LAYER,
        raises="NotImplementedError",
    ),
    S(
        "K204",
        """
class Own(keras.layers.Layer):
    def call(self, x):
        self.add_update([])  # <-
        return x
""",
        good="class Own(keras.layers.Layer):\n    def call(self, x):\n        return x\n",
        after=_LAYER,
        raises="AttributeError",
    ),
    S(
        "K204",
        """
class Own(keras.layers.Layer):
    def build(self, shape):
        self.w = self.add_variable("w", shape=(3,))  # <-

    def call(self, x):
        return x
""",
        good="class Own(keras.layers.Layer):\n    def call(self, x):\n        return x\n",
        after=_LAYER,
        raises="TypeError",
    ),
    S("K205", "m = keras.metrics.Mean()\nm.reset_states()  # <-", raises="AttributeError"),
    S(
        "K205",
        "mean_loss = keras.metrics.Mean()\nmetrics = [keras.metrics.MeanAbsoluteError()]\n"
        "for metric in [mean_loss] + metrics:\n    metric.reset_states()  # <-",
        raises="AttributeError",
    ),
    S(
        "K206",
        """
class Last(keras.metrics.Metric):
    def __init__(self):
        super().__init__()
        self.last = self.add_weight(name="last", initializer="zeros")

    def update_state(self, y, p, sample_weight=None):
        self.last.assign(5.0)

    def result(self):
        return self.last

    def reset_states(self):  # <-
        self.last.assign(-1.0)
""",
        after="m = Last()\nm.reset_state()\nseen = float(m.result()) == 0.0\n",
    ),
    S("K207", _MODEL + "model.reset_states()  # <-", raises="AttributeError", good=_MODEL),
    S(
        "K208",
        """
class Own(keras.layers.Layer):
    def call(self, x):
        return x

    def compute_output_shape(self, shape):
        return tuple(shape.as_list()[:-1] + [3])  # <-
""",
        after="Own()(keras.Input((3,)))\n",
        raises="AttributeError",
    ),
    S(
        "K208",
        """
class Own(keras.layers.Layer):
    def build(self, batch_input_shape):
        self.units = batch_input_shape.as_list()[-1]  # <-

    def call(self, x):
        return x
""",
        after=_LAYER,
        raises="AttributeError",
    ),
    S(
        "K209",
        """
class Own(keras.layers.Layer):
    def __init__(self):
        super().__init__()
        self.scale = tf.Variable(1.0)  # <-

    def call(self, x):
        return x * self.scale
""",
        good="""
class Own(keras.layers.Layer):
    def __init__(self):
        super().__init__()
        self.scale = self.add_weight(name="scale", shape=(), initializer="ones")

    def call(self, x):
        return x * self.scale
""",
        after=_LAYER + "seen = len(layer.trainable_variables) == 0\n",
    ),
    S(
        "K210",
        """
class Own(keras.Model):
    def __init__(self):
        super().__init__()
        self.hidden = [keras.layers.Dense(1) for _ in range(2)]

    def call(self, x):
        for layer in self.hidden:
            x = layer(x)
        return x

    def inner(self):
        return self.hidden.trainable_variables  # <-
""",
        good="""
class Own(keras.Model):
    def __init__(self):
        super().__init__()
        self.hidden = [keras.layers.Dense(1) for _ in range(2)]

    def call(self, x):
        for layer in self.hidden:
            x = layer(x)
        return x

    def inner(self):
        return [v for layer in self.hidden for v in layer.trainable_variables]
""",
        after=_LAYER + "layer.inner()\n",
        raises="AttributeError",
    ),
    S(
        "K211",
        """
class Own(keras.Model):  # <-
    def __init__(self, units, **kwargs):
        super().__init__(**kwargs)
        self.dense = keras.layers.Dense(units)

    def call(self, x):
        return self.dense(x)
""",
        good="""
class Own(keras.Model):
    def __init__(self, units, **kwargs):
        super().__init__(**kwargs)
        self.units = units
        self.dense = keras.layers.Dense(units)

    def call(self, x):
        return self.dense(x)

    def get_config(self):
        return {"units": self.units}
""",
        after='m = Own(2)\nm(tf.ones((1, 3)))\nm.save("m.keras")\n',
        raises="NotImplementedError",
    ),
    *(
        S(
            "K212",
            f"""
class Own(keras.Model):
    def __init__(self):
        super().__init__()
        self.{name} = []  # <-
""",
            good="class Own(keras.Model):\n    pass\n",
            after="Own()\n",
            raises="AttributeError",
        )
        for name in ("metrics", "losses", "weights", "trainable_variables")
    ),
    S(
        "K213",
        """
class Own(keras.layers.Layer):
    def call(self, x):
        if tf.reduce_sum(x) > 0:  # <-
            return x
        return -x
""",
        good="""
class Own(keras.layers.Layer):
    def call(self, x):
        return tf.where(tf.reduce_sum(x) > 0, x, -x)
""",
        after=_FUNCTIONAL,
        raises="OperatorNotAllowedInGraphError",
    ),
    S(
        "K213",
        """
class Own(keras.losses.Loss):
    def call(self, y, p):
        return y - p if tf.reduce_mean(y) > 0 else p - y  # <-
""",
        good="""
class Own(keras.losses.Loss):
    def call(self, y, p):
        return tf.where(tf.reduce_mean(y) > 0, y - p, p - y)
""",
        after=_MODEL
        + 'model.compile(loss=Own(), optimizer="sgd")\n'
        + _XY
        + "model.fit(x, y, verbose=0)\n",
        raises="OperatorNotAllowedInGraphError",
    ),
    S(
        "K213",
        """
class Own(keras.metrics.Metric):
    def __init__(self):
        super().__init__()
        self.n = self.add_weight(name="n", initializer="zeros")

    def update_state(self, y, p, sample_weight=None):
        self.n.assign_add(1.0)

    def result(self):
        if tf.equal(self.n, 0):  # <-
            return self.n
        return self.n * 2
""",
        good="""
class Own(keras.metrics.Metric):
    def __init__(self):
        super().__init__()
        self.n = self.add_weight(name="n", initializer="zeros")

    def update_state(self, y, p, sample_weight=None):
        self.n.assign_add(1.0)

    def result(self):
        return self.n * 2
""",
        after=_MODEL
        + 'model.compile(loss="mse", optimizer="sgd", metrics=[Own()])\n'
        + _XY
        + "model.fit(x, y, verbose=0)\n",
        raises="OperatorNotAllowedInGraphError",
    ),
    # Saving
    S("K301", _MODEL + 'model.save("m.h5")  # <-', warns="legacy"),
    S("K301", 'cb = keras.callbacks.ModelCheckpoint("最佳.h5")  # <-'),
    S(
        "K302",
        _FITTED + 'model.save("m.h5")\nmodel = keras.models.load_model("m.h5")  # <-',
        raises="ValueError",
        also=("K301",),
    ),
    S("K303", _MODEL + 'model.save("my_model")  # <-', raises="ValueError"),
    S("K303", _MODEL + 'keras.models.save_model(model, "my_model")  # <-', raises="ValueError"),
    S("K304", _MODEL + 'model.save("my_model", save_format="tf")  # <-', raises="ValueError"),
    S("K305", _MODEL + 'model.save_weights("w.h5")  # <-', raises="ValueError"),
    S("K305", _MODEL + "model.save_weights('权重.ckpt')  # <-", raises="ValueError"),
    S(
        "K306",
        _MODEL + 'model.save_weights("w.weights.h5")\nmodel.load_weights("w.ckpt")  # <-',
        raises="ValueError",
    ),
    S("K307", 'cb = keras.callbacks.ModelCheckpoint("best")  # <-', raises="ValueError"),
    S(
        "K307",
        "cb = keras.callbacks.ModelCheckpoint('best.h5', save_weights_only=True)  # <-",
        raises="ValueError",
    ),
    S(
        "K308",
        'cb = keras.callbacks.ModelCheckpoint("best.keras", period=2)  # <-',
        raises="TypeError",
    ),
    S(
        "K309",
        _MODEL + 'model.save("my_model.keras")\nm = keras.models.load_model("my_model")  # <-',
        raises="ValueError",
    ),
    # Layers and models
    S(
        "K401",
        "layer = keras.layers.Dense(1, input_shape=(3,))  # <-",
        good="model = keras.Sequential([keras.Input(shape=(3,)), keras.layers.Dense(1)])\n",
        warns="Do not pass an `input_shape`",
    ),
    S(
        "K402",
        "layer = keras.layers.LSTM(1, batch_input_shape=(1, 2, 3))  # <-",
        good="layer = keras.layers.LSTM(1)\n",
        raises="ValueError",
    ),
    *(
        S("K402", f"layer = keras.layers.{call}  # <-", raises=raised)
        for call, raised in (
            ('Dense(3, init="uniform")', "ValueError"),
            ('Dense(3, W_regularizer="l2")', "ValueError"),
            ('Conv2D(3, 3, border_mode="same")', "ValueError"),
            ("Conv2D(3, 3, subsample=(2, 2))", "ValueError"),
            ("Dense(output_dim=3)", "TypeError"),
            ("Dropout(p=0.5)", "TypeError"),
            ("Conv2D(nb_filter=3, kernel_size=3)", "TypeError"),
        )
    ),
    *(
        S(
            "K402",
            f"layer = keras.layers.{call}  # <-",
            raises="ValueError",
            good="layer = keras.layers.Dense(3)\n",
        )
        for call in (
            "BatchNormalization(fused=True)",
            "LSTM(3, time_major=True)",
            "Dense(1, weights=[])",
        )
    ),
    S(
        "K403",
        "layer = keras.layers.Embedding(3, 4, input_length=2)  # <-",
        warns="`input_length` is deprecated",
    ),
    S("K404", "layer = keras.layers.LeakyReLU(alpha=0.1)  # <-", warns="`alpha` is deprecated"),
    S("K405", 'loss = keras.losses.MeanSquaredError(reduction="auto")  # <-', raises="ValueError"),
    S(
        "K405",
        """
class Own(keras.losses.Loss):
    def __init__(self):
        super().__init__(reduction=keras.losses.Reduction.AUTO)  # <-
""",
        after="Own()\n",
        raises="ValueError",
    ),
    S(
        "K406",
        "inputs = keras.Input((3,))\nhidden = keras.layers.Dense(2)(inputs)\n"
        "outputs = tf.concat([inputs, hidden], axis=-1)  # <-",
        good="inputs = keras.Input((3,))\nhidden = keras.layers.Dense(2)(inputs)\n"
        "outputs = keras.ops.concatenate([inputs, hidden], axis=-1)\n",
        raises="ValueError",
    ),
    S(
        "K406",
        "x = keras.layers.Input(shape=[4])\nz = tf.nn.relu(x * 2)  # <-",
        good="x = keras.layers.Input(shape=[4])\nz = keras.ops.relu(x * 2)\n",
        raises="ValueError",
    ),
    S(
        "K406",
        "x = keras.layers.Input(shape=[4])\nz = tf.shape(x)  # <-",
        good="x = keras.layers.Input(shape=[4])\nz = keras.ops.shape(x)\n",
        raises="ValueError",
    ),
    S("K407", _MODEL + "print(model.layers[0].output_shape)  # <-", raises="AttributeError"),
    S(
        "K407",
        _MODEL + "for layer in model.layers:\n    print(layer.input_shape)  # <-",
        raises="AttributeError",
    ),
    S("K408", _FITTED + _XY + "model.fit(x, y, verbose=0, workers=2)  # <-", raises="TypeError"),
    S(
        "K408",
        _FITTED + _XY + "model.predict(x, use_multiprocessing=True, verbose=0)  # <-",
        raises="TypeError",
    ),
    S("K408", _FITTED + _XY + "model.fit(x, y, nb_epoch=1, verbose=0)  # <-", raises="TypeError"),
    S(
        "K409",
        _MODEL + 'model.compile("sgd", "mse", experimental_steps_per_execution=2)  # <-',
        raises="TypeError",
    ),
    S(
        "K410",
        _FITTED + _XY + "batches = ((x, y) for _ in range(3))\n"
        "model.fit_generator(batches, steps_per_epoch=1, verbose=0)  # <-",
        raises="AttributeError",
    ),
    S(
        "K410",
        _FITTED + _XY + "classes = model.predict_classes(x)  # <-",
        raises="AttributeError",
        good=_FITTED + _XY + "classes = model.predict(x, verbose=0).argmax(axis=-1)\n",
    ),
    S("K410", _FITTED + _XY + "p = model.predict_proba(x)  # <-", raises="AttributeError"),
    S(
        "K410",
        _MODEL + "text = model.to_yaml()  # <-",
        raises="AttributeError",
        good=_MODEL + "text = model.to_json()\n",
    ),
    S(
        "K411",
        "i = keras.Input((3,))\no = keras.layers.Dense(1)(i)\n"
        "model = keras.Model(input=i, output=o)  # <-",
        raises="ValueError",
    ),
    S(
        "K412",
        """
class Own(keras.Model):
    def __init__(self):
        super().__init__()
        self.dense = keras.layers.Dense(1)

    def call(self, x):
        return self.dense(x)

    def test_step(self, data):
        x, y = data
        return {"loss": self.compiled_loss(y, self(x))}  # <-
""",
        good="""
class Own(keras.Model):
    def __init__(self):
        super().__init__()
        self.dense = keras.layers.Dense(1)

    def call(self, x):
        return self.dense(x)

    def test_step(self, data):
        x, y = data
        return {"loss": self.compute_loss(x, y, self(x))}
""",
        after='m = Own()\nm.compile("sgd", "mse")\n' + _XY + "m.evaluate(x, y, verbose=0)\n",
        warns="compiled_loss",
    ),
    S(
        "K414",
        """
class Own(keras.layers.Layer):
    def __init__(self):
        super().__init__(dynamic=True)  # <-
""",
        after="Own()\n",
        raises="ValueError",
    ),
    # TensorFlow 1
    S(
        "K501",
        "x = tf.placeholder(tf.float32)  # <-",
        raises="AttributeError",
        good="x = tf.constant(1.0)\n",
    ),
    S(
        "K501",
        "with tf.Session() as sess:  # <-\n    pass",
        raises="AttributeError",
        good="x = tf.constant(1.0)\n",
    ),
    S("K502", "y = tf.log(2.0)  # <-", raises="AttributeError"),
    S("K502", "y = tf.random_normal([2]) * 2  # <-", raises="AttributeError"),
    S(
        "K502",
        "y = tf.to_float(2)  # <-",
        raises="AttributeError",
        good="y = tf.cast(2, tf.float32)\n",
    ),
    S("K503", "c = tf.contrib.layers  # <-", raises="AttributeError", good="c = tf.keras.layers\n"),
    S("K504", "o = tf.train.AdamOptimizer()  # <-", raises="AttributeError"),
    # Names that moved
    S(
        "K601",
        "loss = tf.keras.losses.mean_squared_error(tf.ones((2, 2)), tf.ones((2, 2)))  # <-",
        raises="AttributeError",
    ),
    S(
        "K601",
        "from tensorflow.keras.losses import mean_squared_error  # <-\n"
        "mean_squared_error(tf.ones((2, 2)), tf.ones((2, 2)))",
        raises="ImportError",
    ),
    S("K601", "import keras\nf = keras.losses.mse  # <-", raises="AttributeError"),
    S(
        "K602",
        "K = keras.backend\np = K.learning_phase()  # <-",
        raises="AttributeError",
        good="K = keras.backend\np = K.epsilon()\n",
    ),
    S(
        "K602",
        "from keras import backend as K\ny = K.square(2.0)  # <-",
        raises="AttributeError",
        good="import keras\ny = keras.ops.square(2.0)\n",
    ),
    S(
        "K603",
        "from tensorflow.keras.wrappers.scikit_learn import KerasClassifier  # <-",
        raises="ModuleNotFoundError",
        good="from tensorflow.keras.wrappers import SKLearnClassifier\n",
    ),
    S(
        "K603",
        "from keras.utils import np_utils  # <-\nnp_utils.to_categorical([1])",
        raises="ImportError",
    ),
    S(
        "K603",
        "from keras.utils.np_utils import to_categorical  # <-",
        raises="ModuleNotFoundError",
    ),
    S(
        "K603",
        "from keras.preprocessing.text import Tokenizer  # <-",
        raises="ModuleNotFoundError",
        good="from tensorflow.keras.preprocessing.text import Tokenizer\n",
    ),
    S(
        "K603",
        "m = tf.keras.experimental.LinearModel()  # <-",
        raises="AttributeError",
        good="m = tf.keras.Sequential([tf.keras.layers.Dense(1)])\n",
    ),
    S(
        "K603",
        "from keras.layers.core import Dense, Dropout as D  # <-",
        raises="ModuleNotFoundError",
    ),
    S(
        "K604",
        "n = keras.layers.experimental.preprocessing.Normalization()  # <-",
        raises="AttributeError",
    ),
    S(
        "K603",
        "load = tf.keras.saving.load_model  # <-",
        raises="AttributeError",
        good="import keras\nload = keras.saving.load_model\n",
    ),
    S(
        "K604",
        "from tensorflow.keras.layers.experimental import preprocessing  # <-\n"
        "n = preprocessing.Normalization()",
        raises="ModuleNotFoundError",
    ),
    S(
        "K605",
        'tf.keras.mixed_precision.experimental.set_policy("float32")  # <-',
        raises="AttributeError",
    ),
    S("K605", "o = keras.optimizers.legacy.Adam()  # <-", raises="ImportError"),
    S("K606", "layer = keras.layers.CuDNNLSTM(3)  # <-", raises="AttributeError"),
    S(
        "K701",
        """
def log():
    with tf.summary.create_file_writer("logs").as_default():
        tf.summary.scalar("loss", 1.0, step=1)  # <-
""",
        good="def log():\n    pass\n",
        after="""
import sys
hidden = {k: m for k, m in sys.modules.items() if k.partition(".")[0] == "tensorboard"}
sys.modules.update(dict.fromkeys([*hidden, "tensorboard"]))
try:
    log()
finally:
    del sys.modules["tensorboard"]
    sys.modules.update(hidden)
""",
        raises="TBNotInstalledError",
    ),
)

_TWICE = "a, b = float(f(tf.constant(1.0))), float(f(tf.constant(1.0)))\nseen = a == b\n"
_CALLED = "f(tf.constant(1.0))\nf(tf.constant(2.0))\n"

F = (
    S(
        "F101",
        "@tf.function\ndef f(x):\n    return x + np.random.rand()  # <-",
        good="@tf.function\ndef f(x):\n    return x + tf.random.uniform([])\n",
        after=_TWICE,
    ),
    S(
        "F101",
        "import random\n\ndef f(x):\n    return x + random.random()  # <-\n\nf = tf.function(f)",
        good="f = tf.function(lambda x: x + tf.random.uniform([]))\n",
        after=_TWICE,
    ),
    S(
        "F101",
        "import random\nf = tf.function(lambda x: x + random.random())  # <-",
        good="f = tf.function(lambda x: x + tf.random.uniform([]))\n",
        after=_TWICE,
    ),
    S(
        "F101",
        "rng = np.random.default_rng()\n\n@tf.function(reduce_retracing=True)\ndef f(x):\n"
        "    return x + rng.normal()  # <-",
        good="rng = tf.random.Generator.from_seed(1)\n\n@tf.function\ndef f(x):\n"
        "    return x + rng.normal([])\n",
        after=_TWICE,
    ),
    S(
        "F101",
        "ds = tf.data.Dataset.range(9).map(lambda x: np.random.rand())  # <-",
        good="ds = tf.data.Dataset.range(9).map(lambda x: tf.random.uniform([]))\n",
        after="seen = len(set(ds.as_numpy_iterator())) == 1\n",
    ),
    S(
        "F101",
        """
class Own(keras.layers.Layer):
    def call(self, x):
        return x + np.random.rand()  # <-
""",
        good="""
class Own(keras.layers.Layer):
    def call(self, x):
        return x + tf.random.uniform([])
""",
        after="m = keras.Sequential([keras.Input((1,)), Own()])\n"
        "a, b = (m.predict(np.ones((1, 1)), verbose=0) for _ in range(2))\n"
        "seen = np.array_equal(a, b)\n",
    ),
    S(
        "F102",
        "import time\n\n@tf.function\ndef f(x):\n    return time.perf_counter()  # <-",
        good="@tf.function\ndef f(x):\n    return tf.timestamp()\n",
        after="a, b = float(f(1.0)), float(f(1.0))\nseen = a == b\n",
    ),
    S(
        "F103",
        "calls = []\n\n@tf.function\ndef f(x):\n    calls.append(1)  # <-\n    return x",
        good="calls = tf.Variable(0)\n\n@tf.function\ndef f(x):\n    calls.assign_add(1)\n"
        "    return x\n",
        after=_CALLED + "seen = (len(calls) if isinstance(calls, list) else int(calls)) == 1\n",
    ),
    S(
        "F103",
        "n = 0\n\n@tf.function\ndef f(x):\n    global n\n    n += 1  # <-\n    return x",
        good="n = tf.Variable(0)\n\n@tf.function\ndef f(x):\n    n.assign_add(1)\n    return x\n",
        after=_CALLED + "seen = int(n) == 1\n",
    ),
    S(
        "F103",
        "def make():\n    n = 0\n    @tf.function\n    def f(x):\n        nonlocal n\n"
        "        n += 1  # <-\n        return x\n    f(tf.constant(1.0))\n    f(tf.constant(2.0))\n"
        "    return n",
        good="def make():\n    n = tf.Variable(0)\n    @tf.function\n    def f(x):\n"
        "        n.assign_add(1)\n        return x\n    f(tf.constant(1.0))\n"
        "    f(tf.constant(2.0))\n    return int(n)\n",
        after="seen = make() == 1\n",
    ),
    S(
        "F103",
        "seen_keys = {}\n\n@tf.function\ndef f(x):\n"
        '    seen_keys["n"] = seen_keys.get("n", 0) + 1  # <-\n    return x',
        good="n = tf.Variable(0)\nseen_keys = {}\n\n@tf.function\ndef f(x):\n"
        "    n.assign_add(1)\n    return x\n",
        after=_CALLED + 'seen = seen_keys.get("n") == 1\n',
    ),
    S(
        "F103",
        """
class Own(keras.layers.Layer):
    def __init__(self):
        super().__init__()
        self.calls = 0

    def call(self, x):
        self.calls += 1  # <-
        return x
""",
        good="""
class Own(keras.layers.Layer):
    def __init__(self):
        super().__init__()
        self.calls = self.add_weight(name="calls", initializer="zeros", trainable=False)

    def call(self, x):
        self.calls.assign_add(1.0)
        return x
""",
        after="layer = Own()\nm = keras.Sequential([layer])\n"
        "for _ in range(9):\n    m.predict(np.ones((1, 1)), verbose=0)\n"
        "seen = float(layer.calls) < 9\n",
    ),
    S(
        "F104",
        "@tf.function\ndef f(x):\n    with open('log.txt', 'a') as log:  # <-\n"
        "        log.write('x')\n    return x",
        good="@tf.function\ndef f(x):\n    return x\n\n\nwith open('log.txt', 'a') as log:\n"
        "    log.write('xx')\n",
        after=_CALLED + "with open('log.txt') as log:\n    seen = log.read() == 'x'\n",
    ),
    S(
        "F105",
        "@tf.function\ndef f(x):\n    print(x)  # <-\n    return x",
        after="import contextlib, io\nout = io.StringIO()\n"
        "with contextlib.redirect_stdout(out):\n    f(tf.constant(1.0))\n    f(tf.constant(2.0))\n"
        "seen = out.getvalue().count('Tensor') == 1\n",
    ),
    S(
        "F106",
        "@tf.function\ndef f(x):\n    return x.numpy() + 1  # <-",
        good="@tf.function\ndef f(x):\n    return x + 1\n",
        after=_CALLED,
        raises="AttributeError",
    ),
    S(
        "F106",
        "ds = tf.data.Dataset.range(3).map(lambda x: x.numpy())  # <-",
        good="ds = tf.data.Dataset.range(3).map(lambda x: x + 1)\n",
        raises="AttributeError",
    ),
    S(
        "F107",
        "@tf.function\ndef f(x):\n    return np.square(x)  # <-",
        good="@tf.function\ndef f(x):\n    return tf.square(x)\n",
        after=_CALLED,
        raises="NotImplementedError",
    ),
    S(
        "F107",
        """
class Own(keras.layers.Layer):
    def call(self, inputs):
        return inputs - np.mean(inputs)  # <-
""",
        good="""
class Own(keras.layers.Layer):
    def call(self, inputs):
        return inputs - tf.reduce_mean(inputs)
""",
        after=_FUNCTIONAL,
        raises="NotImplementedError",
    ),
    S(
        "F201",
        "@tf.function\ndef f(x):\n    v = tf.Variable(1.0)  # <-\n    return v * x",
        good="v = tf.Variable(1.0)\n\n@tf.function\ndef f(x):\n    return v * x\n",
        after=_CALLED,
        raises="ValueError",
    ),
    S(
        "F201",
        """
class Own(keras.layers.Layer):
    def call(self, x):
        return x * tf.Variable(2.0)  # <-
""",
        good="class Own(keras.layers.Layer):\n    def call(self, x):\n        return x * 2.0\n",
        after=_FUNCTIONAL,
        raises="ValueError",
    ),
    S("F202", "v = tf.Variable(1.0)\nv += 2.0  # <-", raises="RuntimeError"),
    S("F202", "v = tf.Variable(1.0)\nv -= 2.0 * 3  # <-", raises="RuntimeError"),
    S(
        "F202",
        "v = tf.Variable(1.0)\nv *= 2.0  # <-",
        raises="RuntimeError",
        good="v = tf.Variable(1.0)\nv.assign(v * 2.0)\n",
    ),
    S(
        "F202",
        """
class Counter:
    def __init__(self):
        self.n = tf.Variable(0)

    @tf.function
    def add(self):
        self.n += 1  # <-
        return self.n
""",
        after="c = Counter()\nc.add()\n",
        raises="RuntimeError",
    ),
    S(
        "F203",
        "v = tf.Variable(1.0)\n\ndef step():\n    v = v + 1.0  # <-\n    return v",
        after="step()\n",
        raises="UnboundLocalError",
    ),
    S(
        "F204",
        """
class Count(keras.metrics.Metric):
    def __init__(self):
        super().__init__()
        self.n = self.add_weight(name="n", initializer="zeros")

    def update_state(self, y, p, sample_weight=None):
        self.n += 1.0  # <-

    def result(self):
        return self.n
""",
        after="m = Count()\nm.update_state(1, 1)\nm.reset_state()\nseen = float(m.result()) != 0\n",
    ),
    S(
        "F204",
        """
class Count(keras.metrics.Metric):
    def __init__(self):
        super().__init__()
        self.n = self.add_weight(name="n", initializer="zeros")

    def update_state(self, y, p, sample_weight=None):
        self.n = self.n + 1.0  # <-

    def result(self):
        return self.n
""",
        after="m = Count()\nm.update_state(1, 1)\nm.reset_state()\nseen = float(m.result()) != 0\n",
    ),
    S(
        "F205",
        "w1, w2 = tf.Variable(5.0), tf.Variable(3.0)\nwith tf.GradientTape() as tape:\n"
        "    z = w1 * w2\ndz1 = tape.gradient(z, w1)\ndz2 = tape.gradient(z, w2)  # <-",
        raises="RuntimeError",
    ),
    S(
        "F205",
        "x = tf.Variable([1.0])\nwith tf.GradientTape(watch_accessed_variables=True) as t:\n"
        "    y = x * x\nj = t.jacobian(y, x)\nif True:\n    g = t.gradient(y, x)  # <-",
        raises="RuntimeError",
    ),
    S(
        "F301",
        "@tf.function\ndef f(x):\n    for i in range(200):  # <-\n        x += 1.0\n    return x",
        after="g = f.get_concrete_function(tf.TensorSpec([])).graph\n"
        "seen = len(g.get_operations()) > 200\n",
    ),
    S(
        "F301",
        "@tf.function\ndef f(x):\n    s = 0.0\n    for i in range(len(x)):  # <-\n"
        "        s += x[i]\n    return s",
        good="@tf.function\ndef f(x):\n    s = 0.0\n    for i in tf.range(len(x)):\n"
        "        s += x[i]\n    return s\n",
        after="g = f.get_concrete_function(tf.TensorSpec([200])).graph\n"
        "seen = len(g.get_operations()) > 200\n",
    ),
    S(
        "F302",
        """
class Own(keras.layers.Layer):
    def call(self, x):
        total = x[0]
        for i in range(1, tf.shape(x)[0]):  # <-
            total += x[i]
        return x + total
""",
        good="""
class Own(keras.layers.Layer):
    def call(self, x):
        return x + tf.reduce_sum(x, axis=0)
""",
        after=_FUNCTIONAL,
        raises="TypeError",
    ),
    S(
        "F302",
        """
class Own(keras.layers.Layer):
    def call(self, x):
        for _ in tf.range(3):  # <-
            x = x * 2.0
        return x
""",
        good="class Own(keras.layers.Layer):\n    def call(self, x):\n        return x * 8.0\n",
        after=_FUNCTIONAL,
        raises="OperatorNotAllowedInGraphError",
    ),
    S(
        "F303",
        "@tf.function\ndef f(n):\n    squares = []\n    for i in tf.range(n):\n"
        "        squares.append(i * i)  # <-\n    return tf.stack(squares)",
        good="@tf.function\ndef f(n):\n    squares = tf.TensorArray(tf.int32, size=n)\n"
        "    for i in tf.range(n):\n        squares = squares.write(i, i * i)\n"
        "    return squares.stack()\n",
        after="f(tf.constant(3))\n",
        raises="InaccessibleTensorError",
    ),
    S(
        "F304",
        "@tf.function\ndef f(x):\n    return x + 1\n\nf(1)\nf(2)  # <-",
        good="@tf.function\ndef f(x):\n    return x + 1\n\nf(tf.constant(1))\nf(tf.constant(2))\n",
        after="seen = f.experimental_get_tracing_count() == 2\n",
    ),
    S(
        "F304",
        "@tf.function\ndef f(x, n):\n    return x**n\n\n"
        "for n in range(3):\n    f(tf.constant(2.0), n)  # <-",
        good="@tf.function\ndef f(x, n):\n    return x**n\n\n"
        "for n in tf.range(3.0):\n    f(tf.constant(2.0), n)\n",
        after="seen = f.experimental_get_tracing_count() == 3\n",
    ),
    S(
        "F305",
        "@tf.function\ndef f(values):\n    return tf.stack([2 * v for v in values])  # <-\n\n"
        "f(tf.constant([1.0, 2.0]))",
        good="@tf.function\ndef f(values):\n    return tf.map_fn(lambda v: 2 * v, values)\n\n"
        "f(tf.constant([1.0, 2.0]))\n",
        raises="OperatorNotAllowedInGraphError",
    ),
)

SNIPPETS = K + F
