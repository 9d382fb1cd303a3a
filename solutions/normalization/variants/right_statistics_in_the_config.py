"""Saves the statistics in its configuration, and has no `build`.

zh: 把统计量保存在配置里，没有 `build`
"""

import keras
import numpy as np
import tensorflow as tf


@keras.saving.register_keras_serializable()
class MyNormalization(keras.layers.Layer):
    def __init__(self, statistics=None, **kwargs):
        super().__init__(**kwargs)
        self.variable = None
        if statistics is not None:
            self.take(statistics)

    def take(self, statistics):
        self.statistics = statistics
        value = tf.constant(statistics, tf.float32)
        if self.variable is None:
            self.variable = tf.Variable(value, trainable=False)
        self.variable.assign(value)

    def get_config(self):
        config = super().get_config()
        if self.variable is not None:
            config["statistics"] = self.statistics
        return config

    def adapt(self, data):
        if isinstance(data, tf.data.Dataset):
            data = np.array(list(data.unbatch().as_numpy_iterator()))
        print("adapting to", data.shape)
        columns = data.astype(np.float64).T
        means = [float(np.mean(column)) for column in columns]
        stds = [float(np.std(column)) if np.ptp(column) else 1.0 for column in columns]
        self.take([means, stds])

    def call(self, inputs):
        if self.variable is None:
            return inputs
        return (inputs - self.variable[0]) / self.variable[1]
