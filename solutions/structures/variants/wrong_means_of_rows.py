"""Divides by the number of entries: that is a mean.

zh: 除以了元素个数：那是平均值
fails: test_row_sums, test_empty_rows
"""

import tensorflow as tf


def char_lengths(s):
    return tf.strings.length(s, unit="UTF8_CHAR")


def codepoints(s):
    return tf.strings.unicode_decode(s, "UTF-8")


def sparse_row_sums(sp):
    count = tf.cast(sp.dense_shape[0], tf.int32)
    return tf.math.unsorted_segment_mean(sp.values, tf.cast(sp.indices[:, 0], tf.int32), count)


def common(a, b):
    return tf.sets.intersection(a, b)


def by_priority(priorities, names):
    count = names.shape[0]
    queue = tf.queue.PriorityQueue(count, types=[tf.string], shapes=[()])
    queue.enqueue_many((priorities, names))
    return queue.dequeue_many(count)[1]
