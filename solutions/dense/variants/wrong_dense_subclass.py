"""Inherits everything from keras.layers.Dense instead of writing the layer.

zh: 直接继承 keras.layers.Dense，没有自己实现这个层
fails: test_values, test_ranks, test_build, test_initial_weights, test_output_shape,
    test_trainable, test_gradient, test_mixed_precision, test_config, test_reload
"""

import keras


@keras.utils.register_keras_serializable(package="course")
class MyDense(keras.layers.Dense):
    def __init__(self, units, activation=None, **kwargs):
        kwargs.setdefault("kernel_initializer", "glorot_normal")
        super().__init__(units, activation=activation, **kwargs)
