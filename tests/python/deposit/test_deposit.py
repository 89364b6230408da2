"""The deposit of a small study: what is in it, that it runs where nothing else is, and that one changed number fails."""

from __future__ import annotations

import contextlib
import csv
import hashlib
import os
import re
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from deposit import main as deposit_door
from nqp.deposit.comparing import compare_outputs
from nqp.deposit.contents import code_files
from nqp.deposit.facts_file import Facts, read_facts
from nqp.deposit.run import CHECKSUMS, Fails, check, compare, deposit
from nqp.errors import StudyError
from studies import REPOSITORY, Project

FACTS = """
doi = "10.0000/example"
[[authors]]
name = "A. Author"
affiliation = "A University"
orcid = "https://orcid.org/0000-0000-0000-0000"
[[sources]]
source = '{source}'
licence = "CC BY 4.0"
rights = "redistributable"
url = "https://example.org/port"
accessed = "2026-01-31"
citation = "Port Authority (2026). Yearbook."
obtained = {{ zh = "下载", en = "downloaded" }}
"""


def quiet(_: str) -> None:
    """Progress that nobody reads."""


def source_of(project: Project) -> str:
    with (project.folder / "def_series.csv").open(encoding="utf-8", newline="") as stream:
        return next(csv.DictReader(stream))["source"]


def written(project: Project, *, measures: bool = False) -> tuple[Path, str]:
    for name in ("LICENSE", "requirements.lock", "pyproject.toml"):
        shutil.copy(REPOSITORY / name, project.root / name)
    with contextlib.chdir(project.root):
        said = deposit(
            root=project.root, study=project.study, database=project.database, output=None, target=Path("deposit"),
            measures=measures, fresh=False, announce=quiet,
        )  # fmt: skip
    return project.root / "deposit" / project.study, said


def test_it_holds_this_study_and_what_runs_it_and_says_what_is_missing(harbours: Project) -> None:
    (harbours.root / "seeds" / "another").mkdir()
    (harbours.root / "seeds" / "another" / "raw_observations.csv").write_text("secret", encoding="utf-8")
    package, said = written(harbours)
    names = {path.relative_to(package).as_posix() for path in package.rglob("*") if path.is_file()}
    assert {
        "README.md",
        "README.zh-CN.md",
        "CHECKLIST.md",
        "CITATION.cff",
        "sources.csv",
        "run.sh",
        CHECKSUMS,
    } <= names
    assert not [
        name
        for name in names
        if name.startswith("seeds/another") or "nqp/importing" in name or "nqp/studying" in name
    ]
    assert {"python/estimate.py", "python/nqp/econometrics/fit.py", "output/exhibits.json"} <= names
    assert f"seeds/{harbours.study}/raw_observations.csv" in names
    for line in (package / CHECKSUMS).read_text(encoding="utf-8").splitlines():
        digest, name = line.split("  ", 1)
        assert hashlib.sha256((package / name).read_bytes()).hexdigest() == digest
        names.discard(name)
    assert names == {CHECKSUMS}
    assert re.search(r"(\d+) demands of the checklist wait for a person", said)
    assert "Not measured yet" in (package / "README.md").read_text(encoding="utf-8")
    checklist = (package / "CHECKLIST.md").read_text(encoding="utf-8")
    (line,) = [line for line in checklist.splitlines() if "A statement of availability" in line]
    assert line.startswith("| **to do** |")
    assert f"state them in seeds/{harbours.study}/deposit.toml: " in line
    assert source_of(harbours) in line


def test_equal_studies_give_equal_bytes(harbours: Project) -> None:
    package, _ = written(harbours)
    first = package.with_suffix(".zip").read_bytes()
    shutil.rmtree(package.parent)
    written(harbours)
    assert package.with_suffix(".zip").read_bytes() == first
    with zipfile.ZipFile(package.with_suffix(".zip")) as archive:
        assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_every_exhibit_has_a_program_that_exists_and_a_query_that_runs(harbours: Project) -> None:
    package, _ = written(harbours)
    readme = (package / "README.md").read_text(encoding="utf-8")
    rows = re.findall(
        r"^\| .* \| `(python/[^`]+)` \| (?:`([^`]*)`)? ?\| (?:`([^`]*)`)? ?\| `([^`]+)` \|$",
        readme,
        re.MULTILINE,
    )
    section = readme.split("## Exhibits")[1].split("## References")[0]
    assert len(rows) == sum(line.startswith("| ") for line in section.splitlines()) - 1 > 8
    for program, mart, query, data in rows:
        assert (package / program).is_file()
        assert (package / data).is_file()
        assert bool(mart) == bool(query)
        if query:
            assert harbours.query(query.replace("\\|", "|"))


def test_what_a_person_states_stands_in_readme_sources_and_citation(harbours: Project) -> None:
    source = source_of(harbours)
    (harbours.folder / "deposit.toml").write_text(FACTS.format(source=source), encoding="utf-8")
    package, _ = written(harbours)
    readme = (package / "README.md").read_text(encoding="utf-8")
    for text in (
        "A. Author (A University)",
        "CC BY 4.0",
        "https://example.org/port, accessed 2026-01-31",
        "- Port Authority (2026). Yearbook.",
    ):
        assert text in readme
    assert "许可或条款：CC BY 4.0。转载：可以。" in (package / "README.zh-CN.md").read_text(encoding="utf-8")
    with (package / "sources.csv").open(encoding="utf-8", newline="") as stream:
        (row,) = [row for row in csv.DictReader(stream) if row["source"] == source]
    assert (row["licence"], row["redistribution"]) == ("CC BY 4.0", "redistributable")
    assert 'name: "A. Author"' in (package / "CITATION.cff").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('[[sources]]\nsource = "Prot"\n', r"no series has the source 'Prot'\. Did you mean 'Port'"),
        (
            '[[sources]]\nsource = "Port"\nrights = "free"\n',
            "key 'rights' is 'free'. Allowed: redistributable",
        ),
        ('[[authors]]\nnam = "A"\n', r"unknown key 'nam'\. Did you mean 'name'"),
        ("[[authors]]\n", "key 'name' is missing"),
        ('[[sources]]\nlicence = "x"\n', "key 'source' is missing"),
        ("doi = 5\n", "key 'doi': write a text in quotes"),
        ("authors = 5\n", r"write 'authors' as \[\[authors\]\]"),
        ("[[", "deposit.toml: "),
    ],
)
def test_a_faulty_deposit_toml_is_named(text: str, says: str, tmp_path: Path) -> None:
    (tmp_path / "deposit.toml").write_text(text, encoding="utf-8")
    with pytest.raises(StudyError, match=says):
        read_facts(tmp_path, ("Port",))


def test_a_licence_in_the_name_of_a_source_is_read_and_nothing_else_is_guessed() -> None:
    facts = Facts()
    assert facts.of("World Bank (CC BY 4.0)").licence == "CC BY 4.0"
    assert facts.of("World Bank (CC BY 4.0)").rights == "redistributable"
    assert facts.of("Statistics office").licence == ""
    assert facts.of("Statistics office").rights == "unknown"


def test_an_output_that_is_not_of_the_study_is_refused(harbours: Project) -> None:
    path = harbours.output / "tables" / "tables.xlsx"
    kept = path.read_bytes()
    path.write_bytes(kept + b" ")
    with pytest.raises(StudyError, match=r"tables.xlsx is not what the last run wrote"):
        written(harbours)
    path.write_bytes(kept)
    specification = harbours.folder / "specifications.toml"
    specification.write_text(specification.read_text(encoding="utf-8") + "# more\n", encoding="utf-8")
    with pytest.raises(StudyError, match=r"was written from another specifications.toml"):
        written(harbours)


def planted(text: str, change: Callable[[str], str]) -> str:
    lines = text.splitlines(keepends=True)
    place = next(i for i, line in enumerate(lines) if re.search(r"\d\.\d\d", line))
    return "".join(
        [
            *lines[:place],
            re.sub(r"\d\.(\d)(\d+)", lambda m: change(m[0]), lines[place], count=1),
            *lines[place + 1 :],
        ]
    )


def test_one_changed_number_fails_its_exhibit_and_no_other(harbours: Project, tmp_path: Path) -> None:
    again = tmp_path / "again"
    shutil.copytree(harbours.output, again)
    outcomes = compare_outputs(harbours.output, again)
    assert all(one.passes for one in outcomes)
    assert sum(one.numbers for one in outcomes) > 500
    exhibits = (again / "exhibits.json").read_text(encoding="utf-8")
    start = exhibits.index('"is": "Estimate"')
    changed = re.sub(
        r'("estimate": -?\d\.)(\d)', lambda m: f"{m[1]}{(int(m[2]) + 1) % 10}", exhibits[start:], count=1
    )
    (again / "exhibits.json").write_text(exhibits[:start] + changed, encoding="utf-8")
    path = next((again / "figures").glob("map-*.csv"), None) or next((again / "figures").glob("*.csv"))
    path.write_text(
        planted(path.read_text(encoding="utf-8"), lambda number: f"{float(number) + 1}"), encoding="utf-8"
    )
    failed = [one for one in compare_outputs(harbours.output, again) if not one.passes]
    assert len(failed) == 2
    assert all(len(one.differences) == 1 for one in failed)
    assert {one.name for one in failed} >= {path.stem}
    assert failed[0].line().startswith("FAIL  ")


def test_the_code_names_no_other_study_and_every_module_that_it_imports(harbours: Project) -> None:
    for name in ("LICENSE", "requirements.lock"):
        shutil.copy(REPOSITORY / name, harbours.root / name)
    code = code_files(harbours.root)
    assert "python/nqp/estimates/multiverse.py" in code
    assert "python/nqp/deposit/exhibit_sources.csv" in code
    assert not [
        name for name in code if name.startswith(("python/nqp/diagnosis", "python/study.py", "tests/python"))
    ]


@pytest.mark.skipif(
    shutil.which("unshare") is None, reason="measured without a network where Linux offers that"
)
def test_it_runs_in_an_empty_environment_and_every_number_comes_out_again(harbours: Project) -> None:
    package, _ = written(harbours, measures=True)
    readme = (package / "README.md").read_text(encoding="utf-8")
    assert re.search(r"\| `dbt build --exclude-resource-type unit_test` \| \d+\.\d \| \d+ \|", readme)
    assert "| met | Runs in an empty environment" in (package / "CHECKLIST.md").read_text(encoding="utf-8")
    assert (package.parent / f"{harbours.study}.measured.json").is_file()

    estimates = package / "output" / "estimates" / "coefficients.csv"
    content = estimates.read_text(encoding="utf-8")
    estimates.write_text(planted(content, lambda number: f"{float(number) + 1}"), encoding="utf-8")
    with pytest.raises(StudyError, match=r"coefficients.csv is not the file that was deposited"):
        check(package, fresh=False, announce=quiet)
    replication = harbours.root / "replication"
    shutil.copytree(harbours.output, replication)
    with pytest.raises(Fails, match=r"FAIL  estimates/coefficients.csv"):
        compare(package, replication)
    estimates.write_text(content, encoding="utf-8")
    assert " pass, " in compare(package, replication)


@pytest.mark.parametrize("word", ["--measure", "--fresh"])
def test_a_new_environment_is_asked_for_only_to_run_in_it(word: str, monkeypatch: pytest.MonkeyPatch) -> None:
    called: dict[str, object] = {}

    def remember(**options: object) -> str:
        called.update(options)
        return ""

    monkeypatch.setattr("nqp.deposit.run.deposit", remember)
    assert deposit_door(["--quiet", word]) == 0
    assert (called["measures"], called["fresh"]) == (True, word == "--fresh")


def test_what_is_no_deposit_is_named(tmp_path: Path) -> None:
    with pytest.raises(StudyError, match="is no deposit: it has no CHECKSUMS"):
        check(tmp_path, fresh=False, announce=quiet)
    (tmp_path / "a.zip").write_bytes(b"no zip")
    with pytest.raises(StudyError, match="neither a folder nor a zip"):
        check(tmp_path / "a.zip", fresh=False, announce=quiet)
    assert os.environ.get("NQP_STUDY") is None
