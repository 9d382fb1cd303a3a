"""Adds up the letters, so that their order doesn't count.

zh: 把字母的编码相加，字母的次序就不起作用了
fails: test_hash_spread
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
    flat = tf.reshape(strings, [-1])
    sums = tf.reduce_sum(tf.io.decode_raw(flat, tf.uint8, fixed_length=100), axis=1)
    return tf.reshape(sums % bins, strings.shape)


def build_mixed_model(vocabulary, n_numeric):
    num = keras.Input(shape=(n_numeric,), name="num")
    cat = keras.Input(shape=(), dtype="string", name="cat")
    lookup = keras.layers.StringLookup(vocabulary=vocabulary)
    embedding = keras.layers.Embedding(input_dim=len(vocabulary) + 1, output_dim=3)
    features = keras.layers.Concatenate()([num, embedding(lookup(cat))])
    return keras.Model(inputs=[num, cat], outputs=keras.layers.Dense(1)(features))
