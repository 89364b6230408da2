"""What the effects drop, and what too few clusters cannot test, never stops a run: it stays blank, and the page says why.

A control and its multiple, hypotheses and headlines on a dropped term, one year, two years of clusters, more instruments than
clusters: each in every place that uses such a column.
"""

from __future__ import annotations

import pytest
from studies import Project, new_project
from test_any_panel import Cells, built, estimated, noise, write_study

pytestmark = pytest.mark.build

SPECIFICATIONS = """[study]
title="t"
[[tables]]
code="multiple"
title="A control and its multiple"
outcome="y"
core=["q"]
controls=["c","c2","fix"]
[[tables.columns]]
code="1"
[[tables.columns]]
code="2"
controls=["c2","c"]
[[tables]]
code="iv"
title="IV"
outcome="y"
core=["x"]
controls=["c","c2","fix"]
instruments=["z","z2","z3","z4"]
[[tables]]
code="two"
title="Two entities"
outcome="y"
core=["x"]
sample={without_entities=["e3","e4","e5","e6","e7"]}
[[tables]]
code="cross"
title="One year"
outcome="y"
core=["x"]
effects=[]
sample={first_year=2003,last_year=2003}
[[tables]]
code="ivtwo"
title="IV few"
outcome="y"
core=["x"]
instruments=["z","z2","z3","z4"]
sample={without_entities=["e3","e4","e5","e6","e7"]}
[[tables]]
code="conv"
title="Conventions of one year"
kind="conventions"
table="cross"
column="1"
term="x"
[[tables]]
code="conv2"
title="Conventions of two"
kind="conventions"
table="two"
column="1"
term="x"
[[tables]]
code="conv3"
title="Dropped"
kind="conventions"
table="multiple"
column="1"
term="c2"
[[tables]]
code="sens"
title="sens of two"
kind="sensitivity"
table="two"
column="1"
term="x"
[[tables]]
code="sens2"
title="sens of iv"
kind="sensitivity"
table="iv"
column="1"
term="x"
[[tables]]
code="halves"
title="by group"
outcome="y"
core=["x"]
controls=["c","c2","fix"]
difference_tests=true
[[tables.columns]]
code="n"
sample={groups=["n"]}
[[tables.columns]]
code="s"
sample={groups=["s"]}
[[hypotheses]]
code="H1"
table="multiple"
column="1"
term="c2"
[[hypotheses]]
code="H2"
table="two"
column="1"
term="x"
[[hypotheses]]
code="H3"
table="iv"
column="1"
term="fix"
[[headlines]]
table="multiple"
column="1"
term="q"
[[headlines]]
table="multiple"
column="1"
term="c2"
[[headlines]]
table="two"
column="1"
term="x"
[[headlines]]
table="iv"
column="1"
term="c2"
[resampling]
bootstrap_draws=199
permutation_draws=199
"""


def cells() -> Cells:
    found: dict[tuple[str, int], dict[str, float | None]] = {}
    for i in range(8):
        for year in range(2001, 2007):
            entity = f"e{i}"
            z = [noise(entity, year, f"z{j}") for j in range(4)]
            c, x = noise(entity, year, "c"), sum(z) + noise(entity, year, "x")
            found[entity, year] = {
                "a": noise(entity, year, "a"), "b": noise(entity, year, "b"), "c": c, "c2": 2 * c, "fix": float(i),
                "x": x, "y": x + c + noise(entity, year, "y"),
                "z": z[0], "z2": z[1], "z3": z[2], "z4": z[3],
            }  # fmt: skip
    return found


@pytest.fixture(scope="module")
def probe(tmp_path_factory: pytest.TempPathFactory) -> Project:
    entities = "\n".join(f"e{i},e{i},e{i},{'n' if i < 4 else 's'}" for i in range(8))
    project = write_study(
        new_project(tmp_path_factory.mktemp("probe") / "project", "probe"), cells(),
        indicators=["q,d,a,positive", "q,d,b,positive"],
        variables=["c", "c2", "fix", "x", "y", "z", "z2", "z3", "z4"], specifications=SPECIFICATIONS,
        def_entities=f"entity_code,name_zh,name_en,group_code\n{entities}",
        def_groups="group_code,name_zh,name_en\nn,北,North\ns,南,South",
    )  # fmt: skip
    return estimated(built(project))


def test_a_dropped_control_is_a_note_and_no_coefficient(probe: Project) -> None:
    # 1: c stands, its multiple and the constant go; 2: the first of the two stays, whichever it is
    terms = dict(
        probe.query(
            "select model_code, string_agg(term order by term) from estimates.coefficients "
            "where table_code = 'multiple' and is_printed group by all"
        )
    )
    assert terms == {"1": "c,constant,q", "2": "c2,constant,q"}
    ((one, two),) = probe.query(
        "select max(estimate) filter (model_code = '1'), max(estimate) filter (model_code = '2') "
        "from estimates.coefficients where table_code = 'multiple' and term = 'q' and is_printed"
    )
    assert one == pytest.approx(two, rel=1e-9)


def test_a_hypothesis_on_a_dropped_term_is_not_estimated(probe: Project) -> None:
    found = dict(probe.query("select hypothesis, verdict from estimates.hypotheses"))
    assert (found["H1"], found["H3"]) == ("not estimated", "not estimated")
    assert found["H2"] != "not estimated"
    text = (probe.output / "findings.en.txt").read_text(encoding="utf-8")
    assert "c2 has no coefficient, it is collinear with c" in text


def test_a_covariance_without_clusters_is_a_blank_row_with_its_reason(probe: Project) -> None:
    rows = {
        name: (error, note)
        for name, error, note in probe.query(
            "select covariance, std_error, note from estimates.conventions where table_code = 'conv'"
        )
    }
    for name in ("cluster_twoway", "cluster_year", "driscoll_kraay"):
        assert rows[name][0] is None or rows[name][0] != rows[name][0]
        assert "at least 2 years; there is 1" in rows[name][1]
    assert rows["cluster"][0] > 0
    text = (probe.output / "tables" / "conv.en.tex").read_text(encoding="utf-8")
    assert "Clustered by year: too few clusters, not computed." in text


def test_more_instruments_than_clusters_leave_the_estimate_standing(probe: Project) -> None:
    rows = dict(
        probe.query(
            "select diagnostic || '/' || term, value from estimates.diagnostics where table_code = 'ivtwo'"
        )
    )
    assert rows["cragg_donald_f/"] > 0
    assert rows["first_stage_f/x"] is None or rows["first_stage_f/x"] != rows["first_stage_f/x"]
    text = (probe.output / "tables" / "ivtwo.en.tex").read_text(encoding="utf-8")
    assert "first-stage F of x cannot be computed" in text
