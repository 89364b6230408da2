"""Figures for print: SVG, PDF and PNG, as wide as a column or a page, in grey that tells groups apart without colour.

A figure is drawn anew for each width from its Vega-Lite specification, so that its text keeps its size. Groups of lines
differ in dashes too, groups of points in shape.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from nqp.errors import StudyError
from nqp.formats.svg import FONTS
from nqp.language.labels import Language
from nqp.publishing.pdf import canonical

FORMATS = ("svg", "pdf", "png")
PNG_DPI = 300
POINTS_PER_MM = 72 / 25.4
DASHES: tuple[list[int], ...] = ([], [6, 3], [2, 2], [8, 3, 2, 3], [1, 3], [10, 4])
SHAPES = ("circle", "square", "triangle-up", "diamond", "cross", "triangle-down")
# Six classes from light to dark with the ink on each, and six groups as far apart as grey allows.
GREY = {
    "--ink": "#000000", "--soft": "#404040", "--thin": "#d0d0d0", "--paper": "#ffffff",
    "--m1": "#f5f5f5", "--m2": "#dcdcdc", "--m3": "#bdbdbd", "--m4": "#969696", "--m5": "#636363", "--m6": "#252525",
    "--mi1": "#000000", "--mi2": "#000000", "--mi3": "#000000", "--mi4": "#000000", "--mi5": "#ffffff", "--mi6": "#ffffff",
    "--g1": "#000000", "--g2": "#8c8c8c", "--g3": "#c4c4c4", "--g4": "#4d4d4d", "--g5": "#a8a8a8", "--g6": "#6e6e6e",
}  # fmt: skip


@dataclass(frozen=True)
class Size:
    """A width in print; ``drawn`` is how many pixels wide the figure is laid out, which sets the size of its text."""

    name: str
    millimetres: float
    drawn: int


SIZES = (Size("column", 84.0, 360), Size("page", 174.0, 660))
LINES = ("line", "rule")
NARROWEST = 24  # pixels of one small chart


def print_files(
    specification: str, code: str, language: Language, sizes: tuple[Size, ...] = SIZES
) -> dict[str, bytes]:
    """One figure in every size and format, by file name."""
    files = {}
    for size in sizes:
        drawn = svg_for_print(specification, size)
        stem = f"{code}.{language}.{size.name}"
        files[f"{stem}.svg"] = drawn.encode()
        files[f"{stem}.pdf"] = pdf(drawn)
        files[f"{stem}.png"] = png(drawn)
    return files


def svg_for_print(specification: str, size: Size) -> str:
    """The figure in grey as an SVG of its own, so many millimetres wide."""
    import vl_convert

    chart = json.loads(_in_grey(specification))
    _mark_groups(chart)
    drawn: str = vl_convert.vegalite_to_svg(json.dumps(chart), vl_version="6.1")
    if _width(drawn) > size.drawn:
        _narrow_margins(chart)
        drawn = vl_convert.vegalite_to_svg(json.dumps(chart), vl_version="6.1")
        for _ in range(3):  # labels that no longer fit are left out, which changes what is around the charts
            if _width(drawn) <= size.drawn * 1.02:
                break
            _scale_widths(chart, _factor(chart, _width(drawn), size.drawn))
            narrower: str = vl_convert.vegalite_to_svg(json.dumps(chart), vl_version="6.1")
            if _width(narrower) > _width(drawn) * 0.98:
                break  # a legend is what is wide
            drawn = narrower
    return _sized(drawn, size)


def pdf(drawn: str) -> bytes:
    """An SVG as PDF, its text as text in fonts that are embedded."""
    import vl_convert

    made: bytes = vl_convert.svg_to_pdf(_in_pixels(drawn, POINTS_PER_MM))
    return canonical(made)


def png(drawn: str) -> bytes:
    """An SVG as PNG of 300 dots per inch on white."""
    import vl_convert

    made: bytes = vl_convert.svg_to_png(_in_pixels(drawn, POINTS_PER_MM), ppi=PNG_DPI)
    return made


@cache
def check_fonts(language: Language) -> None:
    """Refuse to draw boxes: the machine must have a font for the language. Raises StudyError."""
    import vl_convert

    def glyph(character: str) -> bytes:
        text = f'<text x="2" y="16" font-size="16" font-family="{FONTS[language]}">{character}</text>'
        made: bytes = vl_convert.svg_to_png(
            f'<svg xmlns="http://www.w3.org/2000/svg" width="20" height="20">{text}</svg>', scale=1
        )
        return made

    if language == "zh" and glyph("图") == glyph("表"):
        raise StudyError(
            "There is no font for Chinese on this machine, and figures would show boxes. Install one, such as Noto Sans CJK SC "
            "(Debian: apt-get install fonts-noto-cjk), or write English only: --language en"
        )


def _in_grey(specification: str) -> str:
    """The specification with every colour of the page replaced."""
    found = re.sub(r"var\((--\w+)\)", lambda match: GREY[match[1]], specification)
    chart = json.loads(found)
    chart["background"] = chart.get("config", {})["background"] = "white"
    chart["config"]["padding"] = {"left": 2, "right": 6, "top": 2, "bottom": 2}
    return json.dumps(chart)


def _mark_groups(part: Any) -> None:
    """Where a colour tells groups apart, dashes of lines and shapes of points do too."""
    if isinstance(part, list):
        for item in part:
            _mark_groups(item)
        return
    if not isinstance(part, dict):
        return
    encoding, mark = part.get("encoding"), part.get("mark")
    kind = mark.get("type") if isinstance(mark, dict) else mark
    if isinstance(encoding, dict) and isinstance(color := encoding.get("color"), dict):
        domain = (color.get("scale") or {}).get("domain")
        groups = {GREY[f"--g{i}"] for i in range(1, 7)} & set((color.get("scale") or {}).get("range") or ())
        if color.get("field") and isinstance(domain, list) and len(domain) > 1 and groups:
            common = {
                "field": color["field"],
                "type": color.get("type", "nominal"),
                "legend": color.get("legend"),
            }
            if kind in LINES and "strokeDash" not in encoding:
                dashes = [DASHES[i % len(DASHES)] for i in range(len(domain))]
                encoding["strokeDash"] = {**common, "scale": {"domain": domain, "range": dashes}}
            if kind == "point" and "shape" not in encoding:
                shapes = [SHAPES[i % len(SHAPES)] for i in range(len(domain))]
                encoding["shape"] = {**common, "scale": {"domain": domain, "range": shapes}}
    for key, item in part.items():
        if key not in ("datasets", "data", "config"):
            _mark_groups(item)


def _widths(part: Any) -> list[tuple[dict[str, Any], str]]:
    """Every width in pixels of a specification, as (where, key); a legend and a mark have none of the kind."""
    found: list[tuple[dict[str, Any], str]] = []
    if isinstance(part, list):
        for item in part:
            found += _widths(item)
    elif isinstance(part, dict):
        is_view = bool({"mark", "layer", "facet", "spec", "encoding"} & set(part))
        if is_view and isinstance(part.get("width"), int | float):
            found.append((part, "width"))
        for key, item in part.items():
            if key in ("spec", "layer", "hconcat", "vconcat", "concat"):
                found += _widths(item)
    return found


def _scale_widths(chart: dict[str, Any], factor: float) -> None:
    """Make every chart narrower, and move what stands at a fixed place beside it."""
    for part, key in [*_widths(chart), *_places(chart)]:
        part[key] = max(part[key] * factor, NARROWEST)


def _places(part: Any) -> list[tuple[dict[str, Any], str]]:
    """Every fixed horizontal place of a mark, as (where, key)."""
    found: list[tuple[dict[str, Any], str]] = []
    for item in part if isinstance(part, list) else part.values() if isinstance(part, dict) else ():
        found += _places(item)
    if isinstance(part, dict) and isinstance(encoding := part.get("encoding"), dict):
        for channel in ("x", "x2"):
            place = encoding.get(channel)
            if (
                isinstance(place, dict)
                and isinstance(value := place.get("value"), int | float)
                and value > NARROWEST
            ):
                found.append((place, "value"))
    return found


def _narrow_margins(part: Any) -> None:
    """Less room beside axes and between entries of a legend, whose entries stand two in a line if they are many."""
    if isinstance(part, list):
        for item in part:
            _narrow_margins(item)
    elif isinstance(part, dict):
        if isinstance(part.get("minExtent"), int | float):
            part["minExtent"] = part["minExtent"] * 0.65
        if "columnPadding" in part:
            part["columnPadding"] = 8
        if part.get("orient") == "top" and "columnPadding" in part:
            part["columns"] = 2
        for key, item in part.items():
            if key not in ("datasets", "data"):
                _narrow_margins(item)


def _factor(chart: dict[str, Any], natural: float, wanted: float) -> float:
    """By how much the charts must shrink for the whole to be as wide as wanted: what is around them keeps its width."""
    columns = int(chart.get("columns") or 1) if "facet" in chart or "repeat" in chart else 1
    inside = max((part[key] * columns for part, key in _widths(chart)), default=natural)
    room = inside - (natural - wanted)
    return max(room / inside, 0.3)


def _width(drawn: str) -> float:
    found = re.search(r"<svg[^>]*\bwidth=\"([\d.]+)\"", drawn)
    assert found is not None
    return float(found[1])


def _sized(drawn: str, size: Size) -> str:
    """The drawing scaled to its width in print."""
    found = re.search(r'<svg[^>]*\bwidth="([\d.]+)"[^>]*\bheight="([\d.]+)"', drawn)
    assert found is not None
    width, height = float(found[1]), float(found[2])
    wide = size.millimetres if width > size.drawn * 0.6 else size.millimetres * width / size.drawn
    tall = wide * height / width
    head = re.sub(r'\bwidth="[\d.]+"', f'width="{wide:.2f}mm"', found[0], count=1)
    head = re.sub(r'\bheight="[\d.]+"', f'height="{tall:.2f}mm"', head, count=1)
    return drawn.replace(found[0], head, 1)


def _in_pixels(drawn: str, per_millimetre: float) -> str:
    """The same drawing with its size in the units that the converter counts."""

    def pixels(match: re.Match[str]) -> str:
        return f'{match[1]}="{float(match[2]) * per_millimetre:.2f}"'

    return re.sub(r'\b(width|height)="([\d.]+)mm"', pixels, drawn, count=2)


def size_of_png(content: bytes) -> tuple[int, int]:
    """Width and height of a PNG in dots."""
    return int.from_bytes(content[16:20]), int.from_bytes(content[20:24])


NAMES: Mapping[str, Size] = {size.name: size for size in SIZES}
