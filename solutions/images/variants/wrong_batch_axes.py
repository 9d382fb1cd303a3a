"""Takes the first two axes of a batch for rows and columns.

zh: 把一批图像的前两个轴当成行和列
fails: test_batch, test_uint8, test_float64
"""

import tensorflow as tf


def prepare(images, height, width):
    dtype = tf.float64 if images.dtype == tf.float64 else tf.float32
    rows, columns = images.shape[0], images.shape[1]
    box_rows = min(rows, columns * height // width)
    box_columns = min(columns, rows * width // height)
    top, left = (rows - box_rows) // 2, (columns - box_columns) // 2
    box = images[..., top : top + box_rows, left : left + box_columns, :]
    resized = tf.image.resize(tf.cast(box, dtype), [height, width])
    return tf.cast(resized, dtype) / 127.5 - 1.0
