"""Looks categories up with `.numpy()` and a dict, which `fit` can't do.

zh: 用 `.numpy()` 和字典查类别，在 `fit` 里行不通
fails: test_model_fit
"""

import keras
import tensorflow as tf


def age_bucket(ages):
    return keras.layers.Discretization(bin_boundaries=[18.0, 50.0])(ages)


def pair_hot(pairs, n):
    shift = tf.constant([0, n], pairs.dtype)
    return keras.layers.CategoryEncoding(num_tokens=2 * n, output_mode="multi_hot")(pairs + shift)


def city_ids(train, cities, n_oov):
    lookup = keras.layers.StringLookup(num_oov_indices=n_oov)
    lookup.adapt(train)
    return lookup(cities)


def stable_hash(strings, bins):
    return keras.layers.Hashing(num_bins=bins)(strings)


class MixedModel(keras.Model):
    def __init__(self, vocabulary):
        super().__init__()
        self.rows = dict(zip(vocabulary, range(1, len(vocabulary) + 1), strict=True))
        self.embedding = keras.layers.Embedding(len(vocabulary) + 1, 3)
        self.dense = keras.layers.Dense(1)

    def call(self, inputs):
        ids = [self.rows.get(text.decode(), 0) for text in inputs["cat"].numpy()]
        embedded = self.embedding(tf.constant(ids))
        return self.dense(tf.concat([inputs["num"], embedded], axis=1))


def build_mixed_model(vocabulary, n_numeric):
    return MixedModel(vocabulary)
