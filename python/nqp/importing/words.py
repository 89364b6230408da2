"""Words by which headings, titles and notes are told apart: the vocabulary of layouts."""

from __future__ import annotations

import re

I = re.IGNORECASE  # noqa: E741
YEAR_HEADER = re.compile(
    r"(?:年份?|年度|日期|时间|时期|统计年份|会计年度|years?|yr|time|time_?period|ref_?period|date|observation_date|period|jahr|année|t|calendar_?year|obs_?year|data_?year|\S*[_ ]year|year[_ ]\S*|time period)",
    I,
)
CODE_HEADER = re.compile(
    r"(?:.*(?:代码|编码|区划码|区号)|.*[_ ]?(?:code|codes|id|iso\d?c?|iso_?[23])|adcode|iso|cd|provcd|citycd|stkcd|symbol|gb|fips|geo|location|ref_area|cou)",
    I,
)
ENTITY_HEADER = re.compile(
    r"(?:地\s*区|省\s*份|省\s*市|省|省\(市、?区\)|省、自治区、直辖市|城\s*市|市|区\s*县|县|县市|国\s*家|国家和地区|国家或地区|经济体|企业|公司|证券代码|股票代码|机构|名\s*称|地区名称|省份名称|城市名称|country|countries|country[_ ]?name|region|regions|entity|entities|province|provinces|prov|city|cities|area|ref_?area|reference area|geo|geography|location|name|state|firm|firms|company|ticker|economy|reporter|district|county|unit_?name|entity_?\w*|panel_?id|id)",
    I,
)
SERIES_HEADER = re.compile(
    r"(?:指\s*标|指标名称|指标代码|项\s*目|变量|变量名|科目|品种|series|series[_ ]?(?:name|code|id)|indicator|indicators|indicator[_ ]?(?:name|code|id)|variable|variables|item|items|measure|subject|subject_?code|indic\w*|concept|metric|element)",
    I,
)
LABEL_HEADER = re.compile(r"(?:indicator|series)[_ ]?name", I)
UNIT_HEADER = re.compile(r"(?:单\s*位|计量单位|unit|units|unit[_ ]?(?:name|measure|of measure)|uom)", I)
UNIT_CODE_HEADER = re.compile(r"unit[_ ]?codes?|单位代码", I)
CITY_HEADER = re.compile(r"(?:地级)?城?市\S{0,3}|city\S*", I)
SCALE_HEADER = re.compile(r"(?:scale|power[_ ]?code|unit multiplier|multiplier|magnitude|数量级)", I)
FLAG_HEADER = re.compile(
    r"(?:备\s*注|注|注释|脚注|标记|说明|notes?|flags?|flag[_ ]?codes?|obs_?status|status|obs_?flag|conf_?status|footnotes?|remarks?|comments?|symbol)",
    I,
)
NUMBER_HEADER = re.compile(r"(?:序\s*号|编\s*号|行号|行次|no\.?|#|index|row|unnamed: ?0|rank|排名|)", I)
IGNORED_HEADER = re.compile(
    r"(?:数据来源|来源|资料来源|sources?|last[_ ]?updated?|updated?|更新时间|链接|url)", I
)
VALUE_HEADER = re.compile(
    r"(?:数\s*值|值|数据|指标值|观测值|数额|金额|values?|obs_?values?|observed_?value|observation|data|datum|figure|figures|amount|number)",
    I,
)
TITLE_LINE = re.compile(
    r"(?:数据库|指标|时间|地区|单\s*位|计量单位|地域|database|indicator|time|period|region|unit|units|data source|last updated(?: date)?|title|source|download(?:ed)?|频率|frequency)\s*[:：]|last updated date$|data source$",
    I,
)
NOTE_LINE = re.compile(
    r"\s*(?:注|备注|附注|说明|数据来源|资料来源|来源|由\s*EPS|本表|＊|\*|①|[①-⑳]|#|“#”|\d+\s*[.．、]\s*\D|[(（]\d+[)）]|notes?\b|sources?\b|data from database|last updated|footnotes?\b|http|available at|：=|: =|special value|flags?\b|整理|a\)|1\))",
    I,
)
GENERIC_NAME = re.compile(
    r"(?:[\W_\d]*(?:分省年度数据|分省季度数据|分省月度数据|年度数据|主要城市年度数据|国际数据|数据|data|sheet|工作表|table|表|export|download|book|工作簿|panel|面板|long|wide|test|sample|file|values?|新建.*|查询结果|result|report|mypanel|input|output|csv|xlsx?|final|raw|all|总表|汇总|合并)?[\W_\d]*(?:\(\d+\))?[\W_\d]*)",
    I,
)
