import functools

import tensorflow as tf


def _recur(x, step):
    """y[0] = x[0], y[i] = step(x[i], y[i - 1])."""
    rows = tf.TensorArray(x.dtype, size=tf.shape(x)[0]).unstack(x)
    out = tf.TensorArray(x.dtype, size=tf.shape(x)[0], clear_after_read=False)
    out = out.write(0, rows.read(0))
    _, out = tf.while_loop(
        lambda i, _: i < tf.shape(x)[0],
        lambda i, ys: (i + 1, ys.write(i, step(x[i], ys.read(i - 1)))),
        (tf.constant(1), out),
    )
    return out.stack()


@functools.cache
def _compiled(kind, dtype, rank):
    spec = [tf.TensorSpec([None] * rank, dtype)]
    if kind == "smooth":
        spec.append(tf.TensorSpec([], dtype))

    def smoothing(x, alpha):
        return _recur(x, lambda new, old: alpha * new + (1 - alpha) * old)

    def maximum(x):
        return _recur(x, tf.maximum)

    return tf.function(smoothing if kind == "smooth" else maximum, input_signature=spec)


def smooth(x, alpha):
    x = tf.convert_to_tensor(x)
    alpha = tf.convert_to_tensor(alpha, dtype=x.dtype)
    return _compiled("smooth", x.dtype, x.shape.rank)(x, alpha)


def running_max(x):
    x = tf.convert_to_tensor(x)
    return _compiled("maximum", x.dtype, x.shape.rank)(x)


@tf.function(autograph=False)
def _collatz(n):
    array = tf.TensorArray(tf.int64, size=0, dynamic_size=True, element_shape=())

    def body(i, value, numbers):
        following = tf.cond(value % 2 == 0, lambda: value // 2, lambda: 3 * value + 1)
        return i + 1, following, numbers.write(i, value)

    i, last, array = tf.while_loop(lambda i, value, _: value > 1, body, (0, n, array))
    return array.write(i, last).stack()


def collatz(n):
    return _collatz(tf.cast(n, tf.int64))
