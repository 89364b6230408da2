"""The rules of the audit of printed tables: what each claims, its formula, its source, what a failure can mean.

The one place for these words: the page of the report and docs/audit.md are made from it (``rules_markdown``).
"""

from __future__ import annotations

from dataclasses import dataclass

from nqp.language.labels import Label, Language


@dataclass(frozen=True)
class Rule:
    """One rule; ``formula`` and ``source`` are the same in both languages."""

    code: str
    title: Label
    claim: Label
    formula: str
    source: str
    failure: Label


RULES = (
    Rule(
        "A1",
        Label("星号与 t 值", "Stars and t"),
        Label(
            "星号与系数除以标准误所得的 p 值相符；凡有一种分布（正态、t(N−K)、t(G−1)、t(T−1)）能给出印刷的星号，即为相符。",
            "The stars fit the p-value of coefficient over standard error; it is enough that one distribution in use gives them: normal, t(N-K), t(G-1), t(T-1).",
        ),
        "p = 2 P(t_df > |b| / se), |b| / se from the smallest to the largest value that the digits allow; test statistics with chi2",
        "Cameron and Miller (2015), section VI",
        Label(
            "星号、系数或标准误之一有误；或括号内不是标准误；或 p 值来自其他方法。星号偏少而 t(2) 尚可解释者（Satterthwaite 自由度、自助法）无从判断。",
            "A star, a coefficient or a standard error is not as meant; or the parentheses hold something else; or p comes from another method. Too few stars that t(2) could still explain (Satterthwaite degrees of freedom, a bootstrap) are not decidable.",
        ),
    ),
    Rule(
        "A2",
        Label("Cragg-Donald F 与第一阶段 t²", "Cragg-Donald F and the first-stage t squared"),
        Label(
            "一个内生变量、一个工具变量且标准误为同方差形式时，两者相等。",
            "With one endogenous regressor, one instrument and classical standard errors the two are equal.",
        ),
        "F = (b / se)^2",
        "Cragg and Donald (1993); Stock and Yogo (2005)",
        Label(
            "标准误为稳健或聚类形式，或 F 来自另一回归；因此不符只说明类型，判为无从判断。",
            "The standard errors are robust or clustered, or the F is of another regression: a miss tells the type, so it is never more than not decidable.",
        ),
    ),
    Rule(
        "A3",
        Label("LM、F 与样本量", "LM, F and the sample size"),
        Label(
            "两个统计量含同一典型相关，故由 N 推出第一阶段参数个数 L，它必须是整数。",
            "Both statistics hold one canonical correlation, so N implies the number L of first-stage parameters, which is whole.",
        ),
        "LM = N r^2, F = r^2 / (1 - r^2) (N - L) / q, so L = N - q F (N / LM - 1); N as printed, less rows lost to lags, less entities, years or both",
        "Anderson (1951); Cragg and Donald (1993); the help of ivreg2 (Baum, Schaffer and Stillman 2007)",
        Label(
            "N、LM、F 之一来自另一样本或另一回归，或统计量不是所称的一种。",
            "N, LM or F is of another sample or regression, or a statistic is not the one it is called.",
        ),
    ),
    Rule(
        "A4",
        Label("两列的参数个数之差", "Parameters of two columns"),
        Label(
            "同一样本的两列，L 之差等于新增控制变量的个数。",
            "On one sample L differs by the number of controls added.",
        ),
        "one whole N with L_b = L_a + controls added, in the intervals of A3",
        "follows from A3",
        Label(
            "两列的样本不同，或控制变量个数与所述不同。",
            "The columns rest on different samples, or the controls are not those stated.",
        ),
    ),
    Rule(
        "A5",
        Label("观测数", "Number of observations"),
        Label(
            "N 不超过个体数乘以年数；在样本内取滞后，每个个体失去首年。",
            "N is at most entities times years; a lag inside the sample costs every entity its first years.",
        ),
        "N <= entities x (years - rows lost to the lag)",
        "counting",
        Label(
            "样本与所述不同；或滞后使用了样本期之前的数值（无从判断）。",
            "The sample is not the one stated; or the lag uses values from before the sample (not decidable).",
        ),
    ),
    Rule(
        "A6",
        Label("固定效应是否计入", "Are the fixed effects counted"),
        Label(
            "声称个体与年份效应时，LM 与 F 所含的参数个数至少包括它们。",
            "With entity and year effects claimed, the parameters in LM and F include them.",
        ),
        "N printed - N of A3 + L >= instruments + controls + entities + years - 1; at least + years where entities are nested in clusters",
        "follows from A3; ivreghdfe and xtivreg2 on degrees of freedom",
        Label(
            "模型不含所称效应，或数据先去均值而未调整自由度。",
            "The model had no such effects, or the data were demeaned before without adjusting the degrees of freedom.",
        ),
    ),
    Rule(
        "A7",
        Label("标准误的骤降", "A standard error that collapses"),
        Label(
            "控制变量只会减少回归变量自身的变异，因此标准误的下降须由残差方差的下降来解释。",
            "Controls only take variance from a regressor, so a smaller standard error needs a smaller residual variance.",
        ),
        "(1 - adjR2_b) / (1 - adjR2_a) <= (se_b / se_a)^2, times F_b / F_a with one instrument",
        "Greene (2018), ch. 4: Var(b) = s^2 / (S_xx (1 - R2_x))",
        Label(
            "两列的标准误类型、样本或被解释变量不同，或某个数字有误。",
            "The columns differ in the type of standard error, the sample or the outcome, or a figure is not as meant.",
        ),
    ),
    Rule(
        "A8",
        Label("调整后 R² 的升降", "Adjusted R2 rises or falls"),
        Label(
            "加入一个控制变量，调整后 R² 上升当且仅当其同方差 |t| 大于 1。",
            "With one control added, adjusted R2 rises if and only if its classical |t| exceeds 1.",
        ),
        "adjR2_b > adjR2_a  <=>  |t| > 1",
        "Greene (2018), theorem 3.7",
        Label("同 A9。", "As A9."),
    ),
    Rule(
        "A9",
        Label("新增控制变量的 |t|", "The |t| of an added control"),
        Label(
            "相邻两列的调整后 R² 推出新增控制变量的同方差 |t|。",
            "The adjusted R2 of two nested columns imply the classical |t| of the control added.",
        ),
        "t^2 = (df_b + 1) (1 - adjR2_a) / (1 - adjR2_b) - df_b",
        "Greene (2018), section 3.5",
        Label(
            "标准误并非同方差形式（则无从判断），或样本、被解释变量不同。",
            "The standard errors are not classical (then not decidable), or sample or outcome differ.",
        ),
    ),
    Rule(
        "A10",
        Label("分组之和", "Group sizes"),
        Label("各组观测数之和等于全样本。", "The sizes of the groups add up to the whole."),
        "sum N_g = N",
        "counting",
        Label("分组不是划分，或样本不同。", "The groups are no partition, or the samples differ."),
    ),
    Rule(
        "A11",
        Label("系数间的线性恒等式", "Linear identities between coefficients"),
        Label(
            "同一回归两次印刷的数字相同；被解释变量之和的系数为各系数之和；正权线性指数与其各部分共有的符号相同。",
            "A regression printed twice has one set of numbers; the coefficient of a sum of outcomes is the sum of coefficients; a linear index with positive weights has the sign its parts share.",
        ),
        "b(y1 + y2) = b(y1) + b(y2);  b var(x) = sum w_k b_k var(x_k)",
        "linearity of least squares",
        Label(
            "两处并非同一回归；非线性得分（如 TOPSIS）不受第三条约束（无从判断）。",
            "They are not one regression; a score that is not linear (TOPSIS) is not bound by the third (not decidable).",
        ),
    ),
    Rule(
        "A12",
        Label("描述性统计的界", "Bounds of descriptive statistics"),
        Label(
            "均值在极值之间，标准差在由均值、极值与 N 推出的界内，极值在定义允许的范围内。",
            "The mean lies inside the range, the standard deviation inside the bounds of mean, range and N, the range inside what the definition allows.",
        ),
        "a <= m <= b;  ((b-m)^2 + (m-a)^2 + (a+b-2m)^2 / (n-2)) / (n-1) <= s^2 <= n / (n-1) (b-m)(m-a)",
        "Bhatia and Davis (2000); the lower bound: a and b are themselves observed",
        Label(
            "标签、单位或某个数字不属于这一行。",
            "Label, unit or a figure does not belong to the row.",
        ),
    ),
    Rule(
        "A13",
        Label("简化式", "Reduced form"),
        Label(
            "只有一个工具变量时，简化式系数等于两阶段系数之积，与标准误类型无关。",
            "With one instrument the reduced form is the product of the two stages, whatever the standard errors.",
        ),
        "b_rf = b_first b_second",
        "Angrist and Pischke (2009), section 4.1",
        Label("三者并非同一样本或同一设定。", "The three are not of one sample and specification."),
    ),
    Rule(
        "A14",
        Label("Stock-Yogo 临界值", "Stock-Yogo critical value"),
        Label(
            "印刷的临界值属于所称的内生变量与工具变量个数。",
            "The critical value printed is that of the numbers of endogenous regressors and instruments.",
        ),
        "1 and 1, size 10/15/20/25 percent: 16.38, 8.96, 6.66, 5.53",
        "Stock and Yogo (2005), Table 5.2",
        Label(
            "个数或检验水平与所述不同。",
            "The numbers, or the size, are not those stated.",
        ),
    ),
    Rule(
        "A15",
        Label("R² 与调整后 R²", "R2 and adjusted R2"),
        Label(
            "两者与 N 推出参数个数。",
            "Together with N they imply the number of parameters.",
        ),
        "K = N - (N - 1)(1 - R2) / (1 - adjR2), in {slopes, + 1, + years, + entities, + both}",
        "definition of adjusted R2",
        Label(
            "R²、调整后 R²、N 之一有误，或回归变量多于所列，或两个 R² 种类不同。",
            "R2, adjusted R2 or N is not as meant, or there are regressors that are not listed, or the two R2 are of different kinds.",
        ),
    ),
    Rule(
        "A16",
        Label("常数项", "The constant"),
        Label(
            "吸收固定效应（或无固定效应）时，常数项由均值与系数决定。",
            "With absorbed effects, or none, the constant follows from means and coefficients.",
        ),
        "constant = mean(y) - sum_j b_j mean(x_j)",
        "the normal equations; reghdfe and areg report this constant",
        Label(
            "描述性统计与回归并非同一样本或同一变量；或常数项以基准年、基准个体为参照（若标准误未排除，则无从判断）。此处的调整后 R² 须为整个模型的，而非组内的。",
            "Descriptives and regression rest on different rows or variables; or the constant refers to a base year or entity (not decidable unless its standard error rules that out). The adjusted R2 here must be that of the whole model, not a within one.",
        ),
    ),
    Rule(
        "A17",
        Label("与官方数据比较", "Against official figures"),
        Label(
            "描述性统计与官方序列在各种口径、平减、人口与定义下逐一比较；最小调整后 R² 说明何种被解释变量可能。",
            "The descriptives are compared with official series under every vintage, deflation, base per head and definition; the least adjusted R2 says which outcome is possible.",
        ),
        "numerator / denominator over all series of the unit of the definition; digits = floor(-log10(2 |ours - printed|)); 1 - RSS_effects / (n - K) / (TSS / (n - 1))",
        "the series of the study, each with its source",
        Label(
            "该行是另一口径、另一平减方式或另一变量；或本研究的序列与原文所用的不同（故多为无从判断）。",
            "The row is of another vintage, deflation or variable; or our series are not those of the paper, so most misses are not decidable.",
        ),
    ),
)

WORDS: dict[Language, tuple[str, str, str, str]] = {
    "en": ("Claim", "Formula", "Source", "What a failure can mean"),
    "zh": ("内容", "公式", "出处", "不符可能说明"),
}


def rules_markdown(language: Language) -> str:
    """One section per rule, as docs/audit.md and docs/audit.zh-CN.md hold it."""
    claim, formula, source, failure = WORDS[language]
    stop = "。" if language == "zh" else "."
    colon = "：" if language == "zh" else ": "
    parts = []
    for rule in RULES:
        parts.append(
            f"### {rule.code} {rule.title.in_(language)}\n\n"
            f"- **{claim}**{colon}{rule.claim.in_(language)}\n"
            f"- **{formula}**{colon}`{rule.formula}`\n"
            f"- **{source}**{colon}{rule.source}{stop}\n"
            f"- **{failure}**{colon}{rule.failure.in_(language)}\n"
        )
    return "\n".join(parts)
