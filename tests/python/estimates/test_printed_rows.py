"""Printed rows that stand beside nothing estimated: a slip is refused with the nearest word, anything else is listed."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest
from nqp.errors import StudyError
from nqp.estimates.comparison import rows_without_counterpart


def listed(statistic: str) -> list[str]:
    """What is listed of a study that estimates nothing and has one statistic printed."""
    blank = pd.DataFrame(columns=["table_code"])
    row = {"table_code": "main", "model_code": "1", "statistic": statistic, "printed_value": "30"}
    marts: Any = SimpleNamespace(
        descriptive_statistics=pd.DataFrame({"variable_code": ["x"]}),
        published_coefficients=blank, published_descriptives=blank, published_explanations=blank,
        published_statistics=pd.DataFrame([row]),
    )  # fmt: skip
    estimates: Any = SimpleNamespace(coefficients=pd.DataFrame({"term": []}), statistics_by_key=dict)
    specification: Any = SimpleNamespace(regression_tables=(), tables=())
    return rows_without_counterpart(marts, estimates, [], specification)


@pytest.mark.parametrize("statistic", ["n_obs", "adj_r2", "r2"])
def test_a_study_that_estimates_nothing_may_have_the_statistics_of_a_column_printed(statistic: str) -> None:
    assert listed(statistic) == [f"pub_statistics.csv: table_code=main, model_code=1, statistic={statistic}"]


def test_a_misspelt_statistic_is_refused_with_the_nearest() -> None:
    with pytest.raises(
        StudyError, match=r"pub_statistics\.csv: statistic 'n_osb' is not known\. Did you mean 'n_obs'"
    ):
        listed("n_osb")
