"""Resizes the whole image without cutting anything off.

zh: 不裁剪就缩放整幅图像
fails: test_box, test_rounding, test_exact, test_batch
"""

import tensorflow as tf


def prepare(images, height, width):
    dtype = tf.float64 if images.dtype == tf.float64 else tf.float32
    resized = tf.image.resize(tf.cast(images, dtype), [height, width])
    return tf.cast(resized, dtype) / 127.5 - 1.0
