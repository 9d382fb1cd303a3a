"""The layers exist before the function is called, so all models share them.

zh: 层在调用函数之前就已创建，所有模型共用它们
fails: test_sizes, test_new_models
"""

import keras

HIDDEN1 = keras.layers.Dense(30, activation="relu")
HIDDEN2 = keras.layers.Dense(30, activation="relu")
MAIN = keras.layers.Dense(1, name="main_output")
AUX = keras.layers.Dense(1, name="aux_output")


def build_wide_deep(wide=5, deep=6):
    wide_input = keras.Input(shape=(wide,), name="wide_input")
    deep_input = keras.Input(shape=(deep,), name="deep_input")
    hidden2 = HIDDEN2(HIDDEN1(deep_input))
    main = MAIN(keras.layers.concatenate([wide_input, hidden2]))
    aux = AUX(hidden2)
    model = keras.Model(inputs=[wide_input, deep_input], outputs=[main, aux])
    model.compile(optimizer="sgd", loss=["mse", "mse"], loss_weights=[0.9, 0.1])
    return model
