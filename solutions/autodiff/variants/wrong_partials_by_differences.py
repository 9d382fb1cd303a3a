"""Estimates the exact partial derivatives with differences.

zh: 本该精确的偏导数也用差商去估计
fails: test_partials, test_float64
"""

import tensorflow as tf


def partials(f, w1, w2):
    return numeric_partials(f, w1, w2)


def numeric_partials(f, w1, w2, eps=1e-3):
    d1 = (f(w1 + eps, w2) - f(w1 - eps, w2)) / (2 * eps)
    d2 = (f(w1, w2 + eps) - f(w1, w2 - eps)) / (2 * eps)
    return d1, d2


def loss_jacobian(f, w1, w2, offsets):
    with tf.GradientTape() as tape:
        tape.watch([w1, w2])
        losses = tf.stack([f(w1, w2 + offset) for offset in offsets])
    return tuple(tape.jacobian(losses, [w1, w2], unconnected_gradients="zero"))


def hessian(f, w1, w2):
    ws = [w1, w2]
    with tf.GradientTape(persistent=True) as outer:
        outer.watch(ws)
        with tf.GradientTape() as inner:
            inner.watch(ws)
            z = f(w1, w2)
        first = inner.gradient(z, ws)
    rows = [outer.gradient(d, ws, unconnected_gradients="zero") for d in first]
    return tf.stack([tf.stack(row) for row in rows])


def input_gradient(f, x):
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = f(x)
    return tape.gradient(y, x)


def freeze_second_term(w1, w2):
    return 3 * w1**2 + tf.stop_gradient(2 * w1 * w2)


def safe_sqrt(x):
    return tf.sqrt(x + 1e-6)
