"""Splits, maps and densifies; the queue lives in a helper class.

zh: 拆分、映射、转稠密；队列放在一个辅助类里
"""

import tensorflow as tf


class _Desk:
    """Whoever is most urgent is served first."""

    def __init__(self, places: int) -> None:
        self._queue = tf.queue.PriorityQueue(places, [tf.string, tf.int64], shapes=[(), ()])

    def serve(self, priorities: tf.Tensor, names: tf.Tensor) -> tf.Tensor:
        numbers = tf.range(tf.size(names, out_type=tf.int64))
        self._queue.enqueue_many((priorities, names, numbers))
        _, served, _ = self._queue.dequeue_many(tf.size(names))
        return served


def char_lengths(s: tf.Tensor) -> tf.Tensor:
    return tf.strings.unicode_split(s, "UTF-8").row_lengths()


def codepoints(s: tf.Tensor) -> tf.RaggedTensor:
    return tf.map_fn(
        lambda text: tf.strings.unicode_decode(text, "UTF-8"),
        s,
        fn_output_signature=tf.RaggedTensorSpec(shape=[None], dtype=tf.int32, ragged_rank=0),
    )


def sparse_row_sums(sp: tf.SparseTensor) -> tf.Tensor:
    return tf.reduce_sum(tf.sparse.to_dense(sp), axis=1)


def common(a: tf.Tensor, b: tf.Tensor) -> tf.SparseTensor:
    print("intersecting", a.shape, "and", b.shape)
    return tf.sets.intersection(b, a)


def by_priority(priorities: tf.Tensor, names: tf.Tensor) -> tf.Tensor:
    return _Desk(int(names.shape[0])).serve(priorities, names)
