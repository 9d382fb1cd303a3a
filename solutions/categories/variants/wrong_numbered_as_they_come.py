"""Numbers strings in the order in which it meets them.

zh: 按遇到的先后顺序给字符串编号
fails: test_hash_stable
"""

import keras
import tensorflow as tf

seen = {}


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
    flat = tf.reshape(strings, [-1]).numpy()
    ids = [seen.setdefault(text, len(seen)) % bins for text in flat]
    return tf.reshape(tf.constant(ids), strings.shape)


def build_mixed_model(vocabulary, n_numeric):
    num = keras.Input(shape=(n_numeric,), name="num")
    cat = keras.Input(shape=(), dtype="string", name="cat")
    lookup = keras.layers.StringLookup(vocabulary=vocabulary)
    embedding = keras.layers.Embedding(input_dim=len(vocabulary) + 1, output_dim=3)
    features = keras.layers.Concatenate()([num, embedding(lookup(cat))])
    return keras.Model(inputs=[num, cat], outputs=keras.layers.Dense(1)(features))
