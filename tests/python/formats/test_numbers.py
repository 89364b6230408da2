"""What is written is the same on every processor and in every format: twelve digits, and a tie away from zero."""

from __future__ import annotations

import io
from codecs import BOM_UTF8
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pytest
from nqp.document.cells import Estimate, Number
from nqp.formats.csv import csv_bytes, marked, neutral
from nqp.language.numbers import fixed, percent, written


@pytest.mark.parametrize(
    ("value", "decimals", "expected"),
    [
        (0.0625, 3, "0.063"), (-0.0625, 3, "-0.063"), (0.1235, 3, "0.124"), (2.5, 0, "3"), (1234567.5, 0, "1,234,568"),
        (1e-20, 3, "0.000"), (0.1 + 0.2, 1, "0.3"), (1.0005, 3, "1.001"), (1e300, 0, f"{10**300:,}"),
    ],
)  # fmt: skip
def test_a_tie_goes_away_from_zero_as_spreadsheets_round(value: float, decimals: int, expected: str) -> None:
    assert fixed(value, decimals) == expected


def test_a_difference_in_the_last_bits_is_not_written() -> None:
    random = np.random.default_rng(1)
    values = random.normal(size=2000) * 10.0 ** random.integers(-8, 8, size=2000)
    other = values * (1 + 9e-15 * random.uniform(-1, 1, size=2000))
    assert (values != other).mean() > 0.9
    same = [written(value) == written(twin) for value, twin in zip(values, other, strict=True)]
    assert np.mean(same) > 0.97


def test_every_format_has_the_number_of_the_cell_and_the_file() -> None:
    value = 0.12345678901234567
    assert Number(value).number == Estimate(value).number == written(value) == 0.123456789012
    assert csv_bytes(pd.DataFrame({"a": [value, None]})) == b'a\n0.123456789012\n""\n'


@pytest.mark.parametrize(
    ("share", "expected"),
    [(0, "0%"), (1, "100%"), (0.5, "50%"), (0.125, "12%"), (0.997, "99.7%"), (0.99996, "99.996%"), (0.004, "0.4%"), (1 / 8136, "0.01%")],
)  # fmt: skip
def test_a_share_is_called_nothing_or_everything_only_where_it_is(share: float, expected: str) -> None:
    assert percent(share) == expected


def test_a_csv_with_chinese_opens_in_excel_and_in_programs(tmp_path: Path) -> None:
    frame = pd.DataFrame({"name": ["北京", "-0.5", "=1"], "value": [1.5, 2, 3]})
    content = marked(csv_bytes(frame))
    assert content.startswith(BOM_UTF8)
    assert list(pd.read_csv(io.BytesIO(content)).columns) == ["name", "value"]
    (tmp_path / "names.csv").write_bytes(content)
    assert duckdb.read_csv(str(tmp_path / "names.csv")).columns == ["name", "value"]
    assert marked(b"a,b\n1,2\n") == b"a,b\n1,2\n"


def test_a_negative_number_is_no_formula() -> None:
    assert neutral("-0.156") == "-0.156"
    assert neutral("=1+1") == "'=1+1"
    assert neutral("-1+cmd|' /C calc'!A0").startswith("'-1+cmd")
