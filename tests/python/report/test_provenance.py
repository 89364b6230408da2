"""What stands behind a number on the page is what the database holds, and every link of the page leads somewhere."""

from __future__ import annotations

import csv
import io
import re
from html.parser import HTMLParser

import duckdb
import pytest
from nqp.estimates.engine import MAIN, RowsInMemory
from nqp.estimates.regressions import Estimates, estimate
from nqp.report import provenance
from nqp.study.marts import Marts, read_marts
from nqp.study.specification import Specification
from nqp.study.specification_file import read_specification
from studies import Project


class Page(HTMLParser):
    """The anchors, links and ids of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name == "id":
                self.ids.append(value or "")
            if name == "href":
                self.links.append(value or "")


@pytest.fixture(scope="module")
def marts(built_harbours: Project) -> Marts:
    return read_marts(built_harbours.database)


@pytest.fixture(scope="module")
def specification(built_harbours: Project) -> Specification:
    return read_specification(built_harbours.folder / "specifications.toml")


@pytest.fixture(scope="module")
def estimates(marts: Marts, specification: Specification) -> Estimates:
    return estimate(specification.regression_tables, RowsInMemory(marts), ["iid"], specification.resampling)[
        "iid"
    ]


def test_every_link_and_every_download_of_the_pages_leads_somewhere(built_harbours: Project) -> None:
    files = built_harbours.files()
    pages = {name: Page(content.decode()) for name, content in files.items() if name.endswith(".html")}
    assert {"report.zh.html", "scores.en.html", "profiles.en.html", "data.zh.html", "methods.en.html"} <= set(
        pages
    )
    crossing = 0
    for name, page in pages.items():
        assert len(page.ids) == len(set(page.ids))
        for link in set(page.links) - {"data:,"}:
            file, _, anchor = link.partition("#")
            assert not file or file in files, link
            if anchor:
                assert anchor in pages[file or name].ids, link
                crossing += bool(file)
        assert len(files[name]) < 1_200_000
    assert crossing > 20, "profiles and series stand on pages of their own"


def test_every_score_has_its_origin_and_contributions_add_up(marts: Marts) -> None:
    index = next(code for code in marts.index_scores["index_code"] if "." not in code)
    found = provenance.origins(marts, index)
    assert len({one.id for one in found}) == len(found) == marts.entities.shape[0]
    assert all(re.fullmatch(r"[A-Za-z0-9_.-]+", one.id) for one in found)
    values = marts.last_indicator_values
    values = values[values["index_code"] == index]
    sums = values.groupby("entity_code")["score_contribution"].sum()
    scores = marts.index_scores[(marts.index_scores["index_code"] == index)]
    scores = scores[scores["year"] == scores["year"].max()].set_index("entity_code")["score"]
    assert (sums + 0.5).to_dict() == pytest.approx(scores.to_dict(), abs=1e-12)


def test_the_cells_of_a_derived_series_are_shown_too(marts: Marts) -> None:
    index = next(code for code in marts.index_scores["index_code"] if "." not in code)
    indicators = marts.indicators[marts.indicators["index_code"] == index].to_dict("records")
    series = marts.series.set_index("series_code").to_dict("index")
    needed = provenance._series_behind(indicators, series)
    for code in needed:
        if series[code]["is_derived"]:
            assert {series[code]["left_series"], series[code]["right_series"]} <= set(needed)


def test_a_derived_series_is_described_by_the_names_of_its_inputs(marts: Marts) -> None:
    series = marts.series.set_index("series_code").to_dict("index")
    said = {code: provenance._derivation(row, series) for code, row in series.items() if row["is_derived"]}
    assert said["vessels"].zh == f"{series['ships']['name_zh']} + {series['ferries']['name_zh']}"
    assert said["crew_per_ship"].en == f"{series['crew']['name_en']} / {series['ships']['name_en']}"
    assert said["insurance"].en.endswith(" × 0.001")
    assert "1997" in said["trade"].zh
    assert "2000" in said["dues"].en


def test_the_sql_of_a_column_gives_its_rows(
    built_harbours: Project, marts: Marts, estimates: Estimates
) -> None:
    main = [equation for equation in estimates.equations if equation.name == MAIN]
    assert main
    with duckdb.connect(str(built_harbours.database), read_only=True) as connection:
        for equation in main:
            query = provenance.rows_sql(equation, marts)
            assert ",\nfrom" not in query  # which DuckDB forgives, and other engines do not
            rows = connection.execute(query).fetchall()
            assert len(rows) == equation.fit.flow.used + equation.fit.flow.singletons, equation.key


def test_the_data_of_every_figure_is_a_csv(built_harbours: Project) -> None:
    files = built_harbours.files()
    found = [name for name in files if name.startswith("figures/") and name.endswith(".csv")]
    assert len(found) >= 5
    for name in found:
        rows = list(csv.reader(io.StringIO(files[name].decode())))
        assert len(rows) > 1
