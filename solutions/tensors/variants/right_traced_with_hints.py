"""Each function is a tf.function with type hints, and talks while it is traced.

zh: 每个函数都是带类型标注的 tf.function，追踪时还会打印
"""

import tensorflow as tf

EXTRA_SYMBOL = "nobody asked for this one"


@tf.function
def gram(t: tf.Tensor) -> tf.Tensor:
    print("tracing gram for", t.shape)
    return tf.tensordot(t, t, axes=[[1], [1]])


@tf.function(reduce_retracing=True)
def standardize_columns(t: tf.Tensor) -> tf.Tensor:
    print("tracing standardize_columns for", t.shape)
    mean, variance = tf.nn.moments(t, axes=0, keepdims=True)
    varies = tf.reduce_any(tf.not_equal(t, t[:1]), axis=0, keepdims=True)
    deviation = tf.sqrt(tf.where(varies, variance, tf.ones_like(variance)))
    return tf.where(varies, (t - mean) / deviation, tf.zeros_like(t))


@tf.function
def nearest_code(observation: tf.Tensor, codes: tf.Tensor) -> tf.Tensor:
    distances = tf.linalg.norm(codes - observation, axis=1)
    indices = tf.where(tf.equal(distances, tf.reduce_min(distances)))
    return tf.reduce_min(indices)


@tf.function
def add_as(a: tf.Tensor, b: tf.Tensor) -> tf.Tensor:
    return a + tf.cast(b, a.dtype)
