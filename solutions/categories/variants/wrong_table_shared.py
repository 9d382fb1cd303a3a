"""Uses the same layers in every model with as many categories.

zh: 类别数相同的模型都用了同样的几个层
fails: test_model_outputs
"""

import functools

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


@functools.cache
def make_layers(rows):
    return keras.layers.Embedding(input_dim=rows, output_dim=3), keras.layers.Dense(1)


def build_mixed_model(vocabulary, n_numeric):
    num = keras.Input(shape=(n_numeric,), name="num")
    cat = keras.Input(shape=(), dtype="string", name="cat")
    lookup = keras.layers.StringLookup(vocabulary=vocabulary)
    embedding, dense = make_layers(len(vocabulary) + 1)
    features = keras.layers.Concatenate()([num, embedding(lookup(cat))])
    return keras.Model(inputs=[num, cat], outputs=dense(features))
