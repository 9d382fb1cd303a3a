"""Feeds the step from a dataset whose seed comes from `rng`, and names everything in Chinese.

zh: 用数据集给训练步供料，种子取自 `rng`，变量名用中文
"""

import tensorflow as tf

Mean = tf.keras.metrics.Mean


def random_batch(X, y, batch_size, rng):
    行号 = [int(rng.random() * len(X)) for _ in range(batch_size)]
    return [X[行号], y[行号]]


def _数据集(X, y, batch_size, rng):
    种子 = int(rng.integers(2**31))
    数据 = tf.data.Dataset.from_tensor_slices((X, y))
    数据 = 数据.shuffle(len(X), seed=种子, reshuffle_each_iteration=True)
    return 数据.batch(batch_size, drop_remainder=True)


def train(model, X, y, *, epochs, batch_size, optimizer, loss_fn, metrics=(), rng):
    平均损失 = Mean(name="loss")
    全部指标 = [平均损失, *metrics]

    def 一步(特征, 标签):
        with tf.GradientTape(persistent=True) as 带子:
            预测 = model(特征, training=True)
            主损失 = tf.reduce_mean(loss_fn(标签, 预测))
            总损失 = 主损失 + sum(model.losses)
        变量 = model.trainable_variables
        梯度 = 带子.gradient(总损失, 变量)
        del 带子
        optimizer.apply_gradients(list(zip(梯度, 变量, strict=True)))
        平均损失(总损失)
        for 指标 in metrics:
            指标(标签, 预测)

    一步 = tf.function(一步, reduce_retracing=True)
    数据 = _数据集(X, y, batch_size, rng)
    历史 = {}
    for _ in range(epochs):
        for 指标 in 全部指标:
            指标.reset_state()
        for 特征, 标签 in 数据:
            一步(特征, 标签)
        for 指标 in 全部指标:
            历史.setdefault(指标.name, []).append(指标.result().numpy().item())
    return 历史
