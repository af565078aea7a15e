"""Models measured on units of another corpus."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from framing.errors import InputError
from framing.study import Study, StudyData, load_data, load_study
from framing.study.elsewhere import validate_elsewhere
from tests.conftest import ROOT
from tests.study.conftest import BLAME, PLAIN, RESCUE

ELSEWHERE = [
    ("أخرج رجال الدفاع المدني مسنا من بيته الغارق.", "rescue"),
    ("اتهم الأهالي الوزير بالتقصير.", "blame"),
    ("بلغ ارتفاع المياه ثلاثة أمتار.", ""),
    ("يتبادل المسؤولون اللوم.", "blame"),
]


def table(rows: list[tuple[str, str]]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["text", "frames"])
    return frame.assign(doc_id=["d0", "d0", "e1", "e1"], unit=range(4))


def test_every_unit_of_the_other_corpus_is_measured_and_none_of_the_study(other_study: Path, tmp_path: Path) -> None:
    study = load_study(other_study)
    table(ELSEWHERE).to_csv(tmp_path / "units.csv", index=False)
    result = validate_elsewhere(study, load_data(study), tmp_path / "units.csv", "frames")
    found = result.to_frame().set_index(["system", "label"])
    assert set(found["scheme"]) == {"elsewhere"}
    assert found.loc[("tfidf", "blame"), "support"] == 2
    assert found.loc[("tfidf", "exact"), "support"] == 4
    assert (result.n_units, result.n_articles) == (4, 2)
    assert found.loc[("always", "rescue"), "precision"] == 0.25
    assert "measured on units of another corpus" in result.method
    assert "coders" not in found.index.get_level_values("system")


def test_what_the_study_has_already_is_not_learned_from(other_study: Path, tmp_path: Path) -> None:
    """All of the study's sentences elsewhere: nothing is left to learn from, instead of a perfect score."""
    study = load_study(other_study)
    texts = load_data(study).coded["text"]
    assert set(texts) <= {*RESCUE, *BLAME, *PLAIN}
    units = pd.DataFrame({"doc_id": "e", "unit": range(len(texts)), "text": texts, "frames": ""})
    units.to_csv(tmp_path / "units.csv", index=False)
    with pytest.raises(InputError, match="leaving the other corpus out leaves nothing to learn from"):
        validate_elsewhere(study, load_data(study), tmp_path / "units.csv", "frames")


def test_a_table_that_cannot_be_measured_on_is_told(other_study: Path, tmp_path: Path) -> None:
    study, file = load_study(other_study), tmp_path / "units.csv"
    data = load_data(study)
    table(ELSEWHERE).rename(columns={"text": "sentence"}).to_csv(file, index=False)
    with pytest.raises(
        InputError, match=r"units\.csv, column 'text': no column 'text'.*needs the columns doc_id, unit"
    ):
        validate_elsewhere(study, data, file, "frames")
    table([*ELSEWHERE[:3], ("يتبادل المسؤولون اللوم.", "guilt")]).to_csv(file, index=False)
    with pytest.raises(InputError, match=r"units\.csv, row 5, column 'frames': unknown frame 'guilt'"):
        validate_elsewhere(study, data, file, "frames")


def test_tone_and_voice_are_measured_too(data: StudyData, study: Study, tmp_path: Path) -> None:
    units = data.coded.head(12)[["text", "tone", "voice"]].assign(doc_id="e", unit=range(12))
    units["text"] = "كتب أحدهم: " + units["text"].str[::-1]
    units.to_csv(tmp_path / "units.csv", index=False)
    quick = replace(study, encoder="tfidf")
    for name in ("tone", "voice"):
        result = validate_elsewhere(quick, data, tmp_path / "units.csv", name)
        assert result.n_units == units[name].notna().sum()


@pytest.mark.slow
def test_the_default_classifier_holds_on_constructed_articles_of_other_deals(data: StudyData, study: Study) -> None:
    """Floor .70: it was .78 when its settings were chosen there, and chance ("always") is below .30."""
    table = validate_elsewhere(study, data, ROOT / "annotations" / "development.csv", "frames").to_frame()
    macro = table[table["label"] == "macro"].set_index("system")["f1"]
    assert macro["embedding"] > 0.70
    assert macro["embedding"] > macro["embedding_gold"] + 0.2
    assert macro["always"] < 0.30
