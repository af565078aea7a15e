"""Computations that the tests run: they live in a module, so that worker processes find them."""

from __future__ import annotations

import os
import signal
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from framing.errors import InputError


@dataclass(frozen=True)
class Lengths:
    """Counts letters, and the letters of the article so far, which no other chunk knows."""

    reads: tuple[str, ...] = ("doc_id", "text")
    keeps: bool = True
    counted: str = "long"
    seconds: float = 0.0

    def __call__(self, table: pd.DataFrame) -> pd.DataFrame:
        time.sleep(self.seconds)
        letters = table["text"].str.len().astype(int)
        article = table["doc_id"] if "doc_id" in table.columns else pd.Series(range(len(table)), index=table.index)
        before = letters.groupby(article.astype(str)).cumsum() - letters
        return pd.DataFrame(
            {
                "letters": letters,
                "before": before,
                "share": letters / 7,
                "long": (letters > 3).map({True: "y", False: "n"}),
            }
        )


@dataclass(frozen=True)
class Deadly(Lengths):
    """Ends its own process by kill -9 at a text, the first time it comes to it; always, where ``mark`` is empty."""

    mark: str = ""
    at: str = "kill"

    def __call__(self, table: pd.DataFrame) -> pd.DataFrame:
        if (table["text"] == self.at).any() and not (self.mark and Path(self.mark).exists()):
            if self.mark:
                Path(self.mark).touch()
            os.kill(os.getpid(), signal.SIGKILL)
        return super().__call__(table)


@dataclass(frozen=True)
class Told(Lengths):
    """Says what it was made with."""

    word: str = ""

    def __call__(self, table: pd.DataFrame) -> pd.DataFrame:
        return pd.DataFrame({"told": self.word, "long": "y"}, index=table.index)


def told_by_environment() -> Told:
    """Make a job of what the environment says."""
    return Told(word=os.environ["FRAMING_TOLD"])


def refused() -> Lengths:
    """Make no job."""
    raise InputError("the study has no gold", cure="Code it.")


@dataclass(frozen=True)
class Locked(Lengths):
    """Holds what cannot be sent."""

    lock: Any = None


def locked() -> Locked:
    """Make a job that stays where it is."""
    return Locked(lock=threading.Lock())
