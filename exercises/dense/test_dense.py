"""Public checks of `dense`, with small numbers: `pytest exercises/dense`."""

import numpy as np

from grader.checks import Text, check, fetch

X = np.array([[1.0, 2.0, 3.0], [0.0, -1.0, 1.0]], "float32")
KERNEL = np.array([[1.0, 0.0], [0.0, 1.0], [2.0, -2.0]], "float32")
BIAS = np.array([0.5, 0.5], "float32")


@check(
    title=Text("The example of the statement", "题目中的示例"),
    points=1,
    topic="values",
    hint=Text(
        "`activation(inputs @ kernel + bias)`: 1·1 + 2·0 + 3·2 + 0.5 = 7.5.",
        "`activation(inputs @ kernel + bias)`：1·1 + 2·0 + 3·2 + 0.5 = 7.5。",
    ),
)
def test_example(student, expect):
    for activation, want in [
        (None, [[7.5, -3.5], [2.5, -2.5]]),
        ("relu", [[7.5, 0.0], [2.5, 0.0]]),
    ]:
        shown = "MyDense(2)" if activation is None else f'MyDense(2, activation="{activation}")'
        layer = student.MyDense(2, activation=activation)
        layer.build((None, 3))
        layer.set_weights([KERNEL, BIAS])
        expect.close(
            layer(X),
            np.array(want, "float32"),
            ask=Text(f"`{shown}` on two rows", f"`{shown}` 作用于两行数据"),
        )


@check(
    title=Text("A stack of three axes", "三个轴的输入"),
    points=1,
    topic="values",
    hint=Text(
        "The number of inputs is the *last* entry of `input_shape`.",
        "输入的个数是 `input_shape` 的*最后*一项。",
    ),
)
def test_rank_three(student, expect):
    layer = student.MyDense(2)
    ask = Text("`MyDense(2)` on an input of shape (1, 2, 3)", "`MyDense(2)`，输入形状为 (1, 2, 3)")
    expect.array(layer(X[None]), ask=ask, shape=(1, 2, 2))
    layer.set_weights([KERNEL, BIAS])
    expect.close(layer(X[None]), np.array([[[7.5, -3.5], [2.5, -2.5]]], "float32"), ask=ask)


@check(
    title=Text("When the weights are made", "权重在什么时候创建"),
    points=1,
    topic="interface",
    hint=Text(
        "Twice `self.add_weight(name=…, shape=…, initializer=…)`, in `build`.",
        "在 `build` 里调用两次 `self.add_weight(name=…, shape=…, initializer=…)`。",
    ),
)
def test_build(student, expect):
    layer = student.MyDense(2)
    expect.equal(fetch(layer.weights), [], ask=Text("`MyDense(2).weights`", "`MyDense(2).weights`"))
    layer.build((None, 3))
    found = [[fetch(weight.name), list(fetch(weight.shape))] for weight in fetch(layer.weights)]
    expect.equal(
        sorted(found),
        [["bias", [2]], ["kernel", [3, 2]]],
        ask=Text(
            "names and shapes of the weights after `build((None, 3))`",
            "`build((None, 3))` 之后各权重的名字和形状",
        ),
    )


@check(
    title=Text("The output's shape", "输出的形状"),
    points=1,
    topic="interface",
    hint=Text(
        "A tuple comes in; a tuple goes out, with `units` in the last place.",
        "收到元组，返回元组，最后一项是 `units`。",
    ),
)
def test_output_shape(student, expect):
    for shape, want in [((None, 3), (None, 2)), ((None, 4, 3), (None, 4, 2))]:
        ask = Text(
            f"`MyDense(2).compute_output_shape({shape})`",
            f"`MyDense(2).compute_output_shape({shape})`",
        )
        expect.equal(student.MyDense(2).compute_output_shape(shape), want, ask=ask)


@check(
    title=Text("The config, there and back", "配置的导出与还原"),
    points=1,
    topic="serialization",
    hint=Text(
        "`keras.activations.serialize` keeps an activation with all its settings.",
        "`keras.activations.serialize` 会保留激活函数的全部设置。",
    ),
)
def test_config(student, expect):
    steep = student.keras.layers.LeakyReLU(negative_slope=0.5)
    for shown, activation, want in [
        ('"relu"', "relu", [[7.5, 0.0], [2.5, 0.0]]),
        ("LeakyReLU(negative_slope=0.5)", steep, [[7.5, -1.75], [2.5, -1.25]]),
    ]:
        config = student.MyDense(2, activation=activation).get_config()
        copy = student.MyDense.from_config(config)
        copy.build((None, 3))
        copy.set_weights([KERNEL, BIAS])
        expect.close(
            copy(X),
            np.array(want, "float32"),
            ask=Text(
                f"the copy of a `MyDense(2, activation={shown})` made from its config",
                f"由 `MyDense(2, activation={shown})` 的配置还原的副本",
            ),
        )


@check(
    title=Text("Reload in a new process", "在新进程里重新加载"),
    points=1,
    topic="serialization",
    hint=Text(
        "The class needs the decorator `keras.utils.register_keras_serializable`.",
        "类需要装饰器 `keras.utils.register_keras_serializable`。",
    ),
)
def test_reload(student, expect):
    keras = student.keras
    layer = student.MyDense(2, activation="relu")
    model = keras.Sequential([keras.Input((3,)), layer])
    layer.set_weights([KERNEL, BIAS])
    loaded = student.fresh().load(student.save(model))
    expect.close(
        loaded(X),
        np.array([[7.5, 0.0], [2.5, 0.0]], "float32"),
        ask=Text(
            "a model with one `MyDense`, saved and loaded in a new process",
            "只含一个 `MyDense` 的模型，保存后在新进程里加载",
        ),
    )
