"""Plain loops, type hints, helper classes and a hash written out; slower, but the same.

zh: 朴素的循环、类型注解、辅助类，哈希自己手写；慢一些，结果一样
"""

from __future__ import annotations

import keras
import tensorflow as tf


class Fnv:
    """FNV-1a with 64 bits."""

    START, FACTOR, MASK = 0xCBF29CE484222325, 0x100000001B3, 2**64 - 1

    def __call__(self, data: bytes) -> int:
        state = self.START
        for byte in data:
            state = (state ^ byte) * self.FACTOR & self.MASK
        return state


class CategoryTable(keras.layers.Layer):
    """Known categories first, what is unknown in the last row."""

    def __init__(self, vocabulary: list[str], width: int) -> None:
        super().__init__()
        self.vocabulary, self.width = vocabulary, width

    def build(self, input_shape: tuple[int, ...]) -> None:
        shape = (len(self.vocabulary) + 1, self.width)
        self.rows = self.add_weight(shape=shape, initializer="glorot_uniform")

    def call(self, names: tf.Tensor) -> tf.Tensor:
        same = tf.equal(names[:, tf.newaxis], tf.constant(self.vocabulary))
        unknown = tf.logical_not(tf.reduce_any(same, axis=1, keepdims=True))
        return tf.cast(tf.concat([same, unknown], axis=1), tf.float32) @ self.rows

    def compute_output_spec(self, names: keras.KerasTensor) -> keras.KerasTensor:
        return keras.KerasTensor((names.shape[0], self.width))


def _each(function, tensor: tf.Tensor, dtype: tf.DType) -> tf.Tensor:
    flat = [function(item) for item in tf.reshape(tensor, [-1]).numpy()]
    return tf.reshape(tf.constant(flat, dtype), tensor.shape)


def age_bucket(ages: tf.Tensor) -> tf.Tensor:
    return _each(lambda age: 0 if age < 18 else 1 if age < 50 else 2, ages, tf.uint8)


def pair_hot(pairs: tf.Tensor, n: int) -> tf.Tensor:
    rows = []
    for first, second in pairs.numpy():
        row = [0.0] * (2 * n)
        row[first] = row[n + second] = 1.0
        rows.append(row)
    return tf.constant(rows)


def city_ids(train: tf.Tensor, cities: tf.Tensor, n_oov: int) -> tf.Tensor:
    lookup = keras.layers.StringLookup(num_oov_indices=n_oov)
    lookup.adapt(train)
    return tf.stack([lookup(row) for row in cities])


def stable_hash(strings: tf.Tensor, bins: int) -> tf.Tensor:
    fnv = Fnv()
    return _each(lambda text: fnv(text) % bins, strings, tf.int32)


def build_mixed_model(vocabulary: list[str], n_numeric: int) -> keras.Model:
    num = keras.Input((n_numeric,), name="num")
    cat = keras.Input((), dtype="string", name="cat")
    first = keras.layers.Dense(8, activation="tanh")(num)
    second = CategoryTable(vocabulary, 8)(cat)
    both = keras.layers.Concatenate()([first, second, keras.layers.Multiply()([first, second])])
    return keras.Model({"num": num, "cat": cat}, keras.layers.Dense(1)(both))
