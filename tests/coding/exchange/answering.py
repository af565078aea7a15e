"""What coders answer, known before, and the hands that fill in what they are sent."""

from __future__ import annotations

import string
from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd
from hypothesis import strategies as st

from framing.coding import Codebook
from framing.coding.codebook import Frame, Party
from framing.coding.exchange.form import (
    NO_FRAME,
    NOT_MENTIONED,
    allowed,
    answers_table,
    columns,
    empty_means,
    tasks,
    variables,
)
from framing.files import read_table
from framing.resources import resource
from framing.schema import KEY
from framing.study import StudyData

Answer = dict[str, Any]
"""As `answers_table` takes them: key, coder, what was chosen for each variable that was answered, note."""


def seeds_shown(data: StudyData) -> pd.DataFrame:
    return tasks(data.units, data.codebook)


def seeds_answers(data: StudyData) -> list[Answer]:
    """What the three coders of the seeds said, 133 units each."""
    shas = {(d, u): s for d, u, s in seeds_shown(data)[[*KEY, "sha"]].itertuples(index=False)}
    rows = []
    for row in read_table(resource("annotations") / "codings.csv").to_dict("records"):
        said: Answer = {"doc_id": row["doc_id"], "unit": int(row["unit"]), "coder": row["coder"], "note": row["note"]}
        said["sha"], said["codebook"] = shas[row["doc_id"], int(row["unit"])], data.codebook.version
        for name in variables(data.codebook):
            said[name] = row[name] or empty_means(data.codebook, name)
        rows.append(said | {"frames": row["frames"].split(";") if row["frames"] else [NO_FRAME]})
    return rows


def wanted(answers: Iterable[Answer], codebook: Codebook, tool: str) -> pd.DataFrame:
    """Return the table that an import of these answers must give."""
    table = answers_table([{**a, "tool": tool} for a in answers], codebook)[columns(codebook)]
    return in_order(table[table["answered"].ne("")])


def in_order(answers: pd.DataFrame) -> pd.DataFrame:
    return answers.sort_values(["coder", *KEY], ignore_index=True)


def by_unit(answers: Iterable[Answer]) -> Mapping[tuple[str, int], Answer]:
    return {(a["doc_id"], a["unit"]): a for a in answers}


def chosen(answer: Answer, codebook: Codebook) -> dict[str, list[str]]:
    """Return what is chosen for each variable, none where it is not answered."""
    said = {name: answer.get(name) for name in variables(codebook)}
    return {
        name: [] if v is None else list(map(str, v)) if isinstance(v, list) else [str(v)] for name, v in said.items()
    }


IDS = st.text("abcزع_٣1", min_size=1, max_size=6).map(lambda s: "f" + s)
WORDS = st.text(string.ascii_letters + "قطر ،«»\"'=-+@[]{}<>&;:,\u200f\u200e\u2067\u2069😀👩🏽‍🌾é\u064b", max_size=25)
LINES = st.lists(WORDS, min_size=1, max_size=3).map("\n".join)
"""Texts with quotes, line ends, direction marks and emoji, and what begins like a formula."""


@st.composite
def codebooks(draw: st.DrawFn) -> Codebook:
    label = st.one_of(WORDS, st.sampled_from(["نعم", "لا إطار", "no"]))
    frames = tuple(
        Frame(i, draw(label), draw(label), draw(WORDS), (draw(WORDS),), ())
        for i in draw(st.lists(IDS, unique=True, max_size=3))
    )
    scale = draw(st.sampled_from([(), (-1, 0, 1), (-2, -1, 0, 1, 2), (-1, 1), (-10, 5)]))
    parties = draw(st.lists(IDS, unique=True, max_size=2))
    voices = {
        v: draw(WORDS)
        for v in draw(st.lists(st.one_of(IDS, st.sampled_from(["narrator", "1", "01"])), unique=True, max_size=4))
    }
    if not (frames or scale or parties or voices):
        scale = (-1, 0, 1)
    return Codebook(
        name="n" + draw(WORDS),
        version=draw(st.sampled_from(["1", "2.0-b", "طبعة"])),
        language=draw(st.sampled_from(["ar", "en"])),
        unit="",
        context=draw(st.sampled_from([0, 2])),
        frames=frames,
        tone=scale,
        tone_question="",
        tone_rules=(draw(WORDS),),
        target_tone=draw(st.sampled_from([(-1, 0, 1), (-3, 0, 3)])) if parties else (),
        target_question=draw(WORDS),
        parties=tuple(Party(p, draw(WORDS), draw(WORDS)) for p in parties),
        voice=voices,
        voice_rule="",
        decisions=(),
    )


@st.composite
def answered(draw: st.DrawFn) -> tuple[Codebook, pd.DataFrame, list[Answer]]:
    """A codebook, units as they are shown, and what one coder answered of them, some left open."""
    book = draw(codebooks())
    docs = draw(
        st.lists(
            st.one_of(st.sampled_from(["000", "1e5", "=a", "2-3", "أ ب/:@#%"]), IDS),
            min_size=1,
            max_size=2,
            unique=True,
        )
    )
    text = LINES.filter(str.strip)
    units = pd.DataFrame(
        [
            {"doc_id": d, "unit": 2 * u, "unit_type": "body" if u else "headline", "text": draw(text)}
            for d in docs
            for u in range(draw(st.integers(1, 3)))
        ]
    )
    shown = tasks(units, book)
    coder = draw(st.sampled_from(["A", "007", "=سارة", "a/b", "لا@b"]))
    answers = []
    for row in shown[[*KEY, "sha"]].to_dict("records"):
        said: Answer = row | {"coder": coder, "codebook": book.version, "note": draw(LINES)}
        for name in variables(book):
            options = [o for o in (*allowed(book, name), empty_means(book, name)) if o]
            if draw(st.booleans()):
                continue
            if name == "frames":
                picked = draw(st.lists(st.sampled_from(book.frame_ids), unique=True, max_size=3))
                said[name] = picked or [NO_FRAME]
            else:
                said[name] = draw(st.sampled_from(options))
        answers.append(said)
    return book, shown, answers


__all__ = [
    "NOT_MENTIONED",
    "NO_FRAME",
    "Answer",
    "answered",
    "by_unit",
    "chosen",
    "in_order",
    "seeds_answers",
    "seeds_shown",
    "wanted",
]
