"""Has a column for padding before that of unknown words.

zh: 在未知词的列之前多了一列填充
fails: test_weights, test_unknown, test_order, test_words, test_texts
"""

import keras
import tensorflow as tf


def _sequences(train, docs, length=None):
    layer = keras.layers.TextVectorization(output_sequence_length=length)
    layer.adapt(train)
    return layer(docs), layer.vocabulary_size()


def _counts(sequences, size):
    words = tf.reduce_sum(tf.one_hot(sequences, size), axis=1)
    return words * tf.cast(tf.range(size) > 0, tf.float32)


def tfidf(train, docs):
    seen, size = _sequences(train, train)
    held = tf.reduce_sum(tf.cast(_counts(seen, size) > 0, tf.float32), axis=0)[2:]
    weights = tf.math.log(1.0 + len(train) / (1.0 + held))
    mean = tf.reduce_mean(weights)
    sequences, _ = _sequences(train, docs)
    return _counts(sequences, size) * tf.concat([[0.0, mean], weights], axis=0)


def vectorize(train, docs, length):
    return _sequences(train, docs, length)[0]
