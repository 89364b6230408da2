"""Panels as they come: with missing values, entities that enter and leave, few files, and controls that say nothing.

The studies are made here, from published data sets and from small numbers; what is right is known from the publication, from
arithmetic by hand, or from a few lines of NumPy.
"""

from __future__ import annotations

import csv
import math
import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from studies import Project, new_project

pytestmark = pytest.mark.build

Cells = Mapping[tuple[str, int], Mapping[str, float | None]]
HEADERS = {
    "def_indicators": "index_code,dimension_code,indicator_code,name_zh,name_en,direction,numerator_series,"
    "denominator_series,multiplier,unit,definition",
    "def_variables": "variable_code,symbol,name_zh,name_en,role,numerator_series,denominator_series,multiplier,transform,"
    "definition",
}


def write_study(
    project: Project,
    cells: Cells,
    *,
    indicators: Iterable[str] = (),
    variables: Iterable[str] = (),
    specifications: str = "",
    **files: str,
) -> Project:
    """A study of these cells with only the files that say something. An indicator is ``index,dimension,code,direction``; a
    variable its series, or ``code = log numerator / denominator``; further files are given whole, by their names without
    ``.csv``.
    """
    with (project.folder / "raw_observations.csv").open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(["entity_code", "year", "series_code", "observed_value"])
        for (entity, year), values in cells.items():
            writer.writerows(
                (entity, year, code, "" if value is None else repr(float(value)))
                for code, value in values.items()
            )
    rows = {"def_indicators": [], "def_variables": []}  # type: dict[str, list[str]]
    for one in indicators:
        index, dimension, code, direction = one.split(",")
        rows["def_indicators"].append(
            f"{index},{dimension},{code},{code},{code},{direction},{code},,,u,made up"
        )
    for code, _, quotient in (one.partition(" = log ") for one in variables):
        numerator, _, denominator = (quotient or code).partition(" / ")
        transform = "log" if quotient else ""
        rows["def_variables"].append(
            f"{code},,{code},{code},control,{numerator},{denominator},,{transform},made up"
        )
    for name, lines in rows.items():
        if lines:
            files[name] = "\n".join([HEADERS[name], *lines])
    for name, text in files.items():
        (project.folder / f"{name}.csv").write_text(text.strip() + "\n", encoding="utf-8")
    if specifications:
        (project.folder / "specifications.toml").write_text(specifications, encoding="utf-8")
    return project


def built(project: Project, *arguments: str) -> Project:
    done = project.build("--warn-error", "--exclude", "tag:multiverse", *arguments)
    assert done.code == 0, done.output
    return project


def estimated(project: Project, *arguments: str) -> Project:
    done = project.estimate("--quiet", *arguments)
    assert done.code == 0, done.output
    return project


def coefficients(project: Project) -> dict[tuple[str, str], tuple[float, float]]:
    return {
        (model, term): (estimate, std_error)
        for model, term, estimate, std_error in project.query(
            "select model_code, term, estimate, std_error from estimates.coefficients where equation = 'main' and is_printed"
        )
    }


def statistics(project: Project, model: str) -> dict[str, float]:
    return dict(
        project.query(
            f"select statistic, value from estimates.model_statistics where model_code = '{model}' and equation = 'main'"
        )
    )


def frame_cells(frame: pd.DataFrame, entity: str, year: str, columns: Iterable[str]) -> Cells:
    return {
        (str(row[entity]), int(row[year])): {
            name: None if pd.isna(row[name]) else float(row[name]) for name in columns
        }
        for row in frame.to_dict("records")
    }


def topsis(matrix: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Entropy-weight TOPSIS scores of positive indicators (rows, indicators), pooled over the rows."""
    z = (matrix - matrix.min(axis=0)) / (matrix.max(axis=0) - matrix.min(axis=0))
    p = z / z.sum(axis=0)
    logs = np.log(np.where(p > 0, p, 1.0))
    divergence = 1 + (p * logs).sum(axis=0) / math.log(len(z))
    weight = divergence / divergence.sum()
    away = np.sqrt(((weight * z) ** 2).sum(axis=1))
    return np.asarray(away / (away + np.sqrt(((weight * (1 - z)) ** 2).sum(axis=1))))


def noise(*key: object) -> float:
    """A number in (0, 1) that its key decides."""
    return float(np.random.default_rng(list("|".join(map(str, key)).encode())).random())


# ------------------------------------------------------------------------ regressions without an index

JOBS = """
[study]
title = "Job training grants"
[[tables]]
code = "scrap"
title = "Scrap rates"
outcome = "lscrap"
core = ["grant"]
[[tables.columns]]
code = "published"
controls = ["grant_1"]
[[tables.columns]]
code = "lag"
controls = ["L1.grant"]
"""


@pytest.fixture(scope="module")
def jobs(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """Holzer et al.'s firms, 1987 to 1989: scrap rates are missing for two thirds of them. Two CSV files, no index."""
    from linearmodels.datasets import jobtraining

    names = ["lscrap", "grant", "grant_1"]
    project = new_project(tmp_path_factory.mktemp("jobs") / "project", "jobs")
    write_study(
        project,
        frame_cells(jobtraining.load(), "fcode", "year", names),
        variables=names,
        specifications=JOBS,
    )
    return estimated(built(project), "--covariance", "iid")


def test_a_published_unbalanced_panel_comes_out_of_a_study_of_three_files(jobs: Project) -> None:
    # Wooldridge, Introductory Econometrics, Example 14.1: 54 firms with a scrap rate in three years, N = 162
    assert sorted(path.name for path in jobs.folder.iterdir()) == [
        "def_variables.csv", "raw_observations.csv", "specifications.toml",
    ]  # fmt: skip
    found = coefficients(jobs)
    for term, estimate, std_error in [("grant", -0.252, 0.151), ("grant_1", -0.422, 0.210)]:
        assert [round(one, 3) for one in found["published", term]] == [estimate, std_error]
    flow = statistics(jobs, "published")
    assert (flow["n_obs"], flow["n_entities"]) == (162, 54)
    assert (flow["rows_offered"], flow["rows_missing_outcome"], flow["rows_singletons"]) == (471, 309, 0)
    # the first year has no lag; grant_1 is the lag of grant, and zero in the first year
    flow = statistics(jobs, "lag")
    assert (flow["n_obs"], flow["rows_missing_outcome"], flow["rows_missing_lag"]) == (108, 309, 54)
    note = (jobs.output / "tables" / "scrap.en.tex").read_text(encoding="utf-8")
    assert "471 rows, 309 without the outcome, 162 used" in note
    assert jobs.query("select sum(cells) from marts.missing_cells where series_code = 'lscrap'") == [(309,)]


def test_both_engines_agree_on_an_unbalanced_panel(jobs: Project, tmp_path: Path) -> None:
    here, sql = coefficients(jobs), jobs.copy(tmp_path / "project")
    flows = {model: statistics(jobs, model) for model in ("published", "lag")}
    there = coefficients(estimated(sql, "--covariance", "iid", "--engine", "sql"))
    assert here.keys() == there.keys()
    for key, pair in here.items():
        assert there[key] == pytest.approx(pair, rel=1e-9)
    for model, flow in flows.items():
        assert statistics(sql, model) == pytest.approx(flow, rel=1e-9)


def test_two_waves_ten_years_apart_are_two_waves(tmp_path: Path) -> None:
    # 48 places in 1985 and 1995, one of them in 1985 only: with two waves the effects are first differences
    cells = {
        (f"s{i:02d}", year): {"x": noise(i, year, "x"), "y": noise(i, year, "y")}
        for i in range(48) for year in (1985, 1995) if (i, year) != (7, 1995)
    }  # fmt: skip
    project = write_study(
        new_project(tmp_path / "project", "waves"), cells, variables=["x", "y"],
        specifications='[study]\ntitle="t"\n[[tables]]\ncode="t"\ntitle="T"\noutcome="y"\ncore=["x"]\n',
    )  # fmt: skip
    estimated(built(project), "--covariance", "iid")
    change = {
        name: np.array([cells[s, 1995][name] - cells[s, 1985][name] for s, t in cells if t == 1995])
        for name in ("x", "y")
    }
    x, y = (change[name] - change[name].mean() for name in ("x", "y"))
    slope = x @ y / (x @ x)
    std_error = math.sqrt(((y - slope * x) ** 2).sum() / (47 - 2) / (x @ x))
    assert coefficients(project)["1", "x"] == pytest.approx((slope, std_error), rel=1e-9)
    flow = statistics(project, "1")
    assert (flow["n_obs"], flow["rows_offered"], flow["rows_singletons"]) == (94, 95, 1)
    assert project.query("select count(*) from marts.series_values where is_imputed") == [(0,)]


# ----------------------------------------------------------------------------- an index with missing cells


def test_an_index_needs_two_files(tmp_path: Path) -> None:
    cells = {
        (f"{i}", year): {"a": noise(i, year), "b": noise(year, i)} for i in range(5) for year in (2001, 2002)
    }
    project = write_study(
        new_project(tmp_path / "project", "bare"), cells, indicators=["q,d,a,positive", "q,d,b,positive"]
    )
    estimated(built(project))
    assert sorted(path.name for path in project.folder.iterdir()) == [
        "def_indicators.csv",
        "raw_observations.csv",
    ]
    found = project.query(
        "select score from marts.index_scores where index_code = 'q' order by entity_code, year"
    )
    matrix = np.array([[one["a"], one["b"]] for _, one in sorted(cells.items())])
    assert [score for (score,) in found] == pytest.approx(topsis(matrix), abs=1e-12)
    assert project.query(
        "select distinct name_en, group_code from marts.entities where entity_code = '3'"
    ) == [("3", "all")]
    assert project.query("select first_year, last_year, missing from staging.stg_indices") == [
        (2001, 2002, "stop")
    ]
    page = (project.output / "data.en.html").read_text(encoding="utf-8")
    assert "not stated" in page, "nobody has said the unit of a series"


GAPS = {("02", 2012), ("05", 2013), ("05", 2014)}
INDICES = """
index_code,name_zh,name_en,first_year,last_year,missing
rows,行,By row,2010,2015,drop rows
whole,整体,Whole,2010,2015,drop entities
"""
SERIES = """
series_code,name_zh,name_en,unit,source,impute
a,a,a,u,made up,
b,b,b,u,made up,
c,c,c,u,made up,linear
d,d,d,u,made up,carry 1
y,y,y,u,made up,
"""
PORTS = """
[study]
title = "Ports"
[[tables]]
code = "t"
title = "T"
outcome = "y"
[[tables.columns]]
code = "rows"
core = ["rows"]
[[tables.columns]]
code = "whole"
core = ["whole"]
[[tables.columns]]
code = "imputed"
core = ["d"]
"""


def ports_cells() -> dict[tuple[str, int], dict[str, float | None]]:
    cells: dict[tuple[str, int], dict[str, float | None]] = {}
    for i in range(1, 9):
        for year in range(2010, 2016):
            place = f"{i:02d}"
            cells[place, year] = {code: noise(place, year, code) for code in "abcdy"}
            for code in "acd":
                if (place, year) in GAPS:
                    cells[place, year][code] = None
    return cells


def write_ports(project: Project, cells: Cells, **more: str) -> Project:
    return write_study(
        project, cells, variables=["y", "d"], specifications=PORTS, def_indices=INDICES, def_series=SERIES, **more,
        indicators=[f"{index},{one}" for index in ("rows", "whole") for one in ("p,a,positive", "q,b,positive", "q,c,positive")],
    )  # fmt: skip


@pytest.fixture(scope="module")
def ports(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """Eight ports, six years. Three cells of a (never imputed), c (linear) and d (carried one year) are missing."""
    project = new_project(tmp_path_factory.mktemp("ports") / "project", "ports")
    return estimated(built(write_ports(project, ports_cells())))


@pytest.mark.parametrize(
    ("index", "dropped"),
    [("rows", GAPS), ("whole", {(place, year) for place in ("02", "05") for year in range(2010, 2016)})],
)
def test_the_rows_that_an_index_keeps_are_scored_as_if_there_were_no_others(
    ports: Project, index: str, dropped: set[tuple[str, int]]
) -> None:
    cells = ports_cells()
    kept = sorted(set(cells) - dropped)
    filled = {key: dict(one) for key, one in cells.items()}
    for place, year, earlier, later in [
        ("02", 2012, 2011, 2013),
        ("05", 2013, 2012, 2015),
        ("05", 2014, 2012, 2015),
    ]:
        low, high = cells[place, earlier]["c"], cells[place, later]["c"]
        assert low is not None
        assert high is not None
        filled[place, year]["c"] = low + (high - low) * (year - earlier) / (later - earlier)
    expected = topsis(np.array([[filled[key][code] for code in "abc"] for key in kept]))
    found = ports.query(
        f"select entity_code, year, score from marts.index_scores where index_code = '{index}' order by 1, 2"
    )
    assert [(place, year) for place, year, _ in found] == kept
    assert [score for *_, score in found] == pytest.approx(expected, abs=1e-12)
    assert {
        (place, year)
        for place, year in ports.query(
            f"select entity_code, year from marts.index_dropped_rows where index_code = '{index}'"
        )
    } == dropped
    note = (ports.output / "tables" / "t.en.tex").read_text(encoding="utf-8")
    entities = len({place for place, _ in dropped})
    assert f"leaves out {len(dropped)} entity-years of {entities} entities (" in note
    assert "for want of a value" in note


def test_an_imputed_cell_is_flagged_to_the_last_table(ports: Project) -> None:
    flagged = ports.query(
        "select variable_code, entity_code, year from marts.panel_variables where is_imputed order by all"
    )
    # d is carried for one year only: of the two years that 05 lacks the second stays missing
    assert flagged == [("d", "02", 2012), ("d", "05", 2013)]
    assert ports.query("select entity_code, year from marts.regression_panel where is_imputed order by all") == [
        ("02", 2012), ("05", 2013),
    ]  # fmt: skip
    assert ports.query("select note from marts.series_values where series_code = 'd' and is_imputed order by all") == [
        ("carried from 2011",), ("carried from 2012",),
    ]  # fmt: skip
    assert ports.query("select imputed_values from marts.variables where variable_code = 'd'") == [(2,)]
    note = (ports.output / "tables" / "t.en.tex").read_text(encoding="utf-8")
    assert "imputed (interpolated or carried) cells: d" in note
    flow = statistics(ports, "imputed")
    assert (flow["n_obs"], flow["rows_missing_regressor"]) == (47, 1)


def test_a_score_on_interpolated_cells_says_so(tmp_path: Path, ports: Project) -> None:
    # the same index once its first indicator is interpolated: no row is left out, three scores say what they rest on
    project = new_project(tmp_path / "project", "ports", ports.folder)
    project.edit("def_series.csv", "a,a,a,u,made up,", "a,a,a,u,made up,linear")
    project.edit("def_indices.csv", "2010,2015,drop rows", "2010,2015,stop")
    estimated(built(project))
    for code in ("rows", "rows.p", "rows.q"):
        assert set(
            project.query(f"select entity_code, year from marts.panel_variables where variable_code = '{code}' and is_imputed")
        ) == GAPS  # fmt: skip
    assert project.query("select imputed_values from marts.variables where variable_code = 'rows'") == [(3,)]
    assert project.query("select count(*) from marts.index_scores where index_code = 'rows'") == [(48,)]
    note = (project.output / "tables" / "t.en.tex").read_text(encoding="utf-8")
    assert "imputed (interpolated or carried) cells: By row, Whole" in note


def rounded(rows: list[str]) -> list[str]:
    """Rows of a table with eleven significant digits in place of every bit."""
    return [
        re.sub(r"-?0x[0-9a-f.]+p[+-][0-9]+", lambda m: f"{float.fromhex(m[0]):.10e}", row) for row in rows
    ]


def test_what_changes_nothing_changes_nothing(tmp_path: Path, ports: Project) -> None:
    """Rows in another order, an entity without a single value, and one that is left out in one place."""
    cells = ports_cells()
    shuffled = dict(sorted(cells.items(), key=lambda one: noise(one[0], "order")))
    shuffled |= {("09", year): dict.fromkeys("abcdy") for year in range(2010, 2016)}
    shuffled |= {("10", year): dict.fromkeys("abcdy", 9.0) for year in range(2010, 2013)}
    entities = "entity_code,left_out\n" + "\n".join(
        f"{i:02d},{'true' if i == 10 else ''}" for i in range(1, 11)
    )
    project = write_ports(new_project(tmp_path / "project", "ports"), shuffled, def_entities=entities)
    estimated(built(project))
    for schema, names in {
        "marts": (
            "index_scores",
            "indicator_weights",
            "panel_variables",
            "regression_panel",
            "index_dropped_rows",
        ),
        "estimates": ("coefficients", "model_statistics"),
    }.items():
        before, after = ports.tables(schema), project.tables(schema)
        for name in names:  # sums over other rows may end in another last bit
            assert rounded(after[name]) == rounded(before[name]), name
    tables = [name for name in ports.files() if name.startswith("tables/t.")]
    assert len(tables) > 5
    assert {name: project.files()[name] for name in tables} == {name: ports.files()[name] for name in tables}


def test_an_index_that_stops_lists_what_is_missing_in_one_round(tmp_path: Path, ports: Project) -> None:
    project = new_project(tmp_path / "project", "ports", ports.folder)
    project.edit("def_indices.csv", "2010,2015,drop rows", "2010,2015,")
    project.rewrite("raw_observations.csv", lambda line: None if line.startswith("04,2011,") else line)
    done = project.build("--exclude", "tag:multiverse")
    assert done.code != 0
    (empty,) = [message for message in done.messages if "no observation" in message]
    assert "entity_code=04, year=2011" in empty
    assert "left_out" in empty
    listed = pd.read_csv(project.root / "target" / "missing_cells.csv", dtype=str)
    assert {tuple(row) for row in listed[["series_code", "entity_code", "years"]].to_numpy()} == {
        ("a", "02", "2012"), ("a", "05", "2013-2014"), ("a", "04", "2011"), ("b", "04", "2011"),
    }  # fmt: skip  # c is interpolated
    assert "missing_cells.csv" in done.output


def test_a_time_finer_than_a_year_is_refused_by_name(tmp_path: Path) -> None:
    project = write_ports(new_project(tmp_path / "project", "ports"), ports_cells())
    for time in ("2019Q1", "2019-03", "201903", "20190331", "2019-03-31"):
        project.append("raw_observations.csv", f"01,{time},y,1")
    done = project.build("--select", "+study_problems")
    assert done.code != 0
    (message,) = done.messages
    assert "a time finer than a year" in message
    assert "sum flows" in message
    assert "The same in 4 more cells" in message


# ------------------------------------------------------------------------- what a fit drops

DEGENERATE = """
[study]
title = "Degenerate"
[[tables]]
code = "t"
title = "T"
outcome = "y"
core = ["q"]
controls = ["c", "fixed", "double"]
[[tables]]
code = "groups"
title = "Groups"
outcome = "y"
core = ["q"]
controls = ["c", "fixed", "half"]
difference_tests = true
[[tables.columns]]
code = "n"
sample = {groups = ["n"]}
[[tables.columns]]
code = "s"
sample = {groups = ["s"]}
[[tables]]
code = "kinds"
title = "Kinds"
kind = "conventions"
table = "t"
column = "1"
term = "fixed"
[[tables]]
code = "moves"
title = "Moves"
kind = "sensitivity"
table = "t"
column = "1"
term = "double"
[[hypotheses]]
code = "H1"
table = "t"
column = "1"
term = "fixed"
[[hypotheses]]
code = "H2"
table = "t"
column = "1"
term = "q"
[[headlines]]
table = "t"
column = "1"
term = "q"
[[headlines]]
table = "t"
column = "1"
term = "double"
[resampling]
bootstrap_draws = 199
permutation_draws = 199
"""


def degenerate(project: Project, toml: str) -> Project:
    """Controls that the effects absorb (``fixed``), that are twice another (``double``), that vary in one group (``half``)."""
    cells: dict[tuple[str, int], dict[str, float | None]] = {}
    for i in range(1, 13):
        for year in range(2010, 2016):
            place = f"{i:02d}"
            one: dict[str, float | None] = {code: noise(place, year, code) for code in "abc"}
            one["y"] = noise(place, year, "a") + noise(place, year, "c") + noise(place, year, "y")
            one["fixed"], one["double"] = float(i), 2 * noise(place, year, "c")
            one["half"] = noise(place, year, "half") if i > 6 else 1.0
            cells[place, year] = one
    write_study(
        project, cells, indicators=["q,d,a,positive", "q,d,b,positive"],
        variables=["y", "c", "fixed", "double", "half"], specifications=toml,
        def_entities="entity_code,group_code\n" + "\n".join(f"{i:02d},{'n' if i < 7 else 's'}" for i in range(1, 13)),
    )  # fmt: skip
    done = project.build("--warn-error", "--vars", "{draws: 20}")
    assert done.code == 0, done.output
    return estimated(project)


def test_what_a_fit_drops_stops_nothing_and_nothing_asked_for_disappears(tmp_path: Path) -> None:
    project = degenerate(new_project(tmp_path / "project", "degenerate"), DEGENERATE)
    plain = project.copy(tmp_path / "plain")
    plain.rewrite("def_variables.csv", lambda line: line if line.startswith(("y,", "c,", "half,")) else None)
    toml = DEGENERATE.replace(', "fixed", "double"]', "]").replace('"c", "fixed", "half"', '"c", "half"')
    for code in ("kinds", "moves"):
        start = toml.index(f'[[tables]]\ncode = "{code}"')
        toml = toml[:start] + toml[toml.index('term = "', start) :].split("\n", 1)[1]
    toml = toml.replace('[[hypotheses]]\ncode = "H1"\ntable = "t"\ncolumn = "1"\nterm = "fixed"\n', "")
    toml = toml.replace('[[headlines]]\ntable = "t"\ncolumn = "1"\nterm = "double"\n', "")
    (plain.folder / "specifications.toml").write_text(toml, encoding="utf-8")
    done = plain.build("--warn-error", "--vars", "{draws: 20}")
    assert done.code == 0, done.output
    estimated(plain)

    # the multiverse is that of the controls that say something: none, and c
    controls = "select distinct controls from estimates.spec_coefficients order by all"
    assert project.query(controls) == plain.query(controls) == [("c",), ("none",)]
    for query in (
        "select estimate, se_cluster from estimates.spec_coefficients order by spec_code, outcome, controls",
        "select estimate_index_anew, estimate_index_fixed from estimates.bootstrap_coefficients order by draw",
        "select difference, std_error, p_chow, p_permutation from estimates.group_differences where first = 'n'",
    ):
        for with_them, without in zip(project.query(query), plain.query(query), strict=True):
            assert with_them == pytest.approx(without, rel=1e-9)
    read: Callable[[str], str] = lambda name: (project.output / name).read_text(encoding="utf-8")  # noqa: E731
    differences = read("tables/groups-differences.en.tex")
    assert "fixed is absorbed by the effects in n and is not compared" in differences
    assert "half is absorbed by the effects in n and is not compared" in differences
    assert "there is no coefficient to examine" in read("tables/kinds.en.tex")
    assert "double is collinear with c: there is no coefficient to examine" in read("tables/moves.en.tex")
    verdicts = project.query("select hypothesis, verdict from estimates.hypotheses order by all")
    assert [code for code, _ in verdicts] == ["H1", "H2"]
    assert verdicts[0] == ("H1", "not estimated")
    assert "double has no coefficient, it is collinear with c" in read("findings.en.txt")
