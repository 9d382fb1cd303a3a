"""Takes the highest code in the batch for the number of codes.

zh: 把这一批里最大的编码当成了编码的个数
fails: test_pair_hot
"""

import keras
import tensorflow as tf


def age_bucket(ages):
    return keras.layers.Discretization(bin_boundaries=[18.0, 50.0])(ages)


def pair_hot(pairs, n):
    n = int(tf.reduce_max(pairs)) + 1
    return tf.reshape(tf.one_hot(pairs, n), [-1, 2 * n])


def city_ids(train, cities, n_oov):
    lookup = keras.layers.StringLookup(num_oov_indices=n_oov)
    lookup.adapt(train)
    return lookup(cities)


def stable_hash(strings, bins):
    return keras.layers.Hashing(num_bins=bins)(strings)


def build_mixed_model(vocabulary, n_numeric):
    num = keras.Input(shape=(n_numeric,), name="num")
    cat = keras.Input(shape=(), dtype="string", name="cat")
    lookup = keras.layers.StringLookup(vocabulary=vocabulary)
    embedding = keras.layers.Embedding(input_dim=len(vocabulary) + 1, output_dim=3)
    features = keras.layers.Concatenate()([num, embedding(lookup(cat))])
    return keras.Model(inputs=[num, cat], outputs=keras.layers.Dense(1)(features))
