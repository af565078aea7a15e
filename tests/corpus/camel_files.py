"""What ``camel_data`` would install, small: a catalogue, a database of a few words, a model of their analyses."""

from __future__ import annotations

import json
from pathlib import Path

DATABASE = """\
###DEFINES###
DEFINE pos pos:noun pos:noun_prop pos:verb pos:digit pos:punc pos:foreign
DEFINE diac diac:*open*
DEFINE lex lex:*open*
DEFINE bw bw:*open*
DEFINE gloss gloss:*open*
DEFINE pos_lex_logprob pos_lex_logprob:*open*
DEFINE lex_logprob lex_logprob:*open*
###DEFAULTS###
DEFAULT pos:noun diac:* lex:* bw:* gloss:*
DEFAULT pos:noun_prop diac:* lex:* bw:* gloss:*
DEFAULT pos:digit diac:* lex:* bw:* gloss:*
DEFAULT pos:punc diac:* lex:* bw:* gloss:*
DEFAULT pos:latin diac:* lex:* bw:* gloss:*
###ORDER###
ORDER diac lex bw gloss pos
###TOKENIZATIONS###
TOKENIZATION bw
###STEMBACKOFF###
STEMBACKOFF PROP PropCat
###PREFIXES###
\tP0\tdiac: lex: bw: gloss:
ال\tPAl\tdiac:ال bw:Al/DET gloss:the
###SUFFIXES###
\tS0\tdiac: lex: bw: gloss:
ات\tSat\tdiac:َات bw:At/NSUFF gloss:[pl]
###STEMS###
شرك\tN\tpos:noun diac:شَرِك lex:شَرِكَة_1 bw:$arik/NOUN gloss:company pos_lex_logprob:-3.0 lex_logprob:-3.0
عقد\tN\tpos:noun diac:عَقْد lex:عَقْد_1 bw:Eaqod/NOUN gloss:contract pos_lex_logprob:-4.0 lex_logprob:-4.0
عقد\tV\tpos:verb diac:عَقَد lex:عَقَد_1 bw:Eaqad/PV gloss:hold pos_lex_logprob:-3.5 lex_logprob:-3.5
NOAN\tPropCat\tpos:noun_prop diac:NOAN lex:NOAN_0 bw:NOAN/NOUN_PROP gloss:NO_ANALYSIS pos_lex_logprob:-99.0
###TABLE AB###
P0 N
PAl N
P0 V
P0 PropCat
###TABLE BC###
N S0
N Sat
V S0
PropCat S0
###TABLE AC###
P0 S0
P0 Sat
PAl S0
PAl Sat
"""

MODEL = {"عقد": {"diac": "عَقْد", "lex": "عَقْد_1", "bw": "Eaqod/NOUN", "pos": "noun"}}
"""Says that this spelling is the noun, though the database holds the verb for likelier."""


def install_catalogue(folder: Path) -> None:
    """Lay out a catalogue that knows the data sets in use here, and none of the data."""
    one = "calima-msa-r13"
    sets = {
        "MorphologyDB": {one: {"path": f"morphology_db/{one}"}},
        "DisambigMLE": {one: {"path": f"disambig_mle/{one}"}},
        "SentimentAnalysis": {name: {"path": f"sentiment_analysis/{name}"} for name in ("arabert", "mbert")},
    }
    components = {name: {"default": next(iter(known)), "datasets": known} for name, known in sets.items()}
    catalogue = {"version": "1.6.0", "packages": {}, "components": components}
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "catalogue.json").write_text(json.dumps(catalogue), encoding="utf-8")


def install_morphology(folder: Path) -> None:
    """Lay out the catalogue, the database and the model as ``camel_data`` does."""
    install_catalogue(folder)
    for place, name, content in (
        ("morphology_db", "morphology.db", DATABASE),
        ("disambig_mle", "model.json", json.dumps(MODEL)),
    ):
        target = folder / "data" / place / "calima-msa-r13"
        target.mkdir(parents=True)
        (target / name).write_text(content, encoding="utf-8")
