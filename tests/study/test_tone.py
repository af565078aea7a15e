"""The scorers of tone that a study may name, from the file to their validation, their folder and their predictions."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from framing.errors import InputError
from framing.study import Predictor, Study, load_data, load_predictor, load_study, train
from framing.study.backends import tone_models
from framing.study.tone import ToneValidation
from tests.models.scorers import tiny_classifier
from tests.study.conftest import BLAME, PLAIN, RESCUE


@pytest.fixture
def toned(other_study: Path) -> Path:
    """The study of the flood with tone: who is saved is good news, who is to blame bad."""
    folder = other_study.parent
    codings = pd.read_csv(folder / "codings.csv", dtype=str, keep_default_na=False)
    codings["tone"] = codings["frames"].map({"rescue": "1", "blame": "-1", "": "0"})
    codings.to_csv(folder / "codings.csv", index=False)
    book = (folder / "codebook.yaml").read_text(encoding="utf-8")
    tone = "tone: {scale: [-1, 0, 1], question: Which tone it conveys.}\n"
    (folder / "codebook.yaml").write_text(book + tone, encoding="utf-8")
    return other_study


def named(file: Path, lines: str) -> Study:
    text = file.read_text(encoding="utf-8").replace("[models]", f"[models]\n{lines}")
    file.write_text(text, encoding="utf-8")
    return load_study(file)


def validated(study: Study) -> ToneValidation:
    data = load_data(study)
    return ToneValidation(study, data, next(v for v in data.codebook.variables if v.id == "tone"))


def test_every_scorer_is_held_against_gold_and_the_others(toned: Path) -> None:
    found = validated(load_study(toned))
    scorers = ["average", "learned", "lexicon"]
    assert list(found.result.table["system"].unique()) == [*scorers, "majority", "coders"]
    gold = found.gold.table.set_index("second")
    assert list(gold.index) == scorers
    assert (gold["alpha_low"] <= gold["alpha"]).all()
    assert (gold["alpha"] <= gold["alpha_high"]).all()
    assert found.scorers is not None
    assert len(found.scorers.table) == 4, "three pairs, and all"
    assert set(found.calibration.table["label"]) == {"-1", "0", "1"}
    wrong = found.errors
    assert (wrong["gold"] != wrong["decided"]).all()
    assert found.name_bias is None, "no party, no name"


def test_the_scorer_that_is_named_comes_first_and_predicts(toned: Path) -> None:
    study = named(toned, 'scorer = "lexicon"')
    data = load_data(study)
    assert list(tone_models(study, data.codebook)) == ["lexicon", "average", "learned"]
    said = Predictor.from_study(study, data).predict(["نجاح كبير", "فشل ذريع"])
    assert said["tone"][0] > 0.3 > -0.3 > said["tone"][1]


def test_a_scorer_of_polarities_is_no_scorer_of_five_values(toned: Path) -> None:
    book = toned.parent / "codebook.yaml"
    book.write_text(book.read_text(encoding="utf-8").replace("[-1, 0, 1]", "[-2, -1, 0, 1, 2]"), encoding="utf-8")
    study = load_study(toned)
    assert list(tone_models(study, load_data(study).codebook)) == ["learned"], "the default gives way"
    study = named(toned, 'scorer = "lexicon"')
    with pytest.raises(InputError, match=r"'lexicon' gives three polarities, .* -2, -1, 0, 1, 2\. Use the scorer 'lea"):
        tone_models(study, load_data(study).codebook)


def test_a_ready_model_scores_and_is_kept_by_its_name(toned: Path, tmp_path: Path) -> None:
    pytest.importorskip("transformers")
    tiny_classifier(tmp_path / "bert", ["negative", "neutral", "positive"])
    study = named(toned, f'scorer = "transformers"\nscorer_model = "{tmp_path / "bert"}"')
    data = load_data(study)
    texts = [*RESCUE[:3], *BLAME[:3], *PLAIN[:3]]
    fitted = train(study, tmp_path / "model", data).predict(texts)
    assert not list((tmp_path / "model").glob("tone*")), "its weights stay where they are"
    np.testing.assert_array_equal(load_predictor(tmp_path / "model").predict(texts)["tone"], fitted["tone"])


def test_a_ready_model_must_be_named(toned: Path) -> None:
    study = named(toned, 'scorer = "transformers"')
    with pytest.raises(InputError, match=r"needs a model\. Name scorer_model under"):
        tone_models(study, load_data(study).codebook)


def test_names_of_parties_do_not_move_the_scorer(toned: Path) -> None:
    book = toned.parent / "codebook.yaml"
    parties = """targets:
  scale: [-1, 0, 1, null]
  question: Tone towards the party.
  parties:
    - {id: council, label_ar: البلدية, covers: the council}
"""
    book.write_text(book.read_text(encoding="utf-8") + parties, encoding="utf-8")
    codings = toned.parent / "codings.csv"
    pd.read_csv(codings, dtype=str, keep_default_na=False).assign(tone_council="").to_csv(codings, index=False)
    toned.write_text(
        toned.read_text(encoding="utf-8") + '[parties]\ncouncil = ["البلدية", "Council", "المجلس"]\n', encoding="utf-8"
    )
    found = validated(load_study(toned)).name_bias
    assert found is not None
    table = found.table.set_index(["parties", "name"])
    assert list(table.loc["known"].index) == ["البلدية", "Council"], "the first in each script"
    assert table.loc["known", "largest"].abs().max() == 0
