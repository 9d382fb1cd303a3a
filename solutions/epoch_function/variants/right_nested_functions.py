"""A traced step inside a traced epoch, Chinese names.

zh: 追踪的训练步放在追踪的一轮里，标识符用中文
"""

import tensorflow as tf


@tf.function(reduce_retracing=True)
def 一步(模型, 优化器, 损失函数, 输入, 标签):
    with tf.GradientTape() as 记录:
        误差 = tf.math.reduce_mean(损失函数(标签, 模型(输入, training=True)))
        总和 = 误差 + sum(模型.losses)
    变量 = 模型.trainable_variables
    优化器.apply(记录.gradient(总和, 变量), 变量)
    return 误差


@tf.function
def train_one_epoch(model, optimizer, loss_fn, dataset):
    总误差 = tf.constant(0.0)
    for 序号, (输入, 标签) in dataset.enumerate():
        if 序号 % 100 == 0:
            tf.print("批次", 序号)
        总误差 += 一步(model, optimizer, loss_fn, 输入, 标签)
    return 总误差


if __name__ == "__main__":
    print(train_one_epoch)
