"""Keras asks for shapes without drawing numbers; what it draws for good is the same."""

import builtins
import json
import subprocess
import sys

from grader.worker.unbuilt import spare_unseen_draws

# `HeNormal` is Keras' own, `Mine` a student's. The shared layer is called four times, once of them
# inside a function of the student's, which keeps what was traced there for the real calls.
PROGRAM = """
import json, sys
import keras
import numpy as np
import tensorflow as tf
from grader.worker.unbuilt import spare_unseen_draws

if sys.argv[1] == "spared":
    assert spare_unseen_draws()
drawn = {"HeNormal": 0, "Mine": 0}

def counted(cls):
    plain = cls.__call__

    def call(self, shape, dtype=None, **kwargs):
        if type(self) is cls:
            drawn[cls.__name__] += 1
        return plain(self, shape, dtype=dtype, **kwargs)

    cls.__call__ = call
    return cls

counted(keras.initializers.HeNormal)

@counted
class Mine(keras.initializers.HeNormal):
    pass

class Model(keras.Model):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.shared = keras.layers.Dense(
            3, kernel_initializer="he_normal", bias_initializer="ones", kernel_regularizer="l2"
        )
        self.mine = keras.layers.Dense(3, kernel_initializer=Mine())
        self.inside = tf.function(lambda x: self.shared(x))

    def call(self, x):
        return self.inside(self.shared(self.shared(self.shared(self.mine(self.mine(x))))))

keras.utils.set_random_seed(7)
x = np.ones((2, 3), "float32")
model = Model()
outputs = [model(x)]
symbol = keras.Input((3,))
outputs.append(keras.Model(symbol, Model()(symbol))(x))
half = Model(dtype="mixed_float16")
outputs.append(half(x))
told = {
    "drawn": drawn,
    "outputs": [np.asarray(found, "float64").tolist() for found in outputs],
    "dtypes": [found.dtype.name for found in outputs],
    "weights": [w.tolist() for w in model.get_weights()],
    "trained": None,
}
model.compile("sgd", "mse")
told["trained"] = model.fit(x, x, epochs=2, verbose=0).history["loss"]
print(json.dumps(told))
"""


def told(how):
    """What three models made in a process of its own say."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, how], capture_output=True, text=True, check=True
    )
    return json.loads(done.stdout.splitlines()[-1])


def test_only_unseen_draws_are_spared():
    """Two draws for each of the three kernels, its own and the function's; a student's as ever.

    Every number that comes out is the same: weights, outputs, losses.
    """
    usual, spared = told("as usual"), told("spared")
    drawn_usual, drawn = usual.pop("drawn"), spared.pop("drawn")
    assert drawn == {"HeNormal": 6, "Mine": drawn_usual["Mine"]}
    assert drawn_usual["HeNormal"] >= 15
    assert drawn["Mine"] >= 9
    assert spared == usual


def test_a_keras_that_is_built_otherwise_is_left_alone(monkeypatch):
    """Where a name is gone, nothing is changed."""
    from keras.src.backend.common.variables import Variable

    before, plain = Variable.value, builtins.__import__

    def without(name, *args, **kwargs):
        if name.endswith("symbolic_scope"):
            raise ImportError(name)
        return plain(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", without)
    assert not spare_unseen_draws()
    assert Variable.value is before
