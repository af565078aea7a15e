"""Kernel ridge regression on decisions, whose held-out answers cost nothing more than the fit itself."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import cho_factor, cho_solve
from scipy.linalg.lapack import dpotri
from scipy.sparse import issparse
from sklearn.metrics.pairwise import linear_kernel, rbf_kernel

from framing.models.splits import Fold

Array = NDArray[np.float64]

RIDGE = 0.1
"""Ridge by default: chosen on constructed articles that are in no test. From .03 to 1 it matters little."""


class KernelRegression:
    """Regularised least squares on labels of -1 and 1 (Rifkin, Yeo & Poggio 2003), all labels at once.

    Vectors meet in a Gaussian kernel of width 1 / features, n-grams in a linear one. scikit-learn's ``KernelRidge``
    gives the same answers; it would have to be fitted once per fold for those held out. Memory grows with the square
    of the number of texts: ten thousand take about a gigabyte.

    Parameters
    ----------
    ridge
        What is added to the kernel's diagonal, divided by a text's weight.
    """

    def __init__(self, ridge: float = RIDGE) -> None:
        self.ridge = ridge

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
        shown = x if self.x_ is None else _gaussian(x, self.x_)
        return np.asarray(shown @ self.coefficients_ + self.mean_)


def _gaussian(x: Array, other: Array) -> Array:
    return np.asarray(rbf_kernel(x, other, gamma=1 / x.shape[1]), dtype=float)
