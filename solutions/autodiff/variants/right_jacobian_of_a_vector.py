"""Puts both weights into one vector and lets `tape.jacobian` do the rows.

zh: 把两个权重拼成一个向量，各行都交给 `tape.jacobian`
"""

import tensorflow as tf


def _vector(w1, w2):
    return tf.stack([tf.convert_to_tensor(w1), tf.convert_to_tensor(w2)])


def _gradient(f, w):
    with tf.GradientTape() as tape:
        tape.watch(w)
        z = f(w[0], w[1])
    # Asked for one vector, the tape answers with a whole vector: a missing part is a 0 in it.
    return tape.gradient(z, w, unconnected_gradients=tf.UnconnectedGradients.ZERO)


def partials(f, w1, w2):
    both = _gradient(f, _vector(w1, w2))
    return both[0], both[1]


def numeric_partials(f, w1, w2, eps=1e-3):
    w = _vector(w1, w2)
    steps = tf.eye(2, dtype=w.dtype) * eps
    slopes = []
    for step in (steps[0], steps[1]):
        above, below = w + step, w - step
        slopes.append((f(above[0], above[1]) - f(below[0], below[1])) / (2 * eps))
    return slopes


def loss_jacobian(f, w1, w2, offsets):
    w = _vector(w1, w2)
    with tf.GradientTape() as tape:
        tape.watch(w)
        losses = tf.stack([f(w[0], w[1] + offset) for offset in offsets])
    table = tape.jacobian(losses, w, unconnected_gradients="zero")
    return table[:, 0], table[:, 1]


def hessian(f, w1, w2):
    w = _vector(w1, w2)
    with tf.GradientTape() as tape:
        tape.watch(w)
        first = _gradient(f, w)
    return tape.jacobian(first, w, unconnected_gradients="zero")


def input_gradient(f, x):
    x = tf.identity(x)
    with tf.GradientTape(watch_accessed_variables=False) as tape:
        tape.watch(x)
        y = f(x)
    return tape.gradient(y, x)


def freeze_second_term(w1, w2):
    frozen = tf.stop_gradient(w1) * tf.stop_gradient(w2)
    return 3.0 * tf.square(w1) + 2.0 * frozen


def safe_sqrt(x):
    # Below the floor the gradient of the maximum is 0, and 0 times a finite slope is 0.
    return tf.sqrt(tf.maximum(x, 1e-7))
