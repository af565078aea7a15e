"""Prevalence from machine labels where gold was not drawn by design: adjusted classify-and-count."""

from __future__ import annotations

import numpy as np

from framing.comparison.powered import Fit
from framing.comparison.totals import Grouped

LEAST_DIFFERENCE = 0.05
"""A classifier whose recall exceeds its false-positive rate by less than this cannot be corrected for."""


def adjusted_count(grouped: Grouped) -> Fit:
    """Correct each outlet's share of machine labels by recall and false-positive rate in all gold.

    ``theta = (q - fpr) / (tpr - fpr)`` (Rogan & Gladen 1978; adjusted classify-and-count, Forman 2008), with ``q`` the
    outlet's share of machine labels and both rates over the coded units of all outlets together. It needs the rates to
    be the same in each outlet as in the gold. Its variance is the sum of squared linearised errors over clusters, those
    of the rates and those of ``q`` together; degrees of freedom are one less than the coded clusters of all outlets.

    Returns
    -------
    Fit
        On the clusters of all outlets, since gold of one moves the estimate of every other. ``why`` says what is
        missing where there is no estimate.
    """
    totals, outlets = grouped.totals, len(grouped.outlets)
    yes, no = totals.gy, totals.gm - totals.gy
    hits, alarms = totals.gfy, totals.gf - totals.gfy
    coded, zero = float((totals.gm > 0).sum()), np.zeros(outlets)
    if yes.sum() == 0 or no.sum() == 0:
        return _none(outlets, coded, "gold holds only one of yes and no")
    recall, false = hits.sum() / yes.sum(), alarms.sum() / no.sum()
    if recall - false < LEAST_DIFFERENCE:
        return _none(outlets, coded, "the classifier does not tell yes from no")
    everything = totals.m.sum(axis=-1)
    said = totals.f.sum(axis=-1) / everything
    value = (said - false) / (recall - false)
    names = np.unique(np.concatenate(grouped.names))
    influence = np.zeros((outlets, len(names)))
    of_recall, of_false = (hits - recall * yes) / yes.sum(), (alarms - false * no) / no.sum()
    for outlet, own in enumerate(grouped.names):
        place, width = np.searchsorted(names, own), len(own)
        influence[:, place] -= np.outer(1 - value, of_false[outlet, :width])
        influence[:, place] -= np.outer(value, of_recall[outlet, :width])
        influence[outlet, place] += (totals.f - said[outlet] * totals.m)[outlet, :width] / everything[outlet]
    influence /= recall - false
    return Fit(
        value=value,
        slope=np.array(np.nan),
        influence=influence,
        floor=zero,
        step=zero,
        coded_part=zero,
        gold_mean=np.clip(value, 0, 1),
        df=np.full(outlets, max(coded - 1, 0.0)),
        coded=np.full(outlets, coded),
        common=True,
    )


def _none(outlets: int, coded: float, why: str) -> Fit:
    zero, nothing = np.zeros(outlets), np.full(outlets, np.nan)
    return Fit(
        value=nothing,
        slope=np.array(np.nan),
        influence=np.zeros((outlets, 1)),
        floor=zero,
        step=zero,
        coded_part=zero,
        gold_mean=zero,
        df=zero,
        coded=np.full(outlets, coded),
        common=True,
        why=why,
    )
