"""The report as one HTML file: articles to read, tables to sort, and the sentences behind every number."""

from __future__ import annotations

from framing.report.html.page import write_html
from framing.report.html.payload import payload

__all__ = ["payload", "write_html"]
