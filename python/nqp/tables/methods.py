"""The methods in one table: every step that the study uses, its formula, what happens to gaps and zeros, its source."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from nqp.document.cells import Text
from nqp.document.references import known
from nqp.document.table import Block, Column, Row, Table
from nqp.econometrics.covariances import IN_WORDS
from nqp.language.labels import NOTHING, Label
from nqp.tables.effects import convention_of_run
from nqp.tables.multiverse import no_draws

if TYPE_CHECKING:
    from nqp.estimates.regressions import Estimates
    from nqp.estimates.robustness import Robustness
    from nqp.study.baseline import Baseline
    from nqp.study.recipes import Option
    from nqp.study.specification import Resampling

NONE = Label.both("")
# The works (keys of references.csv) that a way of weighting or aggregating is cited by, by choice and word in def_specs.csv.
WORKS: Mapping[tuple[str, str], tuple[str, ...]] = {
    ("weighting", "entropy"): ("shannon1948",),
    ("weighting", "critic"): ("diakoulaki1995",),
    ("weighting", "entropy_critic"): ("shannon1948", "diakoulaki1995"),
    ("aggregation", "topsis"): ("hwang1981",),
    ("aggregation", "topsis_w_once"): ("deng2000",),
}


def works_of(option: Option) -> tuple[str, ...]:
    """The works that an option of a recipe is cited by; none of what needs no source."""
    return WORKS.get((option.choice, option.code), ())


def methods_table(
    estimates: Estimates,
    robustness: Robustness,
    resampling: Resampling,
    baseline: Baseline,
    *,
    has_multiverse: bool,
) -> Table:
    """The steps in the order of the work; a method that no table of the study uses is left out."""
    columns = (
        Column("formula", Label("公式", "Formula"), "text", width=22),
        Column(
            "rule",
            Label("规则：空缺、零与自由度", "Rules: gaps, zeros, degrees of freedom"),
            "text",
            width=18,
        ),
        Column("source", Label("出处", "Source"), "text", width=14),
    )
    blocks = [Block((*_value_rows(), *_index_rows(baseline)), Label("指数（SQL）", "The index (SQL)"))]
    if estimates.equations:
        rows = (*_regression_rows(estimates), *_probe_rows(robustness, resampling))
        blocks.append(Block(rows, Label("回归（Python）", "The regressions (Python)")))
    if has_multiverse:
        title = Label(
            "构建方案（SQL，系数用 Python）", "Ways to build the index (SQL; coefficients in Python)"
        )
        blocks.append(Block(tuple(_multiverse_rows(baseline)), title))
    return Table(
        "methods", NOTHING, Label("方法", "Methods"), Label("步骤", "Step"), (), columns, tuple(blocks), label_width=10, cards=True,
    )  # fmt: skip


def _row(step: Label, formula: Label | str, rule: Label, source: Label | str) -> Row:
    both = [one if isinstance(one, Label) else Label.both(one) for one in (formula, rule, source)]
    return Row(step, tuple(Text(one) for one in both))


def _value_rows() -> Iterator[Row]:
    yield _row(
        Label("序列", "Series"),
        "x(t) = x(a) + (x(b) − x(a)) (t − a)/(b − a)",
        Label(
            "不插补，除非研究逐序列声明（impute）：同一{entity}两个已知年份之间线性内插，或沿用上一值至多若干年，或把印刷的空白计为 0；插补格一律标记。",
            "Nothing is imputed unless the study declares it for a series (impute): linear between two known years of one {entity}, the last value carried for a stated number of years, or a printed blank as 0; every imputed cell is flagged.",
        ),
        Label("统计序列表所列来源", "the sources listed with the series"),
    )
    yield _row(
        Label("指标", "Indicator"),
        Label("x = 分子/分母 × 乘数", "x = numerator / denominator × multiplier"),
        Label("缺一项或分母为零，则无值并报告。", "Without an input or with a zero denominator there is no value, and that is reported."),
        NONE,
    )  # fmt: skip


def _index_rows(baseline: Baseline) -> Iterator[Row]:
    if not baseline.is_classical:
        for name, option in baseline.told:
            source = "; ".join(known()[key].in_table for key in works_of(option))
            yield _row(name, option.formula, option.name, source)
        yield from _contribution_rows(baseline)
        return
    yield _row(
        Label("标准化", "Normalization"),
        Label(
            "正向 z = (x − min)/(max − min)，负向 z = (max − x)/(max − min)，极值取自全部{entity}与年份",
            "z = (x − min)/(max − min), for a negative indicator (max − x)/(max − min), bounds over all {entities} and years",
        ),
        Label(
            "常数指标 z = 0、权重 0，并标记。", "A constant indicator has z = 0 and weight 0, and is flagged."
        ),
        NONE,
    )
    yield _row(
        Label("熵权", "Entropy weight"),
        "p = z / Σz;  e = −Σ p ln p / ln n;  w = (1 − e) / Σ(1 − e)",
        Label("0 · ln 0 = 0；n 为{entity}数乘年数。", "0 · ln 0 = 0; n counts {entity}-years."),
        "Shannon (1948)",
    )
    yield _row(
        Label("得分（TOPSIS）", "Score (TOPSIS)"),
        "D⁺² = Σ w²(1 − z)²;  D⁻² = Σ w² z²;  C = D⁻ / (D⁺ + D⁻)",
        Label(
            "距离含权重的平方，故另列有效权重 w²/Σw²；维度得分由该维度的项相加而得。",
            "Distances carry squared weights, hence the effective weight w²/Σw²; a dimension's score sums its own terms.",
        ),
        "Hwang & Yoon (1981)",
    )
    yield from _contribution_rows(baseline)


def _contribution_rows(baseline: Baseline) -> Iterator[Row]:
    if not baseline.is_topsis:
        is_sum = baseline.code("aggregation") == "linear"
        yield _row(
            Label("贡献", "Contribution"),
            "c = w y₁ − w y₀;  Σc = ΔS" if is_sum else "c = (w ln y₁ − w ln y₀) M(S₁, S₀);  M(x, y) = (x − y) / (ln x − ln y);  Σc = ΔS",
            Label("y 为计分所用的标准化值；各项之和等于得分之差。", "y is the normalized value that is scored; the terms add up to the difference of scores."),
            NONE if is_sum else Label("对数平均分解：Ang (2004)", "log-mean decomposition: Ang (2004)"),
        )  # fmt: skip
        return
    yield _row(
        Label("贡献", "Contribution"),
        "c = ½ [Δa / M(a₁, a₀) − Δb / M(b₁, b₀)];  M(x, y) = (x − y) / (ln x − ln y);  Σc = Δ ln(C / (1 − C))",
        Label(
            "a、b 为该指标在 D⁻²、D⁺² 中的项，M 取自 D⁻²、D⁺²；按 ΔC 折算，各项之和等于得分之差；距离为零处无定义。",
            "a and b are the indicator's terms of D⁻² and D⁺², M is taken of D⁻² and D⁺²; scaled to ΔC, they add up to the "
            "difference of scores; undefined where a distance is 0.",
        ),
        Label("对数平均 Divisia 分解：Ang (2004)", "log-mean Divisia decomposition: Ang (2004)"),
    )


def _regression_rows(estimates: Estimates) -> Iterator[Row]:
    if any(equation.fit.effects for equation in estimates.equations):
        yield _row(
            Label("固定效应", "Fixed effects"),
            "y(it) = β′x(it) + μ(i) + λ(t) + u(it)",
            Label(
                "组内变换；单一观测的{entity}剔除。",
                "Within transformation; {entities} with a single row are dropped.",
            ),
            Label("组内估计", "within estimator"),
        )
    convention, called = IN_WORDS[estimates.covariance], convention_of_run(estimates)
    yield _row(
        Label("标准误", "Standard errors"),
        Label(called.zh.removesuffix("。"), called.en.removesuffix(".")),
        Label(convention.convention_zh, convention.convention_en),
        NONE,
    )
    if any(equation.support is not None for equation in estimates.equations):
        yield _row(
            Label("少聚类推断", "Few clusters"),
            Label("野聚类自助法（Webb 权重，施加原假设；工具变量方程用 WRE）与 CR2", "wild cluster bootstrap (Webb weights, null imposed; WRE with instruments) and CR2"),
            Label("CR2 用 Satterthwaite 自由度；不支持时星号为空心。", "CR2 with Satterthwaite df; without their support a star is hollow."),
            "Cameron, Gelbach & Miller (2008); Davidson & MacKinnon (2010); Webb (2023); Pustejovsky & Tipton (2018)",
        )  # fmt: skip
    if any(equation.fit.is_iv for equation in estimates.equations):
        yield _row(
            Label("工具变量", "Instruments"),
            Label("两阶段最小二乘；识别与弱工具变量检验见该表注", "two-stage least squares; tests of the instruments as said in the notes"),
            Label("Cragg-Donald 与 Stock-Yogo 假定同方差；聚类时看有效 F、Anderson-Rubin 与 tF。", "Cragg-Donald and Stock-Yogo assume iid errors; with clusters read the effective F, Anderson-Rubin and tF."),
            "Anderson & Rubin (1949); Cragg & Donald (1993); Stock & Yogo (2005); Kleibergen & Paap (2006); Montiel Olea & Pflueger (2013); Lee et al. (2022)",
        )  # fmt: skip


def _probe_rows(robustness: Robustness, resampling: Resampling) -> Iterator[Row]:
    if robustness.differences:
        yield _row(
            Label("组间差异", "Differences between groups"),
            Label("交互项的 Chow 检验；{entity}在组间的置换检验", "Chow test on interactions; permutation of {entities} between groups"),
            Label("按{entity}聚类。", "Clustered by {entity}."),
            "Chow (1960)",
        )  # fmt: skip
    found = list(robustness.sensitivities.values())
    if any(one.placebo is not None for one in found):
        yield _row(
            Label("安慰剂", "Placebo"),
            Label("核心变量在同一年的{entity}之间随机分配", "the core variable dealt out at random among the {entities} of a year"),
            Label(f"种子 {resampling.seed}。", f"Seed {resampling.seed}."),
            Label("置换检验", "permutation test"),
        )  # fmt: skip
    if any(one.oster is not None for one in found):
        yield _row(
            Label("遗漏变量", "Omitted variables"),
            Label("δ 与 R²max 给定时 β* 的方程之根，取最接近估计值者", "the root of the equation for β* given δ and R²max that lies nearest the estimate"),
            Label("R² 为扣除固定效应后的 R²。", "R² net of the fixed effects."),
            "Oster (2019)",
        )  # fmt: skip


def _multiverse_rows(baseline: Baseline) -> Iterator[Row]:
    yield _row(
        Label("各方案的系数", "Coefficient of every way"),
        Label("每种方案的得分与基准模型的固定效应、各组控制变量回归", "the score of every way in the baseline model, with every set of controls"),
        Label("同一做法只计一次；标明错误的方案不计；每标准差的系数可在方案间比较。", "A recipe that stands twice counts once, one marked as wrong not at all; coefficients per standard deviation compare between ways."),
        Label("设定曲线：Simonsohn、Simmons 与 Nelson (2020)", "specification curve: Simonsohn, Simmons & Nelson (2020)"),
    )  # fmt: skip
    yield _row(
        Label("方差份额", "Variance shares"),
        Label("一阶 Var(E[Y | X]) / Var(Y)；总 1 − Var(E[Y | Z]) / Var(Y)", "first order Var(E[Y | X]) / Var(Y);  total 1 − Var(E[Y | Z]) / Var(Y)"),
        Label("全因子设计上精确计算，无抽样；Z 为其余各项选择。", "Exact on a full factorial, not sampled; Z are all the other choices."),
        "Sobol' (1993); Homma & Saltelli (1996)",
    )  # fmt: skip
    if not baseline.is_classical:
        yield _row(
            Label("位次区间", "Rank intervals"),
            Label("各方案的 2.5% 与 97.5% 分位数", "2.5 and 97.5 percent quantiles over the ways"),
            no_draws(baseline),
            NONE,
        )
        return
    yield _row(
        Label("位次区间", "Rank intervals"),
        Label("各方案、Dirichlet 扰动权重、{entity}自助抽样、逐一剔除指标的 2.5% 与 97.5% 分位数", "2.5 and 97.5 percent quantiles over the ways, Dirichlet weights, the bootstrap of {entities}, and indicators left out one by one"),
        Label("抽样由种子决定；分位数可在两个位次之间内插；所占比例不是概率模型。", "Draws follow from the seed; a quantile may lie between two ranks; a share of ways is no probability model."),
        Label("熵权、极值在每次自助抽样中重新估计", "weights and bounds estimated anew in each bootstrap draw"),
    )  # fmt: skip
    yield _row(
        Label("估计所得的指数", "The index is estimated"),
        Label("{entity}自助抽样：重建指数，再估系数；标准误为各次系数的标准差", "bootstrap of {entities}: index built anew, coefficient estimated anew; the standard error is the standard deviation over the draws"),
        Label("抽中多次的{entity}作为不同聚类进入；区间取百分位数。", "One that is drawn several times enters as so many clusters; percentile intervals."),
        Label("生成回归变量：Pagan (1984)", "generated regressors: Pagan (1984)"),
    )  # fmt: skip
