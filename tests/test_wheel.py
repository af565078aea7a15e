"""The wheel carries the default study and runs it away from the clone."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

from tests.conftest import ROOT

_DESK = {".toml", ".html", ".css", ".js"}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, ROOT],
        check=True, capture_output=True,
    )  # fmt: skip
    (found,) = folder.glob("*.whl")
    return found


def test_the_wheel_holds_what_the_default_study_reads(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    data = {f"framing/_data/{p.relative_to(ROOT)}" for n in ("seeds", "annotations") for p in (ROOT / n).iterdir()}
    inside = {"framing/py.typed", "framing/corpus/chrome.toml", "framing/benchmark/gvfc_exemplars.csv"}
    inside |= {f"framing/models/sentiment/{name}" for name in ("lexicon.csv", "modifiers.csv", "neutral.txt")}
    inside |= {f"framing/report/html/static/{file.name}" for file in (ROOT / "framing/report/html/static").iterdir()}
    desk = ROOT / "framing/coding/desk"
    inside |= {f"framing/coding/desk/{p.relative_to(desk)}" for p in desk.rglob("*") if p.suffix in _DESK}
    template = ROOT / "framing/study/template"
    inside |= {f"framing/study/{p.relative_to(template.parent)}" for p in template.rglob("*") if p.is_file()}
    assert data | inside | {"framing/_data/paper/report.typ"} <= names
    assert not [name for name in names if name.startswith(("tests/", "notebooks/"))]


def test_the_unpacked_wheel_runs_the_default_study(wheel: Path, tmp_path: Path) -> None:
    """Quick stand-in for an installation: the wheel's files alone on the path, from an empty folder."""
    site, work = tmp_path / "site", tmp_path / "work"
    zipfile.ZipFile(wheel).extractall(site)
    work.mkdir()
    code = "import framing, framing.cli; print(framing.__file__); framing.cli.main()"
    run = subprocess.run(
        [sys.executable, "-c", code, "study", "run"],
        cwd=work, env={**os.environ, "PYTHONPATH": str(site)}, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert run.stdout.startswith(str(site))
    numbers = json.loads((work / "results/numbers.json").read_text(encoding="utf-8"))
    assert numbers["corpus"]["articles"] == 5
    assert (work / "results/report.pdf").exists()
    assert (work / "results/report.html").exists()


@pytest.mark.slow
def test_the_wheel_installs_into_an_empty_environment(wheel: Path, tmp_path: Path) -> None:
    venv.create(tmp_path / "env", with_pip=True)
    pip = [str(tmp_path / "env/bin/pip"), "install", "--quiet", "--constraint", str(ROOT / "constraints.txt")]
    subprocess.run([*pip, str(wheel)], check=True)
    run = subprocess.run(
        [str(tmp_path / "env/bin/framing"), "study", "run"], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert "Frame prevalence per outlet" in run.stdout
    assert json.loads((tmp_path / "results/numbers.json").read_text(encoding="utf-8"))["corpus"]["units"] == 138
