"""The coding desk: a page on this machine alone, on which one coder codes unit after unit."""

from __future__ import annotations

from framing.coding.desk.desk import Desk, SaidError
from framing.coding.desk.journal import Journal, open_journal, read_journal
from framing.coding.desk.queue import blind_queue, read_queue
from framing.coding.desk.server import Page, application, serve

__all__ = [
    "Desk",
    "Journal",
    "Page",
    "SaidError",
    "application",
    "blind_queue",
    "open_journal",
    "read_journal",
    "read_queue",
    "serve",
]
