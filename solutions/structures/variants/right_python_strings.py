"""Decodes strings in Python and asks TensorFlow for the rest.

zh: 在 Python 里解码字符串，其余的交给 TensorFlow
"""

import tensorflow as tf


def _texts(s):
    return [text.decode("utf-8") for text in s.numpy().tolist()]


def char_lengths(s):
    return tf.constant([len(text) for text in _texts(s)], tf.int32, shape=s.shape)


def codepoints(s):
    rows = [[ord(character) for character in text] for text in _texts(s)]
    return tf.RaggedTensor.from_row_lengths(
        values=tf.constant([code for row in rows for code in row], tf.int64),
        row_lengths=[len(row) for row in rows],
    )


def sparse_row_sums(sp):
    rows = sp.dense_shape[0]
    return tf.math.unsorted_segment_sum(sp.values, sp.indices[:, 0], num_segments=rows)


def common(a, b):
    return tf.sets.intersection(a, b, validate_indices=False)


def by_priority(priorities, names):
    queue = tf.queue.PriorityQueue(capacity=100_000, types=[tf.string], shapes=[[]])
    queue.enqueue_many([priorities, names])
    found = []
    while queue.size() > 0:
        _priority, name = queue.dequeue()
        found.append(name.numpy())
    queue.close()
    return tf.constant(found, tf.string)
