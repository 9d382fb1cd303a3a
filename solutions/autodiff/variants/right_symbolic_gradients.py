"""Works inside `tf.function` with `tf.gradients`, the graph's own derivatives.

zh: 在 `tf.function` 里使用 `tf.gradients`，由计算图自己求导
"""

import tensorflow as tf


def _zeroed(ys, xs):
    return tf.gradients(ys, xs, unconnected_gradients="zero")


def partials(f, w1, w2):
    @tf.function
    def run(a, b):
        return _zeroed(f(a, b), [a, b])

    return tuple(run(tf.convert_to_tensor(w1), tf.convert_to_tensor(w2)))


def numeric_partials(f, w1, w2, eps=1e-3):
    a, b = tf.convert_to_tensor(w1), tf.convert_to_tensor(w2)
    h = tf.constant(eps, dtype=a.dtype)
    width = 2 * h
    return (
        tf.divide(f(a + h, b) - f(a - h, b), width),
        tf.divide(f(a, b + h) - f(a, b - h), width),
    )


def loss_jacobian(f, w1, w2, offsets):
    a, b = tf.convert_to_tensor(w1), tf.convert_to_tensor(w2)
    offsets = tf.convert_to_tensor(offsets, dtype=b.dtype)

    @tf.function
    def run(a, b, offsets):
        # Each loss gets copies of the weights: then one sweep through their sum keeps them apart.
        n = offsets.shape[0]
        many_a, many_b = [tf.identity(a) for _ in range(n)], [tf.identity(b) for _ in range(n)]
        total = tf.add_n([f(many_a[i], many_b[i] + offsets[i]) for i in range(n)])
        slopes = _zeroed(total, many_a + many_b)
        return tf.stack(slopes[:n]), tf.stack(slopes[n:])

    return run(a, b, offsets)


def hessian(f, w1, w2):
    @tf.function
    def run(a, b):
        first = _zeroed(f(a, b), [a, b])
        return tf.stack([tf.stack(_zeroed(d, [a, b])) for d in first])

    return run(tf.convert_to_tensor(w1), tf.convert_to_tensor(w2))


def input_gradient(f, x):
    @tf.function
    def run(x):
        return _zeroed(f(x), x)[0]

    return run(tf.convert_to_tensor(x))


@tf.function
def freeze_second_term(w1, w2):
    first, second = 3 * tf.pow(w1, 2), 2 * tf.multiply(w1, w2)
    return first + tf.stop_gradient(second)


@tf.function
def safe_sqrt(x):
    tiny = x < 1e-8
    # Both branches get numbers that are safe for them.
    root = tf.sqrt(tf.where(tiny, tf.ones_like(x), x))
    return tf.where(tiny, tf.zeros_like(x), root)
