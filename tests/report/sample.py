"""A fabricated class for the report's tests: every status, every outcome, names of many kinds."""

import math
from dataclasses import replace
from typing import Any

from msgspec import structs

from grader.results import (
    Adjustment,
    Attempt,
    CheckResult,
    CheckSpec,
    Diagnosis,
    ExerciseSpec,
    Late,
    Outcome,
    Results,
    Row,
    Run,
    mark,
)
from grader.results.pictures import Picture, series, to_evidence
from grader.text import Text as T

HOSTILE = "<script>alert('x')</script>\x1b[31mred\x1b[0m \u202eevil\u202c & \"quoted\""

HUBER = ExerciseSpec(
    "huber",
    T("Huber loss", "Huber 损失"),
    10.0,
    (
        CheckSpec(
            "test_values",
            T("Values on both sides of the threshold", "阈值两侧的取值"),
            3.0,
            "values",
        ),
        CheckSpec(
            "test_threshold",
            T("A threshold other than `1.0`", "阈值不为 `1.0` 的情形"),
            2.0,
            "values",
        ),
        CheckSpec(
            "test_gradient",
            T("Gradient at and beyond the threshold", "阈值处与阈值外的梯度"),
            3.0,
            "gradient",
        ),
        CheckSpec(
            "test_reload",
            T("Survives saving and loading", "保存后重新加载"),
            2.0,
            "serialization",
            "question",
        ),
    ),
)
PRECISION = ExerciseSpec(
    "precision",
    T("Streaming precision", "流式精确率"),
    10.0,
    (
        CheckSpec(
            "test_two_batches",
            T("Two batches of unequal size", "两个大小不等的批次"),
            4.0,
            "values",
        ),
        CheckSpec(
            "test_reset",
            T("`reset_state` forgets everything", "`reset_state` 清空全部状态"),
            2.0,
            "interface",
        ),
        CheckSpec(
            "test_traces",
            T("Traced once for any batch size", "任意批大小只追踪一次"),
            4.0,
            "retracing",
        ),
    ),
)
PIPELINE = ExerciseSpec(
    "pipeline",
    T("Shuffled input pipeline", "乱序输入流水线"),
    5.0,
    (
        CheckSpec("test_order", T("Order differs between epochs", "每轮顺序不同"), 2.5, "data"),
        CheckSpec("test_fit", T("Feeds `model.fit`", "可用于 `model.fit`"), 2.5, "training"),
    ),
)
EXERCISES = (HUBER, PRECISION, PIPELINE)

MEAN_OF_BATCHES = Diagnosis(
    "wrong_mean_of_batches",
    T(
        "averages the batches’ precisions instead of pooling the counts",
        "对各批的精确率取平均，而不是累计计数",
    ),
)

ARRAYS: dict[str, Any] = {
    "asked": {
        "en": "`create_huber(2.0)(y_true, y_pred)` on a (7, 3) batch",
        "zh": "对形状 (7, 3) 的批次调用 `create_huber(2.0)(y_true, y_pred)`",
    },
    "expected": (
        "[[ 0.125     2.        0.5     ]\n"
        " [ 3.0625    0.        1.5     ]\n"
        " [ 0.72      4.18      0.0032  ]]"
    ),
    "got": (
        "[[ 0.125     1.5       0.5     ]\n"
        " [ 2.03125   0.        1.5     ]\n"
        " [ 0.72      2.545     0.0032  ]]"
    ),
    "first_difference": "[0, 1]: expected 2.0, got 1.5 (off by 0.5)",
}

SOURCE = '''"""The Huber loss."""

import keras
import tensorflow as tf


class Huber(keras.losses.Loss):
    """Quadratic near zero, linear far away: 二次与线性."""

    def __init__(self, threshold=1.0, name="huber"):
        super().__init__(name=name)
        self.threshold = threshold

    def call(self, y_true, y_pred):
        error = y_true - y_pred
        small = tf.abs(error) <= 1.0  # not self.threshold: a line wider than a phone
        return tf.where(small, tf.square(error) / 2, tf.abs(error) - 0.5)


def create_huber(threshold=1.0):
    return Huber(threshold)
'''
"""A module as graded: `create_huber` begins in line 20, and line 16 is the mistake."""
_XS = [step / 4 for step in range(-12, 13)]
GRADIENTS = Picture(
    "lines",
    T("Gradient of the loss", "损失的梯度"),
    T("error", "误差"),
    T("gradient", "梯度"),
    [
        series(T("yours", "你的"), "yours", [max(-1.0, min(1.0, x)) for x in _XS], _XS),
        series(T("expected", "预期"), "expected", [max(-2.0, min(2.0, x)) for x in _XS], _XS),
        series(
            T("finite differences", "有限差分"),
            "measured",
            [math.nan if x == 0 else max(-1.0, min(1.0, x)) for x in _XS],
            _XS,
        ),
    ],
)
TRACES = Picture(
    "bars",
    T("Traces per call", "每次调用的追踪次数"),
    T("call", "调用"),
    T("traces", "追踪次数"),
    [
        series(T("yours", "你的"), "yours", [1, 1, 1]),
        series(T("expected", "预期"), "expected", [1, 0, 0]),
    ],
    ["(4,)", "(7,)", "(9,)"],
)
RELOAD = Picture(
    "bars",
    T("Before and after loading", "加载前后"),
    T("weight", "权重"),
    T("value", "取值"),
    [
        series(T("before", "之前"), "before", [2.0, 0.5]),
        series(T("after", "之后"), "after", [1.0, 0.5]),
    ],
    ["threshold", "scale"],
)

EVIDENCE: dict[Outcome, dict[str, Any]] = {
    "failed": ARRAYS,
    "timeout": {"asked": T("a batch of 64", "64 个样本的批次"), "output": "step 1\n" * 40},
    "crashed": {
        "asked": {"en": "`fit` for one epoch", "zh": "`fit` 训练一轮"},
        "traceback": (
            "huber.py, line 41, in call\n"
            "    return self._inner(y_true, y_pred)\n"
            "RecursionError: maximum recursion depth exceeded"
        ),
        "lines": [21, 17],
        "symbols": ["create_huber"],
    },
}

MESSAGES: dict[Outcome, T] = {
    "passed": T("", ""),
    "failed": T(
        "That is the loss with threshold 1: `threshold` isn’t used.",
        "这是阈值为 1 时的损失：没有用到 `threshold`。",
    ),
    "timeout": T("No answer within 10 s.", "10 秒内没有给出结果。"),
    "out_of_memory": T("More than 3072 MB were used.", "使用的内存超过 3072 MB。"),
    "crashed": T("The process ended with signal 11 (SIGSEGV).", "进程因信号 11（SIGSEGV）终止。"),
    "forbidden": T(
        "`keras.losses.Huber` does the exercise for you and isn’t allowed here.",
        "`keras.losses.Huber` 直接完成了本练习，这里不允许使用。",
    ),
    "not_run": T(
        "The 60 s of this submission were used up before.", "本次提交的 60 秒时间已用完。"
    ),
    "grader_error": T("The check failed on the reference, too.", "该检查项在参考答案上也失败了。"),
}
HINT = T(
    "Where `|error| > threshold` the loss is linear: `threshold * |error| - threshold² / 2`.",
    "当 `|error| > threshold` 时损失是线性的：`threshold * |error| - threshold² / 2`。",
)

STUDENTS = (
    "ada",
    'O\'Brien, Pat "PJ"',
    "王小明",
    "luc-émile",
    "محمد الأمين",
    "Ada",
    "<b>bold</b> & co",
    "zoë  two  spaces",
    "almost-al",
    "cheat-chi",
    "loop-lee",
    "missing-mo",
    "syntax-sam",
    "a-student-with-a-name-that-goes-on-and-on-and-on-without-any-sensible-place-to-break-it",
)


def check(spec: CheckSpec, outcome: Outcome, **more: Any) -> CheckResult:
    """A result with the texts and the evidence usual for its outcome."""
    values: dict[str, Any] = {
        "points": spec.max_points if outcome == "passed" else 0.0,
        "seconds": 0.031,
        "message": MESSAGES[outcome],
        "hint": HINT if outcome == "failed" else T("", ""),
        "evidence": EVIDENCE.get(outcome, {}),
    }
    return CheckResult(spec.id, outcome, max_points=spec.max_points, **(values | more))


def graded(student: str, exercise: ExerciseSpec, *outcomes: Outcome, **more: Any) -> Row:
    """A row whose checks ended as told; those not told passed."""
    padded = (*outcomes, *("passed",) * (len(exercise.checks) - len(outcomes)))
    checks = tuple(check(spec, way) for spec, way in zip(exercise.checks, padded, strict=True))
    values: dict[str, Any] = {
        "max_points": exercise.max_points,
        "checks": checks,
        "seconds": 0.412,
        "file": f"{exercise.id}.py",
    }
    values |= more
    values.setdefault("points", sum(result.points for result in values["checks"]))
    return Row(student, exercise.id, "graded", **values)


def hostile_row(student: str) -> Row:
    """A row in which every text that can come from a student is an attack."""
    text = T(HOSTILE, HOSTILE)
    keys = ("asked", "expected", "got", "first_difference", "traceback", "output")
    evidence: dict[str, Any] = dict.fromkeys(keys, HOSTILE)
    evidence |= {"rests_on": "worker", "lines": [2], "symbols": [HOSTILE]}
    first = check(
        HUBER.checks[0],
        "failed",
        message=text,
        hint=text,
        evidence=evidence,
        diagnosis=Diagnosis("wrong_<x>", text),
    )
    rest = tuple(check(spec, "passed") for spec in HUBER.checks[1:])
    return graded(
        student,
        HUBER,
        checks=(first, *rest),
        points=7.0,
        notes=(text,),
        file=f"{HOSTILE}.py",
        source=f"{HOSTILE}\n" * 3,
    )


def sample(*, sandbox: str = "basic") -> Results:
    """The class; students in an order that isn't that of their names."""
    rows: list[Row] = []
    for student in STUDENTS:
        rows += [graded(student, exercise) for exercise in EXERCISES]
    by_place = {(row.student, row.exercise): place for place, row in enumerate(rows)}

    def put(row: Row) -> None:
        rows[by_place[row.student, row.exercise]] = row

    values, threshold, gradient, reload = HUBER.checks
    shown = {"lines": [21, 16], "symbols": ["create_huber", "Huber"]}
    put(
        graded(
            STUDENTS[1],
            HUBER,
            checks=(
                check(values, "passed"),
                check(threshold, "failed", evidence=ARRAYS | shown),
                check(
                    gradient,
                    "failed",
                    evidence=ARRAYS
                    | shown
                    | {"pictures": to_evidence([GRADIENTS, TRACES, RELOAD])},
                ),
                check(reload, "passed"),
            ),
            points=5.0,
            file="huber.ipynb",
            source=SOURCE,
            cells=tuple((1, n + 1) for n in range(4)) + tuple((2, n + 1) for n in range(17)),
            notes=(
                T(
                    "`huber.ipynb` was converted; cell 3 was left out: it is a shell command.",
                    "`huber.ipynb` 已转换；单元格 3 是 shell 命令，已略去。",
                ),
            ),
        )
    )
    put(graded("王小明", HUBER, "failed", "failed", "timeout", "not_run", source=SOURCE))
    put(graded("luc-émile", HUBER, "passed", "passed", "crashed", source=SOURCE))
    put(graded("محمد الأمين", HUBER, "out_of_memory"))
    put(graded("cheat-chi", HUBER, *("forbidden",) * 4))
    put(graded("loop-lee", HUBER, "timeout", *("not_run",) * 3))
    put(graded("almost-al", HUBER, "passed", "passed", "passed", "grader_error"))
    put(hostile_row("<b>bold</b> & co"))
    for student in ("ada", "王小明", "almost-al"):
        put(
            graded(
                student,
                PRECISION,
                checks=(
                    check(PRECISION.checks[0], "failed", diagnosis=MEAN_OF_BATCHES),
                    check(PRECISION.checks[1], "passed"),
                    check(PRECISION.checks[2], "passed", evidence={"rests_on": "worker"}),
                ),
            )
        )
    put(Row("missing-mo", "precision", "missing", 0.0, 10.0))
    put(Row("missing-mo", "pipeline", "missing", 0.0, 5.0))
    put(
        Row(
            "syntax-sam",
            "precision",
            "unreadable",
            0.0,
            10.0,
            file="precision.py",
            reason=T(
                "Line 12 is not Python: `'(' was never closed`.",
                "第 12 行不是合法的 Python：`'(' was never closed`。",
            ),
        )
    )
    put(
        Row(
            "luc-émile",
            "pipeline",
            "grader_error",
            0.0,
            5.0,
            file="pipeline.py",
            reason=T(
                "The worker could not be started: no space left on the device.",
                "无法启动工作进程：设备空间不足。",
            ),
        )
    )
    rows = [row for row in rows if (row.student, row.exercise) != ("zoë  two  spaces", "pipeline")]
    return Results(
        run=Run(
            started="2026-03-01T12:30:05Z",
            seconds=96.42,
            seed=7,
            jobs=2,
            device="cpu",
            sandbox=sandbox,
            versions={
                "grader": "0.1.0",
                "tensorflow": "2.21.0",
                "keras": "3.15.1",
                "numpy": "2.4.6",
                "python": "3.11.7",
            },
            sandbox_notes=(
                T(
                    "No user namespaces: whether a file exists can leak.",
                    "没有用户命名空间：可能泄露文件是否存在。",
                ),
            ),
        ),
        exercises=EXERCISES,
        results=tuple(rows),
    )


LATE = Late(
    "2026-03-01T12:00:00Z",
    "2026-03-02T12:30:00Z",
    88_200.0,
    2.0,
    T(
        "handed in 1 day 30 min after the deadline: 20 % of 10 points are taken off",
        "在截止时间之后 1 天 30 分钟提交：扣除 10 分的 20%",
    ),
)
ATTEMPTS = (
    Attempt("huber.py", "2026-03-01T10:00:00Z", 4.0),
    Attempt("huber-1.ipynb", "2026-03-02T12:30:00Z", 5.0, 2.0, counts=True),
    Attempt("huber-2.py"),
)
MARKS: dict[tuple[str, str], tuple[Late | None, Adjustment | None, tuple[Attempt, ...]]] = {
    (STUDENTS[1], "huber"): (
        LATE,
        Adjustment(
            "The gradient was explained orally, see `tf.function`.", 1.0, None, "Dr. Müller"
        ),
        ATTEMPTS,
    ),
    ("王小明", "precision"): (LATE, None, ()),
    ("Ada", "huber"): (
        Late(note=T("late, nobody knows by how much", "迟交，但不知道迟了多久")),
        None,
        (),
    ),
    ("Ada", "precision"): (Late("2026-03-01T12:00:00Z", "2026-03-01T11:00:00Z", 0.0), None, ()),
    ("missing-mo", "precision"): (None, Adjustment("oral exam", None, 6.5), ()),
    ("luc-émile", "pipeline"): (None, Adjustment("graded by hand", None, 4.0), ()),
    ("almost-al", "huber"): (None, Adjustment("the reload works", 1.0), ()),
    ("ada", "pipeline"): (None, Adjustment("a second solution", 3.0), ()),
}
"""Lateness, what staff changed, attempts, by student and exercise."""


def marked() -> Results:
    """The class with all that can make a row count for something else than its checks' points."""
    rows = (
        structs.replace(row, mark=mark(row.points, *MARKS[row.student, row.exercise]))
        if (row.student, row.exercise) in MARKS
        else row
        for row in sample().results
    )
    return replace(sample(), results=tuple(rows))
