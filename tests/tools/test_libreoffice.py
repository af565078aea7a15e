"""Sheets that were opened and saved in LibreOffice, as coders do."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pandas as pd
import pytest

from framing.coding.exchange import keep
from framing.study import StudyData
from tests.coding.exchange.answering import in_order, seeds_answers, seeds_shown, wanted
from tests.coding.exchange.test_sheets import FORMATS, answering

pytestmark = pytest.mark.tools

# Opened as UTF-8 with commas and no guessing; saved with semicolons, as it does where the comma is a decimal point.
SAVED = {
    "csv": ["--infilter=CSV:44,34,76,1", "--convert-to", "csv:Text - txt - csv (StarCalc):59,34,76,1"],
    "xlsx": ["--convert-to", "xlsx:Calc MS Excel 2007 XML"],
}


@pytest.mark.parametrize("kind", FORMATS)
def test_nothing_is_lost_in_libreoffice(data: StudyData, tmp_path: Path, kind: str) -> None:
    program = shutil.which("soffice")
    if program is None:
        pytest.skip("LibreOffice (soffice) is not installed")
    tool, fill = FORMATS[kind]
    shown, answers = seeds_shown(data), seeds_answers(data)
    for coder in "ABC":
        (path,) = tool.export(shown.sample(frac=1, random_state=ord(coder)), data.codebook, tmp_path / "out", coder)
        fill(path, answering([a for a in answers if a["coder"] == coder], data.codebook))
        profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
        command = [program, profile, "--headless", *SAVED[kind], "--outdir", str(tmp_path / "back"), str(path)]
        subprocess.run(command, check=True, capture_output=True, timeout=120)
    assert len(list((tmp_path / "back").iterdir())) == 3
    found = keep(tool.read(tmp_path / "back", data.units, data.codebook), shown, data.codebook)
    assert found.flagged.empty
    pd.testing.assert_frame_equal(in_order(found.answers), wanted(answers, data.codebook, "sheet"))
