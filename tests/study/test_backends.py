"""Every backend that a study file may name, from the file to its row in the validation."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from framing.errors import InputError
from framing.models.llm import LLMClassifier
from framing.models.transformer import TransformerClassifier
from framing.study import Study, load_data, load_predictor, load_study, train, validate_study
from framing.study.backends import frame_model
from tests.endpoint import Server
from tests.models.scorers import tiny_classifier
from tests.study.conftest import BLAME, RESCUE


def named(study: Path, lines: str) -> Study:
    text = study.read_text(encoding="utf-8").replace("[models]", f"[models]\n{lines}")
    study.write_text(text, encoding="utf-8")
    return load_study(study)


def test_a_transformer_is_validated_beside_the_features_and_kept(other_study: Path, tmp_path: Path) -> None:
    pytest.importorskip("transformers")
    tiny_classifier(tmp_path / "bert", ["a", "b"])
    study = named(other_study, f'backend = "transformer"\nmodel = "{tmp_path / "bert"}"')
    data = load_data(study)
    model = frame_model(study, data.codebook)
    assert isinstance(model, TransformerClassifier)
    assert model.seed == study.seed
    table = validate_study(study, data, ("frames",))["frames"].to_frame()
    systems = ["transformer", "transformer_gold", "tfidf", "majority", "always", "coders"]
    assert list(table["system"].unique()) == systems
    fitted = train(study, tmp_path / "model", data).predict(RESCUE)
    assert load_predictor(tmp_path / "model").predict(RESCUE).equals(fitted)


def test_a_language_model_codes_by_the_codebook(
    other_study: Path, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "none")
    server.script = lambda text, messages, n: json.dumps({"frames": {"rescue": text in RESCUE, "blame": text in BLAME}})
    study = named(other_study, f'backend = "llm"\nmodel = "m"\nbase_url = "{server.url}"')
    data = load_data(study)
    assert isinstance(frame_model(study, data.codebook), LLMClassifier)
    table = validate_study(study, data, ("frames",))["frames"].to_frame().set_index(["system", "label"])
    assert table.loc[("llm", "macro"), "f1"] == pytest.approx(1.0)
    assert "llm_gold" not in table.index.get_level_values("system"), "it learns from no gold"


def test_what_a_backend_needs_is_asked_for(other_study: Path) -> None:
    study = named(other_study, 'backend = "llm"')
    with pytest.raises(InputError, match=r"study\.toml: the backend 'llm' needs a model"):
        frame_model(study, load_data(study).codebook)
    other_study.write_text(other_study.read_text(encoding="utf-8").replace('"llm"', '"bert"'), encoding="utf-8")
    with pytest.raises(InputError, match=r"models\.backend is 'bert'\. Use one of embedding, tfidf, transformer, llm"):
        load_study(other_study)
