"""A wide & deep model with two inputs and two outputs, made with Keras's functional API."""

import keras


def build_wide_deep(wide=5, deep=6):
    """Make a compiled wide & deep model.

    Layers, with x1 the wide and x2 the deep input:

    - hidden1 = Dense(30, relu) of x2; hidden2 = Dense(30, relu) of hidden1;
    - main_output = Dense(1) of x1 and hidden2, concatenated;
    - aux_output = Dense(1) of hidden2.

    Args:
        wide: int ≥ 1, features of the wide input.
        deep: int ≥ 1, features of the deep input.

    Returns:
        Functional `keras.Model`. Its inputs are the list [`wide_input`, `deep_input`], of shapes
        (batch, wide) and (batch, deep), float32; its outputs the list [`main_output`,
        `aux_output`], both of shape (batch, 1). It is compiled with mean squared error for each
        output, weighted 0.9 (main) and 0.1 (auxiliary), and an optimizer of your choice. Every
        call returns a new model with new layers and a new optimizer.
    """
    raise NotImplementedError
