"""The workbook a person fills in: the sheets of a small study with made-up figures, which works as it stands.

The sheets stand as CSV files in `example/`; what they hold only shows what goes where.
"""

from __future__ import annotations

from pathlib import Path

from nqp.studying.files import Sheet, read_csv
from nqp.studying.workbook import write_workbook

_EXAMPLE = Path(__file__).parent / "example"
_ORDER = ("study", "entities", "series", "indicators", "variables", "tables", "data")
_NOTES = {
    "study": "Replace the made-up example in all sheets by your own study. Coloured columns are required. "
    "Then: python python/study.py new mystudy THIS_FILE\n把各表中的虚构示例换成自己的内容，深色列必填。",
    "data": "One row per entity and year, one column per series; a blank cell is 'not given'. "
    "Add columns as you need; each needs a row in the sheet series.\n每行一个个体、一年，每列一个序列；空白表示无数据。",
    "tables": "One row per table; a table with several columns has a row for each. May stay empty: it is then drafted.\n每表一行；多列的表每列一行。可留空，由程序起草。",
}


def template() -> bytes:
    """The bytes of the template."""
    return write_workbook(template_sheets(), notes=_NOTES)


def template_sheets() -> dict[str, Sheet]:
    """Its sheets by name, with the example."""
    return {name: read_csv(_EXAMPLE / f"{name}.csv") for name in _ORDER}
