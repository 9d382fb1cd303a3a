"""The six checks that every grader runs, as plain functions: module in, AssertionError out.

They ask what `course/solutions/huber6/test_huber6.py` asks, with questions of the same sizes. What
is expected comes from a formula in NumPy, which costs nearly nothing: so nobody is charged for a
reference solution. A saved model is loaded again in the same process, as instructors do where a new
one would cost another import of TensorFlow.

This file needs TensorFlow, Keras and NumPy only: it is copied to where each grader wants its tests.
"""

import os
import tempfile

import keras
import numpy as np
import tensorflow as tf

CHECKS = ("values", "gradient", "config", "reload", "retrace", "fit")


def _huber(y_true, y_pred, threshold):
    size = np.abs(y_true - y_pred)
    return np.where(size <= threshold, size**2 / 2, threshold * size - threshold**2 / 2)


def _batch(rng, shape, threshold):
    """Labels and predictions whose errors are alternately inside the threshold and beyond it."""
    count = int(np.prod(shape))
    size = np.where(
        np.arange(count) % 2 == 0, rng.uniform(1.3, 4.0, count), rng.uniform(0.1, 0.9, count)
    )
    error = (threshold * size * np.resize([1, 1, -1, -1], count)).reshape(shape)
    y_true = rng.normal(size=shape)
    return y_true.astype("float32"), (y_true - error).astype("float32")


def _close(got, want, atol=1e-5):
    got, want = np.asarray(got), np.asarray(want)
    assert got.shape == want.shape, f"shape {got.shape}, expected {want.shape}"
    np.testing.assert_allclose(got, want, rtol=1e-5, atol=atol)


def values(module):
    """Losses on both sides of the threshold, for threshold 1 and others."""
    rng = np.random.default_rng(1)
    for shape in [(9,), (4, 3)]:
        y_true, y_pred = _batch(rng, shape, 1.0)
        got = module.huber_fn(tf.constant(y_true), tf.constant(y_pred))
        _close(got, _huber(y_true, y_pred, 1.0))
    for threshold, shape in [(2.5, (8,)), (0.25, (3, 5))]:
        y_true, y_pred = _batch(rng, shape, threshold)
        got = module.create_huber(threshold)(tf.constant(y_true), tf.constant(y_pred))
        _close(got, _huber(y_true, y_pred, threshold))


def gradient(module):
    """Clipped at the threshold and multiplied with what comes from upstream."""
    rng = np.random.default_rng(2)
    y_true, y_pred = _batch(rng, (9,), 1.5)
    upstream = rng.uniform(0.5, 3.0, size=9).astype("float32")
    function = module.create_huber(1.5)
    predictions = tf.constant(y_pred)
    with tf.GradientTape() as tape:
        tape.watch(predictions)
        value = function(tf.constant(y_true), predictions)
    got = tape.gradient(value, predictions, output_gradients=tf.constant(upstream))
    assert got is not None, "there is no gradient"
    _close(got, upstream * np.clip(y_pred - y_true, -1.5, 1.5))


def config(module):
    """`get_config` has all arguments, and `from_config` makes the same loss of it."""
    kwargs = {"threshold": 0.75, "name": "robust", "reduction": "sum"}
    loss = module.HuberLoss(**kwargs)
    got = loss.get_config()
    assert {name: got.get(name) for name in kwargs} == kwargs
    y_true, y_pred = _batch(np.random.default_rng(3), (5, 1), 0.75)
    again = module.HuberLoss.from_config(got)
    _close(again(tf.constant(y_true), tf.constant(y_pred)), _huber(y_true, y_pred, 0.75).sum())


def _model(module, threshold, rng):
    """A compiled linear model of three inputs, and its weights."""
    kernel = rng.normal(size=(3, 1)).astype("float32")
    bias = rng.normal(size=(1,)).astype("float32")
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(1)])
    model.set_weights([kernel, bias])
    optimizer = keras.optimizers.SGD(0.1)
    model.compile(optimizer=optimizer, loss=module.HuberLoss(threshold), jit_compile=False)
    return model, kernel, bias


def reload(module):
    """A saved model, compiled with the loss, evaluates to the same after it is loaded."""
    rng = np.random.default_rng(4)
    model, kernel, bias = _model(module, 2.5, rng)
    with tempfile.TemporaryDirectory() as folder:
        file = os.path.join(folder, "model.keras")
        model.save(file)
        loaded = keras.models.load_model(file)
    x = rng.normal(size=(6, 3)).astype("float32")
    outputs = x @ kernel + bias
    _close(loaded(x), outputs)
    y_true = _batch(rng, (6, 1), 2.5)[0] + 3 * outputs
    _close(loaded.evaluate(x, y_true, verbose=0), _huber(y_true, outputs, 2.5).mean())


def retrace(module):
    """Inside `tf.function`: three batches of one shape, right values, a single trace."""
    rng = np.random.default_rng(5)
    traced = tf.function(module.create_huber(2.0))
    for _ in range(3):
        y_true, y_pred = _batch(rng, (4, 2), 2.0)
        got = traced(tf.constant(y_true), tf.constant(y_pred))
        _close(got, _huber(y_true, y_pred, 2.0))
    assert traced.experimental_get_tracing_count() == 1


def fit(module):
    """Three epochs of three batches end where gradient descent by hand ends."""
    rng = np.random.default_rng(6)
    model, kernel, bias = _model(module, 1.5, rng)
    x = rng.normal(size=(24, 3)).astype("float32")
    y = (x @ rng.normal(size=(3, 1)) + 2.0).astype("float32")
    history = model.fit(x, y, batch_size=8, epochs=3, shuffle=False, verbose=0).history
    losses = []
    for _ in range(3):
        epoch = []
        for start in range(0, 24, 8):
            inputs, labels = x[start : start + 8], y[start : start + 8]
            outputs = inputs @ kernel + bias
            epoch.append(_huber(labels, outputs, 1.5).mean())
            slope = np.clip(outputs - labels, -1.5, 1.5) / 8
            kernel, bias = kernel - 0.1 * inputs.T @ slope, bias - 0.1 * slope.sum(0)
        losses.append(np.mean(epoch))
    _close(history["loss"], losses)
    for got, want in zip(model.get_weights(), (kernel, bias), strict=True):
        _close(got, want)


def failures(module):
    """The names of the checks that a module fails, whatever it raises."""
    failed = []
    for name in CHECKS:
        try:
            globals()[name](module)
        except Exception:
            failed.append(name)
    return failed
