"""What texts share: near-duplicate sentences and passages of equal words, and in which direction dates let them go."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

import pandas as pd

from framing.corpus.duplicates import THRESHOLD, near_duplicates
from framing.models.sentiment.words import fold, words_of
from framing.results import Result

RUN = 8
"""Words in a row that two texts must have in common to share a passage: names and set phrases are shorter."""

SENTENCE_COLUMNS = ("outlet", "doc_id", "unit", "other_outlet", "other_doc_id", "other_unit", "similarity", "earlier",
                    "text", "other_text")  # fmt: skip
PASSAGE_COLUMNS = ("outlet", "doc_id", "start", "end", "other_outlet", "other_doc_id", "other_start", "other_end",
                   "words", "earlier", "text")  # fmt: skip
"""Columns of the passages; offsets are in the articles' texts."""

SHARE_COLUMNS = ("outlet", "doc_id", "words", "shared", "share", "from_earlier", "with_outlets")
"""Columns of the shares: ``shared`` words stand in a near-duplicate sentence or a passage of another outlet,
``from_earlier`` in one of an outlet that published before; ``with_outlets`` names them."""


def earlier(a: object, b: object) -> str:
    """Tell which of two dates is earlier: ``first``, ``second``, or empty where they do not say.

    Parameters
    ----------
    a, b
        ISO 8601 to the day, month or year; anything else is unknown.

    Examples
    --------
    >>> earlier("2025-06-12", "2025-07"), earlier("2025-06", "2025-06-12"), earlier("", "2025")
    ('first', '', '')
    """
    spans = [_span(date) for date in (a, b)]
    if spans[0] is None or spans[1] is None:
        return ""
    if spans[0][1] < spans[1][0]:
        return "first"
    return "second" if spans[1][1] < spans[0][0] else ""


def _span(date: object) -> tuple[str, str] | None:
    text = str(date)[:10] if date is not None and date == date else ""
    if not text[:4].isdigit() or len(text) not in (4, 7, 10):
        return None
    return text + "-01-01"[len(text) - 4 :], text + "-12-31"[len(text) - 4 :]


def shared_sentences(units: pd.DataFrame, *, threshold: float = THRESHOLD) -> pd.DataFrame:
    """List near-duplicate sentences of different outlets.

    Parameters
    ----------
    units
        ``doc_id, unit, outlet, text``, and ``published`` where it is known.
    threshold
        Of `framing.corpus.near_duplicates`.

    Returns
    -------
    pandas.DataFrame
        `SENTENCE_COLUMNS`: ``earlier`` is the outlet whose article was published before, empty where dates do not say.
    """
    pairs = near_duplicates(units[["doc_id", "unit", "text"]], threshold=threshold)
    known = units.assign(published=units.get("published", ""))
    details = known[["doc_id", "unit", "outlet", "text", "published"]]
    pairs = pairs.merge(details, on=["doc_id", "unit"]).merge(
        details.add_prefix("other_"), on=["other_doc_id", "other_unit"]
    )
    pairs = pairs[pairs["outlet"] != pairs["other_outlet"]]
    return _directed(pairs)[list(SENTENCE_COLUMNS)].reset_index(drop=True)


def _directed(pairs: pd.DataFrame) -> pd.DataFrame:
    order = [earlier(a, b) for a, b in zip(pairs["published"], pairs["other_published"], strict=True)]
    names = {"first": pairs["outlet"], "second": pairs["other_outlet"]}
    said = [names[o].iloc[n] if o else "" for n, o in enumerate(order)]
    return pairs.assign(earlier=pd.Series(said, index=pairs.index, dtype="str"))


def shared_passages(articles: pd.DataFrame, units: pd.DataFrame, *, run: int = RUN) -> pd.DataFrame:
    """List the passages of equal words that articles of different outlets have in common.

    Parameters
    ----------
    articles
        ``doc_id, outlet``, and ``published`` where it is known.
    units
        ``doc_id, start, text``, in reading order: what is read, boilerplate left out.
    run
        Least number of words in a row, spelling folded.

    Returns
    -------
    pandas.DataFrame
        `PASSAGE_COLUMNS`, each passage as long as it goes, in order of articles and offsets.
    """
    words = {str(doc_id): _words(own) for doc_id, own in units.groupby("doc_id", sort=False)}
    outlets = dict(zip(articles["doc_id"], articles["outlet"], strict=True))
    dates = dict(zip(articles["doc_id"], articles["published"], strict=True)) if "published" in articles else {}
    rows = []
    for (a, b), matches in _common(words, run).items():
        if outlets[a] == outlets[b]:
            continue
        first = {"first": outlets[a], "second": outlets[b]}.get(earlier(dates.get(a), dates.get(b)), "")
        for place, other, length in matches:
            spans = [(words[doc][at][0], words[doc][at + length - 1][1]) for doc, at in ((a, place), (b, other))]
            said = " ".join(plain for _, _, plain in words[a][place : place + length])
            rows.append((outlets[a], a, *spans[0], outlets[b], b, *spans[1], length, first, said))
    table = pd.DataFrame(rows, columns=list(PASSAGE_COLUMNS))
    return table.sort_values(["doc_id", "start", "other_doc_id", "other_start"], ignore_index=True)


_Words = list[tuple[int, int, str]]


def _words(own: pd.DataFrame) -> _Words:
    """Return an article's words in order: offsets in the article, and the folded word."""
    return [
        (int(start) + word.start, int(start) + word.end, fold(word.spelt))
        for start, text in zip(own["start"], own["text"], strict=True)
        for word in words_of(text)
    ]


def _common(words: dict[str, _Words], run: int) -> dict[tuple[str, str], list[tuple[int, int, int]]]:
    """Return the longest runs of words that each two texts have in common, as places and length."""
    seen: dict[tuple[str, ...], list[tuple[str, int]]] = defaultdict(list)
    starts: dict[tuple[str, str], set[tuple[int, int]]] = defaultdict(set)
    for doc, own in words.items():
        plain = [word for _, _, word in own]
        for place in range(len(plain) - run + 1):
            gram = tuple(plain[place : place + run])
            for other, at in seen[gram]:
                if other != doc:
                    starts[other, doc].add((at, place))
            seen[gram].append((doc, place))
    found: dict[tuple[str, str], list[tuple[int, int, int]]] = {}
    for pair, places in starts.items():
        firsts = sorted(place for place in places if (place[0] - 1, place[1] - 1) not in places)
        found[pair] = [(a, b, run + _further(places, a, b)) for a, b in firsts]
    return found


def _further(places: set[tuple[int, int]], a: int, b: int) -> int:
    length = 0
    while (a + length + 1, b + length + 1) in places:
        length += 1
    return length


def reuse(articles: pd.DataFrame, units: pd.DataFrame, sentences: pd.DataFrame, passages: pd.DataFrame) -> Result:
    """Say how much of each article is text that another outlet has, too.

    Parameters
    ----------
    articles
        ``doc_id, outlet``.
    units
        ``doc_id, unit, start, end, text``: what is read, boilerplate left out.
    sentences, passages
        Of `shared_sentences` and `shared_passages`.

    Returns
    -------
    Result
        `SHARE_COLUMNS`, a row per article.
    """
    places = dict(zip(units[["doc_id", "unit"]].itertuples(index=False, name=None),
                      units[["start", "end"]].itertuples(index=False, name=None), strict=True))  # fmt: skip
    spans: dict[str, list[tuple[int, int, str, bool]]] = defaultdict(list)
    for row in sentences.to_dict("records"):
        for own, other in (("", "other_"), ("other_", "")):
            start, end = places[row[own + "doc_id"], row[own + "unit"]]
            late = row["earlier"] == row[other + "outlet"]
            spans[row[own + "doc_id"]].append((start, end, row[other + "outlet"], late))
    for row in passages.to_dict("records"):
        for own, other in (("", "other_"), ("other_", "")):
            late = row["earlier"] == row[other + "outlet"]
            spans[row[own + "doc_id"]].append((row[own + "start"], row[own + "end"], row[other + "outlet"], late))
    rows = []
    for doc_id, outlet in zip(articles["doc_id"], articles["outlet"], strict=True):
        words, found = _words(units[units["doc_id"] == doc_id]), spans[doc_id]
        shared = _inside(words, [(start, end) for start, end, _, _ in found])
        late = _inside(words, [(start, end) for start, end, _, is_late in found if is_late])
        share = shared / len(words) if words else 0.0
        rows.append(
            (outlet, doc_id, len(words), shared, share, late, "; ".join(sorted({name for _, _, name, _ in found})))
        )
    return Result(
        table=pd.DataFrame(rows, columns=list(SHARE_COLUMNS)),
        estimand="Share of an article's words that stand in a sentence or passage that another outlet has, too.",
        method=(
            f"Near-duplicate sentences (Jaccard similarity of character shingles of {THRESHOLD:g} or more) and "
            f"passages of {RUN} or more equal words; who had it first is told where the dates of both articles are "
            "known and differ."
        ),
        n_articles=len(articles),
        n_units=len(units),
    )


def _inside(words: _Words, spans: Iterable[tuple[int, int]]) -> int:
    """Count the words that stand inside any of the spans."""
    known = list(spans)
    return sum(any(start <= first and last <= end for start, end in known) for first, last, _ in words)
