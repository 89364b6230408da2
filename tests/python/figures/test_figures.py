"""Figures: titles made from the data, drawings that take their colours from the page, data behind every one."""

from __future__ import annotations

import re
from dataclasses import FrozenInstanceError, replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from lxml import etree
from nqp.document.figure import Figure
from nqp.figures import robustness as robustness_figures
from nqp.figures.index import index_figures
from nqp.formats.svg import drawing
from nqp.language.labels import Label, Language
from nqp.study.marts import Marts
from nqp.study.recipes import FILE, read_recipe_words
from studies import REPOSITORY

LANGUAGES: tuple[Language, ...] = ("zh", "en")
NAMES = ["<b>甲</b>", "乙", "丙", "丁", "戊", "己", "庚"]
EMPTY = pd.DataFrame()


def study(*, tiles: bool = True, years: int = 4) -> Marts:
    """Seven entities; entity i scores (i + year) / 20, so that nobody moves but the spread is known."""
    entities = pd.DataFrame(
        {
            "entity_code": [f"{i:03d}" for i in range(7)],
            "name_zh": NAMES,
            "name_en": [f"Unit {i}" for i in range(6)] + ["A unit with a very long name"],
            "group_code": list("aaabbbb"),
            "group_name_zh": ["甲组"] * 3 + ["乙组"] * 4,
            "group_name_en": ["First"] * 3 + ["Second"] * 4,
            "group_sort_order": [1] * 3 + [2] * 4,
            "tile_row": pd.array([1, 1, 1, 2, 2, 2, 3] if tiles else [None] * 7, dtype="Int64"),
            "tile_column": pd.array([1, 2, 3, 1, 2, 3, 2] if tiles else [None] * 7, dtype="Int64"),
        }
    )
    rows = [
        {"spec_code": "baseline", "index_code": "x", "entity_code": code, "year": 2001 + t, "score": (i + t * i / 3 + t) / 20, "rank": 7 - i}
        for t in range(years) for i, code in enumerate(entities["entity_code"])
    ]  # fmt: skip
    gains = [
        {"index_code": "x", "entity_code": f"{i:03d}", "year": 2001 + t, "dimension_code": "d", "indicator_code": code, "gain": share * (t * i / 3 + t) / 20}
        for i in range(7) for t in range(1, years) for code, share in (("p", 0.25), ("q", 0.75))
    ]  # fmt: skip
    indicators = pd.DataFrame(
        {
            "index_code": "x", "indicator_code": ["p", "q"], "name_zh": ["指标一", "指标二"], "name_en": ["One", "Two"],
            "dimension_code": "d", "dimension_name_zh": "维", "dimension_name_en": "Dim", "entropy": [0.9, 0.7],
            "weight": [0.25, 0.75], "effective_weight": [0.1, 0.9],
        }
    )  # fmt: skip
    variables = pd.DataFrame({"variable_code": ["x"], "name_zh": ["指数"], "name_en": ["Index"]})
    frames: dict[str, Any] = dict.fromkeys(Marts.__dataclass_fields__, EMPTY)
    frames |= {
        "entities": entities, "index_scores": pd.DataFrame(rows), "indicators": indicators, "variables": variables,
        "score_gains": pd.DataFrame(gains, columns=["index_code", "entity_code", "year", "dimension_code", "indicator_code", "gain"]),
    }  # fmt: skip
    return Marts(**frames)


@pytest.fixture(scope="module")
def drawn() -> dict[str, Figure]:
    return {figure.code: figure for figure in index_figures(study())}


def test_titles_say_what_the_data_say(drawn: dict[str, Figure]) -> None:
    assert list(drawn) == [
        "map-x",
        "years-x",
        "trends-x",
        "ranks-x",
        "spread-x",
        "contributions-x",
        "weights-x",
    ]
    assert drawn["map-x"].title.en == (
        "A unit with a very long name, Unit 5 and Unit 4 score highest in 2004, Unit 0 lowest"
    )
    assert drawn["years-x"].title.en == "The median score rose from 0.15 in 2001 to 0.45 in 2004"
    assert "0.17" in drawn["trends-x"].title.zh
    assert drawn["ranks-x"].title.zh == "2001 至 2004 年位次没有变化"
    # entity i scores (i + t + t i / 3) / 20: the spread grows, but not as fast as the mean
    assert drawn["spread-x"].title.en == (
        "The standard deviation of the scores grew from 0.108 in 2001 to 0.216 in 2004, relative to the mean it fell from "
        "0.720 to 0.480"
    )
    assert "their ratio fell from" in drawn["trends-x"].title.en
    assert drawn["contributions-x"].title.en == (
        "A unit with a very long name gained most from 2001 to 2004 (+0.45), +0.34 of it from two"
    )
    assert drawn["weights-x"].title.en.startswith(
        "The first 2 of 2 indicators carry 100% of the entropy weight"
    )


@pytest.mark.parametrize(
    ("chosen", "zh", "en"),
    [
        ({"weighting": "entropy", "aggregation": "topsis"}, "占熵权的 100%，占有效权重的 100%", "of the entropy weight and 100% of the effective weight"),
        ({"weighting": "entropy", "aggregation": "linear"}, "占熵权的 100%", "of the entropy weight"),
        ({"weighting": "entropy_critic", "aggregation": "topsis"}, "占权重的 100%，占有效权重的 100%", "of the weight and 100% of the effective weight"),
        ({"weighting": "entropy_critic", "aggregation": "topsis_w_once"}, "占权重的 100%", "of the weight"),
        ({"weighting": "equal", "aggregation": "topsis", "pool": "per_year"}, "占权重的 100%，占有效权重的 100%", "of the weight and 100% of the effective weight in 2004"),
        ({"weighting": "given", "aggregation": "linear", "pool": "per_year"}, "占权重的 100%", "of the weight in 2004"),
    ],
)  # fmt: skip
def test_the_weights_are_called_by_the_baseline_and_dated_where_each_year_is_a_pool(
    chosen: dict[str, str], zh: str, en: str
) -> None:
    words = read_recipe_words(REPOSITORY)
    recipe = {choice: chosen.get(choice, words.default(choice)) for choice in words.choices}
    marts = study()
    figures = index_figures(
        replace(
            marts,
            indicators=marts.indicators.assign(pool="2004"),
            baseline_row=pd.DataFrame([recipe | {"is_classical": False}]),
            recipe_options=pd.read_csv(REPOSITORY / FILE, keep_default_na=False),
        )
    )
    (figure,) = [one for one in figures if one.code == "weights-x"]
    dated = "2004 年，" if "pool" in chosen else ""
    assert figure.title == Label(
        f"{dated}2 个指标中前 2 个{zh}", f"The first 2 of 2 indicators carry 100% {en}"
    )
    assert ("熵权" in figure.alt.zh) == ("entropy weight" in figure.alt.en) == ("熵权" in zh)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_drawing_is_inert_and_takes_its_colours_from_the_page(
    drawn: dict[str, Figure], language: Language
) -> None:
    for figure in drawn.values():
        text = drawing(figure, language)
        root = etree.fromstring(text)
        assert root.get("viewBox")
        for element in root.iter():
            assert element.tag.removeprefix("{http://www.w3.org/2000/svg}") in {
                "svg", "g", "path", "text", "tspan", "rect", "line", "title", "defs", "clipPath",
            }  # fmt: skip
            assert not {
                name for name in element.attrib if name.startswith("on") or name in ("style", "href", "class")
            }
            for name in ("fill", "stroke"):
                assert element.get(name, "none") in ("none", "transparent") or element.get(
                    name, ""
                ).startswith("var(--")
        assert "http" not in text.replace("http://www.w3.org/1999/xlink", "")
        assert "Noto Sans CJK SC" in text or language == "en"


def test_names_from_the_data_are_text(drawn: dict[str, Figure]) -> None:
    svg = drawing(drawn["map-x"], "zh")
    assert "<b>" not in svg
    assert "&lt;b&gt;甲" in svg
    assert "<title>&lt;b&gt;甲&lt;/b&gt;: 0.150 (7)</title>" in svg


@pytest.mark.slow
def test_ids_differ_between_figures_and_languages(drawn: dict[str, Figure]) -> None:
    ids = [
        i
        for f in drawn.values()
        for language in LANGUAGES
        for i in re.findall(r'\bid="([^"]+)"', drawing(f, language))
    ]
    assert len(ids) == len(set(ids))


@pytest.mark.slow
def test_equal_data_give_equal_drawings(drawn: dict[str, Figure]) -> None:
    for figure in index_figures(study()):
        assert drawing(figure, "zh") == drawing(drawn[figure.code], "zh")


def test_without_tiles_or_with_one_year_figures_are_left_out() -> None:
    assert not [f for f in index_figures(study(tiles=False)) if f.code in ("map-x", "years-x")]
    codes = [figure.code for figure in index_figures(study(years=1))]
    assert codes == ["map-x", "years-x", "weights-x"]


def test_contributions_that_do_not_add_up_to_the_change_are_not_drawn() -> None:
    marts = study()
    broken = marts.score_gains.query("entity_code != '003' or year != 2002").copy()
    broken.loc[broken["entity_code"] == "005", "gain"] *= 0.5
    (figure,) = [f for f in index_figures(replace(marts, score_gains=broken)) if f.code == "contributions-x"]
    assert set(figure.data["entity_code"]) == {f"{i:03d}" for i in range(7)} - {"005"}
    total = figure.data[figure.data["year"] == 2004].groupby("entity_code")["gain"].sum()
    assert total["006"] == pytest.approx(0.45, abs=1e-12)


def test_a_placebo_title_counts_the_draws() -> None:
    draws = np.linspace(-1.0, 1.0, 1001)
    figure = robustness_figures._placebo("t", Label.both("x"), draws, 0.9, 101 / 1001)
    assert figure.title.en.startswith("102 of 1,001 random assignments")
    assert figure.data["draws"].sum() == 1001


def test_leave_one_out_is_in_order_and_counts_what_is_significant() -> None:
    codes = study().entities["entity_code"]
    table = pd.DataFrame(
        {"estimate": range(7), "std_error": 1.0, "df": 29.0, "p_value": [0.04] * 5 + [0.06] * 2}, index=codes
    )
    figure = robustness_figures._leave_one_out(
        "t", Label.both("x"), study(), table, 3.0, Label("单元", "unit")
    )
    assert "5 of 7 significant" in figure.title.en
    assert list(figure.data["estimate"]) == sorted(figure.data["estimate"])


def test_leave_one_out_without_a_standard_error_is_a_point_without_an_interval() -> None:
    codes = study().entities["entity_code"]
    table = pd.DataFrame({"estimate": range(7), "std_error": 1.0, "df": 29.0, "p_value": 0.04}, index=codes)
    table.loc["003", ["std_error", "p_value"]] = float("nan")
    table.loc["005", ["estimate", "std_error", "p_value"]] = float("nan")
    figure = robustness_figures._leave_one_out(
        "t", Label.both("x"), study(), table, 3.0, Label("单元", "unit")
    )
    assert "5 of 6 significant" in figure.title.en
    svg = drawing(figure, "en")
    assert "Unit 3: 3.000<" in svg or 'Unit 3: 3.000"' in svg
    assert "Unit 5:" not in svg


def test_a_figure_is_frozen(drawn: dict[str, Figure]) -> None:
    with pytest.raises(FrozenInstanceError):
        drawn["map-x"].kind = "y"  # type: ignore[misc]
    assert replace(drawn["map-x"], subject="y").code == "map-y"
