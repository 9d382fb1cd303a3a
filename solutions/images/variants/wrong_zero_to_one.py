"""Brings the values to [0, 1], not [-1, 1].

zh: 把取值变到 [0, 1]，而不是 [-1, 1]
fails: test_box, test_rounding, test_exact, test_bilinear, test_range, test_batch, test_uint8,
test_float64, test_channels
"""

import tensorflow as tf


def prepare(images, height, width):
    dtype = tf.float64 if images.dtype == tf.float64 else tf.float32
    rows, columns = images.shape[-3], images.shape[-2]
    box_rows = min(rows, columns * height // width)
    box_columns = min(columns, rows * width // height)
    top, left = (rows - box_rows) // 2, (columns - box_columns) // 2
    box = images[..., top : top + box_rows, left : left + box_columns, :]
    resized = tf.image.resize(tf.cast(box, dtype), [height, width])
    return tf.cast(resized, dtype) / 255.0
