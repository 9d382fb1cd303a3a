"""A class draws the graph; losses and their weights come in dicts by name.

zh: 由一个类来搭图；损失及其权重写在以输出名为键的字典里
"""

from __future__ import annotations

import tensorflow as tf

Dense = tf.keras.layers.Dense


class _Architect:
    """Collects the ends of the graph, one after the other."""

    def __init__(self, **features: int) -> None:
        self.inputs = [tf.keras.Input((n,), name=f"{k}_input") for k, n in features.items()]
        self.outputs: list = []

    def answer(self, tensor, name: str) -> None:
        self.outputs.append(Dense(units=1, activation=None, name=name)(tensor))

    def finish(self) -> tf.keras.Model:
        return tf.keras.Model(self.inputs, self.outputs, name="wide_and_deep")


def build_wide_deep(wide: int = 5, deep: int = 6) -> tf.keras.Model:
    architect = _Architect(wide=wide, deep=deep)
    straight, path = architect.inputs
    for _ in range(2):
        path = Dense(30, tf.nn.relu, kernel_initializer="he_normal")(path)
    architect.answer(tf.keras.layers.Concatenate(axis=1)([path, straight]), "main_output")
    architect.answer(path, "aux_output")
    model = architect.finish()
    model.compile(
        loss={"aux_output": "mean_squared_error", "main_output": "mean_squared_error"},
        loss_weights={"aux_output": 0.1, "main_output": 0.9},
        optimizer=tf.keras.optimizers.Adam(learning_rate=1e-2),
    )
    return model


if __name__ == "__main__":
    build_wide_deep().summary()
