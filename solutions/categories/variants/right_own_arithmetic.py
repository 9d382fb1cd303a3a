"""TensorFlow operations in place of layers; the model is a class with a table of its own.

zh: 用 TensorFlow 运算代替层；模型是一个自带表的类
"""

import keras
import tensorflow as tf


def age_bucket(ages):
    ages = tf.cast(ages, tf.float32)
    return tf.cast(ages >= 18, tf.int8) + tf.cast(ages >= 50, tf.int8)


def pair_hot(pairs, n):
    return tf.concat([tf.one_hot(pairs[:, 0], n), tf.one_hot(pairs[:, 1], n)], axis=1)


def city_ids(train, cities, n_oov):
    names, _, counts = tf.unique_with_counts(train)
    counted = zip(counts.numpy().tolist(), names.numpy().tolist(), strict=True)
    vocabulary = [name for _, name in sorted(counted, reverse=True)]
    table = tf.lookup.StaticVocabularyTable(
        tf.lookup.KeyValueTensorInitializer(
            vocabulary, tf.range(len(vocabulary), dtype=tf.int64), key_dtype=tf.string
        ),
        num_oov_buckets=n_oov,
    )
    # This table has the buckets after what it knows.
    ids = table.lookup(cities) + n_oov
    size = len(vocabulary) + n_oov
    return tf.where(ids >= size, tf.strings.to_hash_bucket_fast(cities, n_oov), ids)


def stable_hash(strings, bins):
    return tf.strings.to_hash_bucket_strong(strings, bins, key=[2024, 7])


@keras.utils.register_keras_serializable("categories")
class MixedModel(keras.Model):
    def __init__(self, vocabulary, n_numeric, **kwargs):
        super().__init__(**kwargs)
        keys = tf.constant(vocabulary)
        values = tf.range(1, len(vocabulary) + 1)
        self.places = tf.lookup.StaticHashTable(
            tf.lookup.KeyValueTensorInitializer(keys, values), default_value=0
        )
        self.effects = self.add_weight(
            shape=(len(vocabulary) + 1, 1), initializer="random_normal", name="effects"
        )
        self.slopes = self.add_weight(shape=(n_numeric, 1), name="slopes")

    def call(self, inputs):
        effect = tf.gather(self.effects, self.places.lookup(inputs["cat"]))
        return inputs["num"] @ self.slopes + effect


def build_mixed_model(vocabulary, n_numeric):
    return MixedModel(vocabulary, n_numeric)
