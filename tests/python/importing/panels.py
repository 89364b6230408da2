"""Random panels for hypothesis and for the campaign."""

from __future__ import annotations

import random
from decimal import Decimal

from writing import Panel

PROVINCES = {
    "11": ("北京", "北京市", "北 京", "Beijing", "110000"), "15": ("内蒙古", "内蒙古自治区", "内 蒙 古", "Inner Mongolia", "150000"),
    "22": ("吉林", "吉林省", "吉　林", "Jilin", "220000"), "32": ("江苏", "江苏省", "江 苏", "Jiangsu", "320000"),
    "45": ("广西", "广西壮族自治区", "广 西", "Guangxi", "450000"), "61": ("陕西", "陕西省", "陕 西", "Shaanxi", "610000"),
    "65": ("新疆", "新疆维吾尔自治区", "新 疆", "Xinjiang", "650000"), "71": ("台湾", "台湾省", "台 湾", "Taiwan", "710000"),
}  # fmt: skip
COUNTRIES = {
    "CHN": ("China", "CHN"), "KOR": ("Korea, Rep.", "KOR"), "EGY": ("Egypt, Arab Rep.", "EGY"), "VNM": ("Viet Nam", "VNM"),
    "CIV": ("Cote d'Ivoire", "CIV"), "DEU": ("Germany", "DEU"), "USA": ("United States", "USA"), "CZE": ("Czechia", "CZE"),
}  # fmt: skip
SERIES = (
    ("地区生产总值", "亿元"),
    ("能源消费量", "万吨标煤"),
    ("年末常住人口", "万人"),
    ("R&D人员全时当量", "人年"),
    ("城镇化率", "%"),
)


def panel(
    seed: int,
    entities: int | None = None,
    years: int | None = None,
    series: int | None = None,
    spelling: int | None = None,
) -> Panel:
    """One random panel: every entity, year and series has at least one figure."""
    draw = random.Random(seed)
    table = PROVINCES if spelling is not None or draw.random() < 0.7 else COUNTRIES
    which = (
        spelling
        if spelling is not None
        else draw.randrange(len(next(iter(table.values()))) - (table is PROVINCES))
    )
    codes = draw.sample(sorted(table), entities or draw.randint(2, 6))
    first = draw.randint(1995, 2016)
    spans = tuple(str(first + i) for i in range(years or draw.randint(2, 6)))
    chosen = draw.sample(SERIES, series or draw.randint(1, 3))
    unit = chosen[0][1] if len(chosen) == 1 else ""
    names = tuple(s for s, _ in chosen)
    figures: dict[tuple[str, str, str], Decimal | None] = {}
    for s in names:
        places = draw.choice((0, 1, 2, 4))
        base = draw.choice((3.0, 48.0, 700.0, 36000.0))
        for c in codes:
            level = base * draw.uniform(0.7, 1.4)
            for y in spans:
                level *= draw.uniform(0.97, 1.08)
                sign = -1 if draw.random() < 0.03 else 1
                figures[c, y, s] = round(Decimal(sign * level), places) if draw.random() > 0.12 else None
    return Panel({c: table[c][which] for c in codes}, spans, names, unit, filled(figures, draw))


def filled(
    figures: dict[tuple[str, str, str], Decimal | None], draw: random.Random
) -> dict[tuple[str, str, str], Decimal | None]:
    """No entity, year or series is blank throughout: such a panel is not told from a smaller one."""
    for axis in range(3):
        for value in {k[axis] for k in figures}:
            keys = sorted(k for k in figures if k[axis] == value)
            if all(figures[k] is None for k in keys):
                figures[draw.choice(keys)] = Decimal("17.5")
    return figures
