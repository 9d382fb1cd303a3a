"""Saves a model where it may not write.

stopped by: Landlock, and the outer wall
witness: marker
control: open
"""

import keras


def square(x):
    model = keras.Sequential([keras.layers.Input((1,)), keras.layers.Dense(1)])
    model.save("@GROUND@/model.keras")
    return x
