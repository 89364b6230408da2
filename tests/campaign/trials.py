"""One case: plant mutations, run the commands, and judge the end against the oracle."""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import mutations
import oracle
import outside
from disks import small_disk, tidy
from kills import kill
from laboratory import FIGURES, Laboratory, Said
from mutations import Planted
from tiny import observations

# How often a kind of case comes, in one round.
ROUND = (
    "toml faults", "harmless", "surroundings", "observations", "toml faults", "surroundings", "form", "external faults",
    "toml faults", "surroundings", "values", "definitions", "toml faults", "surroundings", "observations", "kill", "surroundings",
    "toml faults", "harmless", "external faults", "surroundings", "definitions", "toml faults", "surroundings", "form",
    "external right", "toml faults", "toml right", "disks", "observations", "toml faults",
)  # fmt: skip
AREAS = tuple(dict.fromkeys(ROUND))
TOLERANCE = 1e-9
REFUSED = (1, 2)


@dataclass(frozen=True)
class Result:
    """How a case ended: `right`, `named`, or `skipped` where the machine does not allow it, and what was wrong with that."""

    number: int
    area: str
    planted: tuple[Planted, ...]
    ended: str
    faults: tuple[str, ...]

    def line(self) -> str:
        """The case in one line."""
        kinds = "; ".join(f"{one.kind} ({one.file})" for one in self.planted)
        text = f"{self.number:4d} {self.area:15s} {self.ended:6s} {kinds}"
        return text + "".join(f"\n     FAULT {fault}" for fault in self.faults)


def run_cases(
    scratch: Path, seed: int, numbers: Iterable[int], areas: Sequence[str] | None = None
) -> Iterator[Result]:
    """Run the cases of these numbers, each known by its seed and number alone."""
    laboratory = Laboratory(scratch)
    for number in numbers:
        area = areas[number % len(areas)] if areas else ROUND[number % len(ROUND)]
        rng = random.Random(f"{seed}/{number}/{area}")
        laboratory.reset()
        try:
            yield _case(laboratory, rng, number, area)
        except AssertionError as error:
            raise AssertionError(f"case {number}, {area}: {error}") from error
        finally:
            tidy(laboratory)


def _case(laboratory: Laboratory, rng: random.Random, number: int, area: str) -> Result:
    folder = laboratory.folder
    match area:
        case "harmless":
            planted = mutations.harmless(rng, folder)
            return _accepted(laboratory, number, area, planted, whole=rng.random() < 0.25, must=True)
        case "values":
            planted = mutations.values(rng, folder)
            return _accepted(laboratory, number, area, planted, whole=rng.random() < 0.5, must=False)
        case "external right":
            planted = outside.external_right(rng, laboratory)
            return _accepted(
                laboratory, number, area, planted, whole=rng.random() < 0.25, must=True, parse=True
            )
        case "toml right":
            planted = mutations.toml_right(rng, folder)
            return _estimated(laboratory, number, area, planted)
        case "toml faults":
            planted = mutations.toml_faults(rng, folder)
            return _refused(laboratory, number, area, planted, laboratory.estimate())
        case "form":
            planted = mutations.form(rng, folder)
        case "definitions":
            planted = mutations.definitions(rng, folder)
        case "observations":
            planted = mutations.observed(rng, folder)
        case "external faults":
            planted = outside.external_faults(rng, laboratory)
            said = laboratory.build(select=FIGURES, parse=True)
            return _refused(laboratory, number, area, planted, said)
        case "surroundings":
            planted, command, refused = outside.surroundings(rng, laboratory, _turn(number, area))
            if refused:
                print(f"skipped: {refused}")
                return Result(number, area, tuple(planted), "skipped", ())
            said = (
                laboratory.estimate(*command[1:])
                if command[0] == "estimate"
                else laboratory.build(select=FIGURES, parse=True)
            )
            return _in_surroundings(laboratory, number, area, planted, said)
        case "kill":
            return Result(number, area, *kill(laboratory, rng))
        case "disks":
            return Result(number, area, *small_disk(laboratory, rng))
    return _refused(laboratory, number, area, planted, laboratory.build(select=FIGURES))


def _turn(number: int, area: str) -> int:
    """How many cases of this area came before this one."""
    rounds, place = divmod(number, len(ROUND))
    return rounds * ROUND.count(area) + ROUND[:place].count(area)


# ------------------------------------------------------------------------------------------------ judging


def _truth(laboratory: Laboratory, area: str) -> oracle.Truth | None:
    """What the oracle makes of the study as it stands; None where the rules refuse it."""
    rows = None
    if area == "external right":
        rows = [
            {"entity_code": entity, "year": str(year), "series_code": series, "observed_value": text}
            for entity, year, series, text in observations()
        ]
    try:
        return oracle.truth_of(oracle.read_study(laboratory.folder, rows))
    except oracle.Unreadable:
        return None


def _accepted(
    laboratory: Laboratory, number: int, area: str, planted: list[Planted], *, whole: bool, must: bool, parse: bool = False
) -> Result:  # fmt: skip
    """A study that the rules allow gives the numbers of the oracle; where they do not, it is refused."""
    truth = _truth(laboratory, area)
    said = laboratory.build(parse=parse) if whole else laboratory.build(select=FIGURES, parse=parse)
    estimated = laboratory.estimate() if whole and said.code == 0 else None
    last = estimated or said
    if last.code:
        faults = _faults_of_refusal(laboratory, planted, last, must_name=False)
        if must or (truth is not None and estimated is None and area == "external right"):
            faults.append(f"refused: {_summary(last)}")
        return Result(number, area, tuple(planted), "named", tuple(faults))
    if truth is None:
        return Result(number, area, tuple(planted), "right", ("accepted, though the rules refuse it",))
    return Result(
        number,
        area,
        tuple(planted),
        "right",
        tuple(_differences(laboratory, truth, fit=estimated is not None)),
    )


def _estimated(laboratory: Laboratory, number: int, area: str, planted: list[Planted]) -> Result:
    truth = _truth(laboratory, area)
    said = laboratory.estimate()
    if said.code:
        faults = _faults_of_refusal(laboratory, planted, said, must_name=False)
        return Result(number, area, tuple(planted), "named", (*faults, f"refused: {_summary(said)}"))
    if truth is None:
        return Result(number, area, tuple(planted), "right", ("accepted, though the rules refuse it",))
    return Result(number, area, tuple(planted), "right", tuple(_differences(laboratory, truth, fit=True)))


def _refused(laboratory: Laboratory, number: int, area: str, planted: list[Planted], said: Said) -> Result:
    """A faulty study is refused, and every fault is named."""
    if said.code == 0:
        return Result(number, area, tuple(planted), "right", ("accepted, though it is faulty",))
    return Result(number, area, tuple(planted), "named", tuple(_faults_of_refusal(laboratory, planted, said)))


def _in_surroundings(
    laboratory: Laboratory, number: int, area: str, planted: list[Planted], said: Said
) -> Result:
    (one,) = planted
    if one.words:
        if said.code == 0:
            return Result(number, area, tuple(planted), "right", ("accepted, though it cannot work",))
        return Result(number, area, tuple(planted), "named", tuple(_faults_of_words(planted, said)))
    faults = [f"refused: {_summary(said)}"] if said.code else []
    return Result(number, area, tuple(planted), "named" if said.code else "right", tuple(faults))


def _faults_of_refusal(
    laboratory: Laboratory, planted: Sequence[Planted], said: Said, must_name: bool = True
) -> list[str]:
    faults = _faults_of_words(planted if must_name else (), said)
    if laboratory.is_untouched():
        return faults
    after = laboratory.snapshot()
    if after.files != laboratory.before.files:
        faults.append("the output is not as it was")
    if after.marts != laboratory.before.marts and laboratory.query("select state from build.stamp") != [
        ("failed",)
    ]:
        faults.append("the marts are not as they were, and no stamp says so")
    return faults


def _faults_of_words(planted: Sequence[Planted], said: Said) -> list[str]:
    faults = []
    if said.code not in REFUSED:
        faults.append(f"exit code {said.code}")
    if "Traceback" in said.text or "fault, and nothing was written" in said.text:
        faults.append(f"a traceback: {_summary(said)}")
    for one in planted:
        if missing := [word for word in one.words if word not in said.text]:
            faults.append(f"{one.kind} ({one.file}): not said: {missing[0]!r} in: {_summary(said)}")
    return faults


def _summary(said: Said) -> str:
    """The lines that say something, shortened."""
    lines = [re.sub(r"^\d\d:\d\d:\d\d +", "", line) for line in said.text.splitlines()]
    telling = [
        line.strip()
        for line in lines
        if re.search("[Ee]rror|seeds/|NQP_|Traceback|FAIL|is |not ", line) and " hook: " not in line
    ]
    return " / ".join(telling[-12:])[:1500]


def _differences(laboratory: Laboratory, truth: oracle.Truth, *, fit: bool) -> list[str]:
    """Where the numbers in the database are not those of the oracle."""
    faults = []
    scores = {
        (entity, int(year)): float(score)
        for entity, year, score in laboratory.query(
            "select entity_code, year, score from marts.index_scores where index_code = 'q'"
        )
    }
    faults += _compare("score", scores, truth.scores)
    names = [name for (name,) in laboratory.query("select column_name from information_schema.columns where table_schema = 'marts' and table_name = 'regression_panel'")]  # fmt: skip
    for variable in truth.panel:
        if variable not in names:
            faults.append(f"no column {variable}")
            continue
        cells = {
            (entity, int(year)): float(value)
            for entity, year, value in laboratory.query(
                f'select entity_code, year, "{variable}" from marts.regression_panel where "{variable}" is not null'
            )
        }
        faults += _compare(variable, cells, truth.panel[variable])
    if fit and truth.fit:
        found = {
            term: (float(estimate), float(error))
            for term, estimate, error in laboratory.query(
                "select term, estimate, std_error from estimates.coefficients where table_code = 'main' and is_printed and estimate is not null"
            )
        }
        for term, (estimate, error) in truth.fit.items():
            if term not in found:
                faults.append(f"no coefficient of {term}")
            elif not (_close(found[term][0], estimate) and _close(found[term][1], error)):
                faults.append(f"coefficient of {term}: {found[term]} is not {(estimate, error)}")
    return faults


def _compare(
    name: str, found: dict[tuple[str, int], float], right: dict[tuple[str, int], float]
) -> list[str]:
    if found.keys() != right.keys():
        odd = sorted(found.keys() ^ right.keys())[:3]
        return [f"{name}: other rows, such as {odd}"]
    wrong = [key for key in right if not _close(found[key], right[key])]
    return [f"{name} of {wrong[0]}: {found[wrong[0]]!r} is not {right[wrong[0]]!r}"] if wrong else []


def _close(found: float, right: float) -> bool:
    return abs(found - right) <= TOLERANCE * max(1.0, abs(right)) or abs(found - right) <= 1e-6 * abs(right)
