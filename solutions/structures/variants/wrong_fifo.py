"""A plain queue keeps the order in which names came.

zh: 用了普通队列，只保持进入时的顺序
fails: test_by_priority, test_many, test_tools
"""

import tensorflow as tf


def char_lengths(s):
    return tf.strings.length(s, unit="UTF8_CHAR")


def codepoints(s):
    return tf.strings.unicode_decode(s, "UTF-8")


def sparse_row_sums(sp):
    return tf.sparse.reduce_sum(sp, axis=1)


def common(a, b):
    return tf.sets.intersection(a, b)


def by_priority(priorities, names):
    count = names.shape[0]
    queue = tf.queue.FIFOQueue(count, [tf.int64, tf.string], shapes=[(), ()])
    queue.enqueue_many((priorities, names))
    return queue.dequeue_many(count)[1]
