"""Hidden checks of `wide_deep_functional`: the graph of layers, the losses, one step, new models.

Weights are told apart by their shapes (a bias comes after its kernel, as in every Dense layer), so
that names of hidden layers and the order in which layers are made are free. What a model has to
give is then computed here, in NumPy. All checks but `test_sizes` use the default sizes, and what is
wrong with the order of the inputs is said by `test_interface` alone.
"""

from dataclasses import dataclass, fields, replace

import numpy as np
from numpy.typing import NDArray

from grader.checks import StudentError, Text, Why, as_numpy, check, fetch

UNITS = 30
INPUTS, OUTPUTS = ["wide_input", "deep_input"], ["main_output", "aux_output"]


def code(text):
    """A piece of code, the same in both languages."""
    return Text(f"`{text}`", f"`{text}`")


def relu(x):
    return np.maximum(x, 0)


@dataclass(frozen=True)
class Net:
    """The values of the eight weights; the main kernel's first rows belong to the wide input."""

    kernel1: NDArray
    bias1: NDArray
    kernel2: NDArray
    bias2: NDArray
    main_kernel: NDArray
    main_bias: NDArray
    aux_kernel: NDArray
    aux_bias: NDArray

    def inside(self, x2):
        """What enters the first and the second ReLU."""
        before1 = x2 @ self.kernel1 + self.bias1
        return before1, relu(before1) @ self.kernel2 + self.bias2

    def main(self, x1, hidden):
        return np.concatenate([x1, hidden], axis=1) @ self.main_kernel + self.main_bias

    def aux(self, hidden):
        return hidden @ self.aux_kernel + self.aux_bias

    def outputs(self, x1, x2):
        hidden = relu(self.inside(x2)[1])
        return self.main(x1, hidden), self.aux(hidden)

    def slopes(self, x1, x2, y1, y2):
        """Gradients of 0.9 · main loss + 0.1 · auxiliary loss, by name."""
        before1, before2 = self.inside(x2)
        hidden1, hidden2 = relu(before1), relu(before2)
        main, aux = self.outputs(x1, x2)
        out1, out2 = (0.9 * 2 * (main - y1) / len(x1), 0.1 * 2 * (aux - y2) / len(x1))
        tail = self.main_kernel[-UNITS:]
        down2 = (out1 @ tail.T + out2 @ self.aux_kernel.T) * (before2 > 0)
        down1 = (down2 @ self.kernel2.T) * (before1 > 0)
        return {
            "main_kernel": np.concatenate([x1, hidden2], axis=1).T @ out1,
            "main_bias": out1.sum(axis=0),
            "aux_kernel": hidden2.T @ out2,
            "aux_bias": out2.sum(axis=0),
            "kernel2": hidden1.T @ down2,
            "bias2": down2.sum(axis=0),
            "kernel1": x2.T @ down1,
            "bias1": down1.sum(axis=0),
        }


def shapes_for(wide, deep):
    """The shapes of all weights, by their names in `Net`."""
    return {
        "kernel1": (deep, UNITS),
        "bias1": (UNITS,),
        "kernel2": (UNITS, UNITS),
        "bias2": (UNITS,),
        "main_kernel": (wide + UNITS, 1),
        "main_bias": (1,),
        "aux_kernel": (UNITS, 1),
        "aux_bias": (1,),
    }


def quarters(rng, shape):
    """Random multiples of 1/4 from -1 to 1. Three layers of them give multiples of 1/256 below
    6,300: float32 holds every sum on the way exactly, in whatever order it is taken."""
    return rng.integers(-4, 5, size=shape) / 4


def drawn_case(rng, rows, wide=5, deep=6, draw=quarters):
    """A net and both inputs, such that no activation too many or too few can hide.

    Both ReLUs and both outputs have numbers on both sides of 0.
    """
    while True:
        net = Net(**{name: draw(rng, shape) for name, shape in shapes_for(wide, deep).items()})
        x1, x2 = draw(rng, (rows, wide)), draw(rng, (rows, deep))
        parts = (*net.inside(x2), *net.outputs(x1, x2))
        if all(part.min() < -0.1 and part.max() > 0.1 for part in parts):
            return net, x1, x2


def single(*arrays):
    """In float32."""
    return [array.astype("float32") for array in arrays]


def two(expect, got, ask):
    """An answer that is a list of two."""
    expect.true(
        type(got) in (list, tuple) and len(got) == 2,
        ask=ask,
        expected=Text("a list of two outputs", "由两个输出组成的列表"),
        got=Text(
            f"a list of {len(got)}" if type(got) in (list, tuple) else "a single thing",
            f"含 {len(got)} 项的列表" if type(got) in (list, tuple) else "单独一个值",
        ),
    )
    return got


def turned(model, wide, deep):
    """Whether the deep input comes first, which is wrong, but for `test_interface` to say.

    If names and order are right, it is the sizes that have changed places.
    """
    try:
        inputs = fetch(model.inputs)
        shapes = [tuple(fetch(part.shape)) for part in inputs]
        if shapes != [(None, deep), (None, wide)] or wide == deep:
            return False
        return [fetch(part.name) for part in inputs] != INPUTS
    except (StudentError, TypeError):
        return False


class Built:
    """A model, with its weights by their names in `Net`."""

    def __init__(self, session, expect, args=(), kwargs=None, *, wide=5, deep=6):
        kwargs = kwargs or {}
        given = ", ".join([*map(str, args), *(f"{k}={v}" for k, v in kwargs.items())])
        self.shown = f"build_wide_deep({given})"
        self.session, self.expect = session, expect
        self.model = expect.remote(session.build_wide_deep(*args, **kwargs), ask=code(self.shown))
        self.wide, self.deep = wide, deep
        self.turned = turned(self.model, wide, deep)
        self.proxies = self._sorted_out()
        self.wide_first = self._wide_first()

    def _sorted_out(self):
        wanted = shapes_for(self.wide, self.deep)
        weights = self.session.arrays(self.model.weights)
        self.expect.equal(
            sorted(array.shape for array in weights),
            sorted(wanted.values()),
            ask=Text(
                f"the shapes of the weights of `{self.shown}`",
                f"`{self.shown}` 的权重的各个形状",
            ),
            why=[
                Why(sorted(shapes.values()), reason)
                for shapes, reason in (
                    (
                        shapes_for(self.deep, self.wide),
                        Text("wide and deep have changed places", "宽与深弄反了"),
                    ),
                    (
                        shapes_for(5, 6),
                        Text("these are the default sizes", "这是默认的大小"),
                    ),
                    (
                        wanted | {"main_kernel": (UNITS, 1)},
                        Text(
                            "the wide input doesn't reach `main_output`",
                            "宽输入没有到达 `main_output`",
                        ),
                    ),
                    (
                        wanted | {"aux_kernel": (self.wide + UNITS, 1)},
                        Text(
                            "`aux_output` sees the wide input, too", "`aux_output` 也看到了宽输入"
                        ),
                    ),
                    (
                        wanted | {"kernel1": (self.wide + self.deep, UNITS)},
                        Text(
                            "the wide input goes through the hidden layers, too",
                            "宽输入也经过了隐藏层",
                        ),
                    ),
                    (
                        {k: s for k, s in wanted.items() if k not in ("kernel2", "bias2")},
                        Text("there is one hidden layer only", "只有一个隐藏层"),
                    ),
                    (
                        {k: s for k, s in wanted.items() if not k.startswith("aux")},
                        Text("`aux_output` is missing", "缺少 `aux_output`"),
                    ),
                )
            ],
        )
        kernels = {wanted[name]: name for name in wanted if name.endswith(("1", "2", "kernel"))}
        kernels = {shape: name for shape, name in kernels.items() if len(shape) == 2}
        found, left = {}, [name for name in wanted if "bias" in name]
        latest = ""
        for proxy, array in zip(fetch(self.model.weights), weights, strict=True):
            if array.ndim == 2:
                latest = name = kernels[array.shape]
            else:
                name = latest.replace("kernel", "bias")
                if name not in left or wanted[name] != array.shape:
                    name = next(bias for bias in left if wanted[bias] == array.shape)
                left.remove(name)
            found[name] = proxy
        return found

    def _wide_first(self):
        """Whether the main kernel's first rows are those of the wide input; either is right."""
        for name, shape in shapes_for(self.wide, self.deep).items():
            value = np.zeros(shape, "float32")
            if name == "main_kernel":
                value[: self.wide] = 1
            self.proxies[name].assign(as_numpy(value))
        ones = np.ones((1, self.wide), "float32"), np.ones((1, self.deep), "float32")
        outputs = self(*ones)
        # The other way round nothing but zeros reaches the first rows.
        return any(bool(np.any(np.abs(output) > 0.5)) for output in outputs)

    def _turn(self, kernel, *, back=False):
        """The main kernel with the wide rows first, as the model has it, or back."""
        if self.wide_first:
            return kernel
        first = UNITS if back else self.wide
        return np.concatenate([kernel[first:], kernel[:first]])

    def fill(self, net):
        """Gives all weights their values."""
        for field in fields(Net):
            value = getattr(net, field.name)
            if field.name == "main_kernel":
                value = self._turn(value)
            self.proxies[field.name].assign(as_numpy(value.astype("float32")))

    def values(self):
        """The weights' values, by name."""
        values = dict(zip(self.proxies, self.session.arrays([*self.proxies.values()]), strict=True))
        return values | {"main_kernel": self._turn(values["main_kernel"], back=True)}

    def given(self, x1, x2):
        """Both inputs in the model's order."""
        return [x2, x1] if self.turned else [x1, x2]

    def __call__(self, x1, x2):
        """Both outputs, arrays of shape (n, 1)."""
        ask = Text(f"the outputs of `{self.shown}`", f"`{self.shown}` 的输出")
        got = two(self.expect, self.model(self.given(x1, x2)), ask)
        return [self.expect.array(output, ask=ask, shape=(len(x1), 1)) for output in got]


@check(
    title=Text("Two named inputs, two named outputs", "两个有名字的输入，两个有名字的输出"),
    points=1.5,
    topic="interface",
    hint=Text(
        "Names go to `keras.Input` and to the layers that make the outputs. The order of a model's"
        " inputs and outputs is that of the lists you give to `keras.Model`.",
        "名字要写给 `keras.Input` 和产生输出的层。模型输入、输出的次序，就是交给 `keras.Model`"
        " 的两个列表的次序。",
    ),
)
def test_interface(student, rng, expect):
    """A functional model; its inputs by order, shape, dtype and name, its outputs likewise."""
    expect.unconfirmed()  # class and names
    model = expect.remote(student.build_wide_deep(), ask=code("build_wide_deep()"))
    expect.true(
        student.is_a(model, "keras.src.models.functional.Functional"),
        ask=code("build_wide_deep()"),
        expected=Text("a functional model", "函数式模型"),
        got=Text("something else", "别的东西"),
        why=Text(
            "make it with `keras.Model(inputs=…, outputs=…)`",
            "请用 `keras.Model(inputs=…, outputs=…)` 来创建",
        ),
    )
    inputs = fetch(model.inputs)
    expect.equal(
        [fetch(part.name) for part in inputs],
        INPUTS,
        ask=Text("the names of the inputs, in order", "各输入的名字（按次序）"),
        why=[Why(INPUTS[::-1], Text("their order is wrong", "次序不对"))],
    )
    expect.equal(
        [(fetch(part.shape), fetch(part.dtype)) for part in inputs],
        [((None, 5), "float32"), ((None, 6), "float32")],
        ask=Text("the shapes and dtypes of the inputs", "各输入的形状和 dtype"),
        why=[
            Why(
                [((None, 6), "float32"), ((None, 5), "float32")],
                Text("wide and deep have changed places", "宽与深弄反了"),
            )
        ],
    )
    expect.equal(
        fetch(model.output_names),
        OUTPUTS,
        ask=Text("the names of the outputs, in order", "各输出的名字（按次序）"),
        why=[Why(OUTPUTS[::-1], Text("their order is wrong", "次序不对"))],
    )
    x1, x2 = single(quarters(rng, (3, 5)), quarters(rng, (3, 6)))
    ask = Text("`build_wide_deep()` called with a list", "`build_wide_deep()` 作用于列表")
    by_order = two(expect, model([x1, x2]), ask)
    for output in by_order:
        expect.array(output, ask=ask, shape=(3, 1), dtype="float32")
    ask = Text(
        "`build_wide_deep()` called with a dict of its named inputs",
        "`build_wide_deep()` 作用于以输入名为键的字典",
    )
    by_name = two(expect, model({"deep_input": x2, "wide_input": x1}), ask)
    for one, other in zip(by_order, by_name, strict=True):
        expect.close(other, one, ask=ask)


@check(
    title=Text("Four Dense layers, all of them trained", "四个全连接层，全部参与训练"),
    points=1,
    topic="interface",
    hint=Text(
        "Follow the shapes: what has 5 + 30 features, what has 30, what has 6?",
        "顺着形状看一遍：哪里有 5 + 30 个特征，哪里有 30 个，哪里有 6 个？",
    ),
)
def test_weights(student, expect):
    """Eight weights of the right shapes, all of them trainable."""
    expect.unconfirmed()  # which weights there are
    built = Built(student, expect)
    expect.equal(
        sorted(array.shape for array in student.arrays(built.model.trainable_weights)),
        sorted(shapes_for(5, 6).values()),
        ask=Text(
            "the shapes of the *trainable* weights of `build_wide_deep()`",
            "`build_wide_deep()` 的*可训练*权重的各个形状",
        ),
    )
    expect.equal(
        built.model.count_params(),
        sum(int(np.prod(shape)) for shape in shapes_for(5, 6).values()),
        ask=code("build_wide_deep().count_params()"),
    )


@check(
    title=Text("The main output", "主输出"),
    points=1.5,
    topic="values",
    hint=Text(
        "The wide input goes straight to the last layer, joined with the *second* hidden layer; a"
        " regression's last layer has no activation.",
        "宽输入直接来到最后一层，与*第二个*隐藏层拼接；回归模型的最后一层没有激活函数。",
    ),
)
def test_main_output(student, rng, expect):
    """Recomputed from random weights; the order of the concatenation is free."""
    net, x1, x2 = drawn_case(rng, 7)
    built = Built(student, expect)
    built.fill(net)
    main, aux = net.outputs(x1, x2)
    before1, before2 = net.inside(x2)
    linear1 = before1 @ net.kernel2 + net.bias2
    wide_only = replace(net, main_kernel=net.main_kernel * (np.arange(35) < 5)[:, None])
    deep_only = replace(net, main_kernel=net.main_kernel * (np.arange(35) >= 5)[:, None])
    expect.close(
        built(*single(x1, x2))[0],
        main.astype("float32"),
        ask=Text(
            "the first output of `build_wide_deep()`, 7 rows, with all weights set",
            "`build_wide_deep()` 的第一个输出（7 行，所有权重已设定）",
        ),
        why=[
            Why(aux, Text("that is the auxiliary output", "这是辅助输出")),
            Why(relu(main), Text("it has a ReLU", "多了 ReLU")),
            Why(
                net.main(x1, relu(before1)),
                Text("it sees the first hidden layer", "看到的是第一个隐藏层"),
            ),
            *(
                Why(net.main(x1, hidden), Text("a hidden layer has no ReLU", "有隐藏层没有 ReLU"))
                for hidden in (before2, relu(linear1), linear1)
            ),
            Why(wide_only.outputs(x1, x2)[0], Text("the deep path is missing", "缺少深路径")),
            Why(deep_only.outputs(x1, x2)[0], Text("the wide path is missing", "缺少宽路径")),
        ],
    )


@check(
    title=Text("The auxiliary output", "辅助输出"),
    points=1.5,
    topic="values",
    hint=Text(
        "It comes from the second hidden layer alone, through a Dense layer of its own without"
        " activation.",
        "它只来自第二个隐藏层，经过一个自己的、没有激活函数的 Dense 层。",
    ),
)
def test_aux_output(student, rng, expect):
    """Recomputed from random weights."""
    net, x1, x2 = drawn_case(rng, 6)
    built = Built(student, expect)
    built.fill(net)
    main, aux = net.outputs(x1, x2)
    before1, before2 = net.inside(x2)
    linear1 = before1 @ net.kernel2 + net.bias2
    expect.close(
        built(*single(x1, x2))[1],
        aux.astype("float32"),
        ask=Text(
            "the second output of `build_wide_deep()`, 6 rows, with all weights set",
            "`build_wide_deep()` 的第二个输出（6 行，所有权重已设定）",
        ),
        why=[
            Why(main, Text("that is the main output", "这是主输出")),
            Why(relu(aux), Text("it has a ReLU", "多了 ReLU")),
            Why(
                net.aux(relu(before1)),
                Text("it comes from the first hidden layer", "它来自第一个隐藏层"),
            ),
            *(
                Why(net.aux(hidden), Text("a hidden layer has no ReLU", "有隐藏层没有 ReLU"))
                for hidden in (before2, relu(linear1), linear1)
            ),
        ],
    )


@check(
    title=Text("Other sizes", "别的输入大小"),
    points=1,
    topic="interface",
    hint=Text(
        "Both sizes come from the arguments, in the order (wide, deep); 5 and 6 are only defaults.",
        "两个大小都来自参数，次序是 (wide, deep)；5 和 6 只是默认值。",
    ),
)
def test_sizes(student, rng, expect):
    """By position and by keyword; one feature; as many wide as deep features."""
    expect.unconfirmed()  # the inputs' shapes
    for given, args, kwargs, wide, deep in (
        ("8, 3", (8, 3), {}, 8, 3),
        ("deep=1", (), {"deep": 1}, 5, 1),
        ("deep=4, wide=4", (), {"deep": 4, "wide": 4}, 4, 4),
    ):
        ask = code(f"build_wide_deep({given})")
        model = expect.remote(student.build_wide_deep(*args, **kwargs), ask=ask)
        shapes = [fetch(part.shape) for part in fetch(model.inputs)]
        wanted = [(None, wide), (None, deep)]
        if turned(model, wide, deep) and turned(student.build_wide_deep(), 5, 6):
            wanted.reverse()  # the order is wrong here as it always is
        expect.equal(
            shapes,
            wanted,
            ask=Text(f"the shapes of the inputs of {ask.en}", f"{ask.zh} 的各输入的形状"),
            why=[
                Why(wanted[::-1], Text("wide and deep have changed places", "宽与深弄反了")),
                Why([(None, 5), (None, 6)], Text("these are the default sizes", "这是默认的大小")),
            ],
        )
        x = single(*(quarters(rng, (5, features)) for _, features in wanted))
        outputs = model(x)
        for output in outputs if type(outputs) in (list, tuple) else [outputs]:
            expect.array(
                output,
                ask=Text(f"the outputs of {ask.en}, 5 rows", f"{ask.zh} 的输出（5 行）"),
                shape=(5, 1),
            )


@check(
    title=Text("The loss: 0.9 of one, 0.1 of the other", "损失：0.9 份主、0.1 份辅"),
    points=1.5,
    topic="values",
    hint=Text(
        "`compile` takes a loss for every output and, in `loss_weights`, what each of them counts.",
        "`compile` 可以为每个输出指定一个损失，并在 `loss_weights` 里说明各占多少。",
    ),
)
def test_loss(student, rng, expect):
    """The compiled loss of labels and predictions of ours, different ones for the two outputs."""
    model = expect.remote(student.build_wide_deep(), ask=code("build_wide_deep()"))
    for rows in (6, 5):
        # Multiples of 1/4: their squares and sums are exact, what is left are the two weights'
        # roundings. Errors of the two outputs differ in size, or an exchange could hide.
        y1, y2 = quarters(rng, (rows, 1)), quarters(rng, (rows, 1))
        error1 = rng.choice([-1.5, 0.5, 1.25, 2.0], size=(rows, 1))
        error2 = rng.choice([-3.5, 2.75, 3.0, 4.5], size=(rows, 1))
        one, other = np.mean(error1**2), np.mean(error2**2)
        expect.close(
            model.compute_loss(y=single(y1, y2), y_pred=single(y1 + error1, y2 + error2)),
            float(0.9 * one + 0.1 * other),
            ask=Text(
                f"the compiled loss for {rows} rows of labels and predictions, mean squared errors"
                f" being {one:.6g} (main) and {other:.6g} (auxiliary)",
                f"{rows} 行标签与预测的损失（compile 所定；均方误差为：主 {one:.6g}，"
                f"辅 {other:.6g}）",
            ),
            why=[
                Why(one + other, Text("both losses count fully", "两个损失都按 1 倍计入了")),
                Why(0.1 * one + 0.9 * other, Text("the weights are swapped", "两个权重弄反了")),
                Why((one + other) / 2, Text("both losses count the same", "两个损失各占一半")),
                Why(
                    one + 0.1 * other,
                    Text("the main loss counts fully, not 0.9", "主损失按 1 倍计入，而不是 0.9"),
                ),
                Why(one, Text("the auxiliary loss doesn't count", "辅助损失没有计入")),
                Why(0.9 * one, Text("the auxiliary loss doesn't count", "辅助损失没有计入")),
                Why(
                    0.9 * np.mean(np.abs(error1)) + 0.1 * np.mean(np.abs(error2)),
                    Text("those are mean absolute errors", "这是平均绝对误差"),
                ),
            ],
        )


@check(
    title=Text("One step of training, recomputed", "重算一步训练"),
    points=1,
    topic="training",
    hint=Text(
        "Both losses reach the hidden layers; nothing is frozen, nothing is cut off.",
        "两个损失都会传到隐藏层；没有冻结的层，也没有断开的地方。",
    ),
)
def test_step(student, rng, expect):
    """Losses by name and all weights after a step of gradient descent, with NumPy's gradients."""
    while True:
        net, x1, x2 = drawn_case(
            rng, 8, draw=lambda rng, shape: rng.uniform(-0.5, 0.5, size=shape).astype("float32")
        )
        net = Net(
            **{field.name: getattr(net, field.name).astype("float64") for field in fields(net)}
        )
        # No ReLU is so near to its kink that rounding decides on which side it is.
        if min(np.abs(part).min() for part in net.inside(x2)) > 1e-4:
            break
    # Large errors of the auxiliary output: its loss counts 0.1 only.
    y1, y2 = single(rng.uniform(-2, 2, size=(8, 1)), rng.uniform(-9, 9, size=(8, 1)))
    built = Built(student, expect)
    built.fill(net)
    # A graph would have to be traced and compiled for this one step.
    student.set(built.model.run_eagerly, True)
    student.set(built.model.optimizer, student.keras.optimizers.SGD(0.25))
    got = built.model.train_on_batch(
        [as_numpy(x) for x in built.given(x1, x2)],
        [as_numpy(y1), as_numpy(y2)],
        return_dict=True,
    )
    main, aux = net.outputs(x1, x2)
    losses = {
        "main_output_loss": float(np.mean((main - y1) ** 2)),
        "aux_output_loss": float(np.mean((aux - y2) ** 2)),
    }
    losses = {"loss": 0.9 * losses["main_output_loss"] + 0.1 * losses["aux_output_loss"], **losses}
    # Numbers here come from sums of at most 36 products of size 1, three layers of them one after
    # the other: some 100 roundings of 2^-24. A loss or a path that is missing moves weights by
    # 1e-3 and more.
    atol = 1e-5
    for name, want in losses.items():
        ask = Text(f"`{name}`, reported by `train_on_batch`", f"`train_on_batch` 报告的 `{name}`")
        expect.true(
            type(got) is dict and name in got,
            ask=ask,
            expected=Text("a number of that name", "有这个名字的数"),
            got=Text("no such name", "没有这个名字"),
        )
        expect.close(got[name], want, ask=ask, atol=atol)
    slopes, after = net.slopes(x1, x2, y1, y2), built.values()
    for name in slopes:
        before = getattr(net, name)
        expect.close(
            after[name],
            (before - 0.25 * slopes[name]).astype("float32"),
            ask=Text(f"`{name}` after a step with SGD(0.25)", f"SGD(0.25) 一步之后的 `{name}`"),
            atol=atol,
            why=[Why(before, Text("it hasn't changed", "它没有变化"))],
        )


@check(
    title=Text("Every call makes a new model", "每次调用都是新模型"),
    points=1,
    topic="interface",
    hint=Text(
        "Layers, and optimizer objects as well, that are made outside the function are shared by"
        " all the models it returns.",
        "在函数外面创建的层，还有优化器对象，会被它返回的所有模型共用。",
    ),
)
def test_new_models(student, rng, expect):
    """One model's weights are set and trained; the other's stay, and it can be trained, too."""
    expect.unconfirmed()  # outputs are compared with what they were, not with known numbers
    models = []
    for _ in range(2):
        model = expect.remote(student.build_wide_deep(), ask=code("build_wide_deep()"))
        student.set(model.run_eagerly, True)
        models.append(model)
    first, second = models
    inputs = single(quarters(rng, (4, 5)), quarters(rng, (4, 6)))
    if turned(first, 5, 6):
        inputs.reverse()

    def fill(model):
        weights = student.arrays(model.weights)
        for proxy, array in zip(fetch(model.weights), weights, strict=True):
            proxy.assign(as_numpy(quarters(rng, array.shape).astype("float32")))

    def outputs(model):
        got = model(inputs)
        ask = code("build_wide_deep()")
        got = got if type(got) in (list, tuple) else [got]
        return np.concatenate([expect.array(o, ask=ask, shape=(4, 1)) for o in got], axis=1)

    def step(model, count):
        labels = [as_numpy(np.full((4, 1), 7 + 2 * k, "float32")) for k in range(count)]
        model.train_on_batch([as_numpy(x) for x in inputs], labels)

    fill(second)
    before = outputs(second)
    shared = Text("the two models share their layers", "两个模型共用了它们的层")
    for done, done_zh, act in (
        ("the other's weights were set", "另一个模型设定权重之后", fill),
        (
            "the other was trained",
            "另一个模型训练之后",
            lambda model: step(model, before.shape[1]),
        ),
    ):
        act(first)
        expect.close(
            outputs(second),
            before,
            ask=Text(f"the outputs of one of two models, after {done}", f"两个模型之一，{done_zh}"),
            why=[Why(outputs(first), shared)],
        )
    step(second, before.shape[1])
    expect.true(
        not np.array_equal(outputs(second), before),
        ask=Text("the second of two models, trained itself", "两个模型中的第二个，自己训练之后"),
        expected=Text("outputs that have changed", "输出有变化"),
        got=Text("the same as before", "与之前相同"),
    )
