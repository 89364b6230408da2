"""Writing the deposit of a study, checking one, comparing a new run with it."""

from __future__ import annotations

import hashlib
import os
import re
import tomllib
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import yaml

from nqp.deposit.checklist import State, checklist
from nqp.deposit.comparing import Outcome, compare_outputs
from nqp.deposit.contents import OUTPUT, code_files, data_files, output_files, programs
from nqp.deposit.facts_file import read_facts
from nqp.deposit.readme import (
    CHECKLISTS,
    READMES,
    Material,
    checklist_page,
    citation_file,
    readme,
    sources_csv,
    sources_of,
    unsettled,
)
from nqp.deposit.replication import Measured, read_measured, replicate
from nqp.deposit.traces import traces
from nqp.document.exhibits import FILE, Exhibits, read
from nqp.errors import StudyError
from nqp.formats.text import fixed_zip
from nqp.language.labels import Language
from nqp.output import folder_of, write_atomically
from nqp.study.database import read_frames
from nqp.study.marts import QUERIES, query_of_extent
from nqp.study.specification_file import read_specification
from nqp.study.stamp import ESTIMATED, check_stamp

CHECKSUMS = "CHECKSUMS.sha256"
LANGUAGES: tuple[Language, ...] = ("en", "zh")
RUN = """#!/bin/sh
# Installs, builds, estimates and compares with the output deposited in output/.
set -eu
cd "$(dirname "$0")"
export NQP_STUDY={study} GX_ANALYTICS_ENABLED=false
python3.11 -m venv .venv
.venv/bin/pip install --quiet --requirement requirements.lock
.venv/bin/dbt build --exclude-resource-type unit_test
.venv/bin/python python/estimate.py --study {study} --output replication
.venv/bin/python python/deposit.py --study {study} --compare replication
"""


class Fails(StudyError):
    """Numbers of a new run are not those of the deposit; the message lists every exhibit."""


def deposit(
    *, root: Path, study: str, database: Path, output: Path | None, target: Path, measures: bool, fresh: bool,
    announce: Callable[[str], None],
) -> str:  # fmt: skip
    """Write the deposit of a study as a folder and a zip below ``target``; returns what a person must still do.

    ``measures`` runs it in an empty environment, compares every number and writes what that took into its README.
    Raises StudyError for an output that does not belong to the study as it stands.
    """
    folder = root / "seeds" / study
    check_stamp(database, root, folder, ESTIMATED)
    source = output or folder_of(study)
    record = target / f"{study}.measured.json"
    package, zipped = target / study, target / f"{study}.zip"
    announce(f"Collecting data, code and output of {study}")
    parts = _collect(root, folder, database, source)

    def write(measured: Measured | None) -> tuple[dict[str, bytes], int]:
        files, waiting = _files(root, study, parts, measured)
        write_atomically(files, package)
        (package / "manifest.json").unlink()  # the deposit has its checksums
        zipped.write_bytes(fixed_zip({f"{study}/{name}": content for name, content in files.items()}))
        return files, waiting

    inputs = _hash({**parts.code, **parts.data})
    files, waiting = write(read_measured(record, study, inputs))
    if measures:
        outcomes, measured = replicate(package, fresh=fresh, announce=announce, inputs=inputs)
        record.write_bytes(measured.as_json())
        files, waiting = write(measured)
        if not all(one.passes for one in outcomes):
            raise Fails(_report(outcomes))
        announce(_report(outcomes))
    return (
        f"Wrote {package} and {zipped}: {len(files)} files, {sum(map(len, files.values())) / 1e6:.1f} MB\n"
        f"{waiting} demands of the checklist wait for a person: {package / CHECKLISTS['en']}\n"
    )


def check(package: Path, *, fresh: bool, announce: Callable[[str], None]) -> str:
    """Run a deposit in an empty environment; returns PASS per exhibit, raises Fails where one differs."""
    if package.is_dir():
        _check_sums(package)
    outcomes, measured = replicate(package, fresh=fresh, announce=announce)
    said = f"{_report(outcomes)}\n{measured.seconds:.0f} seconds, {measured.megabytes} MB; network: {measured.network}\n"
    if measured.failed:
        raise Fails(said.rstrip("\n"))
    return said


def compare(root: Path, again: Path) -> str:
    """Compare a new output with the deposited one of this folder; returns PASS per exhibit, raises Fails."""
    outcomes = compare_outputs(root / OUTPUT, again)
    if not all(one.passes for one in outcomes):
        raise Fails(_report(outcomes))
    return _report(outcomes) + "\n"


def _report(outcomes: Sequence[Outcome]) -> str:
    passed = sum(one.passes for one in outcomes)
    lines = [one.line() for one in outcomes]
    return "\n".join(
        [*lines, f"{passed} of {len(outcomes)} pass, {sum(one.numbers for one in outcomes)} numbers"]
    )


def _check_sums(package: Path) -> None:
    """Refuse a package of which a file was changed. Files that a run added are none of it."""
    try:
        lines = (package / CHECKSUMS).read_text(encoding="utf-8").splitlines()
    except FileNotFoundError as error:
        raise StudyError(f"{package} is no deposit: it has no {CHECKSUMS}.") from error
    for line in lines:
        digest, _, name = line.partition("  ")
        path = package / name
        if not path.is_file() or hashlib.sha256(path.read_bytes()).hexdigest() != digest:
            raise StudyError(f"{path} is not the file that was deposited ({CHECKSUMS}).")


def _hash(files: Mapping[str, bytes]) -> str:
    lines = (f"{hashlib.sha256(content).hexdigest()}  {name}" for name, content in sorted(files.items()))
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


class _Parts:
    """What a deposit is made of, before its pages are written."""

    def __init__(
        self, code: dict[str, bytes], data: dict[str, bytes], output: dict[str, bytes], exhibits: Exhibits, folder: Path, database: Path
    ) -> None:  # fmt: skip
        self.code, self.data, self.output, self.exhibits = code, data, output, exhibits
        self.specification = read_specification(folder / "specifications.toml")
        queries = {
            "series": QUERIES["series"],
            "variables": QUERIES["variables"],
            "extent": query_of_extent(),
        }
        queries["runs"] = "select fact, value from estimates.runs"
        self.frames = read_frames(database, queries)
        runs = self.frames["runs"]
        self.runs: dict[str, str] = dict(zip(runs["fact"], runs["value"], strict=True))
        observed = self.frames["series"]
        observed = observed[~observed["is_derived"]]
        self.facts = read_facts(folder, tuple(sorted({str(one) for one in observed["source"].dropna()})))


def _collect(root: Path, folder: Path, database: Path, source: Path) -> _Parts:
    output = output_files(source)
    name = f"{OUTPUT}/{FILE}"
    if name not in output:
        raise StudyError(f"{source} has no {FILE}. Write the output again: python python/estimate.py")
    parts = _Parts(code_files(root), data_files(folder), output, read(output[name]), folder, database)
    if parts.runs.get("specification_sha256") != parts.specification.sha256:
        raise StudyError(
            f"{source} was written from another specifications.toml than {folder} has now. Run again: python python/estimate.py"
        )
    written = f"{OUTPUT}/estimates/runs.csv"
    if parts.runs["marts_sha256"].encode() not in output.get(written, b""):
        raise StudyError(
            f"{source} was written from other marts than {database} holds now. Run again: python python/estimate.py"
        )
    return parts


def _files(root: Path, study: str, parts: _Parts, measured: Measured | None) -> tuple[dict[str, bytes], int]:
    """All files of the deposit, and how many demands of the checklist wait for a person."""
    project = yaml.safe_load(parts.code["dbt_project.yml"])
    about = (
        tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
        if (root / "pyproject.toml").is_file()
        else {}
    )
    licence = str(about.get("project", {}).get("license", "MIT"))
    columns = dict(
        zip(parts.frames["variables"]["variable_code"], parts.frames["variables"]["column_name"], strict=True)
    )
    trace = traces(parts.exhibits, parts.specification, columns)
    body = {**parts.code, **parts.data, **parts.output, "run.sh": RUN.format(study=study).encode()}
    works = parts.output.get(f"{OUTPUT}/references.gbt7714.txt", b"").decode().splitlines()
    references = [one.citation for one in parts.facts.sources if one.citation]
    references += [re.sub(r"^\[\d+\] ", "", work) for work in works]
    material = Material(
        study, parts.specification, parts.facts, parts.frames["series"], parts.frames["extent"].iloc[0].to_dict(), trace, parts.runs,
        project["vars"], programs(parts.code), parts.data, sum(map(len, body.values())), licence, "3.11", measured, sorted(references),
    )  # fmt: skip
    uncited = [one["name_en"] for one in sources_of(material) if not one["terms"].citation]
    items = checklist(
        State(
            study, parts.facts, [one["name_en"] for one in unsettled(material)], uncited, trace, measured,
            _local_paths(parts.code, root), "LICENSE" in parts.code,
        )
    )  # fmt: skip
    for language in LANGUAGES:
        body[READMES[language]] = readme(material, language)
        body[CHECKLISTS[language]] = checklist_page(items, language)
    body["sources.csv"] = sources_csv(material)
    body["CITATION.cff"] = citation_file(material, str(project["version"]))
    sums = "".join(
        f"{hashlib.sha256(content).hexdigest()}  {name}\n" for name, content in sorted(body.items())
    )
    return {**body, CHECKSUMS: sums.encode()}, sum(not item.is_met for item in items)


def _local_paths(code: Mapping[str, bytes], root: Path) -> list[str]:
    """The files of code that name a folder of this machine."""
    homes = {str(root.resolve()), os.path.expanduser("~")} - {"/", "/root"}
    pattern = re.compile("|".join(map(re.escape, sorted(homes))).encode() or b"(?!)")
    return [name for name, content in sorted(code.items()) if pattern.search(content)]
