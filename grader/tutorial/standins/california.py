"""California housing as scikit-learn keeps it in its data directory after a download."""

from __future__ import annotations

import importlib
import importlib.util
from pathlib import Path
from typing import Any

import numpy as np

_ROWS = 20_640
_SEED = 20_640
FILE = "cal_housing_py3.pkz"


def table() -> np.ndarray[Any, Any]:
    """(20640, 9), float64: value, income, age, rooms, bedrooms, population, households, lat., long.

    Totals of a block, as in the census; scikit-learn makes averages of them. The value depends on
    income, place and age, so that a model has something to learn.
    """
    rng = np.random.default_rng(_SEED)
    income = np.clip(rng.gamma(4.2, 0.92, _ROWS), 0.4999, 15.0001)
    age = np.clip(rng.normal(28.6, 12.6, _ROWS).round(), 1, 52)
    households = np.clip(rng.lognormal(6.0, 0.7, _ROWS).round(), 2, 6_000)
    rooms = (households * np.clip(rng.normal(5.0 + 0.1 * income, 1.1), 1.0, None)).round()
    bedrooms = (households * np.clip(rng.normal(1.07, 0.1, _ROWS), 0.6, None)).round()
    population = np.clip(households * np.clip(rng.normal(2.95, 0.7, _ROWS), 1.0, None), 3, None)
    north = rng.random(_ROWS) < 0.45
    latitude = np.where(north, rng.normal(37.8, 0.8, _ROWS), rng.normal(34.0, 0.7, _ROWS))
    latitude = np.clip(latitude, 32.54, 41.95)
    longitude = -119.6 - 0.85 * (latitude - 35.6) + rng.normal(0, 0.5, _ROWS)
    value = 45_000 * income + 900 * age - 9_000 * (latitude - 34) + rng.normal(0, 45_000, _ROWS)
    value = np.clip(value.round(-2), 14_999, 500_001)
    columns = (value, income, age, rooms, bedrooms, population.round(), households)
    longitude = np.clip(longitude, -124.35, -114.31)
    return np.column_stack([*columns, latitude.round(2), longitude.round(2)])


def write(folder: Path) -> None:
    """Puts the table where scikit-learn looks for it, if that is installed."""
    if importlib.util.find_spec("sklearn") is None:
        return
    joblib: Any = importlib.import_module("joblib")  # scikit-learn's own; without annotations
    folder.mkdir(parents=True, exist_ok=True)
    joblib.dump(table(), folder / FILE, compress=1)
