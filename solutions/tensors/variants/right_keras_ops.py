"""Written with keras.ops throughout.

zh: 全部用 keras.ops 写成
"""

from keras import ops


def gram(t):
    return ops.matmul(t, ops.transpose(t))


def standardize_columns(t):
    lowest = ops.min(t, axis=0, keepdims=True)
    constant = ops.equal(lowest, ops.max(t, axis=0, keepdims=True))
    deviation = ops.std(t, axis=0, keepdims=True)
    deviation = ops.where(constant, ops.ones_like(deviation), deviation)
    centred = t - ops.mean(t, axis=0, keepdims=True)
    return ops.where(constant, ops.zeros_like(t), centred / deviation)


def nearest_code(observation, codes):
    distances = ops.norm(ops.subtract(codes, observation), axis=1)
    return ops.cast(ops.argmin(distances), "int64")


def add_as(a, b):
    return ops.add(a, ops.cast(b, a.dtype.name))
