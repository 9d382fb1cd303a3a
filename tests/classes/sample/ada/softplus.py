import tensorflow as tf


def my_softplus_autodiff(z):
    z = tf.convert_to_tensor(z)
    both = tf.stack([z, tf.zeros_like(z)], axis=-1)
    return tf.reduce_logsumexp(both, axis=-1)


@tf.custom_gradient
def my_softplus(z):
    z = tf.convert_to_tensor(z)
    weights = tf.nn.softmax(tf.stack([z, tf.zeros_like(z)], axis=-1), axis=-1)

    def gradient(upstream):
        return upstream * weights[..., 0]

    return my_softplus_autodiff(z), gradient


@tf.custom_gradient
def inverse_sqrt_exp(z):
    root = tf.sqrt(z)
    value = tf.exp(-root)

    def gradient(upstream):
        return upstream * -0.5 * value / root

    return value, gradient
