"""The methods section as text: one paragraph for every step that was taken, with its formula and what it rests on.

A paragraph cites by ``{key}``: author and year in English, the number of the list in Chinese. Formulas are LaTeX, so that
the text goes into LaTeX, Markdown and, through a converter, into Word.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from nqp.document.references import bibliography, known
from nqp.econometrics.covariances import IN_WORDS
from nqp.language.labels import Label, Language
from nqp.language.words import in_sentence, named, plural
from nqp.study.names import indices_of, name_of, variable_name
from nqp.tables.effects import WEIGHTED, place_of
from nqp.tables.methods import works_of
from nqp.tables.multiverse import no_draws

if TYPE_CHECKING:
    from nqp.estimates.regressions import Equation
    from nqp.report.sections import Results
    from nqp.study.baseline import Baseline
    from nqp.study.recipes import Option
    from nqp.study.specification import RegressionTable

_CITED = re.compile(r"\{((?:[a-z]+\d{4})(?:; ?[a-z]+\d{4})*)\}")
HEADING = Label("方法", "Methods")
ESTIMATORS = {
    "ols": Label("最小二乘", "least squares"),
    "weighted": Label("加权最小二乘", "weighted least squares"),
    "2sls": Label("两阶段最小二乘", "two-stage least squares"),
    "liml": Label("有限信息极大似然（LIML）", "limited information maximum likelihood (LIML)"),
    "fuller": Label("Fuller 估计（α = 1）", "Fuller's estimator (alpha = 1)"),
    "gmm": Label("两步 GMM", "two-step GMM"),
}
WORKS = Label("参考文献", "References")


@dataclass(frozen=True)
class Step:
    """One step of the work: its heading and its paragraph."""

    heading: Label
    text: Label


def methods_files(results: Results, languages: Sequence[Language]) -> dict[str, bytes]:
    """The methods section in each language as Markdown, and the works it cites, by the name of the file."""
    entity = results.specification.entity
    steps = [Step(named(one.heading, entity), named(one.text, entity)) for one in _steps(results)]
    keys = [key for step in steps for found in _CITED.findall(step.text.en) for key in re.split("; ?", found)]
    order = list(dict.fromkeys(keys))
    files = {f"methods.{language}.md": _markdown(steps, order, language) for language in languages}
    return files | bibliography(order)


def _markdown(steps: Sequence[Step], order: Sequence[str], language: Language) -> bytes:
    def cited(match: re.Match[str]) -> str:
        keys = re.split("; ?", match[1])
        if language == "zh":
            return f"[{', '.join(str(order.index(key) + 1) for key in keys)}]"
        return f"({'; '.join(known()[key].in_text for key in keys)})"

    parts = [f"# {HEADING.in_(language)}"]
    for step in steps:
        parts.append(f"## {step.heading.in_(language)}")
        parts.append(_CITED.sub(cited, step.text.in_(language)))
    if order:
        parts.append(f"## {WORKS.in_(language)}")
        parts.append(
            "\n".join(f"[{place}] {known()[key].gbt7714}  " for place, key in enumerate(order, start=1))
        )
    return ("\n\n".join(parts) + "\n").encode()


def _steps(results: Results) -> Iterator[Step]:
    """The steps in the order of the work; what the study does not use is left out."""
    yield _data(results)
    indices = indices_of(results.marts)
    if indices:
        yield from _index(results, indices)
    if results.estimates.equations:
        yield from _regressions(results)
        yield from _probes(results)
    if results.universe is not None:
        yield from _universe(results)


def _data(results: Results) -> Step:
    marts, entity = results.marts, results.specification.entity
    extent, series = marts.extent.iloc[0], marts.series
    observed, derived = series[~series["is_derived"]], int(series["is_derived"].sum())
    imputed = int(observed["imputed_cells"].sum())
    cells = int(observed["cells"].sum()) - imputed
    entities, rows, first, last = (
        int(extent[name]) for name in ("entities", "observations", "first_year", "last_year")
    )
    balanced = rows == entities * (last - first + 1)
    zh = (
        f"样本为 {entities} 个{entity.zh} {first}—{last} 年的面板，{rows} 个观测，{'为平衡面板' if balanced else '为非平衡面板'}。"
        f"原始数据为 {len(series) - derived} 个官方统计序列的 {cells} 个数字，由此推算 {derived} 个序列。"
    )
    en = (
        f"The panel holds {entities} {plural(in_sentence(entity.en))} over {first} to {last}, {rows} observations, and is "
        f"{'balanced' if balanced else 'unbalanced'}. It rests on {cells} figures of {len(series) - derived} published series, from which "
        f"{derived} more are derived. "
    )
    if imputed:
        zh += f"另有 {imputed} 个数字按所述规则插补，均有标记。"
        en += f"{imputed} figures more are imputed by the stated rule and flagged wherever they are used."
    else:
        zh += "没有插补。"
        en += "Nothing is imputed."
    return Step(Label("数据", "Data"), Label(zh, en.strip()))


def _index(results: Results, indices: Sequence[str]) -> Iterator[Step]:
    marts = results.marts
    for index in indices:
        rows = marts.indicators[marts.indicators["index_code"] == index]
        first = rows.iloc[0].to_dict()
        name = name_of(first, "index_name")
        negative, proxies = int((rows["direction"] == "negative").sum()), int(rows["is_proxy"].sum())
        dimensions = rows["dimension_code"].nunique()
        n = int(first["entity_years"])
        zh = f"{name.zh}由 {dimensions} 个维度的 {len(rows)} 个指标构成，其中负向指标 {negative} 个，代理指标 {proxies} 个。"
        en = (
            f"{name.en} is made of {len(rows)} indicators in {dimensions} {'dimension' if dimensions == 1 else 'dimensions'}; negative ones (less is better): {negative}, "
            f"proxies: {proxies}. "
        )
        if not marts.baseline.is_classical:
            yield Step(Label(f"{name.zh}：指标", f"{name.en}: indicators"), Label(zh, en.strip()))
            yield _another_recipe(marts.baseline, name, str(first["pool"]))
            continue
        zh += (
            "正向指标按 $z_{ij}=(x_{ij}-\\min_j)/(\\max_j-\\min_j)$、负向指标按 $z_{ij}=(\\max_j-x_{ij})/(\\max_j-\\min_j)$ 标准化，"
            "极值取自全部{entity}与年份。"
        )
        en += (
            "Indicators are normalized by $z_{ij}=(x_{ij}-\\min_j)/(\\max_j-\\min_j)$, negative ones by "
            "$z_{ij}=(\\max_j-x_{ij})/(\\max_j-\\min_j)$, with bounds over all {entities} and years."
        )
        yield Step(Label(f"{name.zh}：指标", f"{name.en}: indicators"), Label(zh, en))
        yield Step(
            Label(f"{name.zh}：权重与得分", f"{name.en}: weights and scores"),
            Label(
                f"权重用熵权法{{shannon1948}}：$p_{{ij}}=z_{{ij}}/\\sum_i z_{{ij}}$，$e_j=-\\frac{{1}}{{\\ln n}}\\sum_i p_{{ij}}\\ln p_{{ij}}$，"
                f"$w_j=(1-e_j)/\\sum_k(1-e_k)$，其中 $n={n}$，$0\\ln 0=0$。得分用 TOPSIS{{hwang1981}}：$D_i^{{+}}=\\sqrt{{\\sum_j w_j^2(1-z_{{ij}})^2}}$，"
                f"$D_i^{{-}}=\\sqrt{{\\sum_j w_j^2 z_{{ij}}^2}}$，$C_i=D_i^{{-}}/(D_i^{{+}}+D_i^{{-}})$。距离含权重的平方，故同时报告有效权重 $w_j^2/\\sum_k w_k^2$。"
                f"各指标对得分变化的贡献用对数平均分解{{ang2004}}，各项之和等于得分之差。",
                f"Weights are entropy weights {{shannon1948}}: $p_{{ij}}=z_{{ij}}/\\sum_i z_{{ij}}$, $e_j=-\\frac{{1}}{{\\ln n}}\\sum_i p_{{ij}}\\ln p_{{ij}}$ and "
                f"$w_j=(1-e_j)/\\sum_k(1-e_k)$, with $n={n}$ and $0\\ln 0=0$. Scores are those of TOPSIS {{hwang1981}}: "
                f"$D_i^{{+}}=\\sqrt{{\\sum_j w_j^2(1-z_{{ij}})^2}}$, $D_i^{{-}}=\\sqrt{{\\sum_j w_j^2 z_{{ij}}^2}}$, $C_i=D_i^{{-}}/(D_i^{{+}}+D_i^{{-}})$. Distances carry "
                f"squared weights, so the effective weight $w_j^2/\\sum_k w_k^2$ is reported too. The contribution of an indicator to the change of a score is its log-mean "
                f"term {{ang2004}}; the contributions add up to the change.",
            ),
        )  # fmt: skip


def _citing(option: Option) -> str:
    """The works of an option as a paragraph cites them; nothing where it has none."""
    keys = "; ".join(works_of(option))
    return f" {{{keys}}}" if keys else ""


def _another_recipe(baseline: Baseline, name: Label, pool: str) -> Step:
    """Weights and scores of another baseline than the classical one, each choice with its formula."""
    zh = [f"{what.zh}：{one.name.zh}{_citing(one)}，`{one.formula.zh}`" for what, one in baseline.told]
    en = [
        f"{in_sentence(what.en)}: {one.name.en}{_citing(one)}, `{one.formula.en}`"
        for what, one in baseline.told
    ]
    more_zh, more_en = "", ""
    if baseline.has_yearly_weights:
        more_zh += f"逐年标准化，由数字得出的权重也逐年计算，指标表所列为 {pool} 年。"
        more_en += f" Each year is normalized by itself, and weights that rest on the figures are those of the year; the table of indicators shows {pool}."
    if baseline.squares_weights:
        more_zh += "距离含权重的平方，故同时报告有效权重 $w_j^2/\\sum_k w_k^2$。"
        more_en += (
            " Distances carry squared weights, so the effective weight $w_j^2/\\sum_k w_k^2$ is reported too."
        )
    if baseline.code("aggregation") == "linear":
        more_zh += "各指标对得分变化的贡献为其加权值之差，各项之和等于得分之差。"
        more_en += " The contribution of an indicator to the change of a score is the difference of its weighted values; the contributions add up to the change."
    else:
        more_zh += "各指标对得分变化的贡献用对数平均分解{ang2004}，各项之和等于得分之差。"
        more_en += " The contribution of an indicator to the change of a score is its log-mean term {ang2004}; the contributions add up to the change."
    return Step(
        Label(f"{name.zh}：权重与得分", f"{name.en}: weights and scores"),
        Label(f"{'；'.join(zh)}。{more_zh}", f"The index is built as follows. {'; '.join(en)}.{more_en}"),
    )


def _regressions(results: Results) -> Iterator[Step]:
    estimates = results.estimates
    numbers = {table.code: place for place, table in enumerate(results.specification.tables, start=1)}
    for table in results.specification.regression_tables:
        equations = [
            one for one in estimates.equations if one.table_code == table.code and one.name == "main"
        ]
        if equations:
            yield _table(results, table, numbers[table.code], equations)
    convention = IN_WORDS[estimates.covariance]
    zh = f"标准误：{convention.convention_zh}。".replace("。。", "。")
    en = f"Standard errors: {in_sentence(convention.convention_en)}"
    others = dict.fromkeys(one.inference.covariance for one in estimates.equations)
    for other in (IN_WORDS[name] for name in others if name != estimates.covariance):
        zh += f"不提供该协方差的列改用：{other.convention_zh}"
        en += f" Columns that it is not offered for: {in_sentence(other.convention_en)}"
    if any(one.support is not None for one in estimates.equations):
        draws, seed = results.specification.resampling.bootstrap_draws, results.specification.resampling.seed
        zh += (
            f"聚类数少，故另用 CR2 与 Satterthwaite 自由度{{pustejovsky2018}}，以及施加原假设、Webb 权重的野聚类自助法（{draws} 次，种子 {seed}）"
            "{cameron2008; webb2023}；二者不支持的星号印为空心。"
        )
        en += (
            f" Clusters are few, so CR2 with Satterthwaite degrees of freedom {{pustejovsky2018}} and the wild cluster bootstrap with the null imposed and Webb "
            f"weights ({draws} draws, seed {seed}) {{cameron2008; webb2023}} are computed beside them; a star that these do not support is hollow."
        )
    yield Step(Label("推断", "Inference"), Label(zh, en))
    if any(one.fit.is_iv for one in estimates.equations):
        yield Step(
            Label("工具变量检验", "Tests of the instruments"),
            Label(
                "识别不足用 Anderson LM 与 Kleibergen-Paap rk LM{kleibergen2006}检验；弱工具变量用 Cragg-Donald F{cragg1993}与 Stock-Yogo 临界值{stock2005}、"
                "有效 F{montiel2013}、Anderson-Rubin 检验{anderson1949}与 tF{lee2022}判断；前两者假定同方差。",
                "Underidentification is tested by the Anderson LM and the Kleibergen-Paap rk LM statistic {kleibergen2006}; weak instruments are judged by the Cragg-Donald F "
                "{cragg1993} against the Stock-Yogo values {stock2005}, which assume independent errors of one variance, and by the effective F {montiel2013}, the Anderson-Rubin test {anderson1949} "
                "and tF {lee2022}.",
            ),
        )  # fmt: skip


def _table(results: Results, table: RegressionTable, number: int, equations: Sequence[Equation]) -> Step:
    """What the columns of one table estimate."""
    fits = [one.fit for one in equations]
    outcomes = _names(results, dict.fromkeys(one.model.outcome for one in equations))
    cores = _names(results, dict.fromkeys(name for one in equations for name in one.model.core))
    controls = _names(results, dict.fromkeys(name for one in equations for name in one.model.controls))
    sizes = sorted({int(one.n_obs) for one in fits})
    range_ = str(sizes[0]) if len(sizes) == 1 else f"{sizes[0]}–{sizes[-1]}"
    effects = {effect for one in equations for effect in one.model.effects}
    absorbed = {"entity": "+\\mu_i", "year": "+\\lambda_t"}
    terms = "".join(term for effect, term in absorbed.items() if effect in effects)
    terms += "+\\theta_{g(it)}" if effects - set(absorbed) else ""
    gamma = "+\\gamma' z_{it}" if controls.en else ""
    is_iv = any(one.is_iv for one in fits)
    how = _method(equations)
    zh = f"表 {number} 用{how.zh}估计 $y_{{it}}=\\alpha+\\beta' x_{{it}}{gamma}{terms}+u_{{it}}$：被解释变量为{outcomes.zh}，核心解释变量为{cores.zh}"
    en = (
        f"Table {number} estimates $y_{{it}}=\\alpha+\\beta' x_{{it}}{gamma}{terms}+u_{{it}}$ by {how.en}. Outcome: {outcomes.en}; "
        f"of interest: {cores.en}"
    )
    if controls.en:
        zh, en = zh + f"，控制变量为{controls.zh}", en + f"; controls: {controls.en}"
    if is_iv:
        tools = _names(results, dict.fromkeys(name for one in equations for name in one.model.instruments))
        zh, en = zh + f"，工具变量为{tools.zh}", en + f"; instruments: {tools.en}"
    named = {"entity": results.specification.entity, "year": Label("年份", "year")}
    if effects:
        which = [named[one] for one in ("entity", "year") if one in effects]
        which += [Label.both(one) for one in sorted(effects - set(absorbed))]
        zh += f"，含{'与'.join(one.zh for one in which)}固定效应"
        en += f"; {' and '.join(one.en for one in which)} fixed effects are absorbed"
    winsorised = sorted({one.model.winsorise for one in equations if one.model.winsorise})
    if winsorised:
        cuts = "、".join(f"{low:g} 与 {high:g}" for low, high in winsorised)
        zh, en = (
            zh + f"，部分列按分位数 {cuts} 缩尾",
            en
            + f"; some columns are winsorised at the quantiles {winsorised[0][0]:g} and {winsorised[0][1]:g}",
        )
    for said in _weighting(results, table, equations):
        zh, en = f"{zh}；{said.zh}", f"{en}; {said.en}"
    samples = {one.model.sample.name for one in equations} - {"all"}
    if samples:
        zh, en = zh + f"，其中 {len(samples)} 列用子样本", en + f"; {len(samples)} columns use subsamples"
    return Step(
        Label(f"表 {number}：{table.title.zh}", f"Table {number}: {in_sentence(table.title.en)}"),
        Label(f"{zh}；N = {range_}。", f"{en}; N = {range_}."),
    )


def _method(equations: Sequence[Equation]) -> Label:
    """The estimators of the columns of a table, each once."""
    found = dict.fromkeys(
        ESTIMATORS[one.model.estimator if one.fit.is_iv else "weighted" if one.fit.weights else "ols"]
        for one in equations
    )
    return Label("与".join(one.zh for one in found), " and ".join(one.en for one in found))


def _weighting(results: Results, table: RegressionTable, equations: Sequence[Equation]) -> Iterator[Label]:
    """Which columns are weighted and how, and what that does to the fixed effects."""
    weighted = dict.fromkeys(one.fit.weights for one in equations if one.fit.weights is not None)
    for weights in weighted:
        where = [place_of(one, table) for one in equations if one.fit.weights == weights]
        is_all = all(one.fit.weights == weights for one in equations)
        zh, en = WEIGHTED[weights.kind]
        name = variable_name(results.marts, weights.column)
        yield Label(
            zh.format("各列" if is_all else f"第 {'、'.join(where)} 列", name.zh),
            en.format("all columns" if is_all else f"column {', '.join(where)}", in_sentence(name.en)),
        )
    if weighted:
        yield Label(
            "加权列最小化 $\\sum_{it}w_{it}\\hat u_{it}^2$，固定效应以加权均值消去，聚类得分为 $w_{it}x_{it}\\hat u_{it}$",
            "a weighted column minimises $\\sum_{it}w_{it}\\hat u_{it}^2$: effects are taken out by weighted means, scores are "
            "$w_{it}x_{it}\\hat u_{it}$",
        )


def _names(results: Results, codes: dict[str, None]) -> Label:
    labels = [variable_name(results.marts, code) for code in codes]
    return Label("、".join(one.zh for one in labels), ", ".join(in_sentence(one.en) for one in labels))


def _probes(results: Results) -> Iterator[Step]:
    robustness, resampling = results.robustness, results.specification.resampling
    parts: list[Label] = []
    if robustness.differences:
        parts.append(
            Label(
                f"组间差异用交互项的 Chow 检验{{chow1960}}与{{entity}}在组间的置换检验（{resampling.permutation_draws} 次，种子 {resampling.seed}）。",
                f"Differences between groups are tested by the Chow test on interactions {{chow1960}} and by permuting {{entities}} between groups ({resampling.permutation_draws} draws, seed {resampling.seed}).",
            )
        )  # fmt: skip
    if robustness.conventions:
        parts.append(
            Label("同一系数另列各种协方差下的推断。", "One coefficient is shown under every covariance.")
        )
    found = list(robustness.sensitivities.values())
    if found:
        parts.append(
            Label(
                "逐一剔除{entity}后重新估计。", "The coefficient is estimated without each {entity} in turn."
            )
        )
    if any(one.placebo is not None for one in found):
        parts.append(
            Label(
                f"安慰剂检验把核心变量在同一年的{{entity}}之间随机分配（{resampling.permutation_draws} 次，种子 {resampling.seed}）。",
                f"The placebo deals the core variable out at random among the {{entities}} of a year ({resampling.permutation_draws} draws, seed {resampling.seed}).",
            )
        )
    if any(one.oster is not None for one in found):
        parts.append(
            Label(
                "遗漏变量用 $\\beta^*$ 与 $\\delta$ 衡量{oster2019}，$R^2$ 为扣除固定效应后的值。",
                "Omitted variables are assessed by $\\beta^*$ and $\\delta$ {oster2019}, with $R^2$ net of the fixed effects.",
            )
        )
    if parts:
        yield Step(
            Label("稳健性", "Robustness"),
            Label("".join(one.zh for one in parts), " ".join(one.en for one in parts)),
        )


def _universe(results: Results) -> Iterator[Step]:
    universe = results.universe
    assert universe is not None
    recipes, fits = universe.distinct["spec_code"].nunique(), len(universe.distinct)
    draws = int(universe.bootstrap["draws"].max())
    if not results.marts.baseline.is_classical:
        why = no_draws(results.marts.baseline)
        yield Step(
            Label("构建方案", "Ways to build the index"),
            Label(
                f"主要系数在 {recipes} 种构建指数的方案及其各组控制变量与被解释变量下重新估计，共 {fits} 个（设定曲线{{simonsohn2020}}）；各项选择的方差份额为一阶与总效应指数{{sobol1993; homma1996}}，"
                f"在全因子设计上精确计算。{why.zh}",
                f"The main coefficient is estimated anew under {recipes} ways of building the index, every set of controls and every outcome, {fits} estimates in all (a specification curve {{simonsohn2020}}); "
                f"the share of each choice in the variance is its first-order and total index {{sobol1993; homma1996}}, exact on a full factorial. {why.en}",
            ),
        )  # fmt: skip
        return
    yield Step(
        Label("构建方案", "Ways to build the index"),
        Label(
            f"主要系数在 {recipes} 种构建指数的方案及其各组控制变量与被解释变量下重新估计，共 {fits} 个（设定曲线{{simonsohn2020}}）；各项选择的方差份额为一阶与总效应指数{{sobol1993; homma1996}}，"
            f"在全因子设计上精确计算。指数本身是估计所得{{pagan1984}}，故另以{{entity}}自助抽样（{draws} 次）在每次抽样中重建指数，再估系数。",
            f"The main coefficient is estimated anew under {recipes} ways of building the index, every set of controls and every outcome, {fits} estimates in all (a specification curve {{simonsohn2020}}); "
            f"the share of each choice in the variance is its first-order and total index {{sobol1993; homma1996}}, exact on a full factorial. The index is itself an estimate {{pagan1984}}, so a bootstrap "
            f"of {{entities}} ({draws} draws) builds it anew in every draw before the coefficient is estimated.",
        ),
    )  # fmt: skip
