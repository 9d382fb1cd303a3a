"""Activations are layers of their own; Nesterov momentum.

zh: 激活函数单独成层；带 Nesterov 动量
"""

import keras
from keras import layers

OUTPUT_WEIGHTS = (0.9, 0.1)


def _hidden(tensor, number):
    linear = layers.Dense(30, kernel_initializer="he_uniform")
    return layers.ReLU(name=f"bend{number}")(linear(tensor))


def build_wide_deep(wide=5, deep=6):
    inputs = [
        layers.Input(shape=[size], dtype="float32", name=name)
        for name, size in zip(["wide_input", "deep_input"], (wide, deep), strict=True)
    ]
    deep_path = _hidden(_hidden(inputs[1], 1), 2)
    merged = keras.ops.concatenate((deep_path, inputs[0]), axis=-1)
    heads = {"main_output": merged, "aux_output": deep_path}
    outputs = [layers.Dense(1, "linear", name=name)(tensor) for name, tensor in heads.items()]
    model = keras.Model(inputs=inputs, outputs=outputs)
    optimizer = keras.optimizers.SGD(learning_rate=0.05, momentum=0.9, nesterov=True)
    model.compile(optimizer=optimizer, loss=["mse"] * 2, loss_weights=list(OUTPUT_WEIGHTS))
    return model
