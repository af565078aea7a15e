"""What coders said about units: codebook, codings, gold, agreement."""

from __future__ import annotations

from framing.coding.adjudication import read_adjudications
from framing.coding.agreement import agreement, agreement_of_sets, value_shares
from framing.coding.alpha import RELIABLE, TENTATIVE, verdict
from framing.coding.breakdown import agreement_by_coder, agreement_by_outlet, agreement_by_pair
from framing.coding.codebook import Codebook, read_codebook
from framing.coding.codings import read_codings, read_gold, require_units
from framing.coding.disagreement import differences
from framing.coding.drift import drift
from framing.coding.exemplars import read_exemplars, read_target_exemplars
from framing.coding.gold import Gold, gold_table, make_gold
from framing.coding.majority import majority_gold
from framing.coding.provenance import Provenance, read_provenance
from framing.coding.said import read_said

__all__ = [
    "RELIABLE",
    "TENTATIVE",
    "Codebook",
    "Gold",
    "Provenance",
    "agreement",
    "agreement_by_coder",
    "agreement_by_outlet",
    "agreement_by_pair",
    "agreement_of_sets",
    "differences",
    "drift",
    "gold_table",
    "majority_gold",
    "make_gold",
    "read_adjudications",
    "read_codebook",
    "read_codings",
    "read_exemplars",
    "read_gold",
    "read_provenance",
    "read_said",
    "read_target_exemplars",
    "require_units",
    "value_shares",
    "verdict",
]
