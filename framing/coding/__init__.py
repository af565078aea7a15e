"""What coders said about units: codebook, codings, gold, agreement."""

from __future__ import annotations

from framing.coding.agreement import agreement, value_shares
from framing.coding.codebook import Codebook, read_codebook
from framing.coding.codings import majority_gold, read_codings, read_gold, require_units
from framing.coding.exemplars import read_exemplars, read_target_exemplars
from framing.coding.provenance import Provenance, read_provenance

__all__ = [
    "Codebook",
    "Provenance",
    "agreement",
    "majority_gold",
    "read_codebook",
    "read_codings",
    "read_exemplars",
    "read_gold",
    "read_provenance",
    "read_target_exemplars",
    "require_units",
    "value_shares",
]
