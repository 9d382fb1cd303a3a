"""Public tests: a first look at your blocks. `pytest exercises/residual` runs them."""

import numpy as np

from grader.checks import Text, Why, check, fetch


def fill(session, owner, last=None):
    """Square kernels become unit matrices, other kernels ones (or `last`), biases 0."""
    weights = fetch(owner.weights)
    for weight, array in zip(weights, session.arrays(weights), strict=True):
        value = np.zeros(array.shape)
        if array.ndim == 2:
            value += np.eye(array.shape[0]) if len(set(array.shape)) == 1 else 1
        if last is not None and array.shape == (30, 1):
            value *= last
        weight.assign(value.astype("float32"))


@check(
    title=Text("A block's outputs", "残差块的输出"),
    points=2,
    topic="values",
    hint=Text(
        "With unit matrices as kernels every layer is relu: the block gives x + relu(x).",
        "核取单位矩阵时，每一层就是 relu：块给出 x + relu(x)。",
    ),
)
def test_block(student, expect):
    """Two layers of three units, whose kernels are unit matrices."""
    x = np.array([[1.0, -2.0, 0.5]], "float32")
    block = student.ResidualBlock(2, 3)
    block(x)
    fill(student, block)
    expect.close(
        block(x),
        np.array([[2.0, -2.0, 1.0]], "float32"),
        ask=Text(
            "`ResidualBlock(2, 3)` of [[1, -2, 0.5]], kernels being unit matrices, biases 0",
            "`ResidualBlock(2, 3)` 作用于 [[1, -2, 0.5]]（核为单位矩阵，偏置为 0）",
        ),
        why=[
            Why([[1.0, 0.0, 0.5]], Text("the input isn't added", "没有加上输入")),
            Why([[2.0, 0.0, 1.0]], Text("relu is applied to the sum", "对和做了 relu")),
        ],
    )


@check(
    title=Text("The regressor's outputs and weights", "回归模型的输出与权重"),
    points=2,
    topic="values",
    hint=Text(
        "With unit matrices in its layers a block doubles what isn't negative: 1 + 3 times, and"
        " once more.",
        "块里各层的核是单位矩阵时，非负的数经过一个块就翻一倍：先是 1 + 3 次，再加一次。",
    ),
)
def test_regressor(student, expect):
    """From 1 + 2 = 3 to 3 · 2⁵, thirty times, over 32."""
    x = np.array([[1.0, 2.0]], "float32")
    model = student.ResidualRegressor(1)
    model(x)
    expect.equal(
        len(student.arrays(model.weights)),
        12,
        ask=Text(
            "the number of weights of `ResidualRegressor(1)`",
            "`ResidualRegressor(1)` 的权重个数",
        ),
    )
    fill(student, model, last=1 / 32)
    expect.close(
        model(x),
        np.array([[90.0]], "float32"),
        ask=Text(
            "`ResidualRegressor(1)` of [[1, 2]] with kernels of ones, unit matrices and 1/32",
            "`ResidualRegressor(1)` 作用于 [[1, 2]]（核依次为全 1、单位矩阵和 1/32）",
        ),
    )


@check(
    title=Text("Configurations", "配置"),
    points=2,
    topic="serialization",
    hint=Text(
        "The constructor's arguments, beside what the base class gives.",
        "构造函数的参数，再加上基类给出的内容。",
    ),
)
def test_config(student, expect):
    """n_layers and n_neurons; output_dim."""
    block, model = (
        student.ResidualBlock(4, 3).get_config(),
        student.ResidualRegressor(2).get_config(),
    )
    expect.equal(
        [block.get("n_layers"), block.get("n_neurons")],
        [4, 3],
        ask=Text(
            "`n_layers` and `n_neurons` in the config of `ResidualBlock(4, 3)`",
            "`ResidualBlock(4, 3)` 的配置中的 `n_layers` 和 `n_neurons`",
        ),
    )
    expect.equal(
        model.get("output_dim"),
        2,
        ask=Text(
            "`output_dim` in the config of `ResidualRegressor(2)`",
            "`ResidualRegressor(2)` 的配置中的 `output_dim`",
        ),
    )


@check(
    title=Text("A regressor survives a reload", "回归模型能重新加载"),
    points=2,
    topic="serialization",
    hint=Text(
        "Both classes need @keras.utils.register_keras_serializable().",
        "两个类都需要 @keras.utils.register_keras_serializable()。",
    ),
    timeout=30.0,
)
def test_reload(student, expect):
    """Saved here, loaded in a fresh process."""
    x = np.array([[0.5, -1.0, 2.0]], "float32")
    model = student.ResidualRegressor(2)
    ask = Text("the outputs of `ResidualRegressor(2)`", "`ResidualRegressor(2)` 的输出")
    want = expect.array(model(x), ask=ask, shape=(1, 2), dtype="float32")
    loaded = student.fresh().load(student.save(model))
    expect.close(
        loaded(x),
        want,
        ask=Text("the outputs of the reloaded regressor", "重新加载的回归模型的输出"),
        atol=1e-5,
    )
