"""What the joint documents say themselves, in both languages."""

from __future__ import annotations

from nqp.language.labels import Label

CONTENTS = Label("图表目录", "List of tables and figures")
EXHIBIT = Label("图表", "Exhibit")
TITLE = Label("题名", "Title")
SHEET = Label("工作表", "Sheet")


def continued(number: Label) -> Label:
    """The caption of what follows on the next page: 续表 4, Table 4 (continued)."""
    zh = f"续{number.zh}" if number.zh else "续表"
    en = f"{number.en} (continued)" if number.en else "Continued"
    return Label(zh, en)
