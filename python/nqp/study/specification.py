"""What to estimate and how to show it, as frozen dataclasses: what specifications.toml of a study says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from nqp.econometrics.weights import Weights
from nqp.language.labels import Label
from nqp.study.database import literals
from nqp.study.paper import Paper
from nqp.study.specification_described import DefinitionTable, DescribedTable
from nqp.study.style import Style


@dataclass(frozen=True)
class Sample:
    """Which rows a model uses; empty means all."""

    groups: tuple[str, ...] = ()
    without_entities: tuple[str, ...] = ()
    first_year: int | None = None
    last_year: int | None = None

    @property
    def name(self) -> str:
        """A short name that says what the sample is: 'all', or its conditions."""
        parts = list(self.groups)
        parts += [f"without {entity}" for entity in self.without_entities]
        parts += [f"from {self.first_year}"] if self.first_year else []
        parts += [f"to {self.last_year}"] if self.last_year else []
        return ", ".join(parts) or "all"

    @property
    def conditions(self) -> tuple[str, ...]:
        """The same as conditions of SQL on the regression panel, called ``panel``."""
        found = []
        if self.groups:
            found.append(f"panel.group_code in ({literals(self.groups)})")
        if self.without_entities:
            found.append(f"panel.entity_code not in ({literals(self.without_entities)})")
        if self.first_year is not None:
            found.append(f"panel.year >= {self.first_year}")
        if self.last_year is not None:
            found.append(f"panel.year <= {self.last_year}")
        return tuple(found)


@dataclass(frozen=True)
class Model:
    """One regression: a column of a table (in one panel of it)."""

    code: str
    outcome: str
    core: tuple[str, ...]
    controls: tuple[str, ...]
    effects: tuple[str, ...]
    cluster: tuple[str, ...]
    sample: Sample
    instruments: tuple[str, ...]
    winsorise: tuple[float, float] | None
    estimator: str  # of an instrumented column
    label: Label
    weights: Weights | None = None
    constant: bool = True  # false: none, in a column without effects

    @property
    def is_plain(self) -> bool:
        """Whether rows count alike and the level is free: what most methods beside the column itself are verified for."""
        return self.weights is None and self.constant

    @property
    def regressors(self) -> tuple[str, ...]:
        """All right-hand variables in print order."""
        return self.core + self.controls


@dataclass(frozen=True)
class Panel:
    """Columns of a table that share an outcome."""

    code: str
    title: Label | None
    models: tuple[Model, ...]


@dataclass(frozen=True)
class RegressionTable:
    """A table of regressions; ``difference_tests`` compares its columns when each is one group."""

    code: str
    title: Label
    panels: tuple[Panel, ...]
    difference_tests: bool
    notes: tuple[Label, ...]
    style: Style = field(default_factory=Style)


@dataclass(frozen=True)
class _IndexTable:
    """A table about one index."""

    code: str
    title: Label
    index: str
    notes: tuple[Label, ...]


class IndicatorTable(_IndexTable):
    """The indicator system of one index with its weights."""


class AgreementTable(_IndexTable):
    """The indicators of one index beside other measures of them."""


class IndexAgreementTable(_IndexTable):
    """One index beside the others of the study."""


@dataclass(frozen=True)
class DescriptiveTable:
    """Descriptive statistics; ``beside`` names, for a variable, the printed row to compare it with."""

    code: str
    title: Label
    variables: tuple[str, ...]
    beside: Mapping[str, str]
    notes: tuple[Label, ...]


@dataclass(frozen=True)
class Address:
    """One estimated coefficient: table, panel, column and term."""

    table: str
    panel: str
    model: str
    term: str


@dataclass(frozen=True)
class ConventionTable:
    """One coefficient under every covariance."""

    code: str
    title: Label
    address: Address
    notes: tuple[Label, ...]


@dataclass(frozen=True)
class SensitivityTable:
    """One coefficient without each entity, under placebo permutation, and with its Oster bound."""

    code: str
    title: Label
    address: Address
    r2_max: float | None
    notes: tuple[Label, ...]


TableSpec = (
    RegressionTable
    | IndicatorTable
    | AgreementTable
    | IndexAgreementTable
    | DescriptiveTable
    | ConventionTable
    | SensitivityTable
    | DescribedTable
    | DefinitionTable
)


@dataclass(frozen=True)
class Resampling:
    """How many draws the resampling methods take, and their seed."""

    bootstrap_draws: int = 9999
    permutation_draws: int = 10_000
    seed: int = 1


@dataclass(frozen=True)
class Hypothesis:
    """A claim about the sign of one coefficient."""

    code: str
    statement: Label
    address: Address
    sign: str
    level: float


@dataclass(frozen=True)
class MultiverseSpec:
    """Which coefficient is estimated anew under every specification of its index, and what else varies.

    ``outcomes`` are the ways to define the outcome (empty: that of the column), ``controls`` the sets of controls (None:
    every subset of those of the column). ``declared`` is false where the study does not say and the first headline stands in.
    """

    address: Address
    outcomes: tuple[str, ...] = ()
    controls: tuple[tuple[str, ...], ...] | None = None
    declared: bool = True


@dataclass(frozen=True)
class Specification:
    """All that specifications.toml says, and the hash of its bytes."""

    title: Label
    description: Label
    entity: Label
    group: Label
    tables: tuple[TableSpec, ...]
    hypotheses: tuple[Hypothesis, ...]
    headlines: tuple[Address, ...]
    resampling: Resampling
    multiverse: MultiverseSpec | None
    sha256: str
    paper: Paper | None = None

    @property
    def regression_tables(self) -> tuple[RegressionTable, ...]:
        """The tables that are estimated."""
        return tuple(table for table in self.tables if isinstance(table, RegressionTable))
