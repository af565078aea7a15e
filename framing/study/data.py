"""What a study rests on, read from its files and held against each other."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from framing.coding import (
    Codebook,
    Provenance,
    majority_gold,
    read_codebook,
    read_codings,
    read_exemplars,
    read_gold,
    read_provenance,
    read_target_exemplars,
    require_units,
)
from framing.coding.codebook import FRAME_PREFIX
from framing.coding.exemplars import codebook_exemplars
from framing.corpus import near_duplicate_groups, read_articles, read_units, segment
from framing.errors import InputError
from framing.models.frames import CONSTRUCTED_WEIGHT
from framing.models.sentiment.marking import Marked
from framing.models.validation import Extra
from framing.schema import KEY
from framing.study.config import Study

TARGET_WEIGHT = 1 / 3
"""How many coded units a constructed text counts for where tone towards a party is learned."""


@dataclass(frozen=True, eq=False)
class StudyData:
    """A study's tables.

    Attributes
    ----------
    articles
        As `framing.read_articles` gives them.
    automatic
        Units as `framing.segment` cuts them.
    units
        The units that were coded: the study's segments, else ``automatic``.
    codebook, codings, gold, provenance
        What was coded, by whom; None where the study has none.
    exemplars, target_exemplars
        As `framing.coding.read_exemplars` and `read_target_exemplars` give them; None where the study has none.
    """

    articles: pd.DataFrame
    automatic: pd.DataFrame
    units: pd.DataFrame
    codebook: Codebook
    codings: pd.DataFrame | None
    gold: pd.DataFrame | None
    provenance: Provenance | None
    exemplars: pd.DataFrame | None
    target_exemplars: pd.DataFrame | None = None

    @cached_property
    def coded(self) -> pd.DataFrame:
        """Units with their gold, one row per coded unit, in order of the key; without those whose frames have none.

        ``duplicate`` numbers the near-duplicate groups of the units' texts, ``cluster`` those of their articles.
        """
        if self.gold is None:
            raise InputError("the study has no gold", cure="Name codings or gold under [coding] in the study file.")
        columns = [c for c in self.gold.columns if c in KEY or c not in self.units.columns]
        frames = [FRAME_PREFIX + frame for frame in self.codebook.frame_ids]
        answered = self.gold[self.gold[frames].notna().all(axis=1)].astype(dict.fromkeys(frames, bool))
        coded = self.units.merge(answered[columns], on=KEY, validate="one_to_one")
        coded = coded.sort_values(KEY, ignore_index=True)
        articles = dict(zip(self.articles["doc_id"], near_duplicate_groups(self.articles["text"]), strict=True))
        return coded.assign(
            duplicate=near_duplicate_groups(coded["text"]), cluster=coded["doc_id"].map(articles).astype(int)
        )


def constructed(codebook: Codebook, exemplars: pd.DataFrame | None, columns: list[str]) -> Extra | None:
    """Return what a model of these codes learns from besides coded units: exemplars and, for frames, the codebook.

    Parameters
    ----------
    columns
        Those of all frames, or that of one value.

    Returns
    -------
    Extra or None
        Grouped by style; None where there is nothing.
    """
    frames = columns == [FRAME_PREFIX + frame for frame in codebook.frame_ids]
    parts = [codebook_exemplars(codebook)] if frames else []
    if exemplars is not None and set(columns) <= set(exemplars.columns):
        parts.append(exemplars)
    if not parts:
        return None
    table = pd.concat([part[["text", *columns, "style"]] for part in parts], ignore_index=True)
    table = table[table[columns].notna().all(axis=1)]
    y = table[columns].to_numpy(dtype=bool) if frames else table[columns[0]].to_numpy(dtype=float)
    return Extra(table["text"], y, "style " + table["style"], CONSTRUCTED_WEIGHT)


def constructed_targets(scale: tuple[int, ...], targets: pd.DataFrame | None) -> Extra | None:
    """Return what tone towards a party is learned from besides coded units, its names marked.

    Values go to those of the scale by sign; None where there is nothing, or the scale has not three values.
    """
    if targets is None or tuple(np.sign(scale)) != (-1, 0, 1):
        return None
    triples = zip(targets["text"], targets["party"], targets["others"], strict=True)
    text = pd.Series([str(Marked.of(text, party, others)) for text, party, others in triples])
    tone = np.asarray(scale, dtype=float)[np.sign(targets["tone"].to_numpy(dtype=float)).astype(int) + 1]
    return Extra(text, tone, "constructed " + targets["part_of"].astype(str), TARGET_WEIGHT)


def load_data(study: Study, *, draft: bool = False) -> StudyData:
    """Read everything that a study names; gold is made from the codings where the study names none.

    Parameters
    ----------
    draft
        Take a codebook that has no frames yet, as long as nothing is coded.

    Raises
    ------
    InputError
        Where a file cannot be used, or does not fit another.
    """
    articles = read_articles(study.articles, study.sources)
    codebook = read_codebook(study.codebook, draft=draft and study.codings is None and study.gold is None)
    unknown = sorted(set(study.parties) - set(codebook.party_ids))
    if unknown:
        raise InputError(
            f"[parties] names '{unknown[0]}', which the codebook does not know",
            file=study.file,
            cure=f"The codebook's parties are {', '.join(codebook.party_ids)}."
            if codebook.party_ids
            else f"Write it under targets.parties in {study.codebook}.",
        )
    automatic = segment(articles)
    units = read_units(study.segments, articles) if study.segments else automatic
    codings = gold = None
    if study.codings:
        codings = read_codings(study.codings, codebook)
        require_units(codings, units, file=study.codings)
        gold = majority_gold(codings, codebook)
    if study.gold:
        gold = read_gold(study.gold, codebook)
        require_units(gold, units, file=study.gold)
    provenance = read_provenance(study.provenance) if study.provenance else None
    exemplars = read_exemplars(study.exemplars, codebook) if study.exemplars else None
    targets = read_target_exemplars(study.target_exemplars) if study.target_exemplars else None
    return StudyData(articles, automatic, units, codebook, codings, gold, provenance, exemplars, targets)


def nameless(study: Study, codebook: Codebook) -> InputError | None:
    """Return what is wrong where the codebook has a party without names in the study file; None where all have some."""
    without = [party for party in codebook.party_ids if party not in study.parties]
    if not without:
        return None
    return InputError(
        f"no names are known for the party '{without[0]}'",
        file=study.file,
        cure=f'Write {without[0]} = ["name", "other name"] under [parties], so that mentions can be found.',
    )
