"""Words as they are counted: stems or lemmas, so that clitics and endings do not split what is one word."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass

import pandas as pd

from framing.corpus.stemming import light10
from framing.models.sentiment.words import Names, Word, fold, words_of
from framing.portrayal.tokens import bare_forms, word_set

FUNCTION_WORDS = word_set(
    "في من الي علي عن مع او ثم ان انه انها انهم اني اننا التي الذي الذين اللذين اللتين كما بين بعد قبل منذ حتي "
    "لكن لكنه لكنها بينما فيما خلال فقط ايضا هي هو هم هما هذا هذه ذلك تلك هؤلاء لم لن لا ما ماذا لماذا كيف متي "
    "اين قد كان كانت كانوا يكون تكون ليس ليست لدي لديه لديها عند عندما عنده ضد نحو حول اي ايه كل كلا غير سوي "
    "عبر حين حيث اذ اذا بل لو لولا منها منه منهم له لها لهم لنا لي به بها بهم بنا فيه فيها فيهم عليه عليها "
    "عليهم اليه اليها عنه عنها معه معها بعض احد احدي اما الا انما كي لكي لان لانه لانها مما ممن عما بما فيم هل "
    "يا نعم هنا هناك هنالك دون بدون تحت فوق امام وراء خلف لدن مثل مثلا كذلك هكذا جدا اكثر اقل لقد قال قالت "
    "يقول تقول اثناء وفق وفقا بحسب حسب بشان رغم ضمن بسبب ربما سوف"
)
"""Folded words that say how and not what: left out of counts (prepositions, pronouns, particles, to be, to say)."""

_SHORTEST = 3


@dataclass(frozen=True, slots=True)
class Counted:
    """A word of a text as it is counted."""

    word: Word
    key: str


class Vocabulary:
    """Gives each word the key under which it is counted, and each key a spelling to be shown.

    Stems are those of light10 (`framing.corpus.stemming.light10`). A preposition or conjunction without the article,
    which light10 leaves on, is taken off where the texts have the rest of the word without it.

    Parameters
    ----------
    texts
        All that is counted: they decide which rests are words, and how a key is shown.
    names
        That stay as they are spelled, so that house spellings can be told apart.
    lemmatise
        Gives the lemma of each word, in place of stems.
    """

    def __init__(
        self,
        texts: Iterable[str],
        names: Sequence[str] = (),
        lemmatise: Callable[[Sequence[str]], list[str]] | None = None,
    ) -> None:
        self._names = Names(names)
        self._known: dict[str, str] = {}
        found = Counter(word.spelt for text in texts for word in words_of(text))
        if lemmatise is not None:
            spelt = sorted(found)
            self._known = dict(zip(spelt, map(fold, lemmatise(spelt)), strict=True))
        else:
            bare = {light10(fold(word)) for word in found}
            self._known = {word: _stem(fold(word), bare) for word in found}
        shown: dict[str, Counter[str]] = {}
        for word, count in found.items():
            shown.setdefault(self._known[word], Counter())[_without_clitics(word, self._known[word])] += count
        self._shown = {key: min(forms, key=lambda form: (-forms[form], form)) for key, forms in shown.items()}

    def counted(self, text: str) -> list[Counted]:
        """Return the words of a text that count, in order: no function words, no numbers."""
        words = words_of(text)
        names = self._names.inside(words)
        found = []
        for place, word in enumerate(words):
            plain = fold(word.spelt)
            if place in names:
                found.append(Counted(word, _NAME + word.spelt))
            elif not _is_function(plain) and not plain[0].isdigit() and len(plain) > 1:
                found.append(Counted(word, self._known.get(word.spelt) or light10(plain)))
        return found

    def shown(self, key: str) -> str:
        """Return the spelling of a key that is most frequent."""
        return key.removeprefix(_NAME) if key.startswith(_NAME) else self._shown.get(key, key)


_NAME = "="
"""Before a name's key: a name is not one word with what it resembles."""


def _is_function(plain: str) -> bool:
    return plain in FUNCTION_WORDS or (plain[:1] in "وف" and plain[1:] in FUNCTION_WORDS)


def _stem(plain: str, bare: set[str]) -> str:
    """Return light10's stem, a lone proclitic taken off where the rest is a stem of its own."""
    for form in reversed(bare_forms(plain)[1:]):
        rest = light10(form)
        if len(rest) >= _SHORTEST and rest in bare:
            return rest
    return light10(plain)


def _without_clitics(word: str, key: str) -> str:
    """Return a spelling without what stands before the key, so that the one that is shown has no clitics."""
    plain = fold(word)
    place = plain.find(key)
    return word[place:] if 0 < place <= 4 and len(plain) == len(word) else word


def word_uses(units: pd.DataFrame, vocabulary: Vocabulary, words: Collection[str]) -> pd.DataFrame:
    """Tell where words stand, so that whoever reads their counts can read their sentences.

    Parameters
    ----------
    units
        ``doc_id, unit, text``.
    vocabulary
        Which words count, and as what.
    words
        Those that are sought, in the spelling that is shown.

    Returns
    -------
    pandas.DataFrame
        ``word, doc_id, unit, start, end``: offsets in the unit's text.
    """
    rows = [
        (shown, doc_id, unit, one.word.start, one.word.end)
        for doc_id, unit, text in zip(units["doc_id"], units["unit"], units["text"], strict=True)
        for one in vocabulary.counted(text)
        if (shown := vocabulary.shown(one.key)) in words
    ]
    return pd.DataFrame(rows, columns=["word", "doc_id", "unit", "start", "end"])


def word_counts(units: pd.DataFrame, vocabulary: Vocabulary, blocks: pd.Series) -> pd.DataFrame:
    """Count words per block.

    Parameters
    ----------
    units
        ``doc_id, outlet, text``.
    vocabulary
        Which words count, and as what.
    blocks
        Block of each unit: its article, or its paragraph where an outlet has one article.

    Returns
    -------
    pandas.DataFrame
        ``outlet, block, word, n``: ``word`` is the spelling that is shown.
    """
    rows = [
        (outlet, block, vocabulary.shown(one.key))
        for outlet, block, text in zip(units["outlet"], blocks, units["text"], strict=True)
        for one in vocabulary.counted(text)
    ]
    table = pd.DataFrame(rows, columns=["outlet", "block", "word"])
    return table.groupby(["outlet", "block", "word"], sort=True).size().rename("n").reset_index()
