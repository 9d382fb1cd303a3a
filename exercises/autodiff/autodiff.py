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
    raise NotImplementedError


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
    raise NotImplementedError


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
    raise NotImplementedError


def hessian(f, w1, w2):
    """Give the matrix of second derivatives of `f` at (w1, w2), by automatic differentiation.

    Args:
        f: function of two scalars that returns a scalar, twice differentiable.
        w1, w2: scalar tensors or variables of one dtype.

    Returns:
        Tensor of shape (2, 2) in that dtype: [[∂²f/∂w1², ∂²f/∂w1∂w2], [∂²f/∂w2∂w1, ∂²f/∂w2²]].
        A second derivative that vanishes is a 0 in it.
    """
    raise NotImplementedError


def input_gradient(f, x):
    """Give the gradient of `f` with respect to its input.

    Args:
        f: function of one tensor that returns a scalar.
        x: float tensor or variable (float32 or float64) of any shape.

    Returns:
        Tensor of x's shape and dtype.
    """
    raise NotImplementedError


def freeze_second_term(w1, w2):
    """Compute 3·w1² + 2·w1·w2, the second term of which counts as a constant for gradients.

    Args:
        w1, w2: scalar tensors or variables of one dtype.

    Returns:
        Scalar tensor in that dtype. Only the first term passes gradients back.
    """
    raise NotImplementedError


def safe_sqrt(x):
    """Compute a square root whose gradient stays finite at 0.

    Args:
        x: float tensor (float32 or float64) of any shape, entries from 0 to 10⁴, 0 included.

    Returns:
        Tensor of x's shape and dtype, within 1e-3 of √x everywhere. Its gradient is finite at 0,
        and that of √x from 0.01 upwards.
    """
    raise NotImplementedError
