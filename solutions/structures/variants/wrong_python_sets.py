"""Uses Python's sets instead of `tf.sets`.

zh: 用的是 Python 的集合，而不是 `tf.sets`
fails: test_tools
"""

import tensorflow as tf


def char_lengths(s):
    return tf.strings.length(s, unit="UTF8_CHAR")


def codepoints(s):
    return tf.strings.unicode_decode(s, "UTF-8")


def sparse_row_sums(sp):
    return tf.sparse.reduce_sum(sp, axis=1)


def common(a, b):
    rows = [
        sorted(set(x) & set(y)) for x, y in zip(a.numpy().tolist(), b.numpy().tolist(), strict=True)
    ]
    places = [[i, k] for i, row in enumerate(rows) for k in range(len(row))]
    values = [value for row in rows for value in row]
    width = max(len(row) for row in rows)
    indices = tf.reshape(tf.constant(places, tf.int64), [-1, 2])
    return tf.SparseTensor(indices, tf.constant(values, a.dtype), [len(rows), width])


def by_priority(priorities, names):
    count = names.shape[0]
    queue = tf.queue.PriorityQueue(count, types=[tf.string], shapes=[()])
    queue.enqueue_many((priorities, names))
    return queue.dequeue_many(count)[1]
