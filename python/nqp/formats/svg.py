"""A figure as a small inline SVG: static, deterministic, coloured by the page.

vl-convert draws without a browser and without a network. Text stays text; what the drawing says of its marks becomes
``<title>`` elements.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from lxml import etree

from nqp.document.chart import INK, JOINER, SOFT, THIN, NamedRows, drawable
from nqp.language.labels import Language

if TYPE_CHECKING:
    from nqp.document.figure import Figure

FONTS: dict[Language, str] = {
    "zh": "PingFang SC, Microsoft YaHei, Noto Sans CJK SC, Noto Sans SC, sans-serif",
    "en": "Helvetica Neue, Arial, Liberation Sans, sans-serif",
}
_SVG = "{http://www.w3.org/2000/svg}"
_NUMBER = re.compile(r"-?\d+\.\d{3,}")
_DROPPED = ("aria-roledescription", "aria-label", "aria-hidden", "role", "style", "class", "pointer-events",
            "font-family", "stroke-miterlimit")  # fmt: skip


def config(language: Language) -> dict[str, Any]:
    """The look of every figure."""
    font = FONTS[language]
    axis = {
        "labelColor": SOFT, "titleColor": SOFT, "gridColor": THIN, "domainColor": THIN, "tickColor": THIN,
        "labelFontSize": 11, "titleFontSize": 11, "titleFontWeight": "normal", "labelFont": font, "titleFont": font,
        "labelLimit": 260, "titlePadding": 8,
    }  # fmt: skip
    return {
        "background": "transparent", "font": font, "padding": {"left": 16, "right": 16, "top": 5, "bottom": 5}, "view": {"stroke": None}, "axis": axis,
        "legend": {"labelColor": SOFT, "titleColor": SOFT, "labelFontSize": 11, "titleFontSize": 11,
                   "titleFontWeight": "normal", "labelFont": font, "titleFont": font, "columnPadding": 18},
        "header": {"labelColor": INK, "labelFontSize": 11, "labelFont": font, "title": None},
        "text": {"font": font, "fill": INK, "fontSize": 11},
    }  # fmt: skip


def _name_datasets(part: Any, datasets: dict[str, list[dict[str, Any]]]) -> None:
    """Give every data set in this part of a specification a name of its own, and collect its rows."""
    if isinstance(part, list):
        for item in part:
            _name_datasets(item, datasets)
    elif isinstance(part, dict):
        for key, item in part.items():
            if key == "name" and isinstance(item, NamedRows):
                part[key] = f"rows{len(datasets)}"
                datasets[part[key]] = item.rows
            else:
                _name_datasets(item, datasets)


def specification(figure: Figure, language: Language) -> str:
    """The Vega-Lite specification of a figure in one language, as JSON."""
    from altair.utils.schemapi import debug_mode

    with debug_mode(False):  # no schema validation of every part: the tests look at what is drawn
        parts = figure.draw(language).to_dict(validate=False)
    parts.pop("$schema", None)
    parts["config"] = config(language)
    datasets: dict[str, list[dict[str, Any]]] = {}
    _name_datasets(parts, datasets)
    parts["datasets"] = datasets
    return json.dumps(drawable(parts))


def drawing(figure: Figure, language: Language) -> str:
    """A figure as an SVG element to be inlined."""
    return svg(specification(figure, language), language, figure.code)


def svg(specification: str, language: Language, code: str) -> str:
    """A specification as an SVG element; ``code`` makes its ids unlike those of other figures."""
    import vl_convert

    drawn = vl_convert.vegalite_to_svg(specification, vl_version="6.1")
    root = etree.fromstring(drawn.encode())
    for element in list(root.iter()):
        if not isinstance(element.tag, str):
            continue
        description = element.get("aria-label") if element.tag != f"{_SVG}g" else None
        for name in _DROPPED:
            element.attrib.pop(name, None)
        if description:
            title = etree.Element(f"{_SVG}title")
            title.text = description
            element.insert(0, title)
        for name, value in element.attrib.items():
            if name == "id":
                element.set(name, f"{code}-{language}-{value}")
            element.set(name, re.sub(r"url\(#", f"url(#{code}-{language}-", element.get(name, value)))
            if name in ("d", "transform", "x", "y", "x1", "x2", "y1", "y2", "width", "height"):
                element.set(name, _NUMBER.sub(lambda m: f"{float(m[0]):.2f}".rstrip("0").rstrip("."), value))
    for name in ("width", "height", "version"):
        root.attrib.pop(name, None)
    _without_empty_groups(root)
    root.set("font-family", FONTS[language])
    etree.cleanup_namespaces(root)
    text: str = etree.tostring(root, encoding="unicode")
    return text.replace(' xmlns="http://www.w3.org/2000/svg"', "", 1).replace(JOINER, "")


def _without_empty_groups(root: Any) -> None:
    """Groups that hold nothing, and shapes that paint nothing, say nothing."""
    for element in reversed(list(root.iter(f"{_SVG}g", f"{_SVG}path"))):
        parent = element.getparent()
        if parent is None:
            continue
        is_empty = element.tag == f"{_SVG}g" and len(element) == 0
        is_bare = element.tag == f"{_SVG}path" and set(element.attrib) <= {"d"} and len(element) == 0
        if (is_empty or is_bare) and not (element.tail or "").strip():
            parent.remove(element)
