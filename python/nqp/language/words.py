"""What the pages themselves say in each language; everything else comes in through labels."""

from __future__ import annotations

from collections.abc import Mapping

from nqp.language.labels import Label, Language

LANGUAGE_TAGS: Mapping[Language, str] = {"zh": "zh-CN", "en": "en"}

# What the page itself says; everything else comes in through labels.
WORDS: Mapping[Language, Mapping[str, str]] = {
    "zh": {
        "notes": "注：", "number_end": "\u3000", "between_notes": "", "colon": "：",
        "missing": "无数据", "scrolls": "（可左右滚动）",
        "contents": "目录", "skip": "跳到正文", "findings": "主要发现", "limits": "不能得出的结论", "parts": "本报告各页", "footer": "复现信息",
        "download": "下载", "theme": "深色或浅色显示", "tools": "语言与显示",
        "language": "中文", "page": "中文报告",
        "figure": "图 {}", "source": "来源：", "unit": "单位：", "data": "数据", "copy": "复制", "copied": "已复制",
        "common": "各表通注", "common_see": "另见各表通注 ", "list": "、", "stop": "。", "further": "见其他各页：",
        "numbers": "数字见表",
        "continued": "续表{}", "filter": "查找", "all": "全部", "row_count": "显示 {} 行",
    },
    "en": {
        "notes": "Notes: ", "number_end": ". ", "between_notes": " ", "colon": ": ",
        "missing": "not available", "scrolls": " (scrolls sideways)",
        "contents": "Contents", "skip": "Skip to the text", "findings": "Main findings", "limits": "What one may not conclude", "parts": "Pages of this report",
        "footer": "Reproducing this page", "download": "Download", "theme": "Dark or light display",
        "tools": "Language and display", "language": "English", "page": "Report in English",
        "figure": "Figure {}", "source": "Source: ", "unit": "Unit: ", "data": "Data", "copy": "Copy", "copied": "Copied",
        "common": "Notes to several tables", "common_see": "See also the notes to several tables, ", "list": ", ", "stop": ".", "further": "On other pages:",
        "numbers": "The numbers",
        "continued": "Table{} (continued)", "filter": "Find", "all": "all", "row_count": "{} rows shown",
    },
}  # fmt: skip


def in_sentence(name: str) -> str:
    """An English name inside a sentence: a plain first word in lower case, an abbreviation (GDP, R&D) as it is."""
    return name[:1].lower() + name[1:] if name[1:2].islower() else name


def named(label: Label, entity: Label) -> Label:
    """A text with the study's word for its entity where it says {entity}, {entities} or {Entities}."""
    if "{" not in label.zh + label.en:
        return label
    many = plural(entity.en)
    words = {"{entity}": entity.en, "{entities}": many, "{Entities}": many[:1].upper() + many[1:]}
    en = label.en
    for mark, word in words.items():
        en = en.replace(mark, word)
    return Label(label.zh.replace("{entity}", entity.zh), en, label.italic)


def plural(noun: str) -> str:
    """The English plural of a regular noun."""
    return noun[:-1] + "ies" if noun.endswith("y") else noun + "s"
