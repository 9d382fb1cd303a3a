"""Takes one-sided differences, (f(w + eps) - f(w)) / eps.

zh: 用的是单侧差商 (f(w + eps) - f(w)) / eps
fails: test_numeric, test_numeric_kinds
"""

import tensorflow as tf


def partials(f, w1, w2):
    with tf.GradientTape() as tape:
        tape.watch([w1, w2])
        z = f(w1, w2)
    return tuple(tape.gradient(z, [w1, w2]))


def numeric_partials(f, w1, w2, eps=1e-3):
    here = f(w1, w2)
    return (f(w1 + eps, w2) - here) / eps, (f(w1, w2 + eps) - here) / eps


def loss_jacobian(f, w1, w2, offsets):
    pairs = [partials(lambda a, b, o=o: f(a, b + o), w1, w2) for o in offsets]
    return tf.stack([p[0] for p in pairs]), tf.stack([p[1] for p in pairs])


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
