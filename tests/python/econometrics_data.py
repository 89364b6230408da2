"""Panels and expected numbers made by R 4.2.2 (plm, AER, sandwich, estimatr, clubSandwich); the command is in each file."""

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

FOLDER = Path(__file__).resolve().parents[1] / "fixtures" / "goldens" / "econometrics"
COLUMNS = [f"synthprov/col{i}" for i in range(1, 7)]
CASES = [*COLUMNS, "grunfeld", "munnell", "wage_panel"]


@lru_cache
def golden(case: str) -> dict[str, Any]:
    name, _, part = case.partition("/")
    result = json.loads((FOLDER / f"{name}.json").read_text())["result"]
    return result[part] if part else result


@lru_cache
def panel(case: str) -> pd.DataFrame:
    name = case.partition("/")[0]
    if name == "mroz":
        from linearmodels.datasets import mroz

        return cross_section(mroz.load().dropna(subset=["lwage"]))
    if name == "card":
        from linearmodels.datasets import card

        return cross_section(card.load())
    if name == "wage_panel":
        from linearmodels.datasets import wage_panel

        return indexed(wage_panel.load(), "nr", "year")
    keys = {"synthprov": ("prov", "year"), "grunfeld": ("firmid", "year"), "munnell": ("sid", "yr")}[name]
    return indexed(pd.read_csv(FOLDER / f"{name}.csv"), *keys)


def indexed(data: pd.DataFrame, entity: str, year: str) -> pd.DataFrame:
    data = data.assign(**{entity: data[entity].astype(str)}).set_index([entity, year])
    return data.rename_axis(["entity_code", "year"])


def cross_section(data: pd.DataFrame) -> pd.DataFrame:
    return indexed(data.assign(unit=[f"{i:05d}" for i in range(len(data))], time=1975), "unit", "time")


def random_panel(seed: int = 0, entities: int = 9, years: int = 7, missing: int = 6) -> pd.DataFrame:
    """Unbalanced panel with two regressors, an instrument and errors correlated with the first regressor."""
    rng = np.random.default_rng(seed)
    index = pd.MultiIndex.from_product([[f"e{i}" for i in range(entities)], range(2001, 2001 + years)])
    n = len(index)
    error, z, z2 = rng.normal(size=(3, n))
    x = 0.8 * z + 0.5 * z2 + 0.7 * error + rng.normal(size=n)
    w = rng.normal(size=n) + 0.3 * x
    y = 0.5 * x - w + error + np.repeat(rng.normal(size=entities), years)
    frame = pd.DataFrame(
        {"y": y, "x": x, "w": w, "z": z, "z2": z2}, index=index.set_names(["entity_code", "year"])
    )
    return frame.drop(frame.index[rng.choice(n, missing, replace=False)])


def close(ours: Any, expected: Any, tolerance: float = 1e-8) -> None:
    if isinstance(expected, dict):
        expected = [expected[name] for name in ours.index]
    np.testing.assert_allclose(
        np.asarray(ours, dtype=float), np.asarray(expected, dtype=float), rtol=tolerance
    )
