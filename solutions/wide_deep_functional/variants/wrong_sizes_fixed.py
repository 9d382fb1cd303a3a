"""The inputs always have 5 and 6 features.

zh: 输入永远是 5 个和 6 个特征
fails: test_sizes
"""

import keras


def build_wide_deep(wide=5, deep=6):
    wide_input = keras.Input(shape=(5,), name="wide_input")
    deep_input = keras.Input(shape=(6,), name="deep_input")
    hidden1 = keras.layers.Dense(30, activation="relu")(deep_input)
    hidden2 = keras.layers.Dense(30, activation="relu")(hidden1)
    both = keras.layers.concatenate([wide_input, hidden2])
    main = keras.layers.Dense(1, name="main_output")(both)
    aux = keras.layers.Dense(1, name="aux_output")(hidden2)
    model = keras.Model(inputs=[wide_input, deep_input], outputs=[main, aux])
    model.compile(optimizer="sgd", loss=["mse", "mse"], loss_weights=[0.9, 0.1])
    return model
