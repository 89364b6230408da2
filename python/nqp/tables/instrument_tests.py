"""Which tests of the instruments a table shows, and how."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING

from nqp.document.cells import Blank, Cell, Number, PValue, Text
from nqp.language.labels import Label
from nqp.language.numbers import true_minus

if TYPE_CHECKING:
    from nqp.econometrics.first_stage import Diagnostic


def _value(decimals: int) -> Callable[[Diagnostic], Cell]:
    return lambda test: Number(test.value, decimals)


def _chance(test: Diagnostic) -> Cell:
    return PValue(test.p_value)


def _with_error(test: Diagnostic) -> Cell:
    if math.isnan(test.value):
        return Blank()
    return Text(Label.both(true_minus(f"{test.value:.3f} ({test.std_error:.3f})")))


def _intervals(test: Diagnostic) -> Cell:
    if not test.intervals and test.name == "tf_adjusted":
        return Blank()
    if not test.intervals:
        return Text(Label("空集", "empty"))
    bounds = [tuple(_bound(end) for end in interval) for interval in test.intervals]
    return Text(Label.both(" ∪ ".join(f"[{low}, {high}]" for low, high in bounds)))


def _bound(end: float) -> str:
    if math.isinf(end):
        return "−∞" if end < 0 else "+∞"
    return true_minus(f"{end:.3f}")


F, P = ("F",), ("p",)
STRENGTHS = ("first_stage_f", "kleibergen_paap_f", "effective_f")
ONE_STRENGTH = Label(
    "工具变量只有一个时，第一阶段 F、Kleibergen-Paap F 与有效 F 是同一个数。",
    "With a single instrument the first-stage F, the Kleibergen-Paap F and the effective F are one number.",
)
# Which diagnostics a table shows, in this order: name, label, how the cell is made.
TESTS: tuple[tuple[str, Label, Callable[[Diagnostic], Cell]], ...] = (
    ("first_stage_f", Label("第一阶段 F", "First-stage F", F), _value(3)),
    ("anderson_lm", Label("Anderson LM（识别不足，iid）", "Anderson LM (underidentification, iid)"), _value(3)),
    ("anderson_lm", Label("Anderson LM 的 p 值", "Anderson LM, p", P), _chance),
    ("cragg_donald_f", Label("Cragg-Donald Wald F（弱工具变量，iid）", "Cragg-Donald Wald F (weak instruments, iid)", F), _value(3)),
    ("stock_yogo_10", Label("Stock-Yogo 临界值，10% 水平", "Stock-Yogo, 10% size"), _value(2)),
    ("stock_yogo_15", Label("Stock-Yogo 临界值，15% 水平", "Stock-Yogo, 15% size"), _value(2)),
    ("stock_yogo_20", Label("Stock-Yogo 临界值，20% 水平", "Stock-Yogo, 20% size"), _value(2)),
    ("stock_yogo_25", Label("Stock-Yogo 临界值，25% 水平", "Stock-Yogo, 25% size"), _value(2)),
    ("kleibergen_paap_lm", Label("Kleibergen-Paap rk LM", "Kleibergen-Paap rk LM"), _value(3)),
    ("kleibergen_paap_lm", Label("Kleibergen-Paap rk LM 的 p 值", "Kleibergen-Paap rk LM, p", P), _chance),
    ("kleibergen_paap_f", Label("Kleibergen-Paap rk Wald F", "Kleibergen-Paap rk Wald F", F), _value(3)),
    ("effective_f", Label("有效 F（Montiel Olea-Pflueger）", "Effective F (Montiel Olea-Pflueger)", F), _value(3)),
    ("effective_f_critical", Label("有效 F 的临界值", "Effective F, critical value", F), _value(2)),
    ("anderson_rubin_f", Label("Anderson-Rubin F", "Anderson-Rubin F", F), _value(3)),
    ("anderson_rubin_f", Label("Anderson-Rubin 的 p 值", "Anderson-Rubin, p", P), _chance),
    ("anderson_rubin_set", Label("Anderson-Rubin 95% 置信集", "Anderson-Rubin 95% confidence set"), _intervals),
    ("tf_adjusted", Label("tF 95% 区间", "tF 95% interval"), _intervals),
    ("reduced_form", Label("简约式系数（标准误）", "Reduced form (SE)"), _with_error),
    ("wu_hausman", Label("Wu-Hausman 外生性检验 p", "Wu-Hausman, p", P), _chance),
    ("sargan", Label("Sargan 过度识别检验 p（iid）", "Sargan, p (iid)", P), _chance),
    ("hansen_j", Label("Hansen J 过度识别检验 p", "Hansen J, p", P), _chance),
    ("c_statistic", Label("C 统计量（工具变量外生）p", "C statistic of an instrument, p", P), _chance),
)  # fmt: skip
