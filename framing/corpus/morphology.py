"""Lemmas of Arabic words, by camel-tools' analyser, each distinct word analysed once."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any

from framing.corpus.camel import camel_data, camel_module
from framing.corpus.normalisation import normalise
from framing.errors import InputError

SIZE = 2**18
"""Words whose lemma is kept; about 100 MB with the words themselves."""

PURPOSE, DATABASE, PACKAGE = "Lemmas", "calima-msa-r13", "disambig-mle-calima-msa-r13"
"""The analyser's database, and the package that brings it together with the model that chooses among analyses."""

MEGABYTES = 129


class CamelLemmatiser:
    """The most probable lemma of each word, out of context; a `framing.corpus.stemming.Lemmatiser`, too.

    A lemma is kept under the word as it stands. That serves better than the caches of camel-tools: version 1.6.0's
    ``MLEDisambiguator`` never fills its own (it analyses every word anew), and ``Analyzer``'s saves the analysis but
    not the choice among analyses, and holds all of them with all their features.

    Parameters
    ----------
    disambiguator
        With camel-tools' ``disambiguate``: words in, for each its analyses, the best one first.
    size
        Words whose lemma is kept; beyond them the oldest go.
    """

    def __init__(self, disambiguator: Any, size: int = SIZE) -> None:
        self.disambiguator, self.size = disambiguator, size
        self._known: dict[str, tuple[str, str]] = {}

    @classmethod
    def installed(cls, size: int = SIZE) -> CamelLemmatiser:
        """Return one over the data that ``camel_data`` has installed.

        Raises
        ------
        MissingDataError
            Where they are not, with the command that downloads them.
        InputError
            Where they cannot be read.
        """
        return cls(_disambiguator(*_places()), size)

    def lemmas(
        self, words: Sequence[str], *, keep: Collection[str] = frozenset(), diacritics: bool = False
    ) -> list[str]:
        """Return one lemma per word; a word without an analysis is its own.

        Parameters
        ----------
        words
            Tokens, with or without diacritics, none of which count. Marks without width and tatweel do not either.
        keep
            Words that stay as they are: names above all, which the analyser takes for the words they resemble.
        diacritics
            Leave the lemma's diacritics, which tell apart what is spelled alike; else they are removed.
        """
        from tqdm.auto import tqdm

        if isinstance(words, str):
            raise InputError("one word, where a list of words is needed", cure="Split the text into words first.")
        kept = frozenset(keep)
        new = [word for word in dict.fromkeys(words) if word not in self._known and word not in kept]
        for word in tqdm(new, desc="lemmas", unit="word", disable=None if len(new) > 1000 else True):
            self._known[word] = self._lemma(word)
        known, form = self._known, int(diacritics)
        found = [word if word in kept else known[word][form] for word in words]
        for word in list(islice(known, max(0, len(known) - self.size))):
            del known[word]
        return found

    def __call__(self, word: str) -> Sequence[str]:
        """Return a word and its lemma. That of a verb is its perfect, so a lexicon of imperfects does not know it."""
        return tuple(dict.fromkeys([word, *self.lemmas([word])]))

    def _lemma(self, word: str) -> tuple[str, str]:
        """Return the lemma without and with diacritics."""
        plain = _plain(word)
        analyses = self.disambiguator.disambiguate([plain])[0].analyses
        lemma = str(analyses[0].analysis["lex"]) if analyses else plain
        return _plain(lemma), lemma


def lemmas(words: Sequence[str], *, keep: Collection[str] = frozenset(), diacritics: bool = False) -> list[str]:
    """Return the most probable lemma of each word, out of context, by camel-tools' MSA analyser.

    What was analysed once is remembered while the process lasts.

    Parameters
    ----------
    words, keep, diacritics
        As in `CamelLemmatiser.lemmas`.

    Raises
    ------
    MissingDataError
        Where the analyser's data are not installed: ``camel_data -i disambig-mle-calima-msa-r13`` downloads them.
    """
    return _shared(*_places()).lemmas(words, keep=keep, diacritics=diacritics)


def _places() -> tuple[Path, Path]:
    """Return the folders of the database and of the model."""

    def place(component: str, file: str) -> Path:
        return camel_data(component, DATABASE, file, package=PACKAGE, megabytes=MEGABYTES, purpose=PURPOSE)

    return place("MorphologyDB", "morphology.db"), place("DisambigMLE", "model.json")


@cache
def _shared(database: Path, model: Path) -> CamelLemmatiser:
    return CamelLemmatiser(_disambiguator(database, model))


def _disambiguator(database: Path, model: Path) -> Any:
    """Build what ``MLEDisambiguator.pretrained`` does, from folders; without its cache, which only keeps it busy."""
    mle, parts = camel_module("disambig.mle", PURPOSE), camel_module("morphology.analyzer", PURPOSE)
    try:
        analyser = parts.Analyzer(parts.MorphologyDB(str(database / "morphology.db"), "a"), "NOAN_PROP")
        return mle.MLEDisambiguator(analyser, str(model / "model.json"), cache_size=0)
    except Exception as error:  # the parser of databases raises what it stumbles over
        raise InputError(
            f"the data of the analyser cannot be read ({error})",
            file=database,
            cure=f"Download them anew: camel_data -i -f {PACKAGE}",
        ) from None


def _plain(word: str) -> str:
    """Remove diacritics, tatweel and what has no width; letters stay as they are spelled."""
    return normalise(word, alef=False, alef_maksura=False, teh_marbuta=False)
