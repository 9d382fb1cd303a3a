"""NumPy wherever it is possible, a digest of the standard library, a table as a Dense kernel.

zh: 能用 NumPy 就用 NumPy，用标准库的摘要算法；把 Dense 的 kernel 当作表
"""

import hashlib
from collections import Counter

import numpy as np
import tensorflow as tf
from tensorflow.keras import Input, Model, layers


def age_bucket(ages):
    return np.digitize(ages.numpy(), [18, 50])


def pair_hot(pairs, n):
    return np.concatenate([np.eye(n)[column] for column in pairs.numpy().T], axis=1).astype("f4")


def city_ids(train, cities, n_oov):
    counts = Counter(train.numpy().tolist())
    ranked = sorted(counts, key=lambda city: (counts[city], city), reverse=True)
    known = {city: n_oov + rank for rank, city in enumerate(ranked)}
    buckets = tf.strings.to_hash_bucket_fast(cities, n_oov).numpy()
    flat = cities.numpy().ravel()
    ids = [known.get(city, bucket) for city, bucket in zip(flat, buckets.ravel(), strict=True)]
    return np.array(ids, "int32").reshape(buckets.shape)


def stable_hash(strings, bins):
    def number(text):
        return int(hashlib.md5(text).hexdigest(), 16) % bins

    return np.vectorize(number, otypes=[np.int64])(strings.numpy())


def build_mixed_model(vocabulary, n_numeric):
    inputs = {"num": Input((n_numeric,)), "cat": Input((), dtype=tf.string)}
    codes = layers.StringLookup(vocabulary=vocabulary, output_mode="one_hot")(inputs["cat"])
    embedded = layers.Dense(4, use_bias=False)(codes)
    hidden = layers.Dense(16, activation="relu")(layers.concatenate([inputs["num"], embedded]))
    return Model(inputs, layers.Dense(1)(hidden))
