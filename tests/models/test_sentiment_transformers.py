from __future__ import annotations

import json
import shutil
import socket
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from framing.corpus.camel import camel_module
from framing.errors import InputError, MissingDataError, MissingDependencyError
from framing.models.sentiment import CamelSentiment, TransformersSentiment, forward
from tests.corpus.camel_files import install_catalogue
from tests.models.scorers import sentences, tiny_classifier

torch = pytest.importorskip("torch")
transformers = pytest.importorskip("transformers")

LABELS = ("positive", "negative", "neutral")


@pytest.fixture(scope="module", autouse=True)
def one_thread() -> Iterator[None]:
    """Matrices this small only wait for a second thread."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*args: object, **kwargs: object) -> None:
        raise AssertionError("network")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_classifier(tmp_path_factory.mktemp("model"), LABELS)


@pytest.fixture
def camel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of camel-tools' data, with one small model in it."""
    monkeypatch.setenv("CAMELTOOLS_DATA", str(tmp_path))
    install_catalogue(tmp_path)
    tiny_classifier(tmp_path / "data/sentiment_analysis/arabert", LABELS)
    return tmp_path


def plainly(model: Path, texts: list[str]) -> np.ndarray:
    """Probabilities of one text after the other, by the library alone."""
    tokenizer = transformers.AutoTokenizer.from_pretrained(model)
    network = transformers.AutoModelForSequenceClassification.from_pretrained(model).eval()
    with torch.inference_mode():
        rows = [network(**tokenizer(text, return_tensors="pt")).logits.softmax(-1)[0].tolist() for text in texts]
    return np.array(rows)


def test_probabilities_are_the_models_in_the_texts_order(model: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forward, "RUN", 3)
    texts = sentences(50)
    table = TransformersSentiment(str(model), batch_size=4, device="cpu").score(texts)
    expected = plainly(model, texts)
    assert table.columns.tolist() == ["negative", "neutral", "positive", "score"]
    assert table.index.tolist() == list(range(50))
    np.testing.assert_allclose(table[list(LABELS)].to_numpy(), expected, atol=1e-5)
    np.testing.assert_allclose(table["score"], expected[:, 0] - expected[:, 1], atol=1e-5)
    np.testing.assert_allclose(table[list(LABELS)].sum(axis=1), 1)
    assert table["score"].std() > 0.1, "else the order would not show"


def test_the_same_texts_get_the_same_answer(model: Path) -> None:
    texts = sentences(20)
    state = torch.random.get_rng_state()
    first = TransformersSentiment(model, device="cpu").score(texts)
    assert torch.equal(state, torch.random.get_rng_state())
    pd.testing.assert_frame_equal(TransformersSentiment(model, device="cpu").score(texts), first, check_exact=True)
    twice = TransformersSentiment(model, batch_size=7, device="cpu").score([*texts, *texts[::-1]])
    np.testing.assert_array_equal(twice[:20].to_numpy(), twice[20:][::-1].to_numpy())
    np.testing.assert_allclose(twice[:20].to_numpy(), first.to_numpy(), atol=1e-5)


def test_no_texts_give_no_rows(model: Path, tmp_path: Path) -> None:
    for scorer in (TransformersSentiment(model), TransformersSentiment(tmp_path / "none"), CamelSentiment()):
        empty = scorer.score([])
        assert empty.shape == (0, 4)
        assert empty.columns.tolist() == ["negative", "neutral", "positive", "score"]
        assert set(empty.dtypes) == {np.dtype(float)}


def test_odd_texts_and_long_ones(model: Path) -> None:
    scorer = TransformersSentiment(model, device="cpu", max_length=512)
    table = scorer.score(["", " ", "😀", "سوق " * 500])
    assert np.isfinite(table.to_numpy()).all()
    cut = TransformersSentiment(model, device="cpu", max_length=5)
    np.testing.assert_allclose(cut.score(["سوق سوق سوق ربح"]), cut.score(["سوق سوق سوق خسارة"]), atol=1e-5)


def test_labels_are_read_or_given(tmp_path: Path) -> None:
    nameless = tiny_classifier(tmp_path / "nameless", ["LABEL_0", "LABEL_1", "LABEL_2"])
    with pytest.raises(InputError, match=r"'LABEL_0', 'LABEL_1', 'LABEL_2' of the model .*nameless' stand for is not"):
        TransformersSentiment(nameless, device="cpu").score(["سوق"])
    given = {"LABEL_0": "positive", "LABEL_1": "negative", "LABEL_2": "neutral"}
    scorer = TransformersSentiment(nameless, given, device="cpu")
    assert scorer.grades == given
    np.testing.assert_allclose(scorer.score(["سوق"])[list(LABELS)], plainly(nameless, ["سوق"]), atol=1e-5)
    two = TransformersSentiment(tiny_classifier(tmp_path / "two", ["سلبي", "إيجابي"]), device="cpu")
    assert (two.score(["سوق", "ربح"])["neutral"] == 0).all()
    stars = tiny_classifier(tmp_path / "stars", [f"{n} stars" for n in range(1, 6)])
    graded = TransformersSentiment(stars, device="cpu").score(["سوق"])
    np.testing.assert_allclose(graded["score"], plainly(stars, ["سوق"]) @ [-1, -0.5, 0, 0.5, 1], atol=1e-5)


def test_models_of_another_kind_are_refused(tmp_path: Path, model: Path) -> None:
    one = tiny_classifier(tmp_path / "one", ["LABEL_0"])
    with pytest.raises(InputError, match="gives one number"):
        TransformersSentiment(one, device="cpu").score(["سوق"])
    many = tiny_classifier(tmp_path / "many", LABELS, problem_type="multi_label_classification")
    with pytest.raises(InputError, match=r"do not exclude each other \(positive, negative, neutral\)"):
        TransformersSentiment(many, device="cpu").score(["سوق"])
    body = shutil.copytree(model, tmp_path / "body")
    transformers.AutoModel.from_pretrained(model).save_pretrained(body)
    with pytest.raises(InputError, match=r"was not trained to classify texts \(its weights lack classifier\.bias"):
        TransformersSentiment(body, device="cpu").score(["سوق"])


def test_code_that_lies_with_a_model_is_not_run(model: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(model, tmp_path / "own")
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    config |= {"model_type": "own", "auto_map": {"AutoConfig": "own.C", "AutoModelForSequenceClassification": "own.M"}}
    (folder / "config.json").write_text(json.dumps(config), encoding="utf-8")
    (folder / "own.py").write_text("raise SystemExit('run')", encoding="utf-8")
    with pytest.raises(InputError, match=r"own' cannot be loaded"):
        TransformersSentiment(folder, device="cpu").score(["سوق"])


def test_a_model_that_is_not_there_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"models/none: folder of the classifier not found"):
        TransformersSentiment(tmp_path / "models/none").score(["سوق"])
    with pytest.raises(InputError, match=r"cannot be loaded .* The folder needs config\.json"):
        TransformersSentiment(tmp_path).score(["سوق"])
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path))
    with pytest.raises(InputError, match=r"'nobody/has-this' cannot be loaded .* run 'hf download nobody/has-this"):
        TransformersSentiment("nobody/has-this").score(["سوق"])


def test_wrong_input_is_told(model: Path) -> None:
    scorer = TransformersSentiment(model, device="cpu")
    with pytest.raises(InputError, match=r"one text, where a list of texts is needed"):
        scorer.score("سوق")
    with pytest.raises(InputError, match=r"text 1 is None, not a text\. Drop or fill"):
        scorer.score(["سوق", None])  # type: ignore[list-item]
    with pytest.raises(InputError, match=r"no device 'abacus'"):
        TransformersSentiment(model, device="abacus").score(["سوق"])
    with pytest.raises(InputError, match=r"batch_size is 0\. Give 1 or more"):
        TransformersSentiment(model, batch_size=0)
    with pytest.raises(InputError, match=r"max_length is -1"):
        TransformersSentiment(model, max_length=-1)


@pytest.mark.parametrize("package", ["torch", "transformers"])
def test_a_missing_library_is_told(model: Path, monkeypatch: pytest.MonkeyPatch, package: str) -> None:
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(MissingDependencyError, match=f"A classifier .* needs the package {package}"):
        TransformersSentiment(model).score(["سوق"])


def test_positions_that_roberta_does_not_use_are_not_filled(tmp_path: Path, model: Path) -> None:
    """Its tokenizer here does not know the model's length, as happens with models on the hub."""
    folder = tmp_path / "roberta"
    config = transformers.RobertaConfig(
        vocab_size=15, hidden_size=32, num_hidden_layers=1, num_attention_heads=2, intermediate_size=32,
        max_position_embeddings=20, pad_token_id=0, type_vocab_size=1, id2label=dict(enumerate(LABELS)),
    )  # fmt: skip
    transformers.RobertaForSequenceClassification(config).save_pretrained(folder)
    transformers.BertTokenizer(vocab=str(model / "vocab.txt")).save_pretrained(folder)
    assert TransformersSentiment(folder, device="cpu").score(["سوق " * 100, "ربح"]).shape == (2, 4)


def test_a_model_without_a_token_for_padding_reads_text_by_text(model: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(model, tmp_path / "unpadded")
    tokenizer = transformers.AutoTokenizer.from_pretrained(model)
    tokenizer.pad_token = None
    tokenizer.save_pretrained(folder)
    for name in ("tokenizer_config.json", "special_tokens_map.json"):
        if (folder / name).exists():
            kept = json.loads((folder / name).read_text(encoding="utf-8"))
            kept.pop("pad_token", None)
            (folder / name).write_text(json.dumps(kept), encoding="utf-8")
    texts = sentences(5)
    found = TransformersSentiment(folder, device="cpu").score(texts)[list(LABELS)]
    np.testing.assert_allclose(found, plainly(model, texts), atol=1e-5)


def test_camels_most_probable_polarity_is_the_one_it_predicts(camel: Path) -> None:
    texts = sentences(40)
    table = CamelSentiment(batch_size=8, device="cpu").score(texts)
    folder = camel / "data/sentiment_analysis/arabert"
    theirs = camel_module("sentiment", "A test").SentimentAnalyzer(str(folder), use_gpu=False).predict(texts)
    assert len(set(theirs)) > 1
    assert table[list(LABELS)].idxmax(axis=1).tolist() == theirs
    np.testing.assert_allclose(table[list(LABELS)].to_numpy(), plainly(folder, texts), atol=1e-5)
    pd.testing.assert_frame_equal(CamelSentiment(batch_size=8, device="cpu").score(texts), table, check_exact=True)


def test_camel_leaves_the_process_as_it_was(camel: Path) -> None:
    log = transformers.utils.logging
    before = log.get_verbosity()
    for name in [name for name in sys.modules if name.startswith("camel_tools.sentiment")]:
        del sys.modules[name]
    log.set_verbosity_info()
    try:
        CamelSentiment(device="cpu").score(["سوق"])
        assert log.get_verbosity() == log.INFO
    finally:
        log.set_verbosity(before)


def test_camels_missing_models_are_told_with_the_command(camel: Path) -> None:
    expected = (
        r"^Sentiment by camel-tools needs the data sentiment-analysis-mbert of camel-tools, not found under .*\. "
        r"Download 712 MB with: camel_data -i sentiment-analysis-mbert$"
    )
    with pytest.raises(MissingDataError, match=expected):
        CamelSentiment("mbert").score(["سوق"])
    (camel / "catalogue.json").unlink()
    with pytest.raises(MissingDataError, match=r"Download 542 MB with: camel_data -i sentiment-analysis-arabert$"):
        CamelSentiment().score(["سوق"])


def test_camels_broken_models_are_told(camel: Path) -> None:
    (camel / "data/sentiment_analysis/arabert/model.safetensors").unlink()
    with pytest.raises(InputError, match=r"cannot be loaded .* anew: camel_data -i -f sentiment-analysis-arabert"):
        CamelSentiment().score(["سوق"])


def test_camel_has_no_other_models() -> None:
    with pytest.raises(InputError, match=r"no sentiment model 'gpt'\. Use arabert or mbert"):
        CamelSentiment("gpt")  # type: ignore[arg-type]
    with pytest.raises(InputError, match=r"batch_size is 0"):
        CamelSentiment(batch_size=0)
