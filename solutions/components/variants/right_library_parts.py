"""Hands the work to the parts that Keras itself has.

zh: 把工作交给 Keras 自带的部件
"""

import tensorflow as tf
from tensorflow import keras


@keras.utils.register_keras_serializable()
def my_swish(z):
    return keras.activations.silu(z)


@keras.utils.register_keras_serializable()
def my_glorot_initializer(shape, dtype=None):
    return keras.initializers.GlorotNormal()(shape, dtype=dtype)


@keras.utils.register_keras_serializable()
def my_he_normal(shape, dtype=None):
    return keras.initializers.HeNormal()(shape, dtype=dtype)


@keras.utils.register_keras_serializable()
def my_l1_regularizer(w):
    return keras.regularizers.L1(0.01)(w)


@keras.utils.register_keras_serializable()
def my_l2_regularizer(w):
    return keras.regularizers.L2(0.01)(w)


@keras.utils.register_keras_serializable()
def my_positive_weights(w):
    return keras.constraints.NonNeg()(tf.convert_to_tensor(w))


@keras.utils.register_keras_serializable()
class MyL1Regularizer(keras.regularizers.Regularizer):
    def __init__(self, factor):
        self.inner = keras.regularizers.L1(factor)
        self.factor = factor

    def __call__(self, w):
        return self.inner(w)

    def get_config(self):
        return {"factor": self.factor}
