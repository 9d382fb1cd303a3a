"""What you can check yourself: `pytest exercises/layers`. The course asks more of the kind."""

import numpy as np

from grader.checks import Text, check, fetch

X1 = np.array([[3.0, 6.0], [-2.0, 7.0]], "float32")
X2 = np.array([[4.0, 0.5], [8.0, -2.0]], "float32")


def both(text):
    """A text that is the same in both languages."""
    return Text(text, text)


@check(
    title=Text("`exponential_layer`", "`exponential_layer`"),
    points=1,
    topic="values",
    hint=Text(
        "The function returns a Keras layer; the layer computes e^x.",
        "这个函数返回一个 Keras 层，由那个层计算 e^x。",
    ),
)
def test_exponential(student, expect):
    """e^x of three numbers, in a layer."""
    layer = expect.remote(student.exponential_layer(), ask=both("`exponential_layer()`"))
    expect.true(
        student.is_a(layer, "keras.layers.Layer"),
        ask=both("`exponential_layer()`"),
        expected=Text("a Keras layer", "Keras 的层"),
        got=Text("something else", "别的东西"),
    )
    expect.close(
        layer(np.array([-1.0, 0.0, 2.0], "float32")),
        np.array([0.36787944, 1.0, 7.3890561], "float32"),
        ask=both("`exponential_layer()([-1, 0, 2])`"),
    )


@check(
    title=Text("`MyMultiLayer`", "`MyMultiLayer`"),
    points=2,
    topic="values",
    hint=Text(
        "One argument with two tensors in it; three outputs: sum, product, quotient.",
        "一个参数，里面有两个张量；三个输出：和、积、商。",
    ),
)
def test_multi(student, expect):
    """Numbers first, then symbolic inputs."""
    for wrap, shown in ((tuple, "(x1, x2)"), (list, "[x1, x2]")):
        got = student.MyMultiLayer()(wrap([X1, X2]))
        ask = both(f"`MyMultiLayer()({shown})`")
        expect.equal(len(got) if type(got) in (tuple, list) else got, 3, ask=ask)
        for output, want in zip(got, (X1 + X2, X1 * X2, X1 / X2), strict=True):
            expect.close(output, want, ask=ask)
    inputs = (student.keras.Input((2,)), student.keras.Input((2,)))
    for output in student.MyMultiLayer()(inputs):
        expect.equal(
            fetch(output.shape),
            (None, 2),
            ask=Text(
                "an output of `MyMultiLayer()` on two symbolic inputs",
                "`MyMultiLayer()` 作用于两个符号输入时的一个输出",
            ),
        )


@check(
    title=Text("`CustomConcat`", "`CustomConcat`"),
    points=2,
    topic="values",
    hint=Text("The last axis unless the caller wants another.", "默认是最后一个轴，除非另有指定。"),
)
def test_concat(student, expect):
    """The default axis, and axis 0 with three inputs."""
    expect.close(
        student.CustomConcat()((X1, X2)),
        np.array([[3.0, 6.0, 4.0, 0.5], [-2.0, 7.0, 8.0, -2.0]], "float32"),
        ask=both("`CustomConcat()((x1, x2))`"),
    )
    expect.close(
        student.CustomConcat(axis=0)([X1, X2, X1]),
        np.concatenate([X1, X2, X1]),
        ask=both("`CustomConcat(axis=0)([x1, x2, x1])`"),
    )


@check(
    title=Text("`MyGaussianNoise`", "`MyGaussianNoise`"),
    points=2,
    topic="training",
    hint=Text(
        "Noise only when `training` is True, and another one each time.",
        "只有 `training` 为 True 时才加噪声，并且每次都不同。",
    ),
)
def test_noise(student, expect):
    """No noise by default; other noise, of the right size, in two calls of a traced function."""
    layer = student.MyGaussianNoise(0.5)
    expect.close(layer(X1), X1, ask=both("`MyGaussianNoise(0.5)(x1)`"))
    x = np.zeros((50, 50), "float32")
    traced = student.tf.function(layer)
    ask = Text(
        "`MyGaussianNoise(0.5)(x, training=True)`, traced, on 2500 zeros",
        "追踪后的 `MyGaussianNoise(0.5)(x, training=True)`，x 是 2500 个零",
    )
    first, second = (expect.array(traced(x, training=True), ask=ask, want=x) for _ in range(2))
    # Six standard errors of the deviation of 2500 draws: 8.5 %.
    expect.true(
        abs(float(first.std()) - 0.5) <= 0.0425,
        ask=ask,
        expected=Text("standard deviation 0.5", "标准差 0.5"),
        got=Text(f"{first.std():.4f}", f"{first.std():.4f}"),
    )
    expect.true(
        not np.array_equal(first, second),
        ask=ask,
        expected=Text("new noise on the second call", "第二次调用有新的噪声"),
        got=Text("the same noise again", "同样的噪声又出现了"),
    )
