"""Uses the statistics of the batch that it normalizes, not those of `adapt`.

zh: 用的是正在归一化的那个批次自己的统计量，而不是 `adapt` 得到的
fails: test_array, test_equal_batches, test_unequal_batches, test_constant, test_far, test_again,
    test_graph, test_reload
"""

import keras
import numpy as np
import tensorflow as tf


@keras.utils.register_keras_serializable(package="course")
class MyNormalization(keras.layers.Layer):
    def build(self, input_shape):
        shape = (input_shape[-1],)
        self.mean = self.add_weight(name="mean", shape=shape, initializer="zeros", trainable=False)
        self.std = self.add_weight(name="std", shape=shape, initializer="ones", trainable=False)

    def adapt(self, data):
        batches = data if isinstance(data, tf.data.Dataset) else [data]
        rows = np.concatenate([np.asarray(batch) for batch in batches]).astype("float64")
        mean, std = rows.mean(axis=0), rows.std(axis=0)
        if not self.built:
            self.build((None, len(mean)))
        self.mean.assign(mean)
        self.std.assign(std)

    def call(self, inputs):
        mean, variance = tf.nn.moments(inputs, axes=[0])
        return tf.math.divide_no_nan(inputs - mean, tf.sqrt(variance))
