"""What the multiverse says of the main coefficient, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nqp.language.labels import NOTHING, Label
from nqp.language.numbers import percent, visible
from nqp.language.words import in_sentence
from nqp.report.sentences import say
from nqp.study.names import variable_name

if TYPE_CHECKING:
    import pandas as pd

    from nqp.estimates.multiverse import Universe
    from nqp.study.marts import Marts


def choices_finding(universe: Universe) -> Label:
    """How often the association has the sign of the main result and is told from zero, over all variants."""
    per_sd = universe.summary[universe.summary["unit"] == "std_dev"].set_index("scope")
    whole, only = per_sd.loc["all"], per_sd.loc["index"]
    is_positive = whole["baseline"] > 0

    def share(row: pd.Series) -> str:
        return percent(row["share_positive"] if is_positive else 1 - row["share_positive"])

    return say(
        "choices", sign=say("positive" if is_positive else "negative"), fits=f"{int(whole['fits']):,}",
        recipes=int(only["fits"]), share_sign=share(whole), share_sure=percent(whole["share_significant_cluster"]),
        only_sign=share(only), only_sure=percent(only["share_significant_cluster"]),
    )  # fmt: skip


def answer(universe: Universe, marts: Marts) -> tuple[Label, ...]:
    """The answer in words: how often the coefficient is positive and significant, and where to read on."""
    per_sd = universe.summary[universe.summary["unit"] == "std_dev"].set_index("scope")
    whole, only = per_sd.loc["all"], per_sd.loc["index"]
    specs, name = int(only["fits"]), variable_name(marts, universe.index)
    lead = Label(
        f"{name.zh}的系数在 {int(whole['fits']):,} 次估计（{specs} 种指数构造与各种控制变量、被解释变量）中 {percent(whole['share_positive'])} 为正，"
        f"{percent(whole['share_significant_cluster'])} 在 5% 水平上显著（聚类；同方差下 {percent(whole['share_significant_iid'])}）；"
        f"只变指数构造时，{percent(only['share_positive'])} 为正，{percent(only['share_significant_cluster'])} 显著，"
        f"每标准差的系数由 {visible(only['lowest'])} 到 {visible(only['highest'])}，基准 {visible(only['baseline'])}。",
        f"The coefficient of {in_sentence(name.en)} is positive in {percent(whole['share_positive'])} of "
        f"{int(whole['fits']):,} estimates ({specs} ways to build the index, sets of controls, outcomes) and significant at 5% in "
        f"{percent(whole['share_significant_cluster'])} (clustered; {percent(whole['share_significant_iid'])} under independent errors). Where "
        f"only the index varies it is positive in {percent(only['share_positive'])} and significant in "
        f"{percent(only['share_significant_cluster'])}; per standard deviation it runs from {visible(only['lowest'])} to "
        f"{visible(only['highest'])}, the baseline is {visible(only['baseline'])}.",
    )
    more = [text for text in (_control_that_matters(universe, marts), _bootstrap_in_words(universe)) if text]
    pointer = Label(
        "每个指标对得分及其变化的贡献见数据集市 index_contributions，两个{entity}之差见 index_gaps，障碍度见 obstacle_degrees。",
        "What each indicator adds to a score and to its change stands in mart index_contributions, what sets two {entities} apart in "
        "index_gaps, what holds one back in obstacle_degrees.",
    )
    return (lead, *more, pointer)


def _control_that_matters(universe: Universe, marts: Marts) -> Label:
    """The control whose presence changes the share of significant estimates most."""
    rows = universe.summary[universe.summary["unit"] == "std_dev"]
    shares = rows[rows["scope"].isin(("with", "without"))].pivot(
        index="variable", columns="scope", values="share_significant_cluster"
    )
    if shares.empty:
        return NOTHING
    control = str((shares["with"] - shares["without"]).abs().idxmax())
    name, inside, outside = (
        variable_name(marts, control),
        shares.at[control, "with"],
        shares.at[control, "without"],
    )
    return Label(
        f"控制变量中影响最大的是{name.zh}：控制它时 {percent(inside)} 的估计显著（聚类），不控制时 {percent(outside)}。",
        f"Of the controls, {in_sentence(name.en)} matters most: with it {percent(inside)} of the estimates are significant (clustered), "
        f"without it {percent(outside)}.",
    )


def _bootstrap_in_words(universe: Universe) -> Label:
    """What becomes of the standard error when the index is an estimate too."""
    rows = universe.bootstrap[universe.bootstrap["unit"] == "score"].set_index("method")
    anew, clustered = rows.loc["index_anew"], rows.loc["clustered"]
    if anew["draws"] < 2:
        return NOTHING
    return Label(
        f"每次自助抽样都重建指数时，基准系数的标准误为 {visible(anew['std_error'])}（聚类标准误 {visible(clustered['std_error'])}），95% 区间为 "
        f"[{visible(anew['conf_low'])}, {visible(anew['conf_high'])}]。",
        f"With the index built anew in every bootstrap draw the standard error of the baseline coefficient is "
        f"{visible(anew['std_error'])} (clustered: {visible(clustered['std_error'])}) and its 95% interval [{visible(anew['conf_low'])}, "
        f"{visible(anew['conf_high'])}].",
    )
