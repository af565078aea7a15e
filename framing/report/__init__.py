"""What a reader sees: numbers, tables, figures, document."""

from __future__ import annotations

from framing.report.document import compile_report
from framing.report.figures import save_figures
from framing.report.findings import CONTRASTS, Findings
from framing.report.html import write_html
from framing.report.numbers import numbers
from framing.report.tables import tables

__all__ = ["CONTRASTS", "Findings", "compile_report", "numbers", "save_figures", "tables", "write_html"]
