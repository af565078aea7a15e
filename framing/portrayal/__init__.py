"""What can be read off the text: parties, who speaks, what is claimed, in which words, and what is shared."""

from __future__ import annotations

from framing.portrayal.claims import Fact, attributed, claim_relations, claims, tied_figures
from framing.portrayal.figures import figures_table
from framing.portrayal.framed import frames_by_voice, headline_and_body
from framing.portrayal.keyness import keyness
from framing.portrayal.names import mention_table
from framing.portrayal.parties import mentions, references
from framing.portrayal.reuse import reuse, shared_passages, shared_sentences
from framing.portrayal.spellings import suggest_aliases
from framing.portrayal.tables import Portrayal
from framing.portrayal.voices import RuleVoice, attribution_table, source_table
from framing.portrayal.wording import collocations, term_contrasts

__all__ = [
    "Fact",
    "Portrayal",
    "RuleVoice",
    "attributed",
    "attribution_table",
    "claim_relations",
    "claims",
    "collocations",
    "figures_table",
    "frames_by_voice",
    "headline_and_body",
    "keyness",
    "mention_table",
    "mentions",
    "references",
    "reuse",
    "shared_passages",
    "shared_sentences",
    "source_table",
    "suggest_aliases",
    "term_contrasts",
    "tied_figures",
]
