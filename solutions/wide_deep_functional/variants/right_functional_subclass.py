"""A subclass of `Model` that is given its inputs and outputs; losses are functions.

zh: `Model` 的子类，创建时把输入和输出交给它；损失是函数
"""

import keras
import tensorflow as tf


def squared_error(y_true, y_pred):
    return tf.reduce_mean(tf.square(y_pred - y_true), axis=-1)


class WideDeep(keras.Model):
    @classmethod
    def make(cls, wide, deep):
        x1 = keras.Input(shape=(wide,), name="wide_input")
        x2 = keras.Input(shape=(deep,), name="deep_input")
        first, second, main, aux = (
            keras.layers.Dense(units, name=name)
            for units, name in ((30, "one"), (30, "two"), (1, "main_output"), (1, "aux_output"))
        )
        z = keras.activations.relu(second(keras.activations.relu(first(x2))))
        return cls(inputs=[x1, x2], outputs=[main(keras.layers.Concatenate()([x1, z])), aux(z)])


def build_wide_deep(wide=5, deep=6):
    model = WideDeep.make(wide, deep)
    model.compile(
        optimizer=keras.optimizers.Adagrad(),
        loss=[squared_error, squared_error],
        loss_weights=[0.9, 0.1],
        metrics=[["mae"], ["mae"]],
    )
    return model
