"""Calls the library's softplus under other names.

zh: 换了个名字，调用的仍是库里的 softplus
fails: test_values, test_gradient, test_upstream, test_in_graph, test_autodiff_values,
    test_autodiff_gradient, test_float64, test_own_gradients
"""

import tensorflow as tf
from keras import activations as shapes

smooth_relu = getattr(tf.math, "soft" + "plus")


def my_softplus_autodiff(z):
    return smooth_relu(z)


@tf.custom_gradient
def my_softplus(z):
    return shapes.softplus(z), lambda upstream: upstream * tf.sigmoid(z)


@tf.custom_gradient
def inverse_sqrt_exp(z):
    value = tf.exp(-tf.sqrt(z))
    return value, lambda upstream: -upstream * value / (2 * tf.sqrt(z))
