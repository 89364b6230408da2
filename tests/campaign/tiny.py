"""A study of six entities and five years, small enough to be spoilt again and again."""

from __future__ import annotations

import math
from pathlib import Path

STUDY = "tiny"
ENTITIES = ("01", "02", "03", "04", "05", "06")
YEARS = (2015, 2016, 2017, 2018, 2019)
SERIES = ("a", "b", "c", "d", "k", "y")

FILES = {
    "def_groups.csv": "group_code,name_zh,name_en,sort_order\ne,东部,East,1\nw,西部,West,2\n",
    "def_entities.csv": "entity_code,name_zh,name_en,group_code\n"
    + "".join(f"{code},地{code},Place {code},{'e' if code < '04' else 'w'}\n" for code in ENTITIES),
    "def_series.csv": "series_code,name_zh,name_en,unit,source\n"
    + "".join(f"{code},序列{code},Series {code},u,made up\n" for code in SERIES),
    "def_derived_series.csv": "series_code,name_zh,name_en,operation,left_series,right_series,step,base_year,multiplier\n"
    "s,和,Sum,sum,a,b,1,,\n",
    "def_indices.csv": "index_code,name_zh,name_en,first_year,last_year,missing\nq,指数,Index,2015,2019,stop\n",
    "def_dimensions.csv": "index_code,dimension_code,name_zh,name_en\nq,one,一,One\nq,two,二,Two\n",
    "def_indicators.csv": "index_code,dimension_code,indicator_code,name_zh,name_en,direction,numerator_series,denominator_series,"
    "multiplier,unit,definition\n"
    "q,one,plenty,多,Plenty,positive,a,,,u,made up\n"
    "q,one,share,比,Share,positive,b,d,100,%,made up\n"
    "q,two,cost,费,Cost,negative,c,,,u,made up\n",
    "def_variables.csv": "variable_code,symbol,name_zh,name_en,role,numerator_series,denominator_series,multiplier,transform,"
    "definition\n"
    "out,Y,产出,Output,outcome,y,,,log,made up\n"
    "ctrl,K,控制,Control,control,k,,,level,made up\n"
    "both,S,两者,Both,control,s,d,2,level,made up\n",
    "def_specs.csv": "spec_code,normalization,shift,pool,weighting,aggregation,ideal,divisor,is_baseline\n"
    "baseline,min_max,0,all_years,entropy,topsis,pooled,ln_rows,true\n",
    "pub_coefficients.csv": "table_code,model_code,term,estimate,std_error,stars\nmain,1,q,0.512,0.201,**\nmain,1,ctrl,-0.033,0.040,\n",
    "pub_descriptives.csv": "variable_code,obs,mean,std_dev,min,max\nctrl,30,5.1,2.0,1.2,9.7\n",
    "pub_statistics.csv": "table_code,model_code,statistic,printed_value\nmain,1,n_obs,30\n",
    "specifications.toml": '[study]\ntitle = { zh = "小研究", en = "A tiny study" }\n\n'
    '[[tables]]\ncode = "ind"\nkind = "indicators"\ntitle = "Indicators"\nindex = "q"\n\n'
    '[[tables]]\ncode = "desc"\nkind = "descriptives"\ntitle = "Descriptives"\nvariables = ["out", "q", "ctrl"]\n\n'
    '[[tables]]\ncode = "main"\ntitle = "Main"\noutcome = "out"\ncore = ["q"]\ncontrols = ["ctrl", "both"]\n\n'
    '[[hypotheses]]\ncode = "H1"\nstatement = "More is more"\ntable = "main"\ncolumn = "1"\nterm = "q"\n\n'
    '[resampling]\nbootstrap_draws = 99\npermutation_draws = 99\n',
}  # fmt: skip


def value(entity: str, year: int, series: str) -> float:
    """A figure of three decimals between 1 and 10, the same everywhere, from a hash of its place."""
    hashed = 2166136261
    for character in f"{entity}|{year}|{series}":
        hashed = ((hashed ^ ord(character)) * 16777619) & 0xFFFFFFFF
    hashed ^= hashed >> 15
    hashed = (hashed * 0x2C1B3C6D) & 0xFFFFFFFF
    hashed ^= hashed >> 12
    return round(1 + 9 * math.modf(hashed / 2**32 * 7919)[0], 3)


def observations() -> list[tuple[str, int, str, str]]:
    """Every cell as it stands in the file: entity, year, series, text."""
    return [
        (entity, year, series, repr(value(entity, year, series)))
        for entity in ENTITIES
        for year in YEARS
        for series in SERIES
    ]


def write_tiny(folder: Path) -> None:
    """Write the study into an empty folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in FILES.items():
        (folder / name).write_text(content, encoding="utf-8")
    rows = "".join(f"{entity},{year},{series},{text}\n" for entity, year, series, text in observations())
    (folder / "raw_observations.csv").write_text(
        "entity_code,year,series_code,observed_value\n" + rows, encoding="utf-8"
    )
