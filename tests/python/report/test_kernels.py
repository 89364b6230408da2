"""What is printed is the same with every kernel of the linear algebra, whose last digits differ."""

from __future__ import annotations

import csv
import io
import platform
from pathlib import Path

import pytest
from studies import Project

X86 = (
    "Nehalem",
    "Haswell",
)  # without and with fused multiplication and addition; OpenBLAS takes its kernel from this name
PRINTED = ("row_label", "column_label", "printed")


def printed(output: Path) -> dict[str, object]:
    """Pages, LaTeX and Word as bytes, of each table the cells as printed."""
    found: dict[str, object] = {}
    for path in sorted(output.rglob("*")):
        name = str(path.relative_to(output))
        if path.suffix in (".html", ".tex", ".docx", ".txt"):
            found[name] = path.read_bytes()
        elif path.suffix == ".csv" and path.parent.name == "tables":
            rows = csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"), newline=""))
            found[name] = [[cell for key, cell in row.items() if key.startswith(PRINTED)] for row in rows]
    return found


@pytest.mark.skipif(
    platform.machine() not in ("x86_64", "AMD64"), reason="the names are those of x86 kernels"
)
def test_two_kernels_print_the_same(harbours: Project) -> None:
    outputs = []
    for kernel in X86:
        folder = harbours.root / kernel
        done = harbours.run(
            "python",
            "python/estimate.py",
            "--quiet",
            "--language",
            "en",
            "--output",
            kernel,
            OPENBLAS_CORETYPE=kernel,
        )
        assert done.code == 0, done.output
        outputs.append(printed(folder))
    one, other = outputs
    assert "report.en.html" in one
    assert one.keys() == other.keys()
    assert [name for name, content in one.items() if other[name] != content] == []
