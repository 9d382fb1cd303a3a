"""Gives float32 for float64 images.

zh: 输入 float64 时也返回 float32
fails: test_float64
"""

import tensorflow as tf


def prepare(images, height, width):
    rows, columns = images.shape[-3], images.shape[-2]
    box_rows = min(rows, columns * height // width)
    box_columns = min(columns, rows * width // height)
    top, left = (rows - box_rows) // 2, (columns - box_columns) // 2
    box = images[..., top : top + box_rows, left : left + box_columns, :]
    resized = tf.image.resize(tf.cast(box, tf.float32), [height, width])
    return resized / 127.5 - 1.0
