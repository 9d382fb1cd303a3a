"""Cuts off one pixel more, not less, at the top or left where the number is odd.

zh: 要裁掉奇数个像素时，上边（左边）多裁了一个，而不是少裁一个
fails: test_rounding, test_exact
"""

import tensorflow as tf


def prepare(images, height, width):
    dtype = tf.float64 if images.dtype == tf.float64 else tf.float32
    rows, columns = images.shape[-3], images.shape[-2]
    box_rows = min(rows, columns * height // width)
    box_columns = min(columns, rows * width // height)
    bottom, right = (rows - box_rows) // 2, (columns - box_columns) // 2
    top, left = rows - box_rows - bottom, columns - box_columns - right
    box = images[..., top : top + box_rows, left : left + box_columns, :]
    resized = tf.image.resize(tf.cast(box, dtype), [height, width])
    return tf.cast(resized, dtype) / 127.5 - 1.0
