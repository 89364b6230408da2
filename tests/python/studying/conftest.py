"""`study.py` run by a test."""

from __future__ import annotations

from pathlib import Path

import pytest
import study
from studies import Run


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """The command in a folder of its own: exit code, what it printed, what it complained of."""
    monkeypatch.setattr(study, "ROOT", tmp_path)

    def command(*arguments: object) -> tuple[int, str, str]:
        capsys.readouterr()
        code = study.main([str(argument) for argument in arguments])
        said = capsys.readouterr()
        return code, said.out, said.err

    return command
