"""Remembers which features are constant in a NumPy array: graphs and files know nothing of it.

zh: 用 NumPy 数组记住哪些特征是恒定的：图和文件都不知道它变了
fails: test_graph, test_reload
"""

import keras
import numpy as np
import tensorflow as tf


@keras.utils.register_keras_serializable(package="course")
class MyNormalization(keras.layers.Layer):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.constant = np.array(False)

    def build(self, input_shape):
        shape = (input_shape[-1],)
        self.mean = self.add_weight(name="mean", shape=shape, initializer="zeros", trainable=False)
        self.std = self.add_weight(name="std", shape=shape, initializer="ones", trainable=False)

    def adapt(self, data):
        batches = data if isinstance(data, tf.data.Dataset) else [data]
        rows = np.concatenate([np.asarray(batch) for batch in batches]).astype("float64")
        self.constant = (rows == rows[0]).all(axis=0)
        mean, std = rows.mean(axis=0), rows.std(axis=0)
        if not self.built:
            self.build((None, len(mean)))
        self.mean.assign(mean)
        self.std.assign(std)

    def call(self, inputs):
        scaled = (inputs - self.mean) / self.std
        return tf.where(self.constant, tf.zeros_like(scaled), scaled)
