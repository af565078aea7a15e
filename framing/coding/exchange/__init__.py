"""Exchange with the tools that coders use: units out, answers in, nothing lost and nothing spoilt on the way."""

from __future__ import annotations

from framing.coding.exchange.checks import Kept, keep, named
from framing.coding.exchange.form import (
    NO_FRAME,
    NOT_MENTIONED,
    answers_table,
    columns,
    missing_answers,
    parse_name,
    read_answers,
    tasks,
    tidy,
    to_codings,
    unit_name,
    utc,
    variables,
    write_answers,
)

__all__ = [
    "NOT_MENTIONED",
    "NO_FRAME",
    "Kept",
    "answers_table",
    "columns",
    "keep",
    "missing_answers",
    "named",
    "parse_name",
    "read_answers",
    "tasks",
    "tidy",
    "to_codings",
    "unit_name",
    "utc",
    "variables",
    "write_answers",
]
