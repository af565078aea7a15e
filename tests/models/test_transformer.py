from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from scipy.special import logit
from sklearn.base import clone

from framing.errors import InputError, MissingDependencyError
from framing.models.pretrained import load_encoder
from framing.models.splits import held_out_split
from framing.models.thresholds import best_thresholds
from framing.models.transformer import TransformerClassifier

torch = pytest.importorskip("torch")
transformers = pytest.importorskip("transformers")

WORDS = ["storm", "wind", "bread", "grain", "the", "news", "of", "today", "gave", "us"]


@pytest.fixture(scope="module", autouse=True)
def one_thread() -> Iterator[None]:
    """Matrices this small only wait for a second thread."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="module")
def encoder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A BERT with one small layer that nobody has trained."""
    folder = tmp_path_factory.mktemp("encoder")
    vocabulary = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *WORDS]
    (folder / "vocab.txt").write_text("\n".join(vocabulary), encoding="utf-8")
    config = transformers.BertConfig(
        vocab_size=len(vocabulary),
        hidden_size=32,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=32,
        max_position_embeddings=32,
    )
    with torch.random.fork_rng():
        torch.manual_seed(0)
        transformers.BertModel(config).save_pretrained(folder)
    transformers.BertTokenizerFast(vocab=str(folder / "vocab.txt")).save_pretrained(folder)
    return folder


def texts(n: int, seed: int = 0) -> tuple[list[str], np.ndarray]:
    """Sentences, and whether they speak of weather and of food: one word tells each."""
    rng = np.random.default_rng(seed)
    hits = rng.random((n, 2)) < (0.5, 0.3)
    made = []
    for weather, food in hits:
        words = [*rng.choice(WORDS[4:], 3), *(["storm"] if weather else []), *(["bread"] if food else [])]
        made.append(" ".join(rng.permutation(words)))
    return made, hits


def small(encoder: Path, **changes: object) -> TransformerClassifier:
    settings: dict[str, object] = {"seed": 3, "epochs": 20, "learning_rate": 5e-3, "patience": 20, "device": "cpu"}
    return TransformerClassifier(str(encoder), **(settings | changes))  # type: ignore[arg-type]


def test_several_labels_are_learned(encoder: Path) -> None:
    train, y = texts(160)
    test, gold = texts(60, seed=1)
    model = small(encoder).fit(train, y)
    probabilities, decided = model.predict_proba(test), model.predict(test)
    assert probabilities.shape == decided.shape == (60, 2)
    assert decided.dtype == bool
    assert (decided == gold).mean() > 0.95
    assert 1 <= model.best_epoch_ <= 20


def test_one_value_is_learned_and_an_unseen_one_gets_nothing(encoder: Path) -> None:
    train, y = texts(160)
    tone = np.where(y[:, 0], -1.0, 0.0)
    model = small(encoder, values=(-1, 0, 1)).fit(train, tone)
    probabilities = model.predict_proba(train)
    assert probabilities.shape == (160, 3)
    assert np.allclose(probabilities.sum(axis=1), 1)
    assert (probabilities[:, 2] == 0).all()
    assert (model.predict(train) == tone).mean() > 0.95
    words = np.where(y[:, 1], "food", "other")
    assert set(small(encoder, epochs=1).fit(train, words).predict(train[:5])) <= {"food", "other"}


def test_a_label_that_never_varies_stays_as_it_was(encoder: Path) -> None:
    train, y = texts(40)
    gold = np.column_stack([y[:, 0], np.zeros(40, dtype=bool), np.ones(40, dtype=bool)])
    probabilities = small(encoder, epochs=1).fit(train, gold).predict_proba(train)
    assert (probabilities[:, 1] == 0).all()
    assert (probabilities[:, 2] == 1).all()
    assert ((probabilities[:, 0] > 0) & (probabilities[:, 0] < 1)).all()
    nothing = small(Path("/nowhere/at/all")).fit(train, gold[:, 1:])
    assert nothing.predict(["storm"]).tolist() == [[False, True]]
    assert nothing.best_epoch_ == 0
    assert small(encoder).fit(train, np.full(40, "calm")).predict(["storm", "bread"]).tolist() == ["calm", "calm"]


def test_no_texts_give_no_rows(encoder: Path) -> None:
    train, y = texts(20)
    model = small(encoder, epochs=1).fit(train, y)
    assert model.predict_proba([]).shape == model.predict([]).shape == (0, 2)
    assert small(encoder, epochs=1).fit(train, y[:, 0]).predict([]).shape == (0,)


def test_the_seed_decides_and_nothing_else(encoder: Path) -> None:
    train, y = texts(40)
    torch.manual_seed(11)
    state = torch.random.get_rng_state()
    first = small(encoder, epochs=2).fit(train, y)
    assert torch.equal(state, torch.random.get_rng_state()), "the process's random state is its own"
    torch.manual_seed(12)
    np.testing.assert_array_equal(first.predict_proba(train), clone(first).fit(train, y).predict_proba(train))
    other = small(encoder, epochs=2, seed=4).fit(train, y).predict_proba(train)
    assert not np.allclose(first.predict_proba(train), other)


def test_one_label_is_a_choice_of_yes_and_no(encoder: Path) -> None:
    train, y = texts(160)
    model = small(encoder).fit(train, y[:, 0])
    probabilities, decided = model.predict_proba(train), model.predict(train)
    assert probabilities.shape == (160, 2)
    np.testing.assert_allclose(probabilities.sum(axis=1), 1)
    assert decided.dtype == bool
    assert (decided == (probabilities[:, 1] >= model.thresholds_[0])).all()
    assert (decided == y[:, 0]).mean() > 0.95
    assert model.classes_.tolist() == [False, True]


def test_thresholds_are_chosen_on_what_is_held_out_unless_one_is_given(encoder: Path) -> None:
    train, y = texts(120)
    noisy = y ^ (np.random.default_rng(1).random(y.shape) < 0.2)
    model = small(encoder, epochs=3, validation=0.4).fit(train, noisy)
    _, held_out = held_out_split(120, None, 0.4, 3)
    odds = logit(model.predict_proba([train[i] for i in held_out]))
    chosen = best_thresholds(odds, noisy[held_out], np.ones(len(held_out)), False)
    np.testing.assert_allclose(model.thresholds_, chosen, atol=1e-6)
    assert (model.thresholds_ < 0.5).any()
    for settings in ({"threshold": 0.3}, {"validation": 0.0}):
        fixed = small(encoder, epochs=1, **settings).fit(train, noisy)
        assert fixed.thresholds_.tolist() == [settings.get("threshold", 0.5)] * 2
        assert (fixed.predict(train) == (fixed.predict_proba(train) >= fixed.thresholds_)).all()


def test_training_begins_at_the_rates(encoder: Path) -> None:
    train, y = texts(200)
    model = small(encoder, epochs=1, learning_rate=1e-9, validation=0.0)
    for balanced in (False, True):
        begun = model.set_params(balanced=balanced).fit(train, y).predict_proba(train)
        np.testing.assert_allclose(begun.mean(axis=0), y.mean(axis=0), atol=0.05)
    weight = np.where(y[:, 1], 3.0, 1.0)
    weighted = model.fit(train, y, sample_weight=weight).predict_proba(train)
    assert weighted[:, 1].mean() == pytest.approx(np.average(y[:, 1], weights=weight), abs=0.05)


def test_a_text_without_weight_teaches_nothing(encoder: Path) -> None:
    train, y = texts(120)
    misled = np.vstack([y, ~y])
    model = small(encoder).fit(train + train, misled, sample_weight=np.repeat([1.0, 0.0], 120))
    assert (model.predict(train) == y).mean() > 0.95


def test_embeddings_stay_where_they_are_frozen_and_lower_layers_move_less(encoder: Path) -> None:
    train, y = texts(60)
    before = load_encoder(str(encoder))[1].state_dict()

    def moved(**settings: object) -> dict[str, float]:
        model = small(encoder, epochs=2, learning_rate=1e-3, patience=0, **settings).fit(train, y)
        after = model.network_.encoder.state_dict()
        return {name: float((part - before[name]).abs().max()) for name, part in after.items() if part.ndim == 2}

    frozen, free = moved(freeze_embeddings=True), moved(freeze_embeddings=False, layer_decay=1e-3)
    assert all((frozen[name] == 0) == name.startswith("embeddings.") for name in frozen)
    assert 0 < free["embeddings.word_embeddings.weight"] < min(free[n] for n in free if not n.startswith("embeddings."))


def test_the_mean_is_over_tokens_and_padding_changes_nothing(encoder: Path) -> None:
    train, y = texts(30)
    for pooling in ("mean", "first"):
        network = small(encoder, epochs=1, pooling=pooling, prefix="the ", autocast=False).fit(train, y).network_
        rows = network.tokens(["storm", "bread of the news today"])
        together = network.predict(rows)
        torch.testing.assert_close(together, torch.cat([network.predict([row]) for row in rows]))
        assert network.tokenizer.decode(rows[0]) == "[CLS] the storm [SEP]"
        with torch.inference_mode():
            states = network.encoder(torch.tensor(rows[:1])).last_hidden_state[0]
            vector = states.mean(dim=0) if pooling == "mean" else states[0]
            torch.testing.assert_close(network.head(vector), together[0])


def test_half_precision_learns_too(encoder: Path) -> None:
    train, y = texts(160)
    assert (small(encoder, autocast=True).fit(train, y).predict(train) == y).mean() > 0.95


def test_what_is_not_given_suits_the_model() -> None:
    embedded, other = TransformerClassifier(seed=1), TransformerClassifier("some/bert", seed=1, epochs=4)
    assert [embedded._chosen(name) for name in ("pooling", "prefix", "patience")] == ["mean", "query: ", 0]
    assert embedded._chosen("freeze_embeddings")
    assert [other._chosen(name) for name in ("pooling", "prefix", "epochs")] == ["first", "", 4]
    assert not other._chosen("freeze_embeddings")


def test_training_stops_when_the_held_out_loss_rises_and_the_best_weights_return(encoder: Path) -> None:
    train, _ = texts(60)
    noise = np.random.default_rng(0).random((60, 1)) < 0.5
    model = small(encoder, epochs=60, patience=2, validation=0.3).fit(train, noise)
    held_out = [epoch["held_out"] for epoch in model.history_]
    assert len(held_out) < 60
    assert model.best_epoch_ == int(np.argmin(held_out)) + 1 == len(held_out) - 2
    shorter = small(encoder, epochs=60, patience=1, validation=0.3).fit(train, noise)
    assert len(shorter.history_) <= len(held_out)


def test_without_a_split_all_epochs_are_run(encoder: Path) -> None:
    train, y = texts(20)
    model = small(encoder, epochs=3, patience=1, validation=0.0).fit(train, y, groups=np.arange(20))
    assert [epoch["epoch"] for epoch in model.history_] == [1, 2, 3]
    assert model.best_epoch_ == 3
    assert np.isnan(model.history_[0]["held_out"])


def test_a_saved_classifier_returns_the_same(encoder: Path, tmp_path: Path) -> None:
    train, y = texts(30)
    model = small(encoder, epochs=1, learning_rate=2.5e-7).fit(train, y)
    model.save(tmp_path / "kept")
    assert {file.suffix for file in (tmp_path / "kept").iterdir()} <= {".json", ".safetensors", ".txt"}
    again = TransformerClassifier.load(tmp_path / "kept", device="cpu")
    np.testing.assert_array_equal(again.predict_proba(train), model.predict_proba(train))
    np.testing.assert_array_equal(again.predict(train), model.predict(train))
    assert again.learning_rate == 2.5e-7
    one = small(encoder, epochs=1, freeze_embeddings=True).fit(train, y[:, 0])
    one.save(tmp_path / "one")
    np.testing.assert_array_equal(TransformerClassifier.load(tmp_path / "one").predict(train), one.predict(train))
    body = transformers.AutoModel.from_pretrained(tmp_path / "one", local_files_only=True, dtype=torch.float32)
    for name, part in one.network_.encoder.named_parameters():
        torch.testing.assert_close(body.get_parameter(name), part)
    words = small(encoder, epochs=1, values=tuple(np.array([1, 0]))).fit(train, y[:, 0].astype(int))
    words.save(tmp_path / "words")
    assert TransformerClassifier.load(tmp_path / "words").predict(train).tolist() == words.predict(train).tolist()


def test_what_is_no_saved_classifier_is_told(encoder: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"none: folder not found"):
        TransformerClassifier.load(tmp_path / "none")
    (tmp_path / "classifier.json").write_text("{}", encoding="utf-8")
    with pytest.raises(InputError, match=r"not a saved classifier .* Train and save it anew"):
        TransformerClassifier.load(tmp_path)
    model = small(encoder, epochs=1).fit(*texts(20))
    model.save(tmp_path / "kept")
    (tmp_path / "kept" / "model.safetensors").write_bytes((encoder / "model.safetensors").read_bytes())
    with pytest.raises(InputError, match=r"the weights lack classifier"):
        TransformerClassifier.load(tmp_path / "kept")


def test_a_model_that_is_not_there_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    train, y = texts(10)
    with pytest.raises(InputError, match=r"encoders/none: folder of the encoder not found"):
        small(tmp_path / "encoders/none").fit(train, y)
    with pytest.raises(InputError, match=r"cannot be loaded .* The folder needs config\.json"):
        small(tmp_path).fit(train, y)
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path))
    with pytest.raises(InputError, match=r"'nobody/has-this' cannot be loaded .* run 'hf download nobody/has-this"):
        TransformerClassifier("nobody/has-this", seed=1, device="cpu").fit(train, y)


def test_wrong_input_is_told(encoder: Path) -> None:
    train, y = texts(10)
    with pytest.raises(InputError, match="cannot learn from 10 texts, 9 labels"):
        small(encoder).fit(train, y[:9])
    with pytest.raises(InputError, match="10 texts, 10 labels, 10 weights, 3 groups"):
        small(encoder).fit(train, y, groups=["a", "b", "c"])
    with pytest.raises(InputError, match="10 texts, 10 labels, 2 weights"):
        small(encoder).fit(train, y, sample_weight=[1, 2])
    with pytest.raises(InputError, match="cannot learn from 0 texts"):
        small(encoder).fit([], np.empty((0, 2)))
    with pytest.raises(InputError, match=r"unknown value '7'\. Use one of -1, 0, 1"):
        small(encoder, values=(-1, 0, 1)).fit(train, np.full(10, 7))
    with pytest.raises(InputError, match="no device 'abacus'"):
        small(encoder, device="abacus").fit(train, y)
    with pytest.raises(InputError, match=r"training diverged: .* lower learning rate"):
        small(encoder, learning_rate=float("inf")).fit(train, y)


@pytest.mark.parametrize("package", ["torch", "transformers"])
def test_a_missing_library_is_told(encoder: Path, monkeypatch: pytest.MonkeyPatch, package: str) -> None:
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(MissingDependencyError, match=f"Fine-tuning an encoder needs the package {package}"):
        small(encoder).fit(*texts(4))


def test_long_texts_are_cut(encoder: Path) -> None:
    train, y = texts(10)
    model = small(encoder, epochs=1, max_length=512).fit(train, y)
    assert model.predict(["storm " * 400, ""]).shape == (2, 2)
