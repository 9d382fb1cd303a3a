"""Makes each symbol an object around a function with a signature, one for each dtype.

zh: 每个名字都是一个对象，内含带签名的函数，每种 dtype 一个
"""

import tensorflow as tf


class _PerDtype:
    """Keeps one `tf.function` for each dtype of the first argument."""

    def __init__(self, python_function, more=(), shape=None, **options):
        self.python_function = python_function
        self.more, self.shape, self.options = more, shape, options
        self.made = {}

    def __call__(self, first, *rest):
        first = tf.convert_to_tensor(first)
        if first.dtype not in self.made:
            signature = [tf.TensorSpec(self.shape, first.dtype), *self.more]
            self.made[first.dtype] = tf.function(
                self.python_function, input_signature=signature, **self.options
            )
        return self.made[first.dtype](first, *rest)


def _even(x, n):
    total = x - x
    for i in tf.range(0, n, 2):
        total += x * tf.cast(i, x.dtype)
    return total


tf_cube = _PerDtype(lambda x: tf.square(x) * x)
sum_even = _PerDtype(_even, more=[tf.TensorSpec([], tf.int32)], shape=[])


class _Shrink(tf.Module):
    @tf.function(input_signature=[tf.TensorSpec([None, 28, 28], tf.float32)])
    def every_second(self, images):
        even = tf.range(0, 28, 2)
        return tf.gather(tf.gather(images, even, axis=1), even, axis=2)

    def __call__(self, images):
        return self.every_second(images)


shrink = _Shrink()


class _Dice:
    def __init__(self):
        self.generator = tf.random.Generator.from_non_deterministic_state()

    def __call__(self):
        return self.generator.uniform([], 1, 7, tf.int32)


dice = _Dice()


class Counter(tf.Module):
    def __init__(self):
        super().__init__()
        self.n = tf.Variable(tf.zeros([], tf.int32), name="n")

    def __call__(self):
        after = self.n + 1
        self.n.assign(after)
        return after


class _Fused:
    def __init__(self):
        self.compiled = tf.function(self.plain, jit_compile=True)

    def plain(self, a, b, c):
        return tf.reduce_sum(a * b + c)

    def __call__(self, a, b, c):
        return self.compiled(a, b, c)


fused = _Fused()
