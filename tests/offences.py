"""What beginners write, one function each: `test_explain` raises them all in one process.

Imported as a student's module would be, in a process that has TensorFlow.
"""

import os
import tempfile

import keras
import numpy as np
import tensorflow as tf

X = tf.ones([2, 3])


class Counter(keras.metrics.Metric):
    def __init__(self):
        super().__init__()
        self.total = self.add_weight("total", initializer="zeros")


class Kernel(keras.layers.Layer):
    def build(self, shape):
        self.kernel = self.add_weight("kernel", shape=[shape[-1], 2])

    def call(self, inputs):
        return inputs @ self.kernel


class AsList(keras.layers.Layer):
    def build(self, shape):
        self.kernel = self.add_weight(name="kernel", shape=[shape.as_list()[-1], 2])

    def call(self, inputs):
        return inputs @ self.kernel


class AddMetric(keras.layers.Layer):
    def call(self, inputs):
        self.add_metric(tf.reduce_mean(inputs), name="mean")
        return inputs


class NumpyInside(keras.layers.Layer):
    def call(self, inputs):
        return np.tanh(inputs)


class Conditional(keras.layers.Layer):
    def call(self, inputs):
        return inputs if tf.reduce_sum(inputs) > 0 else -inputs


class Missing(keras.layers.Layer):
    def build(self, shape):
        self.kernel = None

    def call(self, inputs):
        return inputs @ self.kernel


class Unregistered(keras.layers.Layer):
    def call(self, inputs):
        return inputs


@keras.utils.register_keras_serializable("offences")
class Forgetful(keras.layers.Layer):
    def __init__(self, units, **kwargs):
        super().__init__(**kwargs)

    def get_config(self):
        return super().get_config()

    def call(self, inputs):
        return inputs


class Holder(keras.layers.Layer):
    def __init__(self, function, **kwargs):
        super().__init__(**kwargs)

    def call(self, inputs):
        return inputs


def reload(layer):
    model = keras.Sequential([keras.Input((3,)), layer])
    with tempfile.TemporaryDirectory() as folder:
        file = os.path.join(folder, "model.keras")
        model.save(file)
        keras.models.load_model(file)


def add_weight_in_metric():
    Counter()


def add_weight_in_layer():
    Kernel()(X)


def reset_states():
    keras.metrics.Mean().reset_states()


def as_list():
    AsList()(X)


def add_metric():
    AddMetric()(X)


def lr():
    keras.optimizers.SGD(lr=0.1)


def lr_attribute():
    return keras.optimizers.Adam().lr


def minimize():
    keras.optimizers.SGD().minimize(lambda: 0.0, [])


def reduction_auto():
    keras.losses.MeanSquaredError(reduction="auto")


def reduction_class():
    return keras.losses.Reduction.SUM


def saving():
    return tf.keras.saving


def backend():
    return keras.backend.mean(X)


def keras_name():
    return keras.experimental


def numpy_in_function():
    @tf.function
    def function(x):
        return np.abs(x)

    function(X)


def numpy_in_layer():
    NumpyInside()(keras.Input((3,)))


def numpy_under_tape():
    with tf.GradientTape() as tape:
        tape.watch(X)
        y = np.tanh(X)
    tape.gradient(y, X)


def dot_numpy():
    @tf.function
    def function(x):
        return x.numpy()

    function(X)


def dtypes_eager():
    return X * tf.ones([2, 3], tf.float64)


def dtypes_in_function():
    @tf.function
    def function(x):
        return x * tf.ones([2, 3], tf.float64)

    function(X)


def dtypes_convert():
    tf.convert_to_tensor(X, tf.int32)


def dtypes_python_number():
    return tf.constant([1, 2]) * 0.5


def if_without_autograph():
    tf.function(lambda x: x if x > 0 else -x, autograph=False)(tf.constant(1.0))


def if_in_layer():
    Conditional()(keras.Input((3,)))


def if_on_keras_input():
    return 1 if keras.Input((3,)) > 0 else 2


def if_on_vector():
    @tf.function
    def function(x):
        if x > 0:
            return x
        return -x

    function(X)


def if_on_eager_vector():
    return 1 if X > 0 else 2


def loop_in_comprehension():
    @tf.function
    def function(x):
        return [2 * item for item in x]

    function(X)


def range_without_autograph():
    tf.function(lambda n: list(range(n)), autograph=False)(tf.constant(3))


def assignment():
    X[0, 0] = 1.0


def out_of_scope():
    found = []

    @tf.function
    def function(n):
        for i in tf.range(n):
            found.append(i)
        return tf.stack(found)

    function(tf.constant(3))


def none():
    Missing()(X)


def custom_gradient():
    @tf.custom_gradient
    def function(x):
        return x

    function(X)


def no_gradients():
    variable = keras.Variable(1.0)
    keras.optimizers.SGD().apply_gradients([(None, variable)])


def tape_twice():
    variable = tf.Variable(1.0)
    with tf.GradientTape() as tape:
        loss = variable * variable
    tape.gradient(loss, variable)
    tape.gradient(loss, variable)


def variables_on_second_call():
    @tf.function
    def function(model):
        return model(X)

    function(keras.layers.Dense(2))
    function(keras.layers.Dense(2))


def slots_on_second_call():
    model = keras.layers.Dense(2)
    model(X)

    @tf.function
    def function(optimizer):
        gradients = [tf.zeros_like(variable) for variable in model.trainable_variables]
        optimizer.apply_gradients(zip(gradients, model.trainable_variables, strict=True))

    function(keras.optimizers.Adam())
    function(keras.optimizers.Adam())


def unknown_variables():
    optimizer = keras.optimizers.Adam()
    for variable in (keras.Variable(1.0), keras.Variable(1.0)):
        optimizer.apply_gradients([(tf.constant(1.0), variable)])


def unregistered():
    reload(Unregistered())


def forgotten_argument():
    reload(Forgetful(3))


def no_config():
    reload(Holder(len))


def other_package():
    import package_nobody_has  # noqa: F401


def misspelt_name():
    from keras.losses import Hubber  # noqa: F401


def moved_module():
    from tensorflow.keras.layers import experimental  # noqa: F401


def dump():
    raise ValueError("a word " * 500 + "\n" + "another " * 500)
