"""The marts of a study as frames, read in an order that makes every run see the same rows in the same order."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from nqp.econometrics.equation import GROUP
from nqp.econometrics.sql_text import quoted
from nqp.errors import StudyError
from nqp.study.baseline import Baseline, read_baseline
from nqp.study.database import has_marts, literals, read_frames
from nqp.study.recipes import RecipeWords, recipe_words

if TYPE_CHECKING:
    import pandas as pd

# Where each frame comes from, and the order that makes every run see the same rows in the same order.
QUERIES = {
    "series": "select * from marts.series order by series_code",
    "indicators": (
        # weights of each year: those of the last one
        "select * from marts.indicators join (select * from marts.indicator_weights qualify pool = max(pool) over (partition by index_code)) "
        "using (index_code, indicator_code) "
        "order by index_code, dimension_sort_order nulls last, marts.indicators.dimension_code, "
        "sort_order nulls last, indicator_code"
    ),
    "indices": "select * from marts.indices order by index_code",
    "indicator_agreement": "select * from marts.indicator_agreement order by index_code, indicator_code, other_code",
    "variables": "select * from marts.variables order by role, sort_order nulls last, variable_code",
    "index_dropped_rows": (
        "select index_code, rule, count(*) as rows, count(distinct entity_code) as entities "
        "from marts.index_dropped_rows group by index_code, rule order by index_code"
    ),
    "descriptive_statistics": "select * from marts.descriptive_statistics order by variable_code",
    "published_coefficients": (
        "select * from staging.published_coefficients order by table_code, model_code, equation, term"
    ),
    "published_statistics": (
        "select * from staging.published_statistics order by table_code, model_code, statistic"
    ),
    "published_descriptives": "select * from staging.published_descriptives order by variable_code",
    "published_explanations": (
        "select * from staging.published_explanations order by table_code, model_code, term, statistic"
    ),
}
RECIPE_OPTIONS = "select * from staging.stg_recipe_options order by choice_order, option_order, option_code"
QUERIES |= {
    "baseline_row": "select * from staging.stg_specs where is_baseline",
    "recipe_options": RECIPE_OPTIONS,
}
REGRESSION_PANEL = "select * from marts.regression_panel order by entity_code, year"


def queries_by_entity(listed: str = "true", named: str = "true") -> dict[str, str]:
    """The queries of the frames with rows per entity, of those entities that fulfil ``listed``, a condition of SQL;
    ``named`` is that of the entities whose names are wanted.

    A mart is filtered where it is read: those behind views are large, and so nothing large is joined.
    """

    def of(mart: str, condition: str = listed) -> str:
        return f"(select * from marts.{mart} where {condition}) as {mart}"

    last_year = f"year = (select max(year) from {of('indicator_values')})"
    return {
        "entities": f"select * from {of('entities', named)} order by group_sort_order nulls last, group_code, entity_code",
        "index_scores": f"select * from {of('index_scores')} order by spec_code, index_code, entity_code, year",
        "last_indicator_values": (
            "select * from (select *, rank() over (partition by index_code, indicator_code order by normalized_value desc) "
            f"as place from {of('indicator_values')} where {last_year}) "
            f"left join {of('index_contributions')} using (index_code, entity_code, year, indicator_code) "
            "where reference = 'midpoint' order by index_code, entity_code, indicator_code"
        ),
        "score_gains": (
            "select index_code, entity_code, year, dimension_code, indicator_code, "
            "sum(score_contribution) over (partition by index_code, entity_code, indicator_code order by year) as gain "
            f"from {of('index_contributions')} where reference = 'previous year' "
            "order by index_code, entity_code, year, indicator_code"
        ),
        "last_series_values": (
            f"select * from {of('series_values')} where {last_year} order by entity_code, series_code"
        ),
    }


def query_of_extent(*more: str) -> str:
    """The query of one row about the whole panel, ``more`` columns of SQL in front."""
    columns = (
        *more, "count(*) as observations", "count(distinct entity_code) as entities", "min(year) as first_year",
        "max(year) as last_year",
    )  # fmt: skip
    return f"select {', '.join(columns)} from marts.regression_panel"


# Of a large panel only the leaders of the last year (and who comes last) are read; the database does the rest.
MOST_ROWS = 20_000
LISTED = 200
_LISTED = f"""
    with last_scores as (
        select *, max(year) over (partition by index_code) as last_year
        from marts.index_scores
        where index_code not like '%.%'
    ),
    placed as (
        select
            entity_code,
            row_number() over (partition by index_code order by rank, entity_code) as place,
            count(*) over (partition by index_code) as places
        from last_scores
        where year = last_year
    ),
    listed as (select distinct entity_code from placed where place <= {LISTED} or place = places)
"""
# Rows in any order give the same sum: the input of the run, which is not read.
HASH_OF_ROWS = "cast(sum(hash(regression_panel)) as varchar) as hash_of_rows"

# The multiverse may be left out of a build, so these are read apart.
MOST_SCORES = 20_000_000
MULTIVERSE_QUERIES = {
    "specs": "select * from marts.specs order by spec_code",
    "spec_scores": "select * from marts.spec_scores order by index_code, spec_code, entity_code, year",
    "spec_dimension_scores": (
        "select * from marts.spec_dimension_scores order by index_code, spec_code, entity_code, year"
    ),
    "index_without_indicator": "select * from marts.index_without_indicator order by index_code, indicator_code",
    "bootstrap_scores": (
        "select index_code, draw, entity_code, year, copies, score from marts.bootstrap_scores "
        "order by index_code, draw, entity_code, year"
    ),
    "rank_intervals": "select * from marts.rank_intervals order by index_code, source, entity_code, year",
    "top_probabilities": "select * from marts.top_probabilities order by index_code, source, entity_code, k",
    "variance_shares": "select * from marts.variance_shares order by index_code, design_code, quantity, choice",
}


@dataclass(frozen=True, eq=False)
class MultiverseMarts:
    """The marts of the multiverse; each frame has the columns of the mart of its name."""

    recipe_options: pd.DataFrame
    specs: pd.DataFrame
    spec_scores: pd.DataFrame
    spec_dimension_scores: pd.DataFrame
    index_without_indicator: pd.DataFrame
    bootstrap_scores: pd.DataFrame
    rank_intervals: pd.DataFrame
    top_probabilities: pd.DataFrame
    variance_shares: pd.DataFrame

    @cached_property
    def words(self) -> RecipeWords:
        """The choices of a recipe and their options in words."""
        return recipe_words(self.recipe_options.to_dict("records"))


@dataclass(frozen=True)
class Marts:
    """What the estimation reads; each frame has the columns of the mart of its name.

    ``indicators`` also has the columns of ``indicator_weights`` (one row per index and indicator; of the last year where each
    year is a pool of its own), ``baseline_row`` is the row of def_specs.csv that the scores follow, ``score_gains`` holds
    the contributions to the change of a score since the first year, cumulated over the years, ``extent`` is one row:
    observations, entities, first_year, last_year of the panel; ``index_dropped_rows`` counts per index the rows and entities
    that it leaves out. Of a large panel ``regression_panel`` is None (the
    regressions are made where it lies) and what has rows per entity holds the entities that are listed.
    """

    entities: pd.DataFrame
    series: pd.DataFrame
    indicators: pd.DataFrame
    indices: pd.DataFrame
    indicator_agreement: pd.DataFrame
    variables: pd.DataFrame
    index_scores: pd.DataFrame
    last_indicator_values: pd.DataFrame
    score_gains: pd.DataFrame
    last_series_values: pd.DataFrame
    index_dropped_rows: pd.DataFrame
    descriptive_statistics: pd.DataFrame
    published_coefficients: pd.DataFrame
    published_statistics: pd.DataFrame
    published_descriptives: pd.DataFrame
    published_explanations: pd.DataFrame
    extent: pd.DataFrame
    baseline_row: pd.DataFrame
    recipe_options: pd.DataFrame
    regression_panel: pd.DataFrame | None

    @cached_property
    def baseline(self) -> Baseline:
        """The recipe that the scores follow."""
        return read_baseline(self.baseline_row, self.recipe_options)

    @property
    def columns(self) -> dict[str, str]:
        """The column of the panel for each variable, index and sub-index."""
        return dict(zip(self.variables["variable_code"], self.variables["column_name"], strict=True))

    @property
    def panel(self) -> pd.DataFrame:
        """The variables by code, (entity-years x variables) floats indexed by entity_code and year, and the group of the
        entity as a number, a category that effects and clusters may name.
        """
        names = {column: code for code, column in self.columns.items()}
        panel = self._indexed()[list(names)].rename(columns=names)
        if GROUP in panel.columns:
            return panel
        numbers = {code: float(i) for i, code in enumerate(sorted(set(self.groups.dropna())))}
        return panel.assign(**{GROUP: self.groups.map(numbers).astype(float)})

    @property
    def groups(self) -> pd.Series:
        """The group of each entity-year, indexed by entity_code and year."""
        return self._indexed()["group_code"]

    def _indexed(self) -> pd.DataFrame:
        assert self.regression_panel is not None, "a large panel stays in the database"
        return self.regression_panel.set_index(["entity_code", "year"])


def read_marts(database: Path, *, large: bool = False, named: Iterable[str] = ()) -> Marts:
    """The frames of one study; of a large panel those that fit on pages, with the entities listed or ``named``.

    Raises StudyError if the file is absent, locked, no DuckDB file, was not built completely, or holds a number that is none.
    """
    _refuse_what_is_no_number(database)
    if not large:
        every = {
            **QUERIES, **queries_by_entity(), "extent": query_of_extent(), "regression_panel": REGRESSION_PANEL,
        }  # fmt: skip
        return Marts(**read_frames(database, every))
    leaders = read_frames(database, {"listed": f"{_LISTED} select entity_code from listed"})["listed"]
    listed = f"entity_code in ({literals(leaders['entity_code'])})"
    # one of each group too, so that every group has its name
    one_of_each = "entity_code in (select min(entity_code) from marts.entities group by group_code)"
    by_entity = queries_by_entity(listed, f"{listed} or entity_code in ({literals(named)}) or {one_of_each}")
    every = {**QUERIES, **by_entity, "extent": query_of_extent(HASH_OF_ROWS)}
    return Marts(**read_frames(database, every), regression_panel=None)


def _refuse_what_is_no_number(database: Path) -> None:
    """Frames cannot tell NaN from a missing value, which is normal, so the database is asked before it is read."""
    columns = (
        "select column_name from information_schema.columns "
        "where table_schema = 'marts' and table_name = 'regression_panel' and data_type = 'DOUBLE' order by 1"
    )
    names = read_frames(database, {"columns": columns})["columns"]["column_name"]
    counted = [f"count_if(not isfinite({quoted(name)})) as {quoted(name)}" for name in names]
    if not counted:
        return
    faults = f"select {', '.join(counted)} from marts.regression_panel"
    for name, rows in read_frames(database, {"regression_panel": faults})["regression_panel"].iloc[0].items():
        if rows:
            raise StudyError(
                f"marts.regression_panel, column {name}: nan or an infinite number in {rows} row(s). "
                "Nothing was written. Build it again: dbt build"
            )


def panel_rows(database: Path) -> int:
    """How many entity-years the panel has. Raises StudyError as :func:`read_marts` does."""
    counted = read_frames(database, {"extent": "select count(*) as observations from marts.regression_panel"})
    return int(counted["extent"]["observations"].iloc[0])


def read_multiverse(database: Path) -> MultiverseMarts | None:
    """The frames of the multiverse; None if the study was built without it (``--exclude tag:multiverse``), or if its
    scores are more than MOST_SCORES rows, which the SQL can hold and this process should not.
    """
    if not has_marts(database, MULTIVERSE_QUERIES):
        return None
    scores = (
        "select "
        + " + ".join(
            f"(select count(*) from marts.{name})"
            for name in ("spec_scores", "spec_dimension_scores", "bootstrap_scores")
        )
        + " as found"
    )
    if int(read_frames(database, {"scores": scores})["scores"]["found"].iloc[0]) > MOST_SCORES:
        return None
    return MultiverseMarts(**read_frames(database, {"recipe_options": RECIPE_OPTIONS, **MULTIVERSE_QUERIES}))
