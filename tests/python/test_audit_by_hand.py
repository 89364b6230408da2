"""The audit of tables small enough to check by hand: one folder of printed tables, audited once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from nqp.audit.findings import Audit, audit_tables
from nqp.audit.verdicts import CONSISTENT, INCONSISTENT, Finding
from nqp.study.scratch import build_scratch
from studies import REPOSITORY

COEFFICIENTS = """\
table_code,model_code,equation,term,estimate,std_error,stars
groups,all,main,x,0.500,0.100,***
groups,east,main,x,0.400,0.100,***
groups,west,main,x,0.300,0.100,***
"""
STATISTICS = """\
table_code,model_code,statistic,printed_value
groups,all,n_obs,100
groups,east,n_obs,60
groups,west,n_obs,41
groups,east,part_of,groups.all
groups,west,part_of,groups.all
"""

Found = Callable[[str, str], list[Finding]]


@pytest.fixture(scope="module")
def audit(tmp_path_factory: pytest.TempPathFactory) -> Audit:
    folder = tmp_path_factory.mktemp("paper") / "by_hand"
    folder.mkdir()
    (folder / "pub_coefficients.csv").write_text(COEFFICIENTS, encoding="utf-8")
    (folder / "pub_statistics.csv").write_text(STATISTICS, encoding="utf-8")
    return audit_tables(
        build_scratch(REPOSITORY, folder, tmp_path_factory.mktemp("scratch"), ["+audit_findings"])
    )


@pytest.fixture(scope="module")
def found(audit: Audit) -> Found:
    """The findings of a rule in a table."""
    return lambda rule, table: [f for f in audit.findings if f.rule == rule and f.table_code == table]


def test_groups_that_do_not_add_up_stand_beside_the_other_rules(found: Found) -> None:
    (sizes,) = found("A10", "groups")
    assert (sizes.verdict, sizes.model_code, sizes.printed_low, sizes.implied_low) == (INCONSISTENT, "", 101, 100)
    assert [f.verdict for f in found("A1", "groups")] == [CONSISTENT] * 3
