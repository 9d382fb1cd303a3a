"""What you can check yourself: `pytest exercises/components`. The course asks more of the kind."""

import numpy as np

from grader.checks import Text, Why, check

# Σ|w| = 4 and Σw² = 5.5.
W = np.array([[1.0, -2.0], [0.5, -0.5]], dtype="float32")


def both(text):
    """A text that is the same in both languages."""
    return Text(text, text)


@check(
    title=Text("`my_swish`", "`my_swish`"),
    points=2,
    topic="values",
    hint=Text(
        "z · sigmoid(z): practically z for a huge z, practically 0 for a huge negative one.",
        "z · sigmoid(z)：z 很大时几乎就是 z，z 是很大的负数时几乎就是 0。",
    ),
)
def test_swish(student, expect):
    """Three ordinary numbers and two huge ones, with the gradient."""
    z = np.array([-1.0, 0.0, 2.0, 10000.0, -10000.0], "float32")
    got = student.gradient(student.my_swish, z)
    expect.close(
        got.value,
        np.array([-0.26894143, 0.0, 1.7615942, 10000.0, 0.0], "float32"),
        ask=both("`my_swish([-1, 0, 2, 10000, -10000])`"),
        why=[Why(np.maximum(z, 0), Text("that is relu", "这是 relu"))],
    )
    expect.close(
        got.grads[0],
        np.array([0.07232948, 0.5, 1.0907843, 1.0, 0.0], "float32"),
        ask=Text(
            "the gradient of `my_swish` at [-1, 0, 2, 10000, -10000]",
            "`my_swish` 在 [-1, 0, 2, 10000, -10000] 处的梯度",
        ),
    )


@check(
    title=Text("The initializers", "两个初始化器"),
    points=2,
    topic="values",
    hint=Text(
        "√(2 / (fan_in + fan_out)) and √(2 / fan_in). Here fan_in is 100, then 2·2·25.",
        "√(2 / (fan_in + fan_out)) 和 √(2 / fan_in)。这里的 fan_in 先是 100，再是 2·2·25。",
    ),
)
def test_initializers(student, expect):
    """The deviations of 10,000 draws each."""
    for name, shape, sigma in [
        ("my_glorot_initializer", (100, 100), 0.1),
        ("my_glorot_initializer", (2, 2, 25, 100), 0.0632),
        ("my_he_normal", (100, 100), 0.1414),
        ("my_he_normal", (2, 2, 25, 100), 0.1414),
    ]:
        ask = both(f"`{name}({shape})`")
        values = expect.array(student[name](shape), ask=ask, shape=shape, dtype="float32")
        # Six standard errors of the deviation of 10,000 draws: 4.2 %.
        deviation = float(values.std())
        expect.true(
            abs(deviation - sigma) <= 0.0425 * sigma,
            ask=ask,
            expected=Text(f"standard deviation {sigma}", f"标准差 {sigma}"),
            got=Text(f"{deviation:.4f}", f"{deviation:.4f}"),
        )


@check(
    title=Text("Regularizers and constraint", "正则化器与约束"),
    points=2,
    topic="values",
    hint=Text(
        "The absolute values add up to 4 and the squares to 5.5; negative weights become 0.",
        "绝对值之和是 4，平方和是 5.5；负的权重变成 0。",
    ),
)
def test_regularizers(student, expect):
    """Both functions, the class, and the constraint on one matrix."""
    shown = "[[1, -2], [0.5, -0.5]]"
    for call, got, want in [
        ("my_l1_regularizer", student.my_l1_regularizer(W), 0.04),
        ("my_l2_regularizer", student.my_l2_regularizer(W), 0.055),
        ("MyL1Regularizer(0.25)", student.MyL1Regularizer(0.25)(W), 1.0),
    ]:
        expect.close(got, np.float32(want), ask=both(f"`{call}({shown})`"))
    expect.close(
        student.my_positive_weights(W),
        np.array([[1.0, 0.0], [0.5, 0.0]], "float32"),
        ask=both(f"`my_positive_weights({shown})`"),
    )


@check(
    title=Text("A layer with all of it survives a reload", "装上全部零件的层能重新加载"),
    points=2,
    topic="serialization",
    hint=Text(
        "Register every function and the class with `keras.utils.register_keras_serializable`.",
        "用 `keras.utils.register_keras_serializable` 注册每个函数和那个类。",
    ),
    timeout=120.0,  # a new Python process imports TensorFlow
)
def test_reload(student, expect):
    """A new process loads a model with the parts inside."""
    keras = student.keras
    model = keras.Sequential(
        [
            keras.Input((2,)),
            keras.layers.Dense(
                2,
                activation=student.my_swish,
                kernel_initializer=student.my_glorot_initializer,
                kernel_regularizer=student.MyL1Regularizer(0.25),
                kernel_constraint=student.my_positive_weights,
            ),
            keras.layers.Dense(
                1,
                kernel_initializer=student.my_he_normal,
                kernel_regularizer=student.my_l1_regularizer,
                bias_regularizer=student.my_l2_regularizer,
            ),
        ]
    )
    x = np.array([[1.0, 2.0], [-3.0, 0.5]], "float32")
    loaded = student.fresh().load(student.save(model))
    expect.close(
        loaded(x),
        expect.array(model(x), ask=Text("the model's outputs", "模型的输出"), shape=(2, 1)),
        ask=Text("outputs of the reloaded model", "重新加载的模型的输出"),
    )
