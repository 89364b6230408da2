"""Builds the tables of the multiverse: what the choices behind an index do to its coefficient, its scores and its ranks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import pandas as pd

from nqp.document.cells import Blank, Cell, Count, Interval, Number, Percent, StdError, Text
from nqp.document.table import Block, Column, ColumnGroup, Row, Table
from nqp.language.labels import NOTHING, Label
from nqp.language.words import in_sentence
from nqp.study.baseline import CLASSICAL
from nqp.study.names import name_of, variable_name

if TYPE_CHECKING:
    from nqp.estimates.multiverse import Universe
    from nqp.study.baseline import Baseline
    from nqp.study.marts import Marts

# What an estimate chooses beside the recipe of the index.
ESTIMATE_CHOICES: Mapping[str, Label] = {
    "controls": Label("控制变量", "Controls"),
    "outcome": Label("被解释变量", "Outcome"),
}
SOURCES: Mapping[str, Label] = {
    "specifications": Label("构造方式", "Ways to build it"),
    "dirichlet": Label("权重扰动", "Weights perturbed"),
    "bootstrap": Label("自助抽样", "Bootstrap draws"),
    "leave_one_out": Label("逐一剔除指标", "One indicator left out"),
}
QUANTITIES: Mapping[str, Label] = {
    "score": Label("得分", "Score"),
    "rank": Label("位次", "Rank"),
    "coefficient_per_std_dev": Label("系数（每标准差）", "Coefficient (per SD)"),
    "coefficient_per_score": Label("系数（每单位）", "Coefficient (per point)"),
}
METHODS: Mapping[str, Label] = {
    "clustered": Label("按{entity}聚类", "Clustered by {entity}"),
    "index_fixed": Label("自助抽样，指数不变", "Bootstrap, index as it is"),
    "index_anew": Label("自助抽样，每次重建指数", "Bootstrap, index built anew"),
}
TOP = (1, 3, 5, 10)
MOST_ENTITIES = 60
RANKS = "multiverse-ranks"


def variable_names(marts: Marts) -> dict[str, Label]:
    """The name of every variable and index by its code."""
    return {row["variable_code"]: name_of(row) for row in marts.variables.to_dict("records")}


def no_draws(baseline: Baseline) -> Label:
    """Why nothing is drawn around another baseline than the classical one."""
    return Label(
        f"抽样（权重扰动、自助、逐一剔除指标）只围绕全部年份的{CLASSICAL.zh}进行；本研究的基准为{baseline.name.zh}，故没有抽样。",
        f"Draws (weights perturbed, bootstrap samples, one indicator left out) are made around {CLASSICAL.en} over all years only; the baseline "
        f"of this study is {baseline.name.en}, so there are no draws.",
    )


def multiverse_tables(universe: Universe, marts: Marts) -> list[Table]:
    """Summary, generated regressor, variance shares, and ranks of the last year."""
    found = [
        summary_table(universe, marts),
        bootstrap_table(universe, marts),
        shares_table(universe),
        ranks_table(universe, marts),
    ]
    return [table for table in found if table is not None]


def scope_label(scope: str, variable: str, marts: Marts) -> Label:
    """What varies in a scope of the summary."""
    name = variable_name(marts, variable) if variable else NOTHING
    if scope == "outcome":
        return Label(f"被解释变量：{name.zh}", f"outcome: {in_sentence(name.en)}")
    if scope == "without":
        return Label(f"不控制{name.zh}", f"without {in_sentence(name.en)}")
    return {
        "all": Label("全部选择", "Everything"),
        "index": Label("只有指数的构造", "Only how the index is built"),
        "controls": Label("只有控制变量", "Only the controls"),
        "outcomes": Label("只有被解释变量", "Only the outcome"),
    }[scope]


def summary_table(universe: Universe, marts: Marts) -> Table:
    """Shares positive and significant, spread, and where the baseline and the printed value fall, per scope."""
    names = variable_names(marts)
    per_sd = universe.summary[universe.summary["unit"] == "std_dev"]
    raw = universe.summary[universe.summary["unit"] == "score"]
    has_printed = bool(per_sd["printed"].notna().any())
    columns = [
        Column("fits", Label("估计次数", "Estimates")),
        Column("positive", Label("为正", "Positive")),
        Column("iid", Label("同方差", "iid"), group="significant"),
        Column("hc1", Label("HC1", "HC1"), group="significant"),
        Column("cluster", Label("聚类", "clustered"), group="significant"),
        Column("median", Label("中位数", "Median"), group="size"),
        Column("interval", Label("5%—95%", "5–95%"), "center", "size"),
        Column("below", Label("低于基准", "below the baseline"), group="places"),
    ]
    if has_printed:
        columns.append(Column("below_printed", Label("低于原文", "below the printed"), group="places"))
    groups = (
        ColumnGroup("significant", Label("在 5% 水平上显著", "Significant at 5%")),
        ColumnGroup("size", Label("每标准差的系数", "Coefficient per SD")),
        ColumnGroup("places", Label("占比", "Share")),
    )

    def cells(row: dict[str, Any]) -> tuple[Cell, ...]:
        found: list[Cell] = [
            Count(row["fits"]), Percent(row["share_positive"]), Percent(row["share_significant_iid"]),
            Percent(row["share_significant_hc1"]), Percent(row["share_significant_cluster"]),
            Number(row["median"]), Interval(row["p05"], row["p95"]), Percent(row["baseline_share_below"]),
        ]  # fmt: skip
        return tuple(found + [Percent(row["printed_share_below"])] * has_printed)

    rows = tuple(
        Row(
            scope_label(row["scope"], row["variable"], marts),
            cells(row),
            "emphasis" if row["scope"] in ("all", "index") else "body",
        )
        for row in per_sd[per_sd["scope"] != "with"].to_dict("records")
    )
    base, name = universe.baseline, names[universe.index]
    notes = [
        Label(
            f"{name.zh}的系数，对每一种有效的指数构造、控制变量子集与被解释变量定义重新估计；错误做法不计入。"
            "得分没有天然单位，故系数以得分的一个标准差计，才可在不同构造之间比较。",
            f"Coefficient of {in_sentence(name.en)}, estimated anew for every valid way to build the index, set of controls and "
            "definition of the outcome; wrong recipes are left out. A score has no unit of its own, so the coefficient is given "
            "per standard deviation of the score: only that compares between ways to build it.",
        ),
        Label(
            f"基准：每标准差 {base['estimate_per_sd']:.3f}，每单位 {base['estimate']:.3f}（聚类标准误 {base['se_cluster']:.3f}）。",
            f"Baseline: {base['estimate_per_sd']:.3f} per standard deviation, {base['estimate']:.3f} per point (clustered SE "
            f"{base['se_cluster']:.3f}).",
        ),
    ]
    if has_printed:
        printed, printed_sd = raw["printed"].iloc[0], per_sd["printed"].iloc[0]
        notes.append(
            Label(
                f"原文：每单位 {printed:g}，乘以原文得分的标准差为 {printed_sd:.3f}。",
                f"The paper prints {printed:g} per point; times its printed standard deviation of the score, {printed_sd:.3f}.",
            )
        )
    notes.append(
        Label(
            "聚类：按{entity}，reghdfe 规则，t(G−1)；显著性为双侧。占比：与该值相等者计一半。全部估计见 estimates.spec_coefficients。",
            "Clustered by {entity} by reghdfe's rule with t(G-1); two-sided. Shares count ties half. All estimates: estimates.spec_coefficients.",
            italic=("t", "G"),
        )
    )
    title = Label("系数在各种选择下的分布", "The coefficient under every choice")
    return Table(
        "multiverse-summary", NOTHING, title, Label("变动的选择", "What varies"), groups, tuple(columns), (Block(rows),),
        tuple(notes), 16,
    )  # fmt: skip


def bootstrap_table(universe: Universe, marts: Marts) -> Table | None:
    """The standard error of the core coefficient when the index is estimated too."""
    frame = universe.bootstrap
    if frame["draws"].max() < 2:
        return None
    columns = (
        Column("estimate", Label("系数", "Coefficient")),
        Column("std_error", Label("标准误", "Std. error")),
        Column("interval", Label("95% 区间", "95% interval"), "center"),
        Column("draws", Label("抽取次数", "Draws")),
    )
    titles = {
        "score": Label("每单位得分", "Per point of the score"),
        "std_dev": Label("每标准差", "Per standard deviation"),
    }
    blocks = tuple(
        Block(
            tuple(
                Row(
                    METHODS[row["method"]],
                    (
                        Number(row["estimate"]), StdError(row["std_error"]), Interval(row["conf_low"], row["conf_high"]),
                        Count(row["draws"]) if row["draws"] else Blank(),
                    ),
                )
                for row in frame[frame["unit"] == unit].to_dict("records")
            ),
            title,
        )
        for unit, title in titles.items()
    )  # fmt: skip
    name = variable_names(marts)[universe.index]
    notes = (
        Label(
            f"{name.zh}是由同一样本估计出来的解释变量。自助抽样以{{entity}}为单位；重建指数时，界值与权重由抽到的{{entity}}重新估计，"
            "抽到多次的，作为多个{entity}进入回归；区间为抽取结果的 2.5% 与 97.5% 分位数；种子见 dbt_project.yml。",
            f"{name.en} is a regressor that was estimated from the same sample. {{Entities}} are drawn with replacement; where the index "
            "is built anew its bounds and weights come from the drawn {entities}, and one that is drawn several times enters as several. "
            "Intervals are the 2.5 and 97.5 percent quantiles of the draws; the seed stands in dbt_project.yml.",
        ),
    )
    title = Label("指数本身也是估计值时的标准误", "The standard error when the index is estimated too")
    return Table(
        "multiverse-bootstrap", NOTHING, title, Label("方法", "Method"), (), columns, blocks, notes, 16
    )


def variance_shares(universe: Universe) -> pd.DataFrame:
    """First-order and total shares of score, rank and coefficient by design_code, quantity and choice, for every design
    that is a whole factorial; that with the most choices, then fits, first.
    """
    ours, theirs = universe.shares, universe.marts.variance_shares
    size = ours.groupby("design_code").agg(choices=("choice", "nunique"), fits=("fits", "max"))
    order = size.sort_values(["choices", "fits"], ascending=False, kind="stable").index
    theirs = theirs[theirs["index_code"] == universe.index]
    both = pd.concat([theirs, ours])[["design_code", "quantity", "choice", "first_order", "total"]]
    both = both[(both["quantity"] != "coefficient_per_score") & both["design_code"].isin(order)]
    place = both["design_code"].map({code: i for i, code in enumerate(order)})
    return (
        both.assign(place=place)
        .sort_values("place", kind="stable")
        .drop(columns="place")
        .reset_index(drop=True)
    )


def choice_names(universe: Universe) -> dict[str, Label]:
    """The name of every choice that may vary, in order."""
    return {**universe.marts.words.choices, **ESTIMATE_CHOICES}


def design_name(universe: Universe, design: str) -> Label:
    """What the specifications of a design have in common in their names."""
    members = universe.marts.specs[universe.marts.specs["design_code"] == design]
    return Label(_shared(members["name_zh"], "·") or design, _shared(members["name_en"], ", ") or design)


def _shared(names: Iterable[str], separator: str) -> str:
    """The leading parts that all names have in common."""
    shared = []
    for parts in zip(*(name.split(separator) for name in names), strict=False):
        if len(set(parts)) > 1:
            break
        shared.append(parts[0])
    return separator.join(shared)


def shares_table(universe: Universe) -> Table | None:
    """How much of the variance of scores, ranks and coefficient each choice makes, a block per design."""
    frame = variance_shares(universe)
    if frame.empty:
        return None
    names = choice_names(universe)
    wanted = [quantity for quantity in QUANTITIES if quantity in set(frame["quantity"])]
    columns, groups = [], []
    for quantity in wanted:
        group = quantity.replace("_", "-")
        groups.append(ColumnGroup(group, QUANTITIES[quantity]))
        columns.append(Column(f"{group}-first", Label("一阶", "first order"), group=group))
        columns.append(Column(f"{group}-total", Label("总", "total"), group=group))
    blocks, told_zh, told_en = [], [], []
    for design, part in frame.groupby("design_code", sort=False):
        by_key = part.set_index(["quantity", "choice"])
        rows = []
        for choice in [choice for choice in names if choice in set(part["choice"])]:
            cells: list[Cell] = []
            for quantity in wanted:
                for kind in ("first_order", "total"):
                    known = (quantity, choice) in by_key.index
                    cells.append(Percent(float(by_key.loc[(quantity, choice), kind])) if known else Blank())
            rows.append(Row(names[choice], tuple(cells)))
        name = design_name(universe, str(design))
        blocks.append(Block(tuple(rows), name))
        fits = int(universe.shares.loc[universe.shares["design_code"] == design, "fits"].iloc[0])
        told_zh.append(f"{name.zh} {fits:,} 个")
        told_en.append(f"{in_sentence(name.en)} {fits:,}")
    notes = (
        Label(
            f"全因子设计，每个组合恰好一次，故为精确值；系数部分的组合数：{'，'.join(told_zh)}。"
            "一阶：只由该选择造成的方差占比；总：该选择连同其全部交互作用。一阶之和不足 100% 的部分是交互作用。",
            f"Full factorials, each combination exactly once, so the shares are exact; combinations for the coefficient: "
            f"{', '.join(told_en)}. First order: the share of the variance made by that choice alone; total: with all its "
            "interactions. What the first orders leave of 100% are interactions.",
        ),
    )
    title = Label("方差由哪些选择造成", "Which choice makes the variance")
    return Table(
        "multiverse-shares", NOTHING, title, Label("选择", "Choice"), tuple(groups), tuple(columns), tuple(blocks), notes, 12,
    )  # fmt: skip


def last_intervals(universe: Universe, marts: Marts) -> pd.DataFrame:
    """Rank intervals of the last year by entity and source, in the order of the baseline ranks, names beside; at most
    MOST_ENTITIES entities, the first ones.
    """
    frame = universe.marts.rank_intervals
    frame = frame[frame["index_code"] == universe.index]
    frame = frame[frame["year"] == frame["year"].max()]
    names = marts.entities[["entity_code", "name_zh", "name_en"]]
    frame = frame.merge(names, on="entity_code").sort_values(
        ["baseline_rank", "entity_code", "source"], kind="stable"
    )
    first = list(dict.fromkeys(frame["entity_code"]))[:MOST_ENTITIES]
    return frame[frame["entity_code"].isin(first)].reset_index(drop=True)


def ranks_table(universe: Universe, marts: Marts) -> Table | None:
    """The rank of every entity in the last year with its interval by source, and how often it is among the first."""
    frame = last_intervals(universe, marts)
    if frame.empty:
        return None
    sources = [source for source in SOURCES if source in set(frame["source"])]
    chances = universe.marts.top_probabilities
    chances = chances[(chances["index_code"] == universe.index) & (chances["source"] == sources[0])]
    chances = chances.set_index(["entity_code", "k"])["probability"]
    entities = frame["entity_code"].nunique()
    tops = [k for k in TOP if k < entities and k in set(chances.index.get_level_values("k"))]
    columns = (
        Column("rank", Label("位次", "Rank"), "center"),
        *(Column(source.replace("_", "-"), SOURCES[source], "center", "intervals") for source in sources),
        *(Column(f"top-{k}", Label(f"前 {k}", f"top {k}"), group="tops") for k in tops),
    )
    groups = [ColumnGroup("intervals", Label("95% 位次区间", "95% interval of the rank"))]
    if tops:
        groups.append(ColumnGroup("tops", Label("居于前列的概率", "Probability of being in the")))
    rows = []
    for entity, found in frame.groupby("entity_code", sort=False):
        by_source = found.set_index("source")
        one = found.iloc[0]
        intervals = tuple(
            Interval(float(by_source.at[source, "rank_low"]), float(by_source.at[source, "rank_high"]), 0)
            if source in by_source.index
            else Blank()
            for source in sources
        )
        shares = tuple(
            Percent(float(chances.loc[(entity, k)]), 0) if (entity, k) in chances.index else Blank()
            for k in tops
        )
        rank: Cell = Text(Label.both(str(int(one["baseline_rank"]))))
        rows.append(Row(Label(one["name_zh"], one["name_en"]), (rank, *intervals, *shares)))
    draws = {row["source"]: int(row["draws"]) for row in frame.to_dict("records")}
    told = {source: f"{draws[source]:,}" for source in sources}
    notes = (
        Label(
            "；".join(f"{SOURCES[source].zh}：{count} 个" for source, count in told.items())
            + f"；概率按{SOURCES[sources[0]].zh}计。错误做法不计入。",
            "; ".join(f"{SOURCES[source].en.lower()}: {count}" for source, count in told.items())
            + f". Probabilities over the {SOURCES[sources[0]].en.lower()}; wrong recipes are left out.",
        ),
        *(() if marts.baseline.is_classical else (no_draws(marts.baseline),)),
    )
    year = int(frame["year"].iloc[0])
    title = Label(f"{year} 年位次的不确定性", f"How certain the ranks of {year} are")
    return Table(
        RANKS, NOTHING, title, Label("", ""), tuple(groups), columns, (Block(tuple(rows)),), notes,
    )  # fmt: skip
