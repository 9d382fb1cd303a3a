"""A layer of its own reconstructs, adds the loss and keeps the metric; Chinese names.

zh: 由一个单独的层负责重建、加入损失、保存指标；变量名用中文
"""

import keras


class Reconstruction(keras.layers.Layer):
    def __init__(self, 权重, **其他):
        super().__init__(**其他)
        self.权重 = 权重
        self.平均误差 = keras.metrics.Mean(name="reconstruction_error")

    def build(self, 形状):
        隐藏形状, 输入形状 = 形状
        self.解码层 = keras.layers.Dense(输入形状[-1])
        self.解码层.build(隐藏形状)

    def call(self, 两者):
        隐藏, 输入 = 两者
        误差 = keras.losses.MeanSquaredError()(输入, self.解码层(隐藏))
        self.add_loss(self.权重 * 误差)
        self.平均误差.update_state(误差)
        return 隐藏


class ReconstructingRegressor(keras.Model):
    def __init__(self, output_dim, reconstruction_weight=0.05, **kwargs):
        super().__init__(**kwargs)
        self.隐藏层 = [
            keras.layers.Dense(30, activation=keras.activations.selu) for _ in "一二三四五"
        ]
        self.输出层 = keras.layers.Dense(output_dim)
        self.重建 = Reconstruction(reconstruction_weight)

    def build(self, input_shape):
        self.重建.build([(None, 30), tuple(input_shape)])
        self.重建.built = True

    def call(self, inputs, training=None):
        z = inputs
        for 层 in self.隐藏层:
            z = 层(z)
        print("调用", inputs.shape)
        return self.输出层(self.重建([z, inputs]))
