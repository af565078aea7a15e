from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest
from hypothesis import settings

from framing.study import Study, StudyData, load_data, load_study
from tests.endpoint import Server

if TYPE_CHECKING:
    from playwright.sync_api import Browser

ROOT = Path(__file__).parents[1]

# The same examples each time, and no deadline, which a busy machine misses where nothing is wrong.
settings.register_profile("framing", deadline=None, derandomize=True)
settings.load_profile("framing")


@pytest.fixture(scope="session", autouse=True)
def vector_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Keep vectors of one test session apart from the user's."""
    folder = tmp_path_factory.mktemp("cache")
    before = os.environ.get("FRAMING_CACHE")
    os.environ["FRAMING_CACHE"] = str(folder)
    yield folder
    if before is None:
        del os.environ["FRAMING_CACHE"]
    else:
        os.environ["FRAMING_CACHE"] = before


@pytest.fixture(scope="session")
def study() -> Study:
    return load_study()


@pytest.fixture(scope="session")
def data(study: Study) -> StudyData:
    return load_data(study)


QUIET = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
"""Chromium without what it would ask of the network."""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    names = ("chromium", "chromium-browser", "google-chrome")
    program = next((found for name in names if (found := shutil.which(name))), None)
    if program is None:
        pytest.skip("no Chromium: `make chromium` installs it or says how")
    sync = pytest.importorskip("playwright.sync_api", reason="playwright is in the dev group")
    with sync.sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=program, args=QUIET)
        yield running
        running.close()


class HashEncoder:
    """An encoder that knows only letters: fast, offline, the same vector for the same text."""

    dimension = 64
    key = "hash-1"

    def __init__(self) -> None:
        self.encoded: list[str] = []

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        self.encoded += list(texts)
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for row, text in zip(vectors, texts, strict=True):
            for gram in zip(text, text[1:], text[2:], strict=False):
                row[hashlib.sha256("".join(gram).encode()).digest()[0] % self.dimension] += 1
        return vectors


@pytest.fixture
def hash_encoder() -> HashEncoder:
    return HashEncoder()


@pytest.fixture
def small_units() -> pd.DataFrame:
    """Two outlets with six articles each, four units an article, made up."""
    rng = np.random.default_rng(5)
    rows = []
    for outlet, rate in (("east", 0.3), ("west", 0.6)):
        for article in range(6):
            for unit in range(4):
                rows.append(
                    {
                        "doc_id": f"{outlet}{article}",
                        "outlet": outlet,
                        "unit": unit,
                        "paragraph": unit // 2,
                        "has_cold": bool(rng.random() < rate),
                        "has_warm": bool(rng.random() < 0.5),
                        "tone": float(rng.integers(-1, 2)),
                    }
                )
    return pd.DataFrame(rows)


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "OPENAI_API_KEY", "OPENAI_BASE_URL"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    with Server() as running:
        thread = Thread(target=running.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield running
        running.shutdown()
        thread.join()
