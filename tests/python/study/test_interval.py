"""An indicator that is best in a range: the index against the textbook formula in NumPy."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from studies import new_project
from test_any_panel import built, noise, topsis, write_study

pytestmark = pytest.mark.build

HEADER = "index_code,dimension_code,indicator_code,name_zh,name_en,direction,numerator_series,denominator_series,multiplier,unit,definition,best_low,best_high"  # fmt: skip


def test_an_interval_indicator_is_the_nearer_to_its_range_the_better(tmp_path: Path) -> None:
    cells = {
        (f"{i}", year): {"a": noise(i, year, "a"), "b": noise(i, year, "b"), "c": noise(i, year, "c")}
        for i in range(9)
        for year in (2001, 2002)
    }
    project = new_project(tmp_path / "project", "interval")
    write_study(
        project, cells,
        def_indicators=f"{HEADER}\nq,d,a,a,a,positive,a,,,u,made up,,\nq,d,b,b,b,interval,b,,,u,made up,0.4,0.6\n"
        "q,d,c,c,c,interval,c,,10,u,made up,5,",
    )  # fmt: skip
    built(project)
    x = np.array([[one["a"], one["b"], 10 * one["c"]] for _, one in sorted(cells.items())])

    def nearness(column: np.ndarray, low: float, high: float) -> np.ndarray:
        """The textbook: 1 inside, 1 - (low - x) / D below, 1 - (x - high) / D above; D = max(low - min x, max x - high)."""
        span = max(low - column.min(), column.max() - high)
        return np.where(
            column < low, 1 - (low - column) / span, np.where(column > high, 1 - (column - high) / span, 1)
        )

    assert ((x[:, 1] > 0.4) & (x[:, 1] < 0.6)).any(), (
        "some value lies in the range, or the textbook says something else"
    )
    # of the mid-point no row is exactly at its best: min-max stretches from the nearest
    distance = np.abs(x[:, 2] - 5)
    z = np.column_stack([x[:, 0], nearness(x[:, 1], 0.4, 0.6), -distance])
    scores = project.query(
        "select score from marts.index_scores where index_code = 'q' order by entity_code, year"
    )
    assert [score for (score,) in scores] == pytest.approx(topsis(z), abs=1e-12)
    assert project.query("select distinct direction from marts.indicators where indicator_code = 'b'") == [
        ("interval",)
    ]
