"""Has Keras download a file.

stopped by: seccomp, and the outer wall
witness: heard
control: open
"""

import keras


def square(x):
    keras.utils.get_file("weights", "http://127.0.0.1:@TCP@/weights", cache_dir=".")
    return x
