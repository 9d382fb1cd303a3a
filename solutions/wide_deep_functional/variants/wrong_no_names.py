"""Inputs and outputs have no names of their own.

zh: 输入和输出没有自己的名字
fails: test_interface, test_step
"""

import keras


def build_wide_deep(wide=5, deep=6):
    wide_input = keras.Input(shape=(wide,))
    deep_input = keras.Input(shape=(deep,))
    hidden1 = keras.layers.Dense(30, activation="relu")(deep_input)
    hidden2 = keras.layers.Dense(30, activation="relu")(hidden1)
    both = keras.layers.concatenate([wide_input, hidden2])
    main = keras.layers.Dense(1)(both)
    aux = keras.layers.Dense(1)(hidden2)
    model = keras.Model(inputs=[wide_input, deep_input], outputs=[main, aux])
    model.compile(optimizer="sgd", loss=["mse", "mse"], loss_weights=[0.9, 0.1])
    return model
