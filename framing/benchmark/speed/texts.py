"""Segmentation, normalisation, tokenisation and n-grams beside camel-tools, pyarabic and public splitters."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from framing.benchmark.speed.timing import Plan, Way, compared, peer, resampled
from framing.errors import MissingDataError

MEGABYTE = 1e6

LINES = 12
"""Lines of a resampled article."""

REMEMBERED = "ours remembers words, of which these texts have few different ones"
"""Note of a comparison that resampling from short articles flatters."""


def resampled_articles(count: int, rng: int) -> pd.DataFrame:
    """Return articles of lines drawn from the seeds' articles: ``doc_id`` and ``text``."""
    from framing.study import load_data, load_study

    draw = np.random.default_rng(rng)
    lines = [
        line for text in load_data(load_study(None)).articles["text"] for line in text.splitlines() if line.strip()
    ]
    texts = ["\n".join(lines[place] for place in own) for own in draw.integers(len(lines), size=(count, LINES))]
    return pd.DataFrame({"doc_id": [f"a{place}" for place in range(count)], "text": texts})


def segmenting(plan: Plan) -> list[dict[str, Any]]:
    """Compare segmentation, offsets, types and hashes included, with splitters that give sentences alone."""
    from framing.corpus import peer_splitters, segment

    articles = resampled_articles(plan.articles, plan.rng)
    texts = articles["text"].tolist()
    size = sum(len(text.encode("utf-8")) for text in texts) / MEGABYTE

    def camel() -> Callable[[], object]:
        tokenise = peer("camel-tools", "camel_tools.tokenizers.word").simple_word_tokenize
        return _each(tokenise, texts)

    def splitter(name: str) -> Callable[[], object]:
        peer(name)
        return _each(peer_splitters()[name], texts)

    some = texts[: max(1, len(texts) // 10)]
    return compared(
        "segmentation with offsets and types",
        Way("framing", lambda: lambda: segment(articles), size),
        [
            Way("camel-tools", camel, size, "words alone: it splits no sentences"),
            Way("pysbd", partial(splitter, "pysbd"), size, "sentences alone"),
            Way("NLTK punkt", partial(splitter, "nltk"), size, "sentences alone, untrained"),
            Way("sentencex", partial(splitter, "sentencex"), size, "sentences alone; compiled"),
            Way(
                "stanza",
                lambda: _each(_stanza(), some),
                sum(len(text.encode("utf-8")) for text in some) / MEGABYTE,
                "sentences and words, a tenth of the articles",
            ),
        ],
        per="MB",
        rounds=plan.rounds,
    )


def _stanza() -> Callable[[str], object]:
    """Return stanza's tokeniser, of a model that is there."""
    stanza = peer("stanza")
    folder = Path(stanza.resources.common.DEFAULT_MODEL_DIR)
    if not (folder / "ar" / "tokenize").is_dir():
        raise MissingDataError(
            "stanza's Arabic model",
            "This comparison",
            folder=folder,
            command="python -c \"import stanza; stanza.download('ar', processors='tokenize')\"",
            megabytes=5,
        )
    pipeline: Callable[[str], object] = stanza.Pipeline(
        "ar", processors="tokenize", download_method=None, verbose=False, use_gpu=False
    )
    return pipeline


def normalising(plan: Plan) -> list[dict[str, Any]]:
    """Compare normalisation with camel-tools alone, by the same steps, and with pyarabic by those that it has."""
    from framing.corpus import normalise

    texts = resampled(plan.many, plan.rng)

    def camel() -> Callable[[], object]:
        fold, strip = (
            peer("camel-tools", "camel_tools.utils.normalize"),
            peer("camel-tools", "camel_tools.utils.dediac"),
        )
        steps = (
            fold.normalize_unicode,
            strip.dediac_ar,
            fold.normalize_alef_ar,
            fold.normalize_alef_maksura_ar,
            fold.normalize_teh_marbuta_ar,
        )
        return _each(lambda text: _through(steps, text), texts)

    def pyarabic() -> Callable[[], object]:
        araby = peer("pyarabic", "pyarabic.araby")
        steps = (
            araby.normalize_ligature,
            araby.strip_tashkeel,
            araby.strip_tatweel,
            araby.normalize_alef,
            araby.normalize_teh,
        )
        return _each(lambda text: _through(steps, text), texts)

    return compared(
        "normalisation",
        Way("framing", lambda: _each(normalise, texts), len(texts)),
        [
            Way("camel-tools", camel, len(texts), f"{REMEMBERED}; the same steps, without tatweel and invisible marks"),
            Way("pyarabic", pyarabic, len(texts), f"{REMEMBERED}; its own steps, without Unicode's and alef maksura"),
        ],
        per="sentences",
        rounds=plan.rounds,
    )


def tokenising(plan: Plan) -> list[dict[str, Any]]:
    """Compare tokens with offsets and kinds with tokenisers that give strings."""
    from framing.portrayal.tokens import tokens_of

    texts = resampled(plan.many, plan.rng)

    def tokens(package: str, module: str, name: str) -> Callable[[], object]:
        return _each(getattr(peer(package, module), name), texts)

    strings = "strings alone"
    return compared(
        "tokenisation with offsets and kinds",
        Way("framing", lambda: _each(tokens_of, texts), len(texts)),
        [
            Way(
                "camel-tools",
                partial(tokens, "camel-tools", "camel_tools.tokenizers.word", "simple_word_tokenize"),
                len(texts),
                strings,
            ),
            Way("pyarabic", partial(tokens, "pyarabic", "pyarabic.araby", "tokenize"), len(texts), strings),
            Way("NLTK", partial(tokens, "nltk", "nltk.tokenize", "wordpunct_tokenize"), len(texts), strings),
        ],
        per="sentences",
        rounds=plan.rounds,
    )


def counting(plan: Plan) -> list[dict[str, Any]]:
    """Compare the counting of n-grams with scikit-learn's."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    from framing.models.ngrams import Ngrams

    texts = resampled(max(1, plan.many // 4), plan.rng)

    def made(kind: Any) -> Callable[[], object]:
        fitted = kind(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True).fit(texts[:1000])
        return lambda: fitted.transform(texts)

    return compared(
        "n-grams of characters",
        Way("framing", lambda: made(Ngrams), len(texts)),
        [Way("scikit-learn", lambda: made(TfidfVectorizer), len(texts), f"{REMEMBERED}; the same weights to the bit")],
        per="sentences",
        rounds=plan.rounds,
    )


def _each(call: Callable[[str], object], texts: list[str]) -> Callable[[], object]:
    """Return a loop of the call over texts."""
    return lambda: [call(text) for text in texts]


def _through(steps: tuple[Callable[[str], str], ...], text: str) -> str:
    for step in steps:
        text = step(text)
    return text
