"""Blind assignment: every coder gets an own queue and sees nobody else's."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from framing.coding.codebook import Codebook
from framing.coding.exchange.queues import QUEUE, Assignment, shuffled
from framing.errors import InputError
from framing.files import text_sha
from framing.resampling import Seed, generator
from framing.schema import KEY


def assign(
    units: pd.DataFrame,
    coders: Sequence[str],
    codebook: Codebook,
    *,
    overlap: float,
    per_unit: int | None = None,
    whole_articles: bool = False,
    rng: Seed,
) -> Assignment:
    """Deal units out to coders, blind and balanced.

    Every unit goes to one coder, the units of the overlap to ``per_unit`` of them, always to those who have least so
    far, so that loads never differ by more than one unit (or one article, where those are dealt out whole). The
    overlap is a systematic sample with a random start through articles in random order (Cochran, Sampling
    Techniques, 1977, ch. 8): every unit is as likely to be in it, and every article gives its share, to one unit.
    A queue is shuffled; where the codebook lets coders read the units before (``context``), the units of an article
    follow each other as in the text, and articles are shuffled.

    Parameters
    ----------
    units
        ``doc_id, unit, text``; where there is ``unit_type``, boilerplate is left out. The order of rows is
        immaterial.
    coders
        Pseudonyms, each once. Names play no part in the draw.
    overlap
        Units that several coders code: a share between 0 and 1 as a float (1.0: all), or how many as an integer.
        With ``whole_articles`` articles are counted so, not units.
    per_unit
        Coders of each such unit, from 2; None: all of them.
    whole_articles
        Deal out articles, not units.
    rng
        Seed or generator.

    Raises
    ------
    InputError
        For no coders, a name twice or empty, no units, a unit twice, or an overlap that cannot be.
    """
    names = _names(coders)
    table = _units(units)
    articles, codes = np.unique(table["doc_id"].to_numpy(dtype=str), return_inverse=True)
    blocks = codes if whole_articles else np.arange(len(table))
    sizes = np.bincount(blocks)
    k = len(names) if per_unit is None else per_unit
    several = _how_many(overlap, len(sizes), k, len(names), "articles" if whole_articles else "units")
    draw, seed = generator(rng)
    rank = draw.permutation(len(articles))[codes]  # articles in random order, units in random order inside
    order = np.lexsort((draw.random(len(table)), rank))
    spread = order if not whole_articles else draw.permutation(len(sizes))
    shared = np.zeros(len(sizes), dtype=bool)
    if several:
        shared[spread[((np.arange(several) + draw.random()) * len(sizes) / several).astype(int)]] = True
    dealt = _deal(sizes, np.where(shared, k, 1), len(names), draw)
    reading = codebook.context > 0
    queues = []
    for coder, name in enumerate(names):
        mine = np.flatnonzero(dealt[blocks, coder])
        mine = mine[shuffled(codes[mine], len(articles), reading, draw)]
        queues.append(table.iloc[mine].assign(coder=name, position=np.arange(len(mine))))
    return Assignment(
        table=pd.concat(queues, ignore_index=True)[QUEUE],
        coders=names,
        codebook=codebook.name,
        version=codebook.version,
        overlap=int(sizes[shared].sum()),
        per_unit=k,
        whole_articles=whole_articles,
        reading_order=reading,
        seed=seed,
    )


def _names(coders: Sequence[str]) -> tuple[str, ...]:
    names = tuple(str(coder).strip() for coder in coders)
    if not names or not all(names):
        raise InputError("a coder without a name", cure="Give each coder a pseudonym, such as A, B and C.")
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise InputError(f"the coder '{twice[0]}' stands twice", cure="Give each coder a pseudonym of their own.")
    return names


def _units(units: pd.DataFrame) -> pd.DataFrame:
    """Return the units that are coded, by key, with the hash of their text."""
    if "unit_type" in units.columns:
        units = units[units["unit_type"].ne("boilerplate")]
    if units.empty:
        raise InputError("there is no unit to code", cure="Segment the articles first: framing segment.")
    table = units[[*KEY, "text"]].sort_values(KEY, ignore_index=True)
    twice = table[KEY].duplicated()
    if twice.any():
        doc_id, unit = table[KEY][twice].iloc[0]
        raise InputError(f"unit {unit} of article '{doc_id}' stands twice", cure="Keep one of them.")
    return table.assign(sha=table["text"].map(text_sha))


def _how_many(overlap: float, blocks: int, k: int, coders: int, what: str) -> int:
    if not 2 <= k <= coders and (overlap or k != coders):
        raise InputError(
            f"{k} coders are to code each of the {what} that overlap, of {coders} coders in all",
            cure="Give a number from 2 to the number of coders, or an overlap of 0.",
        )
    share = isinstance(overlap, float)
    if not 0 <= overlap <= (1 if share else blocks):
        raise InputError(
            f"an overlap of {overlap} of {blocks} {what}",
            cure=f"Give a share from 0.0 to 1.0, or a whole number from 0 to {blocks}.",
        )
    return int(np.floor(overlap * blocks + 0.5)) if share else int(overlap)


def _deal(
    sizes: NDArray[np.intp], wanted: NDArray[np.intp], coders: int, draw: np.random.Generator
) -> NDArray[np.bool_]:
    """Give each block to as many coders as it wants: those who have least, then those who met least, then by lot.

    Blocks are dealt out largest first. Whoever gets a block has no more than anybody who does not, so that loads never
    differ by more than the largest block.

    Returns
    -------
    dealt : shape (blocks, coders)
    """
    dealt = np.zeros((len(sizes), coders), dtype=bool)
    loads, met = np.zeros(coders, dtype=int), np.zeros((coders, coders), dtype=int)
    for block in np.lexsort((draw.random(len(sizes)), -sizes, -wanted)).tolist():
        chosen: list[int] = []
        lot = draw.random(coders)
        for _ in range(int(wanted[block])):
            ranked = np.lexsort((lot, met[chosen].sum(axis=0), loads)).tolist()
            chosen.append(next(coder for coder in ranked if coder not in chosen))
        dealt[block, chosen] = True
        loads[chosen] += sizes[block]
        met[np.ix_(chosen, chosen)] += 1
    return dealt
