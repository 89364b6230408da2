"""Great Expectations at the boundary: what the marts must satisfy before anything estimated from them is written.

dbt tests the marts when it builds them. Only what no contract of dbt holds, or what may have changed since (a partial build,
a hand in the database, a warehouse of Spark), is expected here. One suite per frame. Importing Great Expectations takes
seconds, so it happens inside the function.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from nqp.errors import StudyError

if TYPE_CHECKING:
    import pandas as pd

    from nqp.study.marts import Marts

LARGEST = np.finfo(float).max


def validate(marts: Marts, data_docs: Path | None = None) -> int:
    """Validate the marts; returns the number of expectations that were checked.

    ``data_docs`` names a folder for Great Expectations' own HTML pages (they load styles from the network when
    they are opened; nothing here does).

    Raises StudyError that lists each expectation that is not met, with its frame, column and examples.
    """
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    import great_expectations as gx
    from great_expectations.checkpoint.actions import UpdateDataDocsAction
    from great_expectations.data_context.types.base import ProgressBarsConfig

    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(globally=False)
    if data_docs is not None:
        context.add_data_docs_site(
            site_name="marts",
            site_config={
                "class_name": "SiteBuilder",
                "site_index_builder": {"class_name": "DefaultSiteIndexBuilder"},
                "store_backend": {
                    "class_name": "TupleFilesystemStoreBackend",
                    "base_directory": str(data_docs.resolve()),
                },
            },
        )
    source = context.data_sources.add_pandas("marts")
    failures: list[str] = []
    checked = 0
    for name, (frame, expectations) in _suites(marts, gx.expectations).items():
        batch = source.add_dataframe_asset(name).add_batch_definition_whole_dataframe("all rows")
        suite = context.suites.add(gx.ExpectationSuite(name=name, expectations=expectations))
        definition = context.validation_definitions.add(
            gx.ValidationDefinition(name=name, data=batch, suite=suite)
        )
        parameters = {"dataframe": frame}
        if data_docs is None:
            result = definition.run(batch_parameters=parameters)
        else:
            update = UpdateDataDocsAction(name="update_docs", site_names=["marts"])
            checkpoint = gx.Checkpoint(name=name, validation_definitions=[definition], actions=[update])
            result = next(iter(checkpoint.run(batch_parameters=parameters).run_results.values()))
        checked += len(result.results)
        failures += [_describe(name, one) for one in result.results if not one.success]
    if failures:
        raise StudyError(
            f"{len(failures)} expectation(s) on the marts are not met; nothing was written. "
            "Run dbt build again and mend the study it names.\n"
            + "\n".join(f"  {line}" for line in sorted(failures))
        )
    return checked


def _suites(marts: Marts, gxe: Any) -> dict[str, tuple[pd.DataFrame, list[Any]]]:
    """The frames and their expectations."""

    def finite(*columns: str) -> list[Any]:
        expectations = [gxe.ExpectColumnValuesToNotBeNull(column=column) for column in columns]
        expectations += [
            gxe.ExpectColumnValuesToBeBetween(column=column, min_value=-LARGEST, max_value=LARGEST)
            for column in columns
        ]
        return expectations

    def filled(*columns: str) -> list[Any]:
        return [gxe.ExpectColumnValuesToNotBeNull(column=column) for column in columns]

    def between(low: float, high: float, *columns: str) -> list[Any]:
        return [
            gxe.ExpectColumnValuesToBeBetween(column=column, min_value=low, max_value=high)
            for column in columns
        ]

    # a score is a closeness under TOPSIS only; a sub-index none of whose indicators varies has none
    lowest, highest = (0.0, 1.0) if marts.baseline.is_topsis else (-LARGEST, LARGEST)
    scores = marts.index_scores
    if not marts.baseline.is_classical:
        scores = scores[~scores["index_code"].str.contains(".", regex=False)]
    panel, variables = marts.regression_panel, marts.variables
    suites: dict[str, tuple[pd.DataFrame, list[Any]]] = {}
    if panel is not None:
        columns = ["entity_code", "year", "name_zh", "name_en", "group_code", "is_imputed"]
        is_index = variables["role"] == "index"
        indices = [name for name in variables.loc[is_index, "column_name"] if name in panel]
        others = [name for name in variables.loc[~is_index, "column_name"] if name in panel]
        # The columns are data of the study, so no contract lists them and their types: all is expected here. A missing
        # value is normal: it is left out and counted where it is used.
        suites["regression_panel"] = (
            panel,
            [
                # two marts that are read together may be of two builds
                gxe.ExpectTableColumnsToMatchSet(
                    column_set=[*columns, *variables["column_name"]], exact_match=True
                ),
                # a row more weighs double
                gxe.ExpectCompoundColumnsToBeUnique(column_list=["entity_code", "year"]),
                # a row without its key or group is in no sample
                *filled("entity_code", "year", "group_code"),
                # a number that is none spoils every sum
                *between(-LARGEST, LARGEST, *others),
                *between(lowest, highest, *indices),
            ],
        )
    return suites | {
        # drawn and ranked, never estimated: no other check sees them
        "index_scores": (scores, [*finite("score"), *between(lowest, highest, "score")]),
        # two marts joined while they are read: no test of dbt sees the result
        "indicators": (
            marts.indicators,
            [
                gxe.ExpectCompoundColumnsToBeUnique(
                    column_list=["spec_code", "pool", "index_code", "indicator_code"]
                ),
                *filled("weight"),
            ],
        ),
    }


def _describe(frame: str, result: Any) -> str:
    """One unmet expectation in words: what was expected of what, and what was found."""
    config = result.expectation_config
    arguments: Mapping[str, Any] = config.kwargs
    hidden = {"batch_id", "column", "column_list", "column_set", "exact_match"}
    column = arguments.get("column") or arguments.get("column_list") or arguments.get("column_A") or "table"
    limits = ", ".join(f"{key}={value}" for key, value in sorted(arguments.items()) if key not in hidden)
    found: Mapping[str, Any] = result.result or {}
    examples = found.get("partial_unexpected_list") or []
    what = f"found {examples[:3]}" if examples else f"found {found.get('observed_value', 'nothing')}"
    if mismatched := (found.get("details") or {}).get("mismatched"):
        what = ", ".join(f"{key} columns {value}" for key, value in sorted(mismatched.items()))
    if result.exception_info.get("raised_exception"):
        what = str(result.exception_info.get("exception_message"))
    return f"{frame}, {column}: {config.type}({limits}): {what}"
