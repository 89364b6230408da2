"""The figures of every index of a study."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nqp.document.figure import Figure
from nqp.figures.course import distribution, ranking, trends
from nqp.figures.maps import last_map, map_by_year
from nqp.figures.parts import contributions, weights
from nqp.figures.scores import scores_of
from nqp.study.names import main_indices, variable_name

if TYPE_CHECKING:
    from nqp.study.marts import Marts


def index_figures(marts: Marts) -> tuple[Figure, ...]:
    """Map, years, groups, ranks, distribution and weights of every main index; of a large panel only weights."""
    found = []
    for index in main_indices(marts):
        scores, name = scores_of(marts, index), variable_name(marts, index)
        for build in (
            (last_map, map_by_year, trends, ranking, distribution)
            if marts.regression_panel is not None
            else ()
        ):
            found.append(build(scores, index, name, marts.baseline.unit))
        found.append(contributions(marts, scores, index, name))
        found.append(weights(marts, index, name))
    return tuple(figure for figure in found if figure is not None)
