"""Keeps the whole image and fills the rest with black borders.

zh: 保留整幅图像，其余部分用黑边填充
fails: test_box, test_rounding, test_exact, test_batch
"""

import tensorflow as tf


def prepare(images, height, width):
    dtype = tf.float64 if images.dtype == tf.float64 else tf.float32
    resized = tf.image.resize_with_pad(tf.cast(images, dtype), height, width)
    return tf.cast(resized, dtype) / 127.5 - 1.0
