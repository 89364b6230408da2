"""What dbt opens the database through (profiles.yml): where it cannot, one message in place of a traceback.

dbt-duckdb takes an error of DuckDB in opening for a fault of the program; a RuntimeError it reports as that of a connection.
"""

from __future__ import annotations

import gc
from typing import Any

import duckdb
from dbt.adapters.duckdb.plugins import BasePlugin

from nqp.study.database import fault_in_opening


class Plugin(BasePlugin):
    """Opens the database once before dbt does, and lets the collector of this process rest."""

    def initialize(self, plugin_config: dict[str, Any]) -> None:
        """Let Python look for lost cycles less often: what dbt has parsed stays, and to visit it is a seventh of a build."""
        gc.set_threshold(50_000)

    def update_connection_config(self, creds: Any, config: dict[str, Any]) -> None:
        """Raises RuntimeError if the file is locked, no DuckDB file, or in no folder that can be written."""
        try:
            duckdb.connect(creds.path, config=config).close()
        except (duckdb.Error, OSError) as error:
            raise RuntimeError(fault_in_opening(creds.path, error)) from error
