"""Timing ways to the same end in turns, and the rows that come of it; a peer that cannot be had gives its reason."""

from __future__ import annotations

import importlib
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from framing.benchmark import scaling
from framing.benchmark.scores import elapsed, row
from framing.errors import FramingError, MissingDependencyError

ROUNDS = 5
"""Rounds of a comparison by default."""


@dataclass(frozen=True)
class Plan:
    """What every section is given.

    Attributes
    ----------
    rng, rounds
        Seed of the texts, and rounds of each comparison.
    few, many
        Sentences that are encoded by the teacher in a round, and those that are normalised, looked up or predicted.
    articles
        Articles that are cut into units.
    draws, loops
        Replicates of a bootstrap, and those that are timed where each costs a call of a peer in a loop.
    runs
        Warm runs of the whole study.
    """

    rng: int
    rounds: int = ROUNDS
    few: int = 64
    many: int = 10_000
    articles: int = 60
    draws: int = 10_000
    loops: int = 50
    runs: int = 1


@dataclass(frozen=True)
class Way:
    """A way to an end.

    Attributes
    ----------
    name
        How the table calls it.
    make
        Imports and loads what it needs and returns what is timed.
    units
        How many texts, megabytes or draws it does in a call: it may do fewer than another where it is slow.
    note
        What a reader must know to compare ours with it.
    """

    name: str
    make: Callable[[], Callable[[], object]]
    units: float
    note: str = ""


def resampled(count: int, rng: int) -> list[str]:
    """Return sentences whose words are drawn from the seed articles, with the lengths of the seeds' units."""
    return [str(text) for text in scaling.resampled(count, rng)["text"]]


def peer(package: str, module: str | None = None) -> Any:
    """Import a package that ours is held against, which is no dependency of ours, or one of its modules."""
    try:
        return importlib.import_module(module or package)
    except ImportError:
        raise MissingDependencyError(package, "This comparison", f"pip install {package}") from None


def compared(setting: str, ours: Way, peers: Sequence[Way], *, per: str, rounds: int) -> list[dict[str, Any]]:
    """Time ours and its peers in turns and return a row for each peer, as `against` makes it."""
    seconds, reasons = timed(setting, ours, peers, rounds)
    return [against(setting, ours, other, seconds, reasons, per=per) for other in peers]


def timed(
    setting: str, ours: Way | Sequence[Way], peers: Sequence[Way], rounds: int
) -> tuple[dict[str, NDArray[np.float64]], dict[str, str]]:
    """Time all ways, one after the other in each round.

    Returns
    -------
    seconds
        By name, shape (rounds,): seconds a unit. What is loaded at the first call, before the rounds, counts for none.
    reasons
        By name, why a peer has no seconds. Its failure is a finding about the peer; one of ours is raised.
    """
    from tqdm.auto import tqdm

    ready: dict[str, tuple[Callable[[], object], float]] = {}
    reasons: dict[str, str] = {}
    for way in (ours,) if isinstance(ours, Way) else ours:
        ready[way.name] = way.make(), way.units
        ready[way.name][0]()
    for way in peers:
        try:
            with warnings.catch_warnings():  # peers warn about their own code; the user's filters come back after
                warnings.simplefilter("ignore")
                ready[way.name] = way.make(), way.units
                ready[way.name][0]()
        except FramingError as error:
            reasons[way.name] = str(error)
        except Exception as error:
            reasons[way.name] = f"not measured: {error!r}"
    usable = {name: found for name, found in ready.items() if name not in reasons}
    seconds: dict[str, list[float]] = {name: [] for name in usable}
    with tqdm(total=rounds * len(usable), desc=setting, leave=False, disable=None) as bar, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for _ in range(rounds):
            for name, (call, units) in usable.items():
                seconds[name].append(elapsed(call) / units)
                bar.update()
    return {name: np.array(found) for name, found in seconds.items()}, reasons


def against(
    setting: str,
    ours: Way,
    other: Way,
    seconds: Mapping[str, NDArray[np.float64]],
    reasons: Mapping[str, str],
    *,
    per: str,
) -> dict[str, Any]:
    """Return the row that holds ours against a peer.

    Returns
    -------
    dict
        ``ratio, ratio_low, ratio_high`` (their seconds a unit to ours: median, least and greatest over rounds),
        ``ours`` and ``theirs`` (units a second, medians), ``per`` (what a unit is) and ``rounds``; ``reason`` alone
        where the peer could not be measured.
    """
    if other.name in reasons:
        return {**row(setting, other.name, {}), "reason": reasons[other.name]}
    own, their = seconds[ours.name], seconds[other.name]
    ratios = their / own
    metrics = {
        "ratio": float(np.median(ratios)),
        "ratio_low": float(ratios.min()),
        "ratio_high": float(ratios.max()),
        "ours": float(1 / np.median(own)),
        "theirs": float(1 / np.median(their)),
        "rounds": float(len(own)),
    }
    return {**row(setting, other.name, metrics, note=other.note), "per": per}
