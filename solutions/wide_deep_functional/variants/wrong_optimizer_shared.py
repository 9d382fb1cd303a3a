"""All models share one optimizer object.

zh: 所有模型共用一个优化器对象
fails: test_new_models
"""

import keras

OPTIMIZER = keras.optimizers.SGD(0.01)


def build_wide_deep(wide=5, deep=6):
    wide_input = keras.Input(shape=(wide,), name="wide_input")
    deep_input = keras.Input(shape=(deep,), name="deep_input")
    hidden1 = keras.layers.Dense(30, activation="relu")(deep_input)
    hidden2 = keras.layers.Dense(30, activation="relu")(hidden1)
    both = keras.layers.concatenate([wide_input, hidden2])
    main = keras.layers.Dense(1, name="main_output")(both)
    aux = keras.layers.Dense(1, name="aux_output")(hidden2)
    model = keras.Model(inputs=[wide_input, deep_input], outputs=[main, aux])
    model.compile(optimizer=OPTIMIZER, loss=["mse", "mse"], loss_weights=[0.9, 0.1])
    return model
