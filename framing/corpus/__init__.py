"""Articles in, clean units out: segmentation, normalisation and how well they do.

Importing this room loads pandas and nothing heavier; camel-tools and the public splitters come in where they are
used.
"""

from __future__ import annotations

from framing.corpus.articles import read_articles
from framing.corpus.duplicates import near_duplicate_groups, near_duplicates
from framing.corpus.evaluation import compare_splitters, evaluate_segmentation, peer_splitters
from framing.corpus.morphology import CamelLemmatiser, lemmas
from framing.corpus.normalisation import normalise
from framing.corpus.segmentation import Unit, segment, split_units
from framing.corpus.units import read_units

__all__ = [
    "CamelLemmatiser",
    "Unit",
    "compare_splitters",
    "evaluate_segmentation",
    "lemmas",
    "near_duplicate_groups",
    "near_duplicates",
    "normalise",
    "peer_splitters",
    "read_articles",
    "read_units",
    "segment",
    "split_units",
]
