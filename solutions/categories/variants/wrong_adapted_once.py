"""Keeps the cities that it saw first, and doesn't learn those of later calls.

zh: 只记住第一次见到的城市，之后的调用不再重新学习
fails: test_city_ids
"""

import keras
import tensorflow as tf

lookups = {}


def age_bucket(ages):
    return keras.layers.Discretization(bin_boundaries=[18.0, 50.0])(ages)


def pair_hot(pairs, n):
    shift = tf.constant([0, n], pairs.dtype)
    return keras.layers.CategoryEncoding(num_tokens=2 * n, output_mode="multi_hot")(pairs + shift)


def city_ids(train, cities, n_oov):
    if n_oov not in lookups:
        lookups[n_oov] = keras.layers.StringLookup(num_oov_indices=n_oov)
        lookups[n_oov].adapt(train)
    return lookups[n_oov](cities)


def stable_hash(strings, bins):
    return keras.layers.Hashing(num_bins=bins)(strings)


def build_mixed_model(vocabulary, n_numeric):
    num = keras.Input(shape=(n_numeric,), name="num")
    cat = keras.Input(shape=(), dtype="string", name="cat")
    lookup = keras.layers.StringLookup(vocabulary=vocabulary)
    embedding = keras.layers.Embedding(input_dim=len(vocabulary) + 1, output_dim=3)
    features = keras.layers.Concatenate()([num, embedding(lookup(cat))])
    return keras.Model(inputs=[num, cat], outputs=keras.layers.Dense(1)(features))
