"""Every notebook runs, is the pair of its script, and is committed with its outputs."""

from __future__ import annotations

import shutil
from pathlib import Path

import jupytext
import nbformat
import pytest
from nbclient import NotebookClient

from tests.conftest import ROOT
from tests.notebooks import progress

NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))


def test_there_are_notebooks() -> None:
    assert NOTEBOOKS
    assert [n.stem for n in NOTEBOOKS] == sorted(p.stem for p in (ROOT / "notebooks").glob("*.py"))


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda p: p.stem)
def test_a_notebook_is_the_pair_of_its_script_and_has_outputs(notebook: Path) -> None:
    pair = [jupytext.read(file) for file in (notebook, notebook.with_suffix(".py"))]
    assert [(c.cell_type, c.source) for c in pair[0].cells] == [(c.cell_type, c.source) for c in pair[1].cells]
    code = [cell for cell in pair[0].cells if cell.cell_type == "code"]
    assert all(cell.execution_count for cell in code)
    assert not progress(pair[0]), "`make notebooks` takes progress bars out"
    assert any("image/png" in output.get("data", {}) for output in code[-1].outputs), "it ends with a figure"


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda p: p.stem)
@pytest.mark.filterwarnings("ignore:.*TCP without encryption")
def test_a_notebook_runs(notebook: Path, tmp_path: Path) -> None:
    shutil.copytree(ROOT / "notebooks" / "museum", tmp_path / "museum")
    content = nbformat.read(notebook, as_version=4)
    NotebookClient(content, timeout=300, resources={"metadata": {"path": str(tmp_path)}}).execute()
