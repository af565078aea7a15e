"""A constructed study whose texts try to break a page: tags, entities, letters beyond the first plane."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import pytest

from framing.report import Findings, numbers, save_figures, write_html
from framing.report.numbers import Numbers
from framing.study import load_data, load_study
from framing.study.run import find
from tests.study.conftest import BLAME, PLAIN, RESCUE

HOSTILE = "🧩 كتب أحدهم <script>window.broken = true</script><img src=x onerror='window.broken = true'> في الوادي."
TITLE = "A flood & </script><b>its</b> tellings"

STUDY = f"""
[study]
name = "flood"
title = "{TITLE}"
event = "A night in March"
seed = 3
[corpus]
articles = "articles.jsonl"
[coding]
codebook = "codebook.yaml"
codings = "codings.csv"
[models]
encoder = "tfidf"
scorer = "learned"
[comparison]
permutations = 99
[parties]
town = ["البلدية", "المجلس"]
[facts.rain]
label = "Homes lost"
kind = "count"
triggers = ["دمر", "الحي"]
[wording.contrasts.water]
flood = ["فيضان"]
deluge = ["سيل"]
"""

CODEBOOK = """
name: flood
version: 1
language: ar
frames:
  - {id: rescue, label_en: Rescue, label_ar: إنقاذ, definition: The flood is shown through those who save others.}
  - {id: blame, label_en: Blame, label_ar: لوم, definition: The flood is shown as somebody's fault.}
tone: {question: Its tone, scale: [-1, 0, 1]}
targets: {question: Towards whom, scale: [-1, 0, 1], parties: [{id: town, label_ar: البلدية}]}
voice: {rule: Who speaks, values: {narrator: the outlet, named: a named source, anonymous: a source without a name}}
"""

TOWN = ("البلدية", "المجلس")

SENTENCES = (
    ("أنقذ الجيران أطفالا من الفيضان في ليلة واحدة.", "rescue", 1, "narrator"),
    ("قالت المهندسة سلمى إن البلدية أهملت الجسر قبل الفيضان.", "blame", -1, "named"),
    ("دمر السيل 40 منزلا في الحي القديم.", "", -1, "narrator"),
    ("وصلت القوارب وأنقذت العائلات رغم لوم البلدية.", "rescue;blame", 0, "narrator"),
    ("ذكرت مصادر مطلعة أن البلدية أخفت تقرير السيل.", "blame", -1, "anonymous"),
    (HOSTILE, "", 0, "narrator"),
)


@dataclass(frozen=True)
class Made:
    """A study's findings, with its numbers and figures."""

    findings: Findings
    numbers: Numbers
    figures: Path

    def arabic(self, folder: Path) -> Path:
        """Write the page in Arabic into a folder, and return it."""
        captions = save_figures(self.findings, folder / "figures", "ar")
        write_html(self.findings, self.numbers | {"figures": captions}, folder / "figures", folder / "ar.html", "ar")
        return folder / "ar.html"


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    folder = tmp_path_factory.mktemp("hostile")
    articles, codings = [], ["doc_id,unit,coder,frames,tone,tone_town,voice"]
    for number in range(6):
        east = number < 3
        units = [
            SENTENCES[number],
            (RESCUE[number], "rescue", 1, "narrator"),
            (BLAME[number], "blame", -1, "narrator"),
            (PLAIN[number], "", 0, "narrator"),
            (PLAIN[number + 6], "", number % 2, "narrator"),
            *([] if east else [SENTENCES[number - 3]]),
        ]
        text = "\n".join(unit[0] for unit in units)
        articles.append({"doc_id": f"d{number}", "outlet": "الشرق" if east else "west <i>&amp;", "text": text})
        for unit, (words, frames, tone, voice) in enumerate(units):
            town = tone if any(name in words for name in TOWN) else ""
            for coder in "XY":
                said = "" if (number, unit, coder) == (0, 0, "Y") else frames
                codings.append(f"d{number},{unit},{coder},{said},{tone},{town},{voice}")
    lines = [json.dumps(article, ensure_ascii=False) for article in articles]
    (folder / "articles.jsonl").write_text("\n".join(lines), encoding="utf-8")
    (folder / "codings.csv").write_text("\n".join(codings) + "\n", encoding="utf-8")
    (folder / "codebook.yaml").write_text(CODEBOOK, encoding="utf-8")
    (folder / "study.toml").write_text(STUDY, encoding="utf-8")
    study = load_study(folder / "study.toml")
    findings = find(study, load_data(study))
    captions = save_figures(findings, folder / "figures")
    return Made(findings, {**numbers(findings), "figures": captions}, folder / "figures")
