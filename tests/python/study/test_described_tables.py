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


def test_a_table_of_balance_compares_the_rows_of_a_dummy(harbours: Project) -> None:
    with (harbours.folder / "def_variables.csv").open("a", encoding="utf-8") as stream:
        stream.write('late,,,"Late, from 2001",control,,,,dummy,1 from 2001 on,1998,2003\n')
    entities = harbours.query("select distinct entity_code from marts.entities order by 1")
    lines = "".join(f"late,{code},2001,\n" for (code,) in entities[:2])
    (harbours.folder / "def_dummies.csv").write_text(
        "variable_code,entity_code,first_year,last_year\n" + lines, encoding="utf-8"
    )
    asked = '\n[[tables]]\ncode = "bal"\nkind = "balance"\ntitle = "Balance"\nvariables = ["ln_trade", "quay"]\nby = "{}"\n'
    specification = harbours.folder / "specifications.toml"
    before = specification.read_text(encoding="utf-8")
    specification.write_text(before + asked.format("late"), encoding="utf-8")
    built = harbours.build()
    assert built.code == 0, built.output
    done = harbours.estimate("--quiet", "--tables", "bal")
    assert done.code == 0, done.output
    frame = pd.DataFrame(
        harbours.query("select late, ln_trade, quay from marts.regression_panel"), columns=["late", "ln_trade", "quay"]
    ).dropna()  # fmt: skip
    assert set(frame["late"]) == {0, 1}
    names = dict(harbours.query("select variable_code, name_en from marts.variables"))
    found = cells(harbours, "bal")
    means = frame.groupby("late")[["ln_trade", "quay"]].mean()
    for code in ("ln_trade", "quay"):
        for value in (0, 1):
            assert float(found[names[code], f"by{value}_mean"]["value"]) == pytest.approx(means.loc[value, code], rel=1e-10)  # fmt: skip
        assert float(found[names[code], "difference"]["value"]) == pytest.approx(
            means.loc[1, code] - means.loc[0, code], rel=1e-9
        )
    specification.write_text(before + asked.format("premium"), encoding="utf-8")
    refused = harbours.estimate("--quiet", "--tables", "bal")
    assert refused.code == 1
    assert "table 'bal', key 'by': 'premium' must be 0 in some rows and 1 in others" in refused.output


@pytest.mark.parametrize(
    ("table", "says"),
    [
        ('kind = "balance"\nvariables = ["a"]', "table 't'.*'by' is missing"),
        ('kind = "balance"\nvariables = ["a", "d"]\nby = "d"', "'d' parts the rows"),
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
