"""One tape for each number asked for, and a print here and there.

zh: 每要一个数就开一个带子，还随手打印
"""

import keras
import tensorflow as tf


def derivative(f, args, place):
    """The derivative of f with respect to one of its arguments; 0 if it doesn't depend on it."""
    x = tf.convert_to_tensor(args[place])
    with tf.GradientTape() as tape:
        tape.watch(x)
        z = f(*args[:place], x, *args[place + 1 :])
    slope = tape.gradient(z, x)
    if slope is None:
        print("doesn't depend on argument", place)
        return tf.zeros_like(x)
    return slope


def partials(f, w1, w2):
    return [derivative(f, (w1, w2), place) for place in range(2)]


def numeric_partials(f, w1, w2, eps=1e-3):
    slopes = []
    for a, b in [(eps, 0.0), (0.0, eps)]:
        rise = f(w1 + a, w2 + b) - f(w1 - a, w2 - b)
        slopes.append(rise / (eps + eps))
    return tuple(slopes)


def loss_jacobian(f, w1, w2, offsets):
    if tf.is_tensor(offsets):
        offsets = tf.unstack(offsets)
    columns = ([], [])
    for offset in offsets:
        for place in (0, 1):
            columns[place].append(derivative(f, (w1, w2 + offset), place))
    return keras.ops.stack(columns[0]), keras.ops.stack(columns[1])


def hessian(f, w1, w2):
    entries = []
    for i in (0, 1):
        for j in (0, 1):
            entries.append(derivative(lambda a, b, i=i: derivative(f, (a, b), i), (w1, w2), j))
    return tf.reshape(tf.convert_to_tensor(entries), (2, 2))


def input_gradient(f, x):
    return derivative(f, (x,), 0)


def freeze_second_term(w1, w2):
    constant = keras.ops.stop_gradient(keras.ops.multiply(w1, w2))
    return 3 * keras.ops.square(w1) + 2 * constant


def safe_sqrt(x):
    # exp(log(x) / 2), with a floor that keeps both finite.
    return keras.ops.exp(keras.ops.log(x + 1e-7) / 2)
