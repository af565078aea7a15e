"""How well articles are cut into units, against gold and beside public splitters.

A boundary is the number of visible characters (neither space nor marks without width) of the article before a
unit's end, so that what a splitter does with the space between sentences does not count. The last boundary of an
article is free and left out.
"""

from __future__ import annotations

import importlib
import warnings
from collections.abc import Callable, Iterable
from typing import Literal

import pandas as pd

from framing.corpus.segmentation import segment, trim
from framing.corpus.sentences import without_space
from framing.errors import FramingError, InputError
from framing.resources import installed
from framing.results import Result

Splitter = Callable[[str], list[str]]
"""A text in, its sentences out, in order and together the whole text but for space."""

Setting = Literal["own", "whole", "lines"]
"""own: the package's way through the text; whole: the splitter gets the article; lines: it gets each line by
itself, which helps a splitter that does not know that a line break ends a sentence."""

COLUMNS = (
    "splitter",
    "version",
    "setting",
    "boundary_precision",
    "boundary_recall",
    "boundary_f1",
    "type_accuracy",
    "n_boundaries",
    "reason",
)
"""Columns of `compare_splitters`; ``reason`` says why a row has no numbers and is empty otherwise."""


def evaluate_segmentation(
    units: pd.DataFrame, gold: pd.DataFrame, articles: pd.DataFrame, splitter_name: str = "framing"
) -> dict[str, object]:
    """Compare units with gold units.

    Parameters
    ----------
    units, gold
        Units with ``doc_id``, ``start``, ``end``; with ``unit_type`` where types are to be compared.
    articles
        ``doc_id`` and ``text`` of every article in ``gold``; units of other articles are ignored.
    splitter_name
        Goes into the row.

    Returns
    -------
    dict
        ``splitter``; ``boundary_precision``, ``boundary_recall``, ``boundary_f1`` pooled over articles;
        ``type_accuracy``, the share of gold units that a unit matches in trimmed span and type (nan without
        types); ``n_boundaries`` that the splitter set and ``n_gold_boundaries``.

    Raises
    ------
    InputError
        Where an article of the gold is missing or a span does not lie in it.
    """
    texts = _texts(articles, gold)
    found, expected = _boundaries(units, texts), _boundaries(gold, texts)
    row: dict[str, object] = {"splitter": splitter_name, **_scores(found, expected)}
    row["type_accuracy"] = _type_accuracy(units, gold, texts) if "unit_type" in units.columns else float("nan")
    return row


def compare_splitters(articles: pd.DataFrame, gold: pd.DataFrame) -> Result:
    """Measure the package's segmentation and public sentence splitters on the same gold.

    Parameters
    ----------
    articles
        ``doc_id`` and ``text``.
    gold
        Gold units of some or all of them: ``doc_id``, ``start``, ``end``, ``unit_type``.

    Returns
    -------
    Result
        A table with `COLUMNS`: the package once (``own``), each peer on whole articles and line by line. Peers
        set no types, so their ``type_accuracy`` is nan.
    """
    texts = _texts(articles, gold)
    judged = articles[articles["doc_id"].isin(list(texts))]
    own = evaluate_segmentation(segment(judged), gold, judged)
    rows: list[dict[str, object]] = [{**own, "version": installed("arabic-framing"), "setting": "own", "reason": ""}]
    expected = _boundaries(gold, texts)
    for name, split in peer_splitters().items():
        for setting in ("whole", "lines"):
            rows.append(_peer_row(name, split, setting, texts, expected))
    return Result(
        table=pd.DataFrame(rows).reindex(columns=list(COLUMNS)),
        estimand="Agreement of each splitter's sentence boundaries and unit types with the gold segmentation "
        "of these articles.",
        method="Boundaries as counts of visible characters, without each article's last; precision, recall and "
        "F1 pooled over articles; type accuracy over all gold units, matched by exact span.",
        n_articles=len(texts),
        n_units=len(gold),
        caveats=("Gold units that follow a convention favour the splitter that follows the same one.",),
    )


def peer_splitters() -> dict[str, Splitter]:
    """Give the public splitters by package name; all work offline, and each imports its package when called.

    Returns
    -------
    dict of str to Splitter
        A call raises ImportError where the package is not installed.
    """
    return {"pysbd": _pysbd, "sentencex": _sentencex, "nltk": _punkt}


def _pysbd(text: str) -> list[str]:
    segmenter = importlib.import_module("pysbd").Segmenter(language="ar", clean=False)
    return [str(sentence) for sentence in segmenter.segment(text)]


def _sentencex(text: str) -> list[str]:
    return [str(sentence) for sentence in importlib.import_module("sentencex").segment("ar", text)]


def _punkt(text: str) -> list[str]:
    # Untrained: the trained models are a download.
    tokenizer = importlib.import_module("nltk.tokenize.punkt").PunktSentenceTokenizer()
    return [str(sentence) for sentence in tokenizer.tokenize(text)]


def _peer_row(
    name: str, split: Splitter, setting: Setting, texts: dict[str, str], expected: set[tuple[str, int]]
) -> dict[str, object]:
    """Measure one peer, or say why it could not be measured."""
    row: dict[str, object] = {"splitter": name, "version": installed(name) or "", "setting": setting, "reason": ""}
    try:
        # Peers warn about their own code (invalid escapes, deprecated calls); the user's filters come back after.
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            found = _peer_boundaries(split, setting, texts)
    except ImportError:
        return {**row, "reason": f"not installed (pip install {name})"}
    except Exception as error:  # A peer's crash is a finding about the peer, not a failure of the comparison.
        return {**row, "reason": str(error) if isinstance(error, FramingError) else repr(error)}
    return {**row, **_scores(found, expected)}


def _peer_boundaries(split: Splitter, setting: Setting, texts: dict[str, str]) -> set[tuple[str, int]]:
    found: set[tuple[str, int]] = set()
    for doc_id, text in texts.items():
        parts = [text] if setting == "whole" else [line for line in text.splitlines() if line.strip()]
        pieces = [without_space(piece) for part in parts for piece in split(part)]
        whole = without_space(text)
        if "".join(pieces) != whole:
            raise InputError(f"does not give back the text of '{doc_id}' that it was given")
        place = 0
        for piece in pieces:
            place += len(piece)
            if 0 < place < len(whole):
                found.add((doc_id, place))
    return found


def _texts(articles: pd.DataFrame, gold: pd.DataFrame) -> dict[str, str]:
    """Give the texts of the gold's articles."""
    texts = dict(zip(articles["doc_id"], articles["text"], strict=True))
    wanted = list(dict.fromkeys(gold["doc_id"]))
    missing = [doc_id for doc_id in wanted if doc_id not in texts]
    if missing:
        raise InputError(
            f"no article '{missing[0]}', which the gold has units of",
            cure="Give the articles that were segmented.",
        )
    return {doc_id: texts[doc_id] for doc_id in wanted}


def _spans(units: pd.DataFrame, texts: dict[str, str]) -> Iterable[tuple[str, int, int]]:
    for doc_id, start, end in zip(units["doc_id"], units["start"], units["end"], strict=True):
        if doc_id not in texts:
            continue
        if not 0 <= start < end <= len(texts[doc_id]):
            raise InputError(
                f"the span {start} to {end} does not lie in article '{doc_id}'",
                cure="Use the text it was made from.",
            )
        yield doc_id, int(start), int(end)


def _boundaries(units: pd.DataFrame, texts: dict[str, str]) -> set[tuple[str, int]]:
    """Give the inner boundaries as (doc_id, visible characters before the unit's end)."""
    ends: dict[str, set[int]] = {doc_id: set() for doc_id in texts}
    for doc_id, _, end in _spans(units, texts):
        ends[doc_id].add(end)
    found: set[tuple[str, int]] = set()
    for doc_id, text in texts.items():
        total, counted, place = len(without_space(text)), 0, 0
        for end in sorted(ends[doc_id]):
            counted, place = counted + len(without_space(text[place:end])), end
            if 0 < counted < total:
                found.add((doc_id, counted))
    return found


def _scores(found: set[tuple[str, int]], expected: set[tuple[str, int]]) -> dict[str, object]:
    hits = len(found & expected)
    return {
        "boundary_precision": hits / len(found) if found else float("nan"),
        "boundary_recall": hits / len(expected) if expected else float("nan"),
        "boundary_f1": 2 * hits / (len(found) + len(expected)) if found or expected else float("nan"),
        "n_boundaries": len(found),
        "n_gold_boundaries": len(expected),
    }


def _type_accuracy(units: pd.DataFrame, gold: pd.DataFrame, texts: dict[str, str]) -> float:
    def typed(table: pd.DataFrame) -> list[tuple[str, int, int, str]]:
        kept = table[table["doc_id"].isin(list(texts))]
        spans = [(doc_id, *trim(texts[doc_id], start, end)) for doc_id, start, end in _spans(kept, texts)]
        return [(*span, str(kind)) for span, kind in zip(spans, kept["unit_type"], strict=True)]

    ours = set(typed(units))
    expected = typed(gold)
    return sum(unit in ours for unit in expected) / len(expected) if expected else float("nan")
