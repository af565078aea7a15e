"""The rows of speed as a table in Markdown: what a terminal shows and the README can be given."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

HEADER = ("setting", "beside", "ours", "theirs", "ratio", "least", "greatest", "")
_NUMBERS = (2, 3, 4, 5, 6)


def markdown(rows: Sequence[Mapping[str, Any]]) -> str:
    """Return rows of speed as a Markdown table, its columns aligned; peers that were not measured below it.

    Rates are units a second; a row without a peer has its seconds in their place.
    """
    cells = [HEADER, *(_cells(found) for found in rows if "reason" not in found)]
    widths = [max(3, *(len(line[place]) for line in cells)) for place in range(len(HEADER))]

    def line(texts: Sequence[str]) -> str:
        padded = (
            text.rjust(width) if place in _NUMBERS else text.ljust(width)
            for place, (text, width) in enumerate(zip(texts, widths, strict=True))
        )
        return f"| {' | '.join(padded)} |"

    rule = ["-" * (width - 1) + ":" if place in _NUMBERS else "-" * width for place, width in enumerate(widths)]
    lines = [line(cells[0]), line(rule), *map(line, cells[1:])]
    missing = [
        f"- {', '.join(filter(None, (found['setting'], found['system'])))}: {found['reason']}"
        for found in rows
        if "reason" in found
    ]
    return "\n".join([*lines, *(["", "Not measured:", "", *missing] if missing else [])])


def _cells(found: Mapping[str, Any]) -> tuple[str, ...]:
    note = str(found.get("note", ""))
    if "seconds" in found:
        low, high = figures(found["seconds_low"]), figures(found["seconds_high"])
        return found["setting"], "", f"{figures(found['seconds'])} s", "", "", "", "", f"{note}; {low} to {high} s"
    per = found["per"]
    rates = (f"{figures(found[side])} {per}/s" for side in ("ours", "theirs"))
    ratios = (figures(found[name]) for name in ("ratio", "ratio_low", "ratio_high"))
    return found["setting"], found["system"], *rates, *ratios, note


def figures(value: float) -> str:
    """Return a positive number with two significant figures, or whole from ten on with no more than three.

    Examples
    --------
    >>> [figures(value) for value in (0.0312, 0.94, 6.53, 17.6, 2312.0)]
    ['0.031', '0.94', '6.5', '18', '2,310']
    """
    if value < 10:
        return f"{value:.2g}" if value >= 1e-4 else f"{value:.1e}"
    digits = len(str(int(value)))
    return f"{round(value, -max(0, digits - 3)):,.0f}"
