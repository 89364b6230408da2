"""`study.py check` finds every problem in the words of the build, and what `new` made of the template builds."""

from __future__ import annotations

from pathlib import Path

import pytest
from studies import STUDIES, Outcome, Project, new_project


@pytest.fixture(scope="session")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Project:
    return new_project(tmp_path_factory.mktemp("check") / "project", "harbours", STUDIES / "harbours")


@pytest.fixture
def spoilt(sound: Project, tmp_path: Path) -> Project:
    return sound.copy(tmp_path / "project")


def check(project: Project) -> Outcome:
    return project.run("python", "python/study.py", "check", project.study)


def problems(outcome: Outcome) -> list[str]:
    return [line for line in outcome.output.splitlines() if line.startswith("seeds/")]


@pytest.mark.build
def test_a_sound_study_has_no_problem_and_nothing_is_built(sound: Project) -> None:
    outcome = check(sound)
    assert (outcome.code, outcome.output) == (
        0,
        "seeds/harbours: no problem. Build it: make STUDY=harbours\n",
    )
    assert not sound.database.exists()


@pytest.mark.build
def test_every_fault_of_all_files_is_in_one_list_in_the_words_of_the_build(spoilt: Project) -> None:
    spoilt.edit("def_indicators.csv", "danger,事故,Accidents,negative", "danger,事故,Accidents,bad")
    spoilt.edit("def_entities.csv", "0s,0.5,", "0x,0.5,")
    spoilt.edit("raw_observations.csv", "007,1998,cargo,100,", "007,1998,cargo,n.a.,")
    spoilt.edit(
        "specifications.toml", 'controls = ["premium", "manning"]', 'controls = ["premium", "mooring"]'
    )
    spoilt.edit("specifications.toml", 'variables = ["ln_trade"', 'variables = ["ln_tradee"')
    outcome = check(spoilt)
    found = problems(outcome)
    assert outcome.code == 1
    for pieces in (
        ("def_indicators.csv", "danger", "direction is 'bad'"),
        ("def_entities.csv", "group_code '0x' is not a known group"),
        ("raw_observations.csv", "year=1998, series_code=cargo", "'n.a.' is not a plain number"),
        ("specifications.toml", "table 'steps'", "'mooring'"),
        ("specifications.toml", "table 'summary'", "'ln_tradee'"),
    ):
        assert sum(all(piece in line for piece in pieces) for line in found) >= 1, (pieces, outcome.output)
    of_build = [
        message for message in spoilt.build("--select", "+study_problems").messages if "dbt" not in message
    ]
    assert of_build
    assert set(of_build) <= set(found)


@pytest.mark.build
def test_a_missing_column_and_a_fault_of_form_are_named_together(spoilt: Project) -> None:
    spoilt.edit("def_variables.csv", "role", "rolle")
    spoilt.edit("specifications.toml", 'kind = "indicators"', 'kind = "indicator"')
    spoilt.edit("specifications.toml", "stepwise = true", "stepwise = 1")
    found = problems(check(spoilt))
    assert any("def_variables.csv: unknown column 'rolle'. Rename it role" in line for line in found)
    assert any("table 'vigour': key 'kind' is 'indicator'" in line for line in found)
    assert any("table 'steps'" in line and "key 'stepwise'" in line for line in found)


def test_a_row_with_too_many_cells_is_named_by_its_number(spoilt: Project) -> None:
    spoilt.edit("raw_observations.csv", "007,1998,cargo,100,", "007,1998,cargo,1,100,")
    outcome = check(spoilt)
    assert outcome.code == 1
    assert "raw_observations.csv: row 12 has 6 cells and the header 5" in outcome.output


@pytest.mark.build
def test_the_template_becomes_a_study_that_is_built_and_estimated(tmp_path: Path) -> None:
    project = new_project(tmp_path / "project", "mine")
    project.folder.rmdir()
    for command in (("template", "mine.xlsx"), ("new", "mine", "mine.xlsx")):
        outcome = project.run("python", "python/study.py", *command)
        assert outcome.code == 0, outcome.output
    built = project.build("--exclude-resource-type", "test")
    assert built.code == 0, built.output
    estimated = project.estimate("--language", "en")
    assert estimated.code == 0, estimated.output
    ((score,),) = project.query("select max(score) from marts.index_scores where index_code = 'composite'")
    assert 0 < score < 1
    exported = project.run("python", "python/study.py", "export", "mine", "out.xlsx")
    again = project.run("python", "python/study.py", "new", "again", "out.xlsx")
    assert (exported.code, again.code) == (0, 0)
    assert {path.name: path.read_bytes() for path in (project.root / "seeds" / "again").iterdir()} == {
        path.name: path.read_bytes() for path in project.folder.iterdir()
    }
