"""The audit of tables small enough to check by hand: one folder of printed tables, audited once."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from nqp.audit.findings import Audit, audit_tables
from nqp.audit.verdicts import CONSISTENT, INCONSISTENT, NOT_DECIDABLE, Finding
from nqp.study.scratch import build_scratch
from studies import REPOSITORY

COEFFICIENTS = """\
table_code,model_code,equation,term,estimate,std_error,t_value,p_value,stars,conf_low,conf_high
groups,all,main,x,0.500,0.100,,,***,,
groups,east,main,x,0.400,0.100,,,***,,
groups,west,main,x,0.300,0.100,,,***,,
negative,1,main,x,0.500,-0.100,,,***,,
plus,1,main,x,0.180,0.100,,,+,,
plus,1,main,z,0.180+,0.100,,,,,
plus,1,main,y,0.180,0.100,,,*,,
stated,1,main,x,0.180,0.100,,,+,,
stated,1,main,y,0.180,0.100,,,*,,
stated,1,main,z,0.500,0.100,,,†,,
wide,1,main,x,０．５００＊＊＊,（０．１００）,,,,,
wide,1,main,y,－０．５００,［０．１００］,,,＊,,
unread,1,main,x,0.500,n.a.,,,***,,
unread,1,main,y,0.500,,,,***,,
signed,1,main,x,-0.500,0.100,-5.00,0.000,***,,
signed,1,main,y,0.500,0.100,-5.00,0.200,***,,
signed,1,main,z,0.500,,5.00,,*,,
absolute,1,main,x,-0.500,0.100,5.00,0.000,***,,
absolute,1,main,y,0.500,0.100,6.00,0.000,***,,
one_side,1,main,x,0.180,0.100,,0.036,,,
interval,1,main,x,0.500,0.100,,,,0.304,0.696
interval,1,main,y,0.500,0.100,,,,0.400,0.600
interval,1,main,z,0.500,0.100,,,,0.550,0.700
interval,1,main,w,0.500,0.100,,,,0.480,0.700
mediated,1,main,x,0.500,0.100,,,,,
mediated,1,main,z,-0.200,0.100,,,,,
mediated,2,main,x,0.380,0.100,,,,,
mediated,2,main,z,-0.200,0.100,,,,,
mediated,2,main,m,0.300,0.100,,,,,
mediated,3,main,x,0.400,0.100,,,,,
mediated,3,main,z,0.100,0.100,,,,,
"""
STATISTICS = """\
table_code,model_code,statistic,printed_value
groups,all,n_obs,100
mediated,,n_obs,90
mediated,3,outcome,m
mediated,1,outcome,y
mediated,2,outcome,y
groups,east,n_obs,60
groups,west,n_obs,41
groups,east,part_of,groups.all
groups,west,part_of,groups.all
interval,1,conf_level,95
stated,,star_levels,+ 0.10 * 0.05 ** 0.01
unread,1,r2,1.2
"""


def simulated_mediation(tables: int) -> tuple[str, str]:
    """Mediation tables of made-up samples, estimated by least squares and printed with 2, 3 or 4 decimals."""
    random = np.random.default_rng(20)
    coefficients, statistics = "", ""
    for number in range(tables):
        x, z = random.normal(size=(2, 120))
        m = random.normal() * x + random.normal() * z + random.normal(size=120)
        y = random.normal() * x + random.normal() * m + random.normal(size=120)
        decimals = 2 + number % 3
        for column, (outcome, names) in enumerate(
            {"y": ["x", "z"], "y ": ["x", "z", "m"], "m": ["x", "z"]}.items(), start=1
        ):
            values = {"x": x, "z": z, "m": m, "y": y}
            design = np.column_stack([np.ones(120), *(values[name] for name in names)])
            found = np.linalg.lstsq(design, values[outcome.strip()], rcond=None)[0]
            for name, estimate in zip(names, found[1:], strict=True):
                coefficients += f"simulated{number},{column},main,{name},{estimate:.{decimals}f},0.100,,,,,\n"
            statistics += f"simulated{number},{column},outcome,{outcome.strip()}\n"
        statistics += f"simulated{number},,n_obs,120\n"
    return coefficients, statistics


Found = Callable[[str, str], list[Finding]]


@pytest.fixture(scope="module")
def audit(tmp_path_factory: pytest.TempPathFactory) -> Audit:
    folder = tmp_path_factory.mktemp("paper") / "by_hand"
    folder.mkdir()
    coefficients, statistics = simulated_mediation(40)
    (folder / "pub_coefficients.csv").write_text(COEFFICIENTS + coefficients, encoding="utf-8")
    (folder / "pub_statistics.csv").write_text(STATISTICS + statistics, encoding="utf-8")
    return audit_tables(
        build_scratch(REPOSITORY, folder, tmp_path_factory.mktemp("scratch"), ["+audit_findings"])
    )


@pytest.fixture(scope="module")
def found(audit: Audit) -> Found:
    """The findings of a rule in a table."""
    return lambda rule, table: [f for f in audit.findings if f.rule == rule and f.table_code == table]


def verdicts(findings: list[Finding]) -> dict[str, str]:
    """The verdict of each term, the first word among the printed cells."""
    return {finding.cells.split()[0]: finding.verdict for finding in findings}


def test_groups_that_do_not_add_up_stand_beside_the_other_rules(found: Found) -> None:
    (sizes,) = found("A10", "groups")
    assert (sizes.verdict, sizes.model_code, sizes.printed_low, sizes.implied_low) == (
        INCONSISTENT,
        "",
        101,
        100,
    )
    assert [f.verdict for f in found("A1", "groups")] == [CONSISTENT] * 3


def test_a_negative_standard_error_is_named_and_used_by_no_rule(found: Found) -> None:
    (cell,) = found("A18", "negative")
    assert (cell.verdict, cell.cells) == (INCONSISTENT, "x std_error = -0.100")
    assert found("A1", "negative") == []


def test_a_plus_is_ten_percent_and_levels_are_data(found: Found) -> None:
    # t = 1.8 is p = 0.07: a plus, no star; without levels in the table a miss cannot be decided
    assert verdicts(found("A1", "plus")) == {"x": CONSISTENT, "y": NOT_DECIDABLE, "z": CONSISTENT}
    assert verdicts(found("A1", "stated")) == {"x": CONSISTENT, "y": INCONSISTENT, "z": NOT_DECIDABLE}


def test_full_width_signs_are_read(found: Found) -> None:
    assert verdicts(found("A1", "wide")) == {"x": CONSISTENT, "y": INCONSISTENT}
    assert found("A18", "wide") == []


def test_every_cell_that_is_not_checked_is_listed(found: Found) -> None:
    assert {(f.cells, f.verdict) for f in found("A18", "unread")} == {
        ("x std_error = n.a.", NOT_DECIDABLE),
        ("y estimate = 0.500", NOT_DECIDABLE),
        ("r2 = 1.2", INCONSISTENT),
    }


def test_a_t_is_the_quotient_with_its_sign_and_carries_stars(found: Found) -> None:
    assert verdicts(found("A19", "signed")) == {"x": CONSISTENT, "y": INCONSISTENT, "z": CONSISTENT}
    assert verdicts(found("A1", "signed")) == {"x": CONSISTENT, "y": CONSISTENT, "z": INCONSISTENT}
    # no negative t in the table: it prints absolute values, and 6 is not 5
    assert verdicts(found("A19", "absolute")) == {"x": CONSISTENT, "y": INCONSISTENT}


def test_a_p_is_that_of_its_t(found: Found) -> None:
    assert verdicts(found("A20", "signed")) == {"x": CONSISTENT, "y": INCONSISTENT}
    assert verdicts(found("A20", "one_side")) == {"x": NOT_DECIDABLE}


def test_an_interval_holds_its_coefficient_and_is_as_wide_as_its_level(found: Found) -> None:
    inside = [f for f in found("A21", "interval") if "(" not in f.cells]
    width = [f for f in found("A21", "interval") if "(" in f.cells]
    assert verdicts(inside) == {"x": CONSISTENT, "y": CONSISTENT, "z": INCONSISTENT, "w": CONSISTENT}
    # y is one standard error wide to each side; w too, but it is not symmetric
    assert verdicts(width) == {"x": CONSISTENT, "y": INCONSISTENT, "z": NOT_DECIDABLE, "w": NOT_DECIDABLE}


def test_a_total_effect_is_direct_plus_mediated(found: Found) -> None:
    # 0.500 = 0.380 + 0.300 x 0.400; -0.200 is not -0.200 + 0.300 x 0.100
    assert verdicts(found("A22", "mediated")) == {"x:": CONSISTENT, "z:": INCONSISTENT}


def test_least_squares_printed_as_it_is_fulfils_the_identity_of_mediation(audit: Audit) -> None:
    checks = [f for f in audit.findings if f.rule == "A22" and f.table_code.startswith("simulated")]
    assert len(checks) == 2 * 40
    assert {f.verdict for f in checks} == {CONSISTENT}
