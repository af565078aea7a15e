"""Kernel ridge regression on decisions, whose held-out answers cost nothing more than the fit itself."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import cho_factor, cho_solve
from scipy.linalg.lapack import dpotri
from scipy.sparse import issparse
from sklearn.linear_model import LogisticRegression
from sklearn.metrics.pairwise import linear_kernel, rbf_kernel
from threadpoolctl import threadpool_limits

from framing.models.splits import FOLDS, Fold, inner_folds

Array = NDArray[np.float64]

RIDGE = 0.1
"""Ridge by default: chosen on constructed articles that are in no test. From .03 to 1 it matters little."""

BLOCK = 1_024
"""Texts that meet those of training at a time."""

LEAST = 1e-3
"""Probability of a value, before all are brought to a sum of 1, that a kernel regression gives at least: least squares
may fall below 0, and no value is impossible."""


class KernelRegression:
    """Regularised least squares on labels of -1 and 1 (Rifkin, Yeo & Poggio 2003), all labels at once.

    Vectors meet in a Gaussian kernel of width 1 / features, n-grams in a linear one. scikit-learn's ``KernelRidge``
    gives the same answers; it would have to be fitted once per fold for those held out. Memory grows with the square
    of the number of texts: ten thousand take about a gigabyte.

    Parameters
    ----------
    ridge
        What is added to the kernel's diagonal, divided by a text's weight.
    single
        Answer in single precision, for millions of texts: a third of the time, and the last digits differ (1e-4).
    """

    def __init__(self, ridge: float = RIDGE, *, single: bool = False) -> None:
        self.ridge, self.single = ridge, single

    def fit(self, x: Any, gold: NDArray[np.bool_], weight: Array, folds: Sequence[Fold] = ()) -> KernelRegression:
        """Learn, and answer for each fold's test texts as a fit without them would.

        With ``G`` the inverse of the regularised kernel and ``B`` the texts of a fold's test, a fit without them
        answers ``y_B - G_BB^-1 (G (y - m))_B``, ``m`` being the mean of the others: the block form of the
        leave-one-out identity (An, Liu & Venkatesh 2007, eq. 12).

        Parameters
        ----------
        x : shape (n, features)
            Dense, or sparse for n-grams.
        gold : shape (n, labels)
        weight : shape (n,)
            Above 0.
        folds
            (train, test) positions whose tests do not overlap.
        """
        y = np.where(gold, 1.0, -1.0)
        sparse = bool(issparse(x))
        kernel = np.asarray(linear_kernel(x, dense_output=True)) if sparse else _gaussian(x, x)
        kernel[np.diag_indices_from(kernel)] += self.ridge / (weight / weight.mean())
        factor = cho_factor(kernel, lower=True)
        self.mean_ = np.average(y, axis=0, weights=weight)
        coefficients = cho_solve(factor, y - self.mean_)
        # What is linear is kept as a weight per feature, and needs the training texts no more.
        self.x_: Any = None if sparse else x
        self.coefficients_: Array = x.T @ coefficients if sparse else coefficients
        self.held_out_ = np.zeros(y.shape)
        if folds:
            # From the factor it takes a third of what solving for every unit vector would.
            inverse, _ = dpotri(factor[0], lower=1)
            inverse = np.tril(inverse) + np.tril(inverse, -1).T
            alpha, ones = inverse @ y, inverse.sum(axis=1)
            for train, test in folds:
                mean = np.average(y[train], axis=0, weights=weight[train])
                off = np.linalg.solve(inverse[np.ix_(test, test)], alpha[test] - ones[test, None] * mean)
                self.held_out_[test] = y[test] - off
        return self

    def decision_function(self, x: Any) -> Array:
        """Return scores, shape (texts, labels); above 0 where a label is likelier than not."""
        if self.x_ is None:
            return np.asarray(x @ self.coefficients_ + self.mean_)
        # By blocks, so that memory does not grow with the texts.
        blocks = [x[i : i + BLOCK] for i in range(0, len(x), BLOCK)] or [x]
        kernel = _gaussian_in_single if self.single else _gaussian
        found = np.concatenate([kernel(block, self.x_) @ self.coefficients_ for block in blocks])
        return np.asarray(found + self.mean_)


class KernelValues:
    """One value of several by kernel regression on which value each text has, every value weighing alike.

    With 1 for a text's value and -1 for the others, what least squares estimates is 2 P - 1, and the columns sum to
    the same number for every text: probabilities can be read off. With a link, they are instead those of a multinomial
    logistic regression on answers outside the fold, as Platt (1999) has it for two values, and calibrated.

    Parameters
    ----------
    ridge
        As in `KernelRegression`.
    linked
        Whether probabilities come from a link.
    seed
        Draws the link's inner folds, nothing else.
    single
        As in `KernelRegression`.
    """

    def __init__(self, ridge: float = RIDGE, *, linked: bool = False, seed: int = 0, single: bool = False) -> None:
        self.ridge, self.linked, self.seed, self.single = ridge, linked, seed, single

    def fit(
        self, x: Any, gold: NDArray[Any], groups: NDArray[Any] | None = None, sample_weight: Array | None = None
    ) -> KernelValues:
        """Learn.

        Parameters
        ----------
        x : shape (n, features)
            Dense, or sparse for n-grams.
        gold : shape (n,)
            Two values or more.
        groups : shape (n,)
            What inner folds keep whole.
        sample_weight : shape (n,)
            How much a text counts beside the others of its value.
        """
        self.classes_, place = np.unique(gold, return_inverse=True)
        weight = np.ones(len(gold)) if sample_weight is None else sample_weight
        weight = weight * (weight.sum() / (len(self.classes_) * np.bincount(place, weight)[place]))
        folds = inner_folds(len(gold), groups, FOLDS, self.seed) if self.linked else []
        # Small regressions gain nothing from threads, and lose much where several processes spin for the same cores.
        with threadpool_limits(1, user_api="blas"):
            columns = np.eye(len(self.classes_), dtype=bool)[place]
            self.model_ = KernelRegression(self.ridge, single=self.single).fit(x, columns, weight, folds)
            self.link_: LogisticRegression | None = None
            if self.linked:
                link = LogisticRegression(max_iter=2000)
                self.link_ = link.fit(self.model_.held_out_, gold, sample_weight=weight)
        del self.model_.held_out_
        return self

    def predict_proba(self, x: Any) -> Array:
        """Return the probability of each of ``classes_``, shape (texts, values)."""
        answers = self.model_.decision_function(x)
        if self.link_ is not None:
            return np.asarray(self.link_.predict_proba(answers))
        probabilities = np.clip((answers + 1) / 2, LEAST, 1)
        return np.asarray(probabilities / probabilities.sum(axis=1, keepdims=True))


def _gaussian(x: Array, other: Array) -> Array:
    return np.asarray(rbf_kernel(x, other, gamma=1 / x.shape[1]), dtype=float)


def _gaussian_in_single(x: Array, other: Array) -> NDArray[np.float32]:
    """Return `_gaussian` without a step in double precision."""
    width = np.float32(1 / x.shape[1])
    one, two = (np.asarray(side, dtype=np.float32) for side in (x, other))
    made = one @ two.T
    made *= 2 * width
    made -= width * np.einsum("ij,ij->i", one, one)[:, None]
    made -= width * np.einsum("ij,ij->i", two, two)
    return np.asarray(np.exp(np.minimum(made, 0, out=made), out=made))
