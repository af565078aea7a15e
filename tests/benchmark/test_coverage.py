from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from framing.benchmark import coverage, run_benchmark
from framing.cli import app
from framing.comparison.powered import Totals, fit
from framing.errors import InputError
from framing.simulate import Scenario, simulate, units


@pytest.fixture
def few_cells(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave two cells of the grid and one beyond it."""
    for name, values in (("CODED", (5, 10)), ("F1", (0.6,)), ("ICC", (0.3,)), ("PREVALENCE", (0.3,))):
        monkeypatch.setattr(coverage, name, values)
    monkeypatch.setattr(coverage, "STRESSED", coverage.STRESSED[:1])


@pytest.mark.usefixtures("few_cells")
def test_corrected_intervals_cover_and_others_do_not() -> None:
    found = run_benchmark("coverage", None, 1, replications=600)
    cells = {(r["setting"], r["system"]): r for r in found["rows"] if not r["setting"].startswith("all cells")}
    assert len(cells) == 3 * (2 * 2 * 3 + 2)
    for (setting, system), row in cells.items():
        assert row["replications"] == 600
        if system == "corrected":
            assert 0.92 <= row["coverage"] <= 0.985, setting
            assert 0.02 <= row["type_i_error"] <= 0.08, setting
            assert row["width"] < cells[setting, "gold"]["width"]
        if system == "naive":
            assert row["coverage"] < 0.9, setting
            assert row["type_i_error"] > 0.1, setting
        if system == "sentence-level":
            assert row["coverage"] < 0.88, setting
    summary = [r for r in found["rows"] if r["setting"].startswith("all cells")]
    assert {r["system"] for r in summary} == {"corrected", "gold", "naive", "sentence-level"}
    assert all(r["coverage_least"] <= r["coverage_most"] for r in summary)
    assert found["rows"] == run_benchmark("coverage", None, 1, replications=600)["rows"]


def test_sentence_level_is_what_units_as_clusters_give() -> None:
    corpora = simulate(Scenario(articles=30, coded=10), 1, 2)
    value, error = coverage.sentence_level(corpora, "finite")
    table = units(corpora)
    for place, (_, own) in enumerate(table.groupby("outlet")):
        y, f, coded = (own[name].to_numpy(dtype=float) for name in ("gold", "predicted", "sampled"))
        d = coded * len(own) / coded.sum()
        one = np.ones(len(own))
        parts = (one, f, d, d * y, d * f, d * f * f, d * f * y, d * d, coded, one - coded.mean())
        totals = Totals(*(part[None] for part in parts))
        # A slope that is given has no leverage, which the sentence-level formula does not know.
        slope = float(fit(totals).slope)
        found = fit(totals, population="finite", shares=False, slope=slope)
        n = coded.sum()
        assert value[0, place] == pytest.approx(found.value[0])
        assert error[0, place] ** 2 == pytest.approx(found.variance[0] * (n - 1) / n)


@pytest.mark.usefixtures("few_cells")
def test_the_command_needs_no_data_for_what_it_simulates(tmp_path: Path) -> None:
    from typer.testing import CliRunner

    out = tmp_path / "coverage.json"
    done = CliRunner().invoke(app, ["benchmark", "coverage", "--replications", "10", "--out", str(out)])
    assert done.exit_code == 0, done.output
    assert json.loads(out.read_text())["benchmark"] == "coverage"


def test_options_that_a_benchmark_has_no_use_for_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="makes its own data"):
        run_benchmark("coverage", tmp_path, 1)
    with pytest.raises(InputError, match="simulates nothing"):
        run_benchmark("gvfc", tmp_path, 1, replications=5)
    with pytest.raises(InputError, match="needs data"):
        run_benchmark("gvfc", None, 1)
