"""How a text speaks of exhibits, in Chinese and English: what it refers to, what a number is said to be.

Each pattern stands here once; the rules that use them are in ``claims``.
"""

from __future__ import annotations

import re

ABBREVIATIONS = r"(?<!\b[Cc]ol)(?<!\b[Cc]ols)(?<!\b[Ff]ig)(?<!\b[Tt]ab)(?<!\be\.g)(?<!\bi\.e)(?<!\bet al)(?<!\bcf)(?<!\bvs)(?<!\b[Ss]td)(?<!\b[Ee]rr)(?<!\b[Nn]o)(?<!\b[Dd]ev)(?<!\bs\.e)(?<!\bSt)"
SENTENCE_END = re.compile(rf"{ABBREVIATIONS}(?<!\.)[.!?](?=\s)|[;；。！？]")
CLAUSE_END = re.compile(r"[,;:](?=\s)|[，；。！？、：]|\bwhile\b|\bwhereas\b|而")

ITEM = r"[A-Z]?\.?\d+(?:[-.]\d+)*"
EXHIBIT = re.compile(
    rf"(?P<kind>[Tt]ables?|[Tt]abs?\.|[Ff]igures?|[Ff]igs?\.|附表|表|图)\s*(?P<items>{ITEM}(?:(?:\s*(?:,|、|and|&|to|–|—|和|与|至|及)\s*)(?:表|图|[Tt]able\s+)?\s*{ITEM})*)(?![\d])"
)
ITEMS = re.compile(ITEM)
COLUMN = re.compile(
    r"(?:[Cc]olumns?|[Cc]ols?\.|[Mm]odels?|[Ss]pecifications?|模型|列)\s*(?P<en>[(（]?\d+[)）]?(?:\s*(?:,|、|and|&|to|through|–|—|-|和|与|至)\s*[(（]?\d+[)）]?)*)(?![\d.]*\.\d)"
    r"|第\s*(?P<zh>[(（]?\d+[)）]?(?:\s*(?:,|、|和|与|至|—|–|-|及)\s*(?:第\s*)?[(（]?\d+[)）]?)*)\s*(?:列|栏|组回归)"
    r"|(?P<bare>[(（]\d+[)）](?:\s*(?:,|、|和|与|至|—|–|-|及)\s*[(（]\d+[)）])*)\s*[列栏]"
)
RANGE = re.compile(r"(\d+)\s*[)）]?\s*(?:to|through|–|—|-|至)\s*[(（]?\s*(\d+)")
PANEL = re.compile(
    r"[Pp]anel\s+(?P<en>[A-Z])\b|面板\s*(?P<zh>[A-Z])|(?<![A-Za-z])(?P<bare>[A-Z])\s*(?:栏|部分|板块|面板)"
)

NUMBER = re.compile(
    r"(?<![\w.,])(?P<sign>\u2212|(?<![\w)\]%])-|\+)?(?P<digits>(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?|\.\d+)"
    r"(?P<percent>\s*[%％](?!\s*(?:level|confidence|CI\b|significance|的?显著|水平|置信|信心)))?(?![\d]|\.\d|[A-Za-z_])"
)
# A number that follows one of these is what the word says; the longest match before the number wins.
KINDS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("std_error", re.compile(r"\b(?:SEs?|s\.e\.|[Ss]tandard errors?)\b\.?|标准误差?")),
    ("p_value", re.compile(r"\b[Pp](?:[- ]?values?)?(?=\s*(?:[=<>≤≥≈]|of\b|is\b|are\b|为))|[Pp]\s*值")),
    ("t", re.compile(r"\bt(?:[- ](?:values?|statistics?|ratios?|stats?))?(?=\s*(?:[=≈]|of\b|is\b|为))|t\s*(?:值|统计量)")),
    ("interval", re.compile(r"\b(?:confidence )?intervals?\b|\bCIs?\b|置信区间|区间")),
    ("count", re.compile(r"\b[Nn](?=\s*[=:])|[Oo]bservations?|样本量|观测值|观测数|样本数")),
    ("r2", re.compile(r"\bR\s*(?:2|²|\^\s*2)|R-squared|拟合优度")),
    ("f", re.compile(r"\bF\b(?:[- ](?:statistics?|values?|tests?))?|F\s*(?:值|统计量)")),
    ("mean", re.compile(r"\b[Mm]eans?\b|\b[Aa]verages?\b|均值|平均值")),
    ("std_dev", re.compile(r"\b[Ss]tandard deviations?\b|\bSDs?\b|标准差")),
    ("min", re.compile(r"\b[Mm]inim(?:um|al)\b|最小值")),
    ("max", re.compile(r"\b[Mm]axim(?:um|al)\b|最大值")),
    ("estimate", re.compile(r"\b[Cc]oefficients?\b|\b[Ee]stimates?\b|\b[Ee]lasticit(?:y|ies)\b|系数|估计值|弹性|\b[Ee]ffects?\b|[Bb]eta\b|β")),
)  # fmt: skip
# A number in a clause with one of these may be reckoned from ours, or be somebody else's.
NOT_OURS = re.compile(
    r"\btimes\b|\btwice\b|\bhalf\b|\bdoubl\w+|\bequivalent\b|\bdifference between\b|\bone[- ]standard[- ]deviation\b|"
    r"percentage points?|\bratio of\b|\bthresholds?\b|\bcritical values?\b|\brule of thumb\b|\blevels?\b|\bprinted\b|\bprints?\b|"
    r"\bpapers?\b|\bliterature\b|\boriginal\b|\bpublished\b|\bet al\b|\b(?:find|found|report) by\b|\(\s*(?:19|20)\d\d[a-z]?\s*\)|"
    r"[(（][^()（）]*(?:19|20)\d\d[a-z]?[)）]|\[\d+\]|\byuan\b|\bversion\b|\bseed\b|"
    r"倍|相当于|差距|一个标准差|百分点|临界值|阈值|水平[上下]?|原文|文献|学者|印刷|已有研究|版本|种子|亿元|万元"
)
# "At the 0.05 level": a level of significance is no result.
LEVELS = (0.1, 0.05, 0.01, 0.001)
OF_LEVELS = re.compile(r"\blevels?\b|\bsignifican\w+|水平|显著")
LOWERED = re.compile(
    r"\b(?:negative(?:ly)?|decreas\w+|lower\w*|reduc\w+|fall\w*|fell|declin\w+|drop\w*)\b|负|下降|降低|减少|抑制"
)
RESPECTIVELY = re.compile(r"\brespectively\b|\bin turn\b|分别|依次")
SKIP = re.compile(r"nqp:\s*(?:skip|ignore)")
