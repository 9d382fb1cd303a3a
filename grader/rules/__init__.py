"""Advice on code that is read and never run: Keras 2 habits, `tf.function` traps."""
