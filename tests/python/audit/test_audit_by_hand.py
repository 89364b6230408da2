"""The audit of tables small enough to check by hand: one folder of printed tables, audited once."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from nqp.audit.findings import Audit, audit_tables
from nqp.audit.verdicts import CONSISTENT, INCONSISTENT, NOT_DECIDABLE, Finding
from studies import new_project

pytestmark = pytest.mark.build

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
work,,share_of,100 workers
work,farms,share,33.3
work,plants,share,33.3
work,shops,share,33.3
votes,,share_of,100 votes
votes,yes,share,61.4
votes,no,share,39.1
odd,,share_of,all of it
odd,1,share,0.5
unsaid,1,share,0.5
"""
# 10 rows can have the means 0.3 and 0.4; 16 the means 34 / 16 = 2.125 and 35 / 16 = 2.1875; 8 the mean 0.125, a tie, which
# is 0.12 or 0.13, rounded either way.
DESCRIPTIVES = """\
variable_code,obs,mean,std_dev,min,max,kind,share_of
right,10,0.30,0.483,0,1,dummy,
divided_by_n,10,0.30,0.458,0,1,dummy,
no_mean,10,0.34,0.50,0,1,dummy,
no_deviation,10,0.30,0.530,0,1,dummy,
no_dummy,10,1.30,0.483,0,1,dummy,
tie_up,8,0.13,0.35,0,1,dummy,
tie_down,8,0.12,0.35,0,1,dummy,
children,16,2.19,1.05,0,5,count,
too_few,16,2.17,1.05,0,5,count,
many,5000,2.17,1.05,0,5,count,
unprinted,,2.17,1.05,0,5,count,
amount,16,2.17,1.05,0,5,,
wages,16,2.17,1.05,0,5,number,
field,9,0.3333,0.1,0,1,,1 land
wood,9,0.3333,0.1,0,1,,1 land
town,9,0.3334,0.1,0,1,,1 land
east,9,0.450,0.1,0,1,,1 coast
west,9,0.570,0.1,0,1,,1 coast
north,9,0.450,0.1,0,1,,1 hills
south,9,,0.1,0,1,,1 hills
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
    project = new_project(tmp_path_factory.mktemp("paper") / "project", "by_hand")
    coefficients, statistics = simulated_mediation(40)
    (project.folder / "pub_coefficients.csv").write_text(COEFFICIENTS + coefficients, encoding="utf-8")
    (project.folder / "pub_statistics.csv").write_text(STATISTICS + statistics, encoding="utf-8")
    (project.folder / "pub_descriptives.csv").write_text(DESCRIPTIVES, encoding="utf-8")
    built = project.build("--select", "+audit_findings", "--indirect-selection", "cautious")
    assert built.code == 0, built.output
    return audit_tables(project.database)


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


def by_variable(findings: list[Finding]) -> dict[str, str]:
    return {finding.model_code: finding.verdict for finding in findings}


def test_a_mean_of_whole_numbers_is_a_whole_number_over_n(found: Found) -> None:
    checks = found("A23", "descriptives")
    assert by_variable(checks) == {
        "right": CONSISTENT, "divided_by_n": CONSISTENT, "no_deviation": CONSISTENT, "tie_up": CONSISTENT, "tie_down": CONSISTENT,
        "children": CONSISTENT, "no_mean": INCONSISTENT, "no_dummy": INCONSISTENT, "too_few": INCONSISTENT,
        "many": NOT_DECIDABLE, "unprinted": NOT_DECIDABLE, "wages": NOT_DECIDABLE,
    }  # fmt: skip
    told = {finding.model_code: finding.explanation_en for finding in checks}
    assert "whole number over 16: 2.12500 or 2.18750" in told["too_few"]
    assert "neither count nor dummy" in told["wages"]
    assert "nothing is checked" in told["many"]


def test_the_deviation_of_a_dummy_follows_from_its_mean(found: Found) -> None:
    # 0.3 x 0.7 = 0.21: its root is 0.458, with n - 1 below 0.483; 0.34 has 0.474 and 0.499, with the rounding of the mean 0.50
    assert by_variable(found("A24", "descriptives")) == {
        "right": CONSISTENT, "divided_by_n": CONSISTENT, "no_mean": CONSISTENT, "tie_up": CONSISTENT, "tie_down": CONSISTENT,
        "no_deviation": INCONSISTENT, "no_dummy": NOT_DECIDABLE,
    }  # fmt: skip


def test_shares_add_up_within_what_rounding_can_do(found: Found) -> None:
    # 3 x 33.3 = 99.9, which 3 x 0.05 brings to 100; 61.4 + 39.1 = 100.5 is not 100
    assert [f.verdict for f in found("A25", "work")] == [CONSISTENT]
    assert [f.verdict for f in found("A25", "votes")] == [INCONSISTENT]
    assert [f.verdict for f in found("A25", "odd") + found("A25", "unsaid")] == [NOT_DECIDABLE] * 2
    assert {f.cells: f.verdict for f in found("A25", "descriptives")} == {
        "3 of 3 shares of 1 land": CONSISTENT,
        "2 of 2 shares of 1 coast": INCONSISTENT,
        "1 of 2 shares of 1 hills": NOT_DECIDABLE,
    }
