"""Listed words and phrases found in a text under clitics and endings, with offsets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from framing.corpus.stemming import light_forms
from framing.errors import InputError
from framing.models.sentiment.words import Word, fold, words_of


@dataclass(frozen=True, slots=True)
class Hit:
    """A term in words ``first`` to ``last`` (not included) of a text, from ``start`` to ``end`` of its characters."""

    term: str
    first: int
    last: int
    start: int
    end: int


class Terms:
    """Finds terms by their dictionary forms; the longest first, none of them overlapping.

    Parameters
    ----------
    terms
        Words or phrases as a study file lists them: a noun finds its forms with article, clitics, pronouns and regular
        plural; of a verb each form has to be listed.
    """

    def __init__(self, terms: Sequence[str]) -> None:
        self._by_first: dict[str, list[tuple[tuple[str, ...], str]]] = {}
        for term in terms:
            words = tuple(_plain(word.spelt) for word in words_of(term))
            if not words:
                raise InputError(f"'{term}' is no term: it holds no word", cure="Write a word or a phrase.")
            self._by_first.setdefault(words[0], []).append((words, term))
        for listed in self._by_first.values():
            listed.sort(key=lambda row: -len(row[0]))
        self._forms: dict[str, frozenset[str]] = {}

    def find(self, text: str, words: Sequence[Word] | None = None) -> list[Hit]:
        """Return where the terms stand in a text, in order."""
        words = words_of(text) if words is None else words
        found: list[Hit] = []
        place = 0
        while place < len(words):
            hit = self._at(words, place)
            if hit is not None:
                found.append(hit)
            place = place + 1 if hit is None else hit.last
        return found

    def _at(self, words: Sequence[Word], place: int) -> Hit | None:
        matches = [row for form in self._known(words[place].spelt) for row in self._by_first.get(form, ())]
        for keys, term in sorted(matches, key=lambda row: -len(row[0])):
            window = words[place : place + len(keys)]
            if len(window) == len(keys) and all(
                key in self._known(word.spelt) for key, word in zip(keys[1:], window[1:], strict=True)
            ):
                return Hit(term, place, place + len(keys), window[0].start, window[-1].end)
        return None

    def _known(self, spelt: str) -> frozenset[str]:
        if spelt not in self._forms:
            self._forms[spelt] = frozenset(_plain(form) for form in light_forms(spelt))
        return self._forms[spelt]


def _plain(spelt: str) -> str:
    """Return a word folded, without the article, so that a term may be listed with it or not."""
    folded = fold(spelt)
    return folded[2:] if folded.startswith("ال") and len(folded) > 4 else folded
