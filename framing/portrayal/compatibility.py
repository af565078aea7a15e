"""How two claims stand to each other: whether some value would fit both."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Literal

Relation = Literal["agree", "round", "partly", "differ", "other measure", "silent"]
"""agree: some value would fit both; round: one is the other, rounded; partly: of several claims some agree and some
differ; differ: none fits both; other measure: they cannot be held against each other; silent: one of them claims
nothing."""


def relation(a: Mapping[str, object], b: Mapping[str, object]) -> Relation:
    """Return how two claims stand to each other.

    Parameters
    ----------
    a, b
        ``value, low, high, measure, hedge, from, to`` of each.
    """
    if a["measure"] != b["measure"]:
        return "other measure"
    if a["from"] or b["from"]:
        return "agree" if _dates_meet(a, b) else "differ"
    low, high = (_bounds(side) for side in (a, b))
    ends = max(low[0], high[0]), min(low[1], high[1])
    # More than 14 is not 14, though both bounds are 14.
    opened = any(_open_at(side, ends[0]) for side in (a, b))
    if ends[0] < ends[1] or (math.isclose(ends[0], ends[1], rel_tol=1e-9) and not opened):
        return "agree"
    values = float(str(a["value"])), float(str(b["value"]))
    plain = not (a["hedge"] or b["hedge"])
    return "round" if plain and all(map(math.isfinite, values)) and _rounds(*values) else "differ"


def _bounds(claim: Mapping[str, object]) -> tuple[float, float]:
    low, high = float(str(claim["low"])), float(str(claim["high"]))
    return (-math.inf if math.isnan(low) else low), (math.inf if math.isnan(high) else high)


def _open_at(claim: Mapping[str, object], end: float) -> bool:
    low, high = _bounds(claim)
    return (claim["hedge"] == "more" and low == end) or (claim["hedge"] == "less" and high == end)


def _rounds(a: float, b: float) -> bool:
    """Tell whether one value is the other, rounded to the digits that it is given with."""
    return any(abs(x - y) <= _step(x) / 2 and _step(x) > _step(y) for x, y in ((a, b), (b, a)))


def _step(value: float) -> float:
    """Return the worth of the last digit that is not zero."""
    if value == 0:
        return 1.0
    digits = f"{abs(value):.12g}"
    if "e" in digits:
        mantissa, exponent = digits.split("e")
        return float(10 ** (int(exponent) - len(mantissa.partition(".")[2])))
    if "." in digits:
        return float(10 ** -len(digits.partition(".")[2]))
    return float(10 ** (len(digits) - len(digits.rstrip("0"))))


def _dates_meet(a: Mapping[str, object], b: Mapping[str, object]) -> bool:
    first, last = (str(a["from"]), str(a["to"])), (str(b["from"]), str(b["to"]))
    if any(end.startswith("--") for end in (*first, *last)):  # a year is not said: months and days must fit
        parts = [end[2:] if end.startswith("--") else end[5:] for end in (first[0], last[0])]
        length = min(map(len, parts))
        return parts[0][:length] == parts[1][:length]
    return max(first[0], last[0]) <= min(first[1], last[1])
