"""Derivatives by forward accumulation; the Hessian is forward over reverse.

zh: 用前向累积求导；海森矩阵是先反向再前向
"""

from collections.abc import Callable

import tensorflow as tf

Scalar = tf.Tensor | tf.Variable
DIRECTIONS = ((1.0, 0.0), (0.0, 1.0))


def _along(g: Callable, w1: Scalar, w2: Scalar, direction: tuple[float, float]):
    """How fast g's value (a tensor of any shape) changes along a direction."""
    at = [tf.convert_to_tensor(w1), tf.convert_to_tensor(w2)]
    tangents = [tf.constant(d, dtype=w.dtype) for d, w in zip(direction, at, strict=True)]
    with tf.autodiff.ForwardAccumulator(at, tangents) as accumulator:
        value = g(*at)
    return accumulator.jvp(value, unconnected_gradients=tf.UnconnectedGradients.ZERO)


def partials(f: Callable, w1: Scalar, w2: Scalar) -> tuple[tf.Tensor, tf.Tensor]:
    first, second = (_along(f, w1, w2, direction) for direction in DIRECTIONS)
    return first, second


def numeric_partials(f: Callable, w1: Scalar, w2: Scalar, eps: float = 1e-3):
    def central(g, w):
        return (g(w + eps) - g(w - eps)) * (0.5 / eps)

    return central(lambda w: f(w, w2), w1), central(lambda w: f(w1, w), w2)


def loss_jacobian(f: Callable, w1: Scalar, w2: Scalar, offsets):
    def losses(a, b):
        return tf.stack([f(a, b + offset) for offset in offsets])

    return [_along(losses, w1, w2, direction) for direction in DIRECTIONS]


def hessian(f: Callable, w1: Scalar, w2: Scalar) -> tf.Tensor:
    def gradient(a, b):
        with tf.GradientTape() as tape:
            tape.watch((a, b))
            z = f(a, b)
        return tf.stack(tape.gradient(z, (a, b), unconnected_gradients="zero"))

    columns = [_along(gradient, w1, w2, direction) for direction in DIRECTIONS]
    return tf.stack(columns, axis=1)


def input_gradient(f: Callable, x) -> tf.Tensor:
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = f(x)
    return tf.convert_to_tensor(tape.gradient(y, x))


def freeze_second_term(w1: Scalar, w2: Scalar) -> tf.Tensor:
    return 3 * w1 * w1 + tf.stop_gradient(2 * w1 * w2)


@tf.custom_gradient
def _sqrt(x):
    root = tf.sqrt(x)

    def gradient(upstream):
        return upstream / (2 * tf.maximum(root, 1e-3))

    return root, gradient


def safe_sqrt(x: tf.Tensor) -> tf.Tensor:
    return _sqrt(tf.convert_to_tensor(x))
