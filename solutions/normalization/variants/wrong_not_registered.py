"""Is not registered: another process cannot find the class.

zh: 类没有注册：别的进程找不到它
fails: test_reload
"""

import keras
import numpy as np
import tensorflow as tf


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
        return (inputs - self.mean) / (self.std + keras.backend.epsilon())
