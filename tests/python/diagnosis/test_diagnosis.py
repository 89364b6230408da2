"""diagnose.py: our own printed numbers lead back to the specification they came from, nonsense is told by row."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import duckdb
import numpy as np
import pytest
from nqp.diagnosis.answer import answer
from nqp.diagnosis.candidates import Diagnosis, diagnose
from nqp.diagnosis.printed import printed_interval, read_printed
from nqp.diagnosis.recipes import option_text
from nqp.diagnosis.run import SELECT, write_matrix_study
from nqp.errors import StudyError
from nqp.study.recipes import read_recipe_words
from studies import GOLDENS, REPOSITORY, Project, new_project


def write(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("text", "number", "half"),
    [("0.120", 0.12, 0.0005), ("12", 12, 0.5), ("12.0%", 0.12, 0.0005), ("-3.5e-2", -0.035, 0.0005), ("0.5 %", 0.005, 0.0005)],
)  # fmt: skip
def test_a_printed_number_is_an_interval_of_its_digits(text: str, number: float, half: float) -> None:
    assert printed_interval(text, "here") == (pytest.approx(number), pytest.approx(half))


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.0, "0"), ("0.00001", "0.00001"), (1e-11, "0.00000000001"), ("1e-11", "0.00000000001"), (2, "2"), (0.1 + 0.2, "0.30000000000000004"), ("0|0.01", "0|0.01")],
)  # fmt: skip
def test_a_shift_is_one_text_however_small_it_is(value: object, text: str) -> None:
    assert option_text("shift", value) == text


@pytest.mark.parametrize(
    ("kind", "content", "told"),
    [
        (
            "weight",
            "indicator,weight\na,0.5\nb,0.5\n",
            "missing column indicator_code. Found: indicator, weight",
        ),
        ("weight", "indicator_code,weight\na,0.5\nb,half\n", "row 3: weight 'half' is not a plain number"),
        ("weight", "indicator_code,weight\na,0.5\nb,\n", "row 3: weight '' is not a plain number"),
        ("weight", "indicator_code,weight\na,0.5\na,0.5\n", "indicator_code a stands more than once"),
        ("weight", "indicator_code,weight\na,0.5\n", "1 number(s). At least 2"),
        ("weight", "indicator_code,weight\n", "nothing below the header"),
        (
            "score",
            "entity_code,score,year\na,0.5,2001\nb,0.5,then\n",
            "row 3: year 'then' is not a whole number",
        ),
        ("score", "entity_code,score\n,0.5\nb,0.5\n", "row 2: entity_code is blank"),
    ],
)
def test_a_faulty_list_is_told_by_row_and_column(tmp_path: Path, kind: str, content: str, told: str) -> None:
    path = write(tmp_path / "printed.csv", content)
    with pytest.raises(StudyError) as error:
        read_printed(path, kind)
    assert told in str(error.value)
    assert str(path) in str(error.value)


@pytest.mark.parametrize(
    ("content", "negative", "told"),
    [
        ("ward,a,b\nx,1,2\ny,1,\n", (), "row 3, column 'b': '' is not a plain number"),
        ("ward,a,b\nx,1,2\ny,1\n", (), "row 3 has 2 cells, the header has 3"),
        ("ward,a,b\nx,1,2\nx,1,3\n", (), "row 3: x stands twice in one year"),
        ("ward,a\nx,1\ny,2\n", (), "at least two indicators"),
        ("ward,a,a\nx,1,2\ny,1,3\n", (), "a column name stands twice"),
        ("ward,a,b\nx,1,2\ny,1,3\n", ("c",), "--negative c: "),
        ("ward,year,a,b\nx,1,1,2\nx,2,1,2\ny,1,1,3\n", (), "not every entity has a row in every year"),
    ],
)
def test_a_faulty_matrix_is_told_by_row_and_column(
    tmp_path: Path, content: str, negative: tuple[str, ...], told: str
) -> None:
    path = write(tmp_path / "matrix.csv", content)
    with pytest.raises(StudyError) as error:
        write_matrix_study(path, negative, tmp_path / "study", read_recipe_words(REPOSITORY))
    assert told in str(error.value)
    assert not (tmp_path / "study").exists()


# ------------------------------------------------------------------------------------------ round trips


@pytest.fixture(scope="module")
def study(default_builds: dict[str, Project]) -> Project:
    """The default study, built. Read only."""
    return default_builds["one"]


def presets() -> list[str]:
    with (REPOSITORY / "seeds" / "nqp" / "def_specs.csv").open(encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    return [row["spec_code"] for row in rows if not any("|" in (cell or "") for cell in row.values())]


def export(project: Project, sql: str, path: Path) -> Path:
    """The rows of a query as a CSV file, as an author would print them."""
    with duckdb.connect(str(project.database), read_only=True) as connection:
        found = connection.execute(sql)
        header, rows = [column[0] for column in found.description], found.fetchall()
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([header, *rows])
    return path


def found_in(project: Project, path: Path, kind: str) -> Diagnosis:
    return diagnose(project.database, read_printed(path, kind), path, None)


@pytest.mark.parametrize("preset", presets())
def test_the_weights_of_a_preset_rounded_to_4_digits_lead_back_to_it(
    study: Project, preset: str, tmp_path: Path
) -> None:
    sql = f"select indicator_code, printf('%.4f', weight) as weight from marts.spec_weights where spec_code = '{preset}' and index_code = 'nqp'"
    found = found_in(study, export(study, sql, tmp_path / "weights.csv"), "weight")
    assert preset in set(found.reproducing["spec_code"])
    assert found.reproducing["digits"].eq(4).all()
    # what reproduces them has the same weights: their distances are within the rounding
    assert found.reproducing["max_difference"].max() <= 0.00005 * (1 + 1e-9)
    percent = sql.replace("printf('%.4f', weight)", "printf('%.2f', 100 * weight) || '%'")
    again = found_in(study, export(study, percent, tmp_path / "percent.csv"), "weight")
    assert set(again.reproducing["spec_code"]) == set(found.reproducing["spec_code"])


@pytest.mark.parametrize("preset", presets())
def test_the_scores_of_a_preset_rounded_to_4_digits_lead_back_to_it_alone(
    study: Project, preset: str, tmp_path: Path
) -> None:
    sql = f"select entity_code, year, printf('%.4f', score) as score from marts.spec_scores where spec_code = '{preset}' and index_code = 'nqp'"
    found = found_in(study, export(study, sql, tmp_path / "scores.csv"), "score")
    assert found.reproducing["made_by"].nunique() == 1
    assert found.reproducing["spec_code"].iloc[0] == preset
    told = answer(found, 3)
    assert "reproduces all 330 printed numbers to 4 decimals" in told
    assert "再现全部 330 个印刷数字，至 4 位小数" in told
    assert ("a wrong recipe" in told) == (preset == "wrong_divisor")


def test_scores_by_english_name_of_one_year_are_enough(study: Project, tmp_path: Path) -> None:
    sql = (
        "select name_en as entity_code, year, printf('%.1f', 100 * score) as score from marts.index_scores "
        "inner join marts.entities using (entity_code) where index_code = 'nqp' and year = 2022"
    )
    best = found_in(study, export(study, sql, tmp_path / "scores.csv"), "score").reproducing.iloc[0]
    assert best["is_baseline"]
    assert best["scale"] == 100
    assert best["spearman"] == pytest.approx(1.0, abs=1e-3)  # printed ties


def test_numbers_of_nobody_are_reproduced_by_none(study: Project, tmp_path: Path) -> None:
    sql = "select entity_code, year, printf('%.3f', 0.2 + 0.6 * (hash(entity_code || year) % 997) / 997) as score from marts.regression_panel"
    found = found_in(study, export(study, sql, tmp_path / "scores.csv"), "score")
    assert found.reproducing.empty
    told = answer(found, 1)
    assert "Answer: none of the" in told
    assert "没有一种能再现" in told


@pytest.mark.parametrize(
    ("content", "kind", "told"),
    [
        (
            "indicator_code,weight\nnothing,0.5\nrd_input,0.5\n",
            "weight",
            "indicator_code 'nothing' is not known",
        ),
        ("entity_code,score\n11,0.5\n12,0.4\n", "score", "Add a column year"),
        ("entity_code,year,score\n11,1999,0.5\n12,1999,0.4\n", "score", "year 1999 is not in the study"),
    ],
)
def test_a_list_that_does_not_fit_the_study_is_told(
    study: Project, tmp_path: Path, content: str, kind: str, told: str
) -> None:
    with pytest.raises(StudyError) as error:
        found_in(study, write(tmp_path / "printed.csv", content), kind)
    assert told in str(error.value)
    assert "printed.csv" in str(error.value)


def test_the_command_says_what_it_found_and_ends_with_0_1_or_2(
    built_harbours: Project, tmp_path: Path
) -> None:
    sql = "select indicator_code, printf('%.5f', weight) as weight from marts.indicator_weights where index_code = 'quay'"
    path, table = export(built_harbours, sql, tmp_path / "weights.csv"), tmp_path / "candidates.csv"
    done = built_harbours.run("python", "python/diagnose.py", "--weights", str(path), "--output", str(table))
    assert done.code == 0, done.output
    assert "reproduces all" in done.output
    assert table.read_text(encoding="utf-8-sig").startswith("told_en,told_zh,form,spec_code")
    absent = built_harbours.run("python", "python/diagnose.py", "--weights", "nowhere.csv")
    assert absent.code == 1
    assert absent.output.strip().endswith("error: nowhere.csv: the file does not exist.")
    assert built_harbours.run("python", "python/diagnose.py").code == 2
    said = built_harbours.run("python", "python/diagnose.py", "--help").output
    for word in (
        "--weights",
        "--scores",
        "--matrix",
        "--negative",
        "--index",
        "--top",
        "--output",
        "Exit code",
    ):
        assert word in said


# ------------------------------------------------------------------------------------- a printed matrix


@pytest.fixture(scope="module")
def hospital(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The database of the printed teaching example, built from its matrix alone."""
    folder = tmp_path_factory.mktemp("hospital")
    example = json.loads((GOLDENS / "index" / "hospital_11x9.json").read_text(encoding="utf-8"))
    with (folder / "matrix.csv").open("w", encoding="utf-8", newline="") as stream:
        names = [f"item {j + 1}" for j in range(len(example["directions"]))]
        rows = [[unit, *row] for unit, row in zip(example["units"], example["matrix"], strict=True)]
        csv.writer(stream).writerows([["ward", *names], *rows])
    write_matrix_study(folder / "matrix.csv", (), folder / "matrix", read_recipe_words(REPOSITORY))
    project = new_project(folder / "project", "matrix", folder / "matrix")
    built = project.build("--select", *SELECT, "--indirect-selection", "cautious")
    assert built.code == 0, built.output
    return project.database


@pytest.mark.parametrize(
    ("printed", "form"), [("score_raw_times_w", "raw"), ("score_proportion_times_w", "proportion")]
)
def test_the_printed_teaching_example_is_reproduced_to_its_last_digit(
    hospital: Path, tmp_path: Path, printed: str, form: str
) -> None:
    example = json.loads((GOLDENS / "index" / "hospital_11x9.json").read_text(encoding="utf-8"))
    values = zip(example["units"], example["expected"][printed], strict=True)
    lines = [f"{unit},{value:.{example['expected']['decimals']}f}" for unit, value in values]
    path = write(tmp_path / "scores.csv", "\n".join(["entity_code,score", *lines]) + "\n")
    found = diagnose(hospital, read_printed(path, "score"), path, None)
    best = found.reproducing.iloc[0]
    assert (best["form"], best["digits"], best["agreeing"]) == (form, 8, 11)
    assert best["is_baseline"]
    assert found.reproducing["made_by"].nunique() == 1


@pytest.mark.build
def test_a_matrix_with_years_and_a_negative_column_is_diagnosed_by_the_command(tmp_path: Path) -> None:
    rows = [
        (w, y, 10 + 3 * i + y, 40 - 2 * i * i, (7 * i + y) % 5 + 1)
        for i, w in enumerate("abcd")
        for y in (1, 2)
    ]
    lines = [",".join(map(str, row)) for row in rows]
    matrix = write(tmp_path / "matrix.csv", "\n".join(["ward,year,up,down,mixed", *lines]) + "\n")
    x = [[float(cell) for cell in row[2:]] for row in rows]
    low, high = [min(c) for c in zip(*x, strict=True)], [max(c) for c in zip(*x, strict=True)]
    z = [[(v - a) / (b - a) for v, a, b in zip(row, low, high, strict=True)] for row in x]
    scores = [(r[0] + 1 - r[1] + r[2]) / 3 for r in z]
    printed = [f"{row[0]},{row[1]},{score:.3f}" for row, score in zip(rows, scores, strict=True)]
    path = write(tmp_path / "scores.csv", "\n".join(["entity_code,year,score", *printed]) + "\n")
    from nqp.diagnosis.run import run_diagnosis

    told = run_diagnosis(
        root=REPOSITORY, study="nqp", database=tmp_path / "none.duckdb", weights=None, scores=path, index=None,
        matrix=matrix, negative=["down"], top=3, output=None, announce=lambda text: None,
    )  # fmt: skip
    assert "(min_max, all_years, equal, linear)" in told
    assert "reproduces all 8 printed numbers to 3 decimals" in told


@pytest.mark.build
def test_a_forgotten_direction_and_a_shift_of_five_decimals_are_found(tmp_path: Path) -> None:
    # entropy weights of values that were never turned, shifted by 0.00001, by the formulas of the code that is passed around
    random = np.random.default_rng(3)
    x = random.uniform(1, 9, size=(12, 4))
    matrix = write(
        tmp_path / "matrix.csv",
        "\n".join(["ward,a,b,c,d", *(f"w{i}," + ",".join(map(repr, map(float, row))) for i, row in enumerate(x))]) + "\n",
    )  # fmt: skip
    z = (x - x.min(axis=0)) / (x.max(axis=0) - x.min(axis=0)) + 0.00001
    share = z / z.sum(axis=0)
    divergence = 1 + (share * np.log(share)).sum(axis=0) / np.log(len(x))
    weights = divergence / divergence.sum()
    path = write(
        tmp_path / "weights.csv",
        "indicator_code,weight\n" + "".join(f"{name},{weight:.8f}\n" for name, weight in zip("abcd", weights, strict=True)),
    )  # fmt: skip
    from nqp.diagnosis.run import run_diagnosis

    told = run_diagnosis(
        root=REPOSITORY, study="nqp", database=tmp_path / "none.duckdb", weights=path, scores=None, index=None,
        matrix=matrix, negative=["b"], top=3, output=None, announce=lambda text: None,
    )  # fmt: skip
    assert "(a wrong recipe)" in told
    assert "min_max_unturned" in told
    assert "shift 0.00001" in told
    assert "reproduces all 4 printed numbers to 8 decimals" in told
