"""Derivatives from tapes and from differences, and two functions with a will of their own.

In the first four functions `f` is a differentiable function of two scalars that returns a scalar;
`w1` and `w2` are scalar tensors or `tf.Variable`s, both float32 or both float64, and so is every
number that comes back. No function here changes its arguments.
"""

import tensorflow as tf


def partials(f, w1, w2):
    """Give both partial derivatives of `f` at (w1, w2), by automatic differentiation.

    Args:
        f: function of two scalars that returns a scalar.
        w1, w2: scalar tensors or variables of one dtype.

    Returns:
        The pair (∂f/∂w1, ∂f/∂w2) of scalar tensors in that dtype.
    """
    # BEGIN SOLUTION
    with tf.GradientTape() as tape:
        tape.watch([w1, w2])
        value = f(w1, w2)
    return tuple(tape.gradient(value, [w1, w2], unconnected_gradients="zero"))
    # END SOLUTION


def numeric_partials(f, w1, w2, eps=1e-3):
    """Give both partial derivatives of `f` at (w1, w2), from its values alone.

    Args:
        f: function of two scalars that returns a scalar.
        w1, w2: scalar tensors or variables of one dtype.
        eps: half the distance of the two points of a central difference, a Python number.

    Returns:
        The pair of central differences, (f(w1 + eps, w2) - f(w1 - eps, w2)) / (2·eps) and the
        same for w2, as scalar tensors in that dtype.
    """
    # BEGIN SOLUTION
    w1, w2 = tf.convert_to_tensor(w1), tf.convert_to_tensor(w2)
    by_w1 = (f(w1 + eps, w2) - f(w1 - eps, w2)) / (2 * eps)
    by_w2 = (f(w1, w2 + eps) - f(w1, w2 - eps)) / (2 * eps)
    return by_w1, by_w2
    # END SOLUTION


def loss_jacobian(f, w1, w2, offsets):
    """Differentiate each of the n losses f(w1, w2 + offsetᵢ) on its own.

    Args:
        f: function of two scalars that returns a scalar.
        w1, w2: scalar tensors or variables of one dtype.
        offsets: list of n ≥ 1 Python floats, or a tensor of shape (n,) in that dtype.

    Returns:
        A pair of tensors of shape (n,), in that dtype: the derivatives of the n losses with
        respect to w1, and those with respect to w2.
    """
    # BEGIN SOLUTION
    with tf.GradientTape() as tape:
        tape.watch([w1, w2])
        losses = tf.stack([f(w1, w2 + offset) for offset in offsets])
    return tuple(tape.jacobian(losses, [w1, w2]))
    # END SOLUTION


def hessian(f, w1, w2):
    """Give the matrix of second derivatives of `f` at (w1, w2), by automatic differentiation.

    Args:
        f: function of two scalars that returns a scalar, twice differentiable.
        w1, w2: scalar tensors or variables of one dtype.

    Returns:
        Tensor of shape (2, 2) in that dtype: [[∂²f/∂w1², ∂²f/∂w1∂w2], [∂²f/∂w2∂w1, ∂²f/∂w2²]].
        A second derivative that vanishes is a 0 in it.
    """
    # BEGIN SOLUTION
    with tf.GradientTape(persistent=True) as outer:
        outer.watch([w1, w2])
        first = partials(f, w1, w2)
    rows = [outer.gradient(g, [w1, w2], unconnected_gradients="zero") for g in first]
    return tf.convert_to_tensor(rows)
    # END SOLUTION


def input_gradient(f, x):
    """Give the gradient of `f` with respect to its input.

    Args:
        f: function of one tensor that returns a scalar.
        x: float tensor or variable (float32 or float64) of any shape.

    Returns:
        Tensor of x's shape and dtype.
    """
    # BEGIN SOLUTION
    with tf.GradientTape() as tape:
        tape.watch(x)
        value = f(x)
    return tape.gradient(value, x)
    # END SOLUTION


def freeze_second_term(w1, w2):
    """Compute 3·w1² + 2·w1·w2, the second term of which counts as a constant for gradients.

    Args:
        w1, w2: scalar tensors or variables of one dtype.

    Returns:
        Scalar tensor in that dtype. Only the first term passes gradients back.
    """
    # BEGIN SOLUTION
    return 3 * w1**2 + tf.stop_gradient(2 * w1 * w2)
    # END SOLUTION


def safe_sqrt(x):
    """Compute a square root whose gradient stays finite at 0.

    Args:
        x: float tensor (float32 or float64) of any shape, entries from 0 to 10⁴, 0 included.

    Returns:
        Tensor of x's shape and dtype, within 1e-3 of √x everywhere. Its gradient is finite at 0,
        and that of √x from 0.01 upwards.
    """
    # BEGIN SOLUTION
    # The root must not meet 0 at all: `tf.where` alone would still multiply its infinite slope
    # with 0 on the way back.
    positive = x > 0
    root = tf.sqrt(tf.where(positive, x, tf.ones_like(x)))
    return tf.where(positive, root, tf.zeros_like(root))
    # END SOLUTION
