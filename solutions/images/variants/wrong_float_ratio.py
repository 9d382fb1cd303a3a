"""Loses a pixel because the ratio is worked out in floating point first.

zh: 先用浮点数算比例，因此少了一个像素
fails: test_exact
"""

import tensorflow as tf


def prepare(images, height, width):
    dtype = tf.float64 if images.dtype == tf.float64 else tf.float32
    rows, columns = images.shape[-3], images.shape[-2]
    ratio = width / height
    if columns / rows > ratio:
        box_rows, box_columns = rows, int(rows * ratio)
    else:
        box_rows, box_columns = int(columns / ratio), columns
    top, left = (rows - box_rows) // 2, (columns - box_columns) // 2
    box = images[..., top : top + box_rows, left : left + box_columns, :]
    resized = tf.image.resize(tf.cast(box, dtype), [height, width])
    return tf.cast(resized, dtype) / 127.5 - 1.0
