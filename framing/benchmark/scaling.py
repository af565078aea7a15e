"""How predictions scale: one worker and several, processes of this machine and a Dask cluster, on the same texts.

Workers are there and have been used before the clock starts, so that what is measured is work and not imports; what
each run sends to them, models included, is measured. Each worker computes with one thread.
"""

from __future__ import annotations

import statistics
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from framing.benchmark.scores import elapsed
from framing.errors import MissingDependencyError
from framing.files import write_table
from framing.resampling import Seed, generator
from framing.resources import cores
from framing.streaming import Dask, Engine, Local, Options
from framing.study import Predictor, load_data, load_study
from framing.study.streaming import predict_file

SENTENCES = 12_000
"""Sentences of a run."""

CHUNK = 250
"""Sentences of a chunk: many enough for every worker, few enough that none waits long for the last."""

REPEATS = 3
"""Runs of each setting; the median is the row's, least and most its spread."""

ARTICLE = 20
"""Sentences of an article."""


def resampled(n: int, rng: Seed) -> pd.DataFrame:
    """Make sentences by drawing words from the default study's articles, of the lengths that its units have.

    Returns
    -------
    pandas.DataFrame
        ``doc_id``, ``unit``, ``text``; `ARTICLE` sentences in an article.
    """
    drawn, _ = generator(rng)
    units = load_data(load_study()).automatic["text"].str.split()
    words = np.array([word for unit in units for word in unit], dtype=object)
    lengths = drawn.choice(units.map(len).to_numpy(), size=n)
    texts = [" ".join(part) for part in np.split(drawn.choice(words, size=int(lengths.sum())), lengths.cumsum()[:-1])]
    places = np.arange(n)
    return pd.DataFrame(
        {"doc_id": [f"a{place // ARTICLE}" for place in places], "unit": places % ARTICLE, "text": texts}
    )


def run(
    rng: int, replications: int = REPEATS, *, encoder: str = "tfidf", sentences: int = SENTENCES
) -> list[dict[str, Any]]:
    """Measure sentences a second with 1, 2, 4 ... workers up to the cores of this machine, and at least 2.

    Parameters
    ----------
    rng
        Seed of the sentences.
    replications
        Runs of each setting.
    encoder
        One that keeps no vectors, or a second run would measure the cache.
    sentences
        Sentences of a run.

    Returns
    -------
    list of dict
        ``setting`` (workers), ``system`` (engine), ``source``, ``sentences_per_second`` with its ``least`` and
        ``most``, and ``ratio`` to one worker of the same engine.
    """
    study = load_study()
    predictor = Predictor.from_study(study, load_data(study), encoder)
    counts = [1]
    while counts[-1] * 2 <= max(2, cores()):
        counts.append(counts[-1] * 2)
    rows: list[dict[str, Any]] = []
    with tempfile.TemporaryDirectory() as folder:
        source, short = Path(folder) / "in.parquet", Path(folder) / "short.parquet"
        table = resampled(sentences, rng)
        write_table(table, source)
        write_table(table.head(max(counts) * 4 * ARTICLE), short)
        for workers in counts:
            with _cluster(workers) as engine:
                predict_file(short, predictor, Path(folder) / "warm.parquet", {}, Options(ARTICLE, engine=engine))
                seconds = [_seconds(source, predictor, Path(folder), engine) for _ in range(replications)]
            rows.append(_row(f"{workers} workers", "dask", sentences, seconds))
        seconds = [_seconds(source, predictor, Path(folder), Local(1)) for _ in range(replications)]
        rows.append(_row("1 workers", "local", sentences, seconds))
    single = rows[0]["sentences_per_second"]
    return [{**row, "ratio": row["sentences_per_second"] / single} for row in rows]


@contextmanager
def _cluster(workers: int) -> Iterator[Engine]:
    try:
        from distributed import LocalCluster
    except ImportError:
        raise MissingDependencyError(
            "distributed", "The benchmark 'scaling'", "pip install 'arabic-framing[dask]'"
        ) from None
    with LocalCluster(n_workers=workers, threads_per_worker=1, processes=True, dashboard_address=":0") as cluster:
        yield Dask(cluster.scheduler_address)


def _seconds(source: Path, predictor: Predictor, folder: Path, engine: Engine) -> float:
    return elapsed(lambda: predict_file(source, predictor, folder / "out.parquet", {}, Options(CHUNK, engine=engine)))


def _row(setting: str, system: str, sentences: int, seconds: list[float]) -> dict[str, Any]:
    return {
        "setting": setting,
        "system": system,
        "source": "ours",
        "sentences_per_second": sentences / statistics.median(seconds),
        "least": sentences / max(seconds),
        "most": sentences / min(seconds),
    }
