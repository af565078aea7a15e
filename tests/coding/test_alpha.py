from __future__ import annotations

import krippendorff
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from nltk.metrics import jaccard_distance, masi_distance
from nltk.metrics.agreement import AnnotationTask

from framing.coding.alpha import (
    Metric,
    SetMetric,
    ac1_from_parts,
    ac1_parts,
    alpha_from_coincidences,
    alpha_from_totals,
    cohen_kappa,
    coincidences,
    coincidences_with,
    observed_differences,
    set_differences,
    verdict,
)

NAN = np.nan
# K. Krippendorff, "Computing Krippendorff's Alpha-Reliability" (2011): four observers, twelve units, missing
# data. The same table is raw_4raters of irrCAC 0.4.4, which gives the coefficients of Gwet (2014).
OBSERVERS = np.array(
    [
        [1, 2, 3, 3, 2, 1, 4, 1, 2, NAN, NAN, NAN],
        [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, NAN, 3],
        [NAN, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, NAN],
        [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, NAN],
    ]
)
VALUES = (1, 2, 3, 4, 5)


def counted(codes: np.ndarray, values: tuple[int, ...]) -> np.ndarray:
    """Counts per unit of a coders-by-units table."""
    return np.stack([(codes == v).sum(axis=0) for v in values], axis=1).astype(float)


def alpha(codes: np.ndarray, values: tuple[int, ...], metric: Metric) -> float:
    return float(alpha_from_coincidences(coincidences(counted(codes, values)).sum(axis=0), metric, values))


@pytest.mark.parametrize(
    ("metric", "published"), [("nominal", 0.743), ("ordinal", 0.815), ("interval", 0.849), ("ratio", 0.797)]
)
def test_krippendorffs_worked_example(metric: Metric, published: float) -> None:
    assert alpha(OBSERVERS, VALUES, metric) == pytest.approx(published, abs=5e-4)


def test_ac1_of_gwets_example() -> None:
    """IrrCAC 0.4.4, ``CAC(raw_4raters()).gwet()``: AC1 .77544, p_a .81818, p_e .19032, as in Gwet (2014)."""
    parts = ac1_parts(counted(OBSERVERS, VALUES)).sum(axis=0)
    assert float(ac1_from_parts(parts)) == pytest.approx(0.77544, abs=5e-6)
    assert parts[1] / parts[0] == pytest.approx(0.81818, abs=5e-6)


def test_ac1_of_two_coders_is_the_formula_of_2008() -> None:
    """Gwet (2008): of 100 units 90 both yes, 4 both no, 6 differ, so that p_e = 2 pi (1 - pi) with pi = .93."""
    counts = np.repeat([[0.0, 2.0], [2.0, 0.0], [1.0, 1.0]], [90, 4, 6], axis=0)
    expected = (0.94 - 2 * 0.93 * 0.07) / (1 - 2 * 0.93 * 0.07)
    assert float(ac1_from_parts(ac1_parts(counts).sum(axis=0))) == pytest.approx(expected)


def random_table(rng: np.random.Generator) -> np.ndarray:
    codes = rng.integers(0, 4, size=(rng.integers(2, 6), rng.integers(3, 30))).astype(float)
    codes[rng.random(codes.shape) < rng.choice([0.0, 0.1, 0.4])] = NAN
    return codes


def varied(codes: np.ndarray) -> bool:
    """Whether two values or more are paired, so that alpha is defined."""
    pairable = codes[:, (~np.isnan(codes)).sum(axis=0) > 1]
    return len(set(pairable[~np.isnan(pairable)])) > 1


@pytest.mark.parametrize("metric", ["nominal", "ordinal", "interval", "ratio"])
def test_500_random_tables_with_missing_values_agree_with_the_package_krippendorff(metric: Metric) -> None:
    rng = np.random.default_rng(11)
    compared = 0
    while compared < 500:
        codes = random_table(rng)
        if not varied(codes):
            continue
        expected = krippendorff.alpha(codes, level_of_measurement=metric, value_domain=[0, 1, 2, 3])
        assert alpha(codes, (0, 1, 2, 3), metric) == pytest.approx(expected, abs=1e-9)
        compared += 1


def triples(codes: np.ndarray, label: dict[int, object]) -> list[tuple[str, str, object]]:
    """A table as NLTK wants it, without units that have a single code."""
    return [
        (f"c{c}", f"u{u}", label[int(codes[c, u])])
        for u in range(codes.shape[1])
        for c in range(codes.shape[0])
        if not np.isnan(codes[c, u]) and (~np.isnan(codes[:, u])).sum() > 1
    ]


SETS = [frozenset(s) for s in ((), ("a",), ("b",), ("a", "b"), ("b", "c"), ("a", "b", "c"))]


@pytest.mark.parametrize("metric", ["nominal", "interval"])
def test_500_random_tables_agree_with_nltk(metric: Metric) -> None:
    rng = np.random.default_rng(5)
    compared = 0
    while compared < 500:
        codes = random_table(rng)
        if not varied(codes):
            continue
        distance = (lambda a, b: float(a != b)) if metric == "nominal" else (lambda a, b: float((a - b) ** 2))
        expected = AnnotationTask(triples(codes, {v: v for v in range(4)}), distance=distance).alpha()
        assert alpha(codes, (0, 1, 2, 3), metric) == pytest.approx(expected, abs=1e-9)
        compared += 1


def set_alpha(codes: np.ndarray, d: np.ndarray) -> float:
    counts = counted(codes, tuple(range(len(d))))
    observed, paired = observed_differences(counts, d)
    return float(alpha_from_totals(observed.sum(), paired.sum(axis=0), d))


@pytest.mark.parametrize("metric", ["masi", "jaccard"])
def test_500_random_tables_of_sets_agree_with_nltk_and_krippendorff(metric: SetMetric) -> None:
    """NLTK cannot take an empty set: it stands as a label of its own, which is as far from all others."""
    labels = {i: s or frozenset({"none"}) for i, s in enumerate(SETS)}
    distance = masi_distance if metric == "masi" else jaccard_distance
    d = set_differences(SETS, metric)
    rng = np.random.default_rng(17)
    compared = 0
    while compared < 500:
        codes = rng.integers(0, len(SETS), size=(rng.integers(2, 5), rng.integers(3, 15))).astype(float)
        codes[rng.random(codes.shape) < 0.2] = NAN
        if not varied(codes):
            continue
        assert set_alpha(codes, d) == pytest.approx(
            AnnotationTask(triples(codes, labels), distance=distance).alpha(), abs=1e-9
        )
        package = krippendorff.alpha(
            value_counts=counted(codes, tuple(range(len(SETS)))).astype(int),
            level_of_measurement=lambda v1, v2, i1, i2, n_v, **_: d[i1.astype(int), i2.astype(int)],
        )
        assert set_alpha(codes, d) == pytest.approx(package, abs=1e-9)
        compared += 1


def test_masi_of_the_paper() -> None:
    """Passonneau (2006): equal 1, one within the other 2/3, overlapping 1/3, apart 0, times Jaccard."""
    a, ab, bc, none = (frozenset(s) for s in ("a", "ab", "bc", ""))
    d = set_differences([a, ab, bc, none], "masi")
    assert d[0, 1] == pytest.approx(1 - 2 / 3 * 1 / 2)
    assert d[1, 2] == pytest.approx(1 - 1 / 3 * 1 / 3)
    assert d[0, 2] == d[0, 3] == 1
    assert (np.diag(d) == 0).all()
    assert (d == d.T).all()


@given(st.integers(0, 2**32 - 1), st.sampled_from(["nominal", "ordinal", "interval", "ratio"]))
def test_alpha_does_not_depend_on_the_order_of_coders_or_units(seed: int, metric: Metric) -> None:
    rng = np.random.default_rng(seed)
    codes = rng.integers(0, 3, size=(3, 12)).astype(float)
    codes[:, 0] = [0, 1, 2]
    mixed = rng.permuted(codes, axis=0)[:, rng.permutation(12)]
    assert alpha(mixed, (0, 1, 2), metric) == pytest.approx(alpha(codes, (0, 1, 2), metric))


@given(st.integers(0, 2**32 - 1))
def test_a_metric_without_margins_needs_no_coincidences(seed: int) -> None:
    codes = random_table(np.random.default_rng(seed))
    d = 1 - np.eye(4)
    one, other = set_alpha(codes, d), alpha(codes, (0, 1, 2, 3), "nominal")
    assert one == pytest.approx(other, nan_ok=True)


@given(st.integers(0, 2**32 - 1))
def test_the_coincidences_of_each_coder_with_the_rest_make_up_all(seed: int) -> None:
    """Each pair stands in those of both its coders, so that without missing codes their mean is the whole."""
    rng = np.random.default_rng(seed)
    codes = rng.integers(0, 3, size=(4, 10)).astype(float)
    whole = counted(codes, (0, 1, 2))
    own = [counted(codes[[c]], (0, 1, 2)) for c in range(4)]
    parts = [coincidences_with(one, whole - one) for one in own]
    assert sum(parts) == pytest.approx(2 * coincidences(whole))


def test_the_coincidences_of_two_coders_are_those_of_one_with_the_other() -> None:
    codes = OBSERVERS[:2]
    one, other = (counted(codes[[c]], VALUES) for c in range(2))
    assert coincidences_with(one, other) == pytest.approx(coincidences(one + other))


def test_cohens_kappa_of_a_table() -> None:
    """Two coders, 50 units: 20 both yes, 15 both no, 5 and 10 differing; p_o = .7, p_e = .5, kappa = .4."""
    assert float(cohen_kappa(np.array([[20.0, 5.0], [10.0, 15.0]]))) == pytest.approx(0.4)
    assert np.isnan(float(cohen_kappa(np.array([[9.0, 0.0], [0.0, 0.0]]))))


@pytest.mark.parametrize(
    ("value", "said"),
    [(0.8, "reliable"), (0.799, "tentative"), (0.667, "tentative"), (0.6669, "unreliable"), (NAN, "unknown")],
)
def test_verdicts_follow_the_marks(value: float, said: str) -> None:
    assert verdict(value) == said


def test_nothing_coded_has_no_coefficients_and_no_warning() -> None:
    nothing = np.zeros((4, 3))
    assert np.isnan(alpha_from_coincidences(coincidences(nothing).sum(axis=0), "ordinal"))
    assert np.isnan(ac1_from_parts(ac1_parts(nothing).sum(axis=0)))
