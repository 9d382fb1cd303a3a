"""The outputs are in the wrong order.

zh: 两个输出的次序不对
fails: test_interface, test_main_output, test_aux_output, test_step
"""

import keras


def build_wide_deep(wide=5, deep=6):
    wide_input = keras.Input(shape=(wide,), name="wide_input")
    deep_input = keras.Input(shape=(deep,), name="deep_input")
    hidden1 = keras.layers.Dense(30, activation="relu")(deep_input)
    hidden2 = keras.layers.Dense(30, activation="relu")(hidden1)
    both = keras.layers.concatenate([wide_input, hidden2])
    main = keras.layers.Dense(1, name="main_output")(both)
    aux = keras.layers.Dense(1, name="aux_output")(hidden2)
    model = keras.Model(inputs=[wide_input, deep_input], outputs=[aux, main])
    model.compile(optimizer="sgd", loss=["mse", "mse"], loss_weights=[0.9, 0.1])
    return model
