"""What coding by a language model would cost, told before anything is sent."""

from __future__ import annotations

from dataclasses import asdict, dataclass

import pandas as pd

TOKEN_RULE = (
    "One token for 4 ASCII and for 2 other characters, 10 for each message; the answer as long as the longest the "
    "codebook allows; each unit asked once. Repeated questions and a model's hidden reasoning come on top."
)
"""Deliberately on the high side for Arabic, which tokenisers cut into pieces of two to four letters."""


@dataclass(frozen=True)
class CostEstimate:
    """What coding would take; nothing was sent.

    Attributes
    ----------
    n_units, n_cached, n_calls
        Units to code, those answered already, and requests still to make (equal requests are made once).
    n_calls_at_most
        Requests if every answer had to be asked for again as often as allowed.
    tokens_in, tokens_out
        Of ``n_calls``, by ``rule``.
    cost
        In the currency of the prices; None without prices.
    rule
        How tokens are counted, in words.
    """

    n_units: int
    n_cached: int
    n_calls: int
    n_calls_at_most: int
    tokens_in: int
    tokens_out: int
    cost: float | None
    rule: str = TOKEN_RULE

    def to_frame(self) -> pd.DataFrame:
        """Return the estimate as a table of one row."""
        return pd.DataFrame([asdict(self)])


def tokens(text: str) -> int:
    """Estimate the tokens of a text by `TOKEN_RULE`."""
    ascii_characters = sum(character.isascii() for character in text)
    return -(-ascii_characters // 4) + -(-(len(text) - ascii_characters) // 2)
