"""Puts one-hot codes beside the numbers, with no table between.

zh: 把独热编码直接与数值并排，中间没有表
fails: test_model_table, test_model_fit
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


def build_mixed_model(vocabulary, n_numeric):
    num = keras.Input(shape=(n_numeric,), name="num")
    cat = keras.Input(shape=(), dtype="string", name="cat")
    codes = keras.layers.StringLookup(vocabulary=vocabulary, output_mode="one_hot")(cat)
    features = keras.layers.Concatenate()([num, codes])
    return keras.Model(inputs=[num, cat], outputs=keras.layers.Dense(1)(features))
