"""The tables that a supervisor asks for, held against pandas on the panel of a small study, and their faulty keys."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from nqp.errors import StudyError
from nqp.study.specification_file import read_specification
from studies import Project

TABLES = """
[[tables]]
code = "corr"
kind = "correlations"
title = "Correlations"
variables = ["ln_trade", "quay", "premium", "manning"]

[[tables]]
code = "inflation"
kind = "vif"
title = "Variance inflation"
variables = ["quay", "premium", "manning"]

[[tables]]
code = "bygroup"
kind = "groups"
title = "By group"
variables = ["ln_trade", "quay"]

[[tables]]
code = "defined"
kind = "definitions"
title = "Definitions"
variables = ["ln_trade", "quay", "manning"]
"""


def cells(project: Project, code: str) -> dict[tuple[str, str], dict[str, str]]:
    with (project.output / "tables" / f"{code}.csv").open(encoding="utf-8-sig", newline="") as stream:
        return {(row["row_label_en"], row["column"]): row for row in csv.DictReader(stream)}


def test_the_tables_show_what_the_panel_holds(harbours: Project) -> None:
    with (harbours.folder / "specifications.toml").open("a", encoding="utf-8") as stream:
        stream.write(TABLES)
    done = harbours.estimate("--quiet", "--tables", "corr", "inflation", "bygroup", "defined")
    assert done.code == 0, done.output
    names = dict(harbours.query("select variable_code, name_en from marts.variables"))
    frame = pd.DataFrame(
        harbours.query("select entity_code, group_code, ln_trade, quay, premium, manning from marts.regression_panel"),
        columns=["entity", "group", "ln_trade", "quay", "premium", "manning"],
    )  # fmt: skip

    found = cells(harbours, "corr")
    variables = ["ln_trade", "quay", "premium", "manning"]
    expected = frame[variables].dropna().corr()
    for i, row in enumerate(variables):
        for j, column in enumerate(variables[: i + 1]):
            cell = found[f"({i + 1}) {names[row]}", str(j + 1)]
            assert float(cell["value"]) == pytest.approx(expected.loc[row, column], rel=1e-10)
    assert ("(1) " + names["ln_trade"], "2") not in found  # only the lower triangle

    found = cells(harbours, "inflation")
    regressors = ["quay", "premium", "manning"]
    inverse = pd.DataFrame(frame[regressors].dropna()).corr().to_numpy(dtype=float)
    for code, vif in zip(regressors, np.diag(np.linalg.inv(inverse)), strict=True):
        assert float(found[names[code], "vif"]["value"]) == pytest.approx(vif, rel=1e-9)
        assert float(found[names[code], "tolerance"]["value"]) == pytest.approx(1 / vif, rel=1e-9)

    found = cells(harbours, "bygroup")
    order = [code for (code,) in harbours.query(
        "select group_code from marts.entities group by group_code, group_sort_order order by group_sort_order nulls last, group_code"
    )]  # fmt: skip
    for place, group in enumerate(order, start=1):
        values = frame.loc[frame["group"] == group, "ln_trade"].dropna()
        row: Any = {
            name: found[names["ln_trade"], f"g{place}_{name}"]["value"] for name in ("n", "mean", "std_dev")
        }
        assert int(row["n"]) == len(values)
        assert float(row["mean"]) == pytest.approx(values.mean(), rel=1e-10)
        assert float(row["std_dev"]) == pytest.approx(values.std(), rel=1e-10)
    assert 0 <= float(found[names["ln_trade"], "p_value"]["value"]) <= 1

    found = cells(harbours, "defined")
    assert found[names["ln_trade"], "symbol"]["printed"] == "Y"
    published = {
        source for (source,) in harbours.query("select source from marts.series where not is_derived")
    }
    named = found[names["manning"], "source"]["printed"].split("; ")
    assert set(named) <= published
    assert named != [""]


@pytest.mark.parametrize(
    ("table", "says"),
    [
        (
            'kind = "correlations"\nvariables = ["a"]',
            "table 't': key 'variables': name at least two variables",
        ),
        ('kind = "vif"', "table 't'.*variables"),
        ('kind = "definitions"\nvariables = []', "name at least one variable"),
        ('kind = "groups"\nvariables = ["a"]\nby = "x"', "table 't'.*'by'"),
        ('kind = "correlation"\nvariables = ["a", "b"]', r"Did you mean 'correlations'\?"),
    ],
)
def test_a_faulty_key_is_named(table: str, says: str, tmp_path: Path) -> None:
    path = tmp_path / "specifications.toml"
    path.write_text(f'[study]\ntitle = "t"\n[[tables]]\ncode = "t"\ntitle = "T"\n{table}\n', encoding="utf-8")
    with pytest.raises(StudyError, match=says):
        read_specification(path)
