"""diagnose.py: our own printed numbers lead back to the specification they came from, nonsense is told by row."""

from __future__ import annotations

from pathlib import Path

import pytest
from nqp.diagnosis import printed_interval, read_printed
from nqp.diagnosis_run import write_matrix_study
from nqp.errors import StudyError


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
        write_matrix_study(path, negative, tmp_path / "study")
    assert told in str(error.value)
    assert not (tmp_path / "study").exists()
