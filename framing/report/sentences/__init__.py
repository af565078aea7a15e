"""Sentences about results, chosen by rules from the numbers and hedged by their intervals."""

from __future__ import annotations

from framing.report.sentences import limits, outlets, quality, telling
from framing.report.sentences.teller import Numbers, Teller
from framing.report.words import Language, Words

__all__ = ["sentences"]


BRIEF = 3
"""Differences of each family that the abstract tells."""


def sentences(numbers: Numbers, lang: Language = "en") -> dict[str, list[str]]:
    """Return what a report says of its numbers.

    Parameters
    ----------
    numbers
        Content of ``numbers.json``.
    lang
        Language of the sentences.

    Returns
    -------
    dict
        Sentences by section: ``brief`` (the abstract), ``who``, ``data``, ``segmentation``, ``reliability``,
        ``validation``, ``diagnosis``, ``outlets``, ``telling``, ``robustness``,
        ``larger`` (a corpus that gold was drawn from), ``limits``.
    """
    teller = Teller(numbers, Words(lang))
    found = {
        "who": limits.who_coded(teller),
        "data": limits.data(teller),
        "segmentation": limits.segmentation(teller),
        "reliability": quality.reliability(teller),
        "validation": quality.validation(teller),
        "diagnosis": quality.diagnosis(teller),
        "outlets": outlets.outlets(teller),
        "telling": telling.telling(teller),
        "robustness": limits.robustness(teller),
        "larger": limits.larger(teller),
        "limits": limits.limits(teller),
    }
    brief = [
        *limits.corpus(teller),
        *found["who"],
        *quality.alpha_span(teller),
        *found["validation"][:1],
        *outlets.profiles(teller),
        *outlets.families(teller, BRIEF),
        *telling.claims(teller),
        *found["larger"][:3],
        *found["limits"][:1],
    ]
    return {"brief": brief, **found}
