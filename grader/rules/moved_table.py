"""Names of Keras 2 and TensorFlow 1 that are gone, and what stands in their place. Data only.

Checked against the installed versions by the tests: what is called gone is, what is named as its
successor is there. A path is gone with all that is below it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Gone:
    """A name that is no more.

    Attributes:
        under: where it is gone from: `tf.keras` alone, `keras` alone, or both.
        to: its successor, under the same root; "" where there is none of the same meaning.
        below: the names below `path` have their namesakes below `to`.
        en, zh: what to do about it, where `to` doesn't say that.
    """

    under: Literal["tf", "keras", "both"]
    to: str = ""
    below: bool = False
    en: str = ""
    zh: str = ""


def _both(to: str = "", below: bool = False, en: str = "", zh: str = "") -> Gone:
    return Gone("both", to, below, en, zh)


_SCIKERAS = _both(
    en="use the package `scikeras`, or `keras.wrappers.SKLearnClassifier` / `SKLearnRegressor`",
    zh="请用 `scikeras` 包，或 `keras.wrappers.SKLearnClassifier` / `SKLearnRegressor`",
)
_TRAINING_ARGUMENT = _both(
    en="take the `training` argument of `call` instead",
    zh="请改用 `call` 的 `training` 参数",
)
_OPS = _both(
    en="use the namesake in `keras.ops`, or TensorFlow's own operation",
    zh="请用 `keras.ops` 里的同类函数，或 TensorFlow 自己的运算",
)
_GPUS = _both(
    en="scope the model with a `tf.distribute.MirroredStrategy`",
    zh="请在 `tf.distribute.MirroredStrategy` 的作用域内创建模型",
)
_TF_KERAS = Gone(
    "keras",
    en="it survives only under `tensorflow.keras`; new code uses preprocessing layers",
    zh="它只留在 `tensorflow.keras` 下；新代码请用预处理层",
)

KERAS: dict[str, Gone] = {
    # Losses and metrics as functions: each of the two roots lacks half of the names.
    **{
        f"{module}.{long}": Gone("tf", f"{module}.{short}")
        for module in ("losses", "metrics")
        for long, short in (
            ("mean_squared_error", "mse"),
            ("mean_absolute_error", "mae"),
            ("mean_absolute_percentage_error", "mape"),
            ("mean_squared_logarithmic_error", "msle"),
            ("kl_divergence", "kld"),
            ("log_cosh", "logcosh"),
        )
    },
    **{
        f"{module}.{short}": Gone("keras", f"{module}.{long}")
        for module in ("losses", "metrics")
        for short, long in (
            ("mse", "mean_squared_error"),
            ("MSE", "mean_squared_error"),
            ("mae", "mean_absolute_error"),
            ("MAE", "mean_absolute_error"),
            ("mape", "mean_absolute_percentage_error"),
            ("msle", "mean_squared_logarithmic_error"),
            ("kld", "kl_divergence"),
            ("kullback_leibler_divergence", "kl_divergence"),
        )
    },
    "losses.logcosh": Gone("keras", "losses.log_cosh"),
    "losses.Reduction": Gone(
        "keras",
        en='`reduction` is a string: `"sum_over_batch_size"`, `"sum"` or `"none"`',
        zh='`reduction` 是字符串：`"sum_over_batch_size"`、`"sum"` 或 `"none"`',
    ),
    "metrics.MeanTensor": _both(),
    "metrics.MeanRelativeError": _both(),
    # Modules that were folded into their parents.
    "layers.experimental.preprocessing": _both("layers", below=True),
    "layers.experimental.EinsumDense": _both("layers.EinsumDense"),
    "layers.experimental.SyncBatchNormalization": _both(
        en="write `layers.BatchNormalization(synchronized=True)`",
        zh="请写 `layers.BatchNormalization(synchronized=True)`",
    ),
    "layers.experimental": _both(),
    **{
        f"layers.{module}": _both("layers", below=True)
        for module in (
            *("core", "convolutional", "recurrent", "normalization", "merge", "embeddings"),
            *("advanced_activations", "pooling", "noise", "local", "wrappers"),
        )
    },
    "utils.np_utils": _both("utils", below=True),
    "utils.vis_utils": _both("utils", below=True),
    "utils.generic_utils": _both("utils", below=True),
    "utils.multi_gpu_model": _GPUS,
    "objectives": _both("losses", below=True),
    "engine": _both(),
    "legacy.interfaces": _both(),
    "wrappers.scikit_learn": _SCIKERAS,
    "mixed_precision.experimental.set_policy": _both("mixed_precision.set_global_policy"),
    "mixed_precision.experimental": _both("mixed_precision", below=True),
    "optimizers.legacy": _both("optimizers", below=True),
    "optimizers.experimental": _both("optimizers", below=True),
    "callbacks.experimental.BackupAndRestore": _both("callbacks.BackupAndRestore"),
    "callbacks.experimental": _both(),
    "callbacks.BaseLogger": _both(),
    "experimental.CosineDecay": _both("optimizers.schedules.CosineDecay"),
    "experimental.CosineDecayRestarts": _both("optimizers.schedules.CosineDecayRestarts"),
    "experimental": _both(),
    "estimator": _both(),
    "models.model_from_yaml": _both("models.model_from_json"),
    "saving": Gone(
        "tf",
        en="`import keras` and use `keras.saving`, or `tf.keras.models` and `tf.keras.utils`",
        zh="请 `import keras` 后使用 `keras.saving`，或用 `tf.keras.models`、`tf.keras.utils`",
    ),
    # Layers
    "layers.CuDNNLSTM": _both("layers.LSTM"),
    "layers.CuDNNGRU": _both("layers.GRU"),
    "layers.LocallyConnected1D": _both(),
    "layers.LocallyConnected2D": _both(),
    "layers.DenseFeatures": _both(
        en="use preprocessing layers, or `keras.utils.FeatureSpace`",
        zh="请用预处理层，或 `keras.utils.FeatureSpace`",
    ),
    "layers.AbstractRNNCell": _both(
        en="derive from `layers.Layer` and set `self.state_size`",
        zh="请继承 `layers.Layer` 并设置 `self.state_size`",
    ),
    "layers.ThresholdedReLU": Gone(
        "keras",
        en="write `layers.ReLU(threshold=…)`",
        zh="请写 `layers.ReLU(threshold=…)`",
    ),
    "constraints.RadialConstraint": _both(),
    # Text and images
    "preprocessing.text": _TF_KERAS,
    "preprocessing.image.ImageDataGenerator": _TF_KERAS,
    "preprocessing.sequence.TimeseriesGenerator": _TF_KERAS,
    # The backend
    **{
        f"backend.{name}": _TRAINING_ARGUMENT
        for name in (
            *("learning_phase", "set_learning_phase", "learning_phase_scope"),
            *("in_train_phase", "in_test_phase"),
        )
    },
    "backend.function": _both(
        en="build a `keras.Model(inputs, outputs)` and call that",
        zh="请构造 `keras.Model(inputs, outputs)` 并调用它",
    ),
    "backend.placeholder": _both(en="use `keras.Input`", zh="请用 `keras.Input`"),
    "backend.print_tensor": _both(en="use `tf.print`", zh="请用 `tf.print`"),
    "backend.random_binomial": _OPS,
    "backend.reset_uids": _both("backend.clear_session"),
    "backend.get_session": _both(),
    "backend.set_session": _both(),
    "backend.tf": _both(),
}

OPS = Gone("keras", en=_OPS.en, zh=_OPS.zh)
"""All of `keras.backend` but these went to `keras.ops`; `tensorflow.keras.backend` keeps most."""
KEPT_BACKEND = frozenset(
    {
        *("backend", "clear_session", "common", "config", "epsilon", "floatx", "get_uid"),
        *("image_data_format", "is_float_dtype", "is_int_dtype", "is_keras_tensor"),
        *("result_type", "set_epsilon", "set_floatx", "set_image_data_format"),
        *("standardize_dtype", "KerasTensor", "Variable"),
    }
)

_GRAPH = (
    *("placeholder", "Session", "InteractiveSession", "global_variables_initializer"),
    *("local_variables_initializer", "initialize_all_variables", "get_variable"),
    *("variable_scope", "get_default_graph", "get_default_session", "reset_default_graph"),
    *("ConfigProto", "GPUOptions", "enable_eager_execution", "get_collection"),
    *("add_to_collection", "GraphKeys", "trainable_variables", "global_variables"),
    *("train.Saver", "summary.FileWriter", "summary.merge_all", "assign", "assign_add"),
    *("assign_sub", "layers"),
)

TENSORFLOW: dict[str, tuple[str, str]] = {
    # path: (rule, successor)
    **dict.fromkeys(_GRAPH, ("K501", "")),
    **dict.fromkeys(("contrib", "estimator", "app", "flags", "gfile", "logging"), ("K503", "")),
    **{
        path: ("K502", to)
        for path, to in {
            "log": "math.log",
            "log1p": "math.log1p",
            "ceil": "math.ceil",
            "mod": "math.floormod",
            "erf": "math.erf",
            "is_nan": "math.is_nan",
            "is_inf": "math.is_inf",
            "rsqrt": "math.rsqrt",
            "reciprocal": "math.reciprocal",
            "lgamma": "math.lgamma",
            "segment_sum": "math.segment_sum",
            "random_normal": "random.normal",
            "random_uniform": "random.uniform",
            "random_shuffle": "random.shuffle",
            "truncated_normal": "random.truncated_normal",
            "set_random_seed": "random.set_seed",
            "matrix_inverse": "linalg.inv",
            "matrix_determinant": "linalg.det",
            "cholesky": "linalg.cholesky",
            "matrix_band_part": "linalg.band_part",
            "read_file": "io.read_file",
            "write_file": "io.write_file",
            "decode_raw": "io.decode_raw",
            "parse_example": "io.parse_example",
            "parse_single_example": "io.parse_single_example",
            "FixedLenFeature": "io.FixedLenFeature",
            "VarLenFeature": "io.VarLenFeature",
            "string_split": "strings.split",
            "string_to_number": "strings.to_number",
            "python_io.TFRecordWriter": "io.TFRecordWriter",
            "sparse_tensor_to_dense": "sparse.to_dense",
            "sparse_placeholder": "",
            "to_float": "",
            "to_int32": "",
            "to_int64": "",
            "div": "math.divide",
        }.items()
    },
    "train.AdamOptimizer": ("K504", "keras.optimizers.Adam"),
    "train.GradientDescentOptimizer": ("K504", "keras.optimizers.SGD"),
    "train.MomentumOptimizer": ("K504", "keras.optimizers.SGD"),
    "train.RMSPropOptimizer": ("K504", "keras.optimizers.RMSprop"),
    "train.AdagradOptimizer": ("K504", "keras.optimizers.Adagrad"),
}
