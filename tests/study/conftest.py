from __future__ import annotations

from pathlib import Path

import pytest

STUDY = """
[study]
name = "flood"
title = "A flood in the valley"
seed = 3
[corpus]
articles = "articles.jsonl"
[coding]
codebook = "codebook.yaml"
codings = "codings.csv"
[models]
encoder = "tfidf"
[comparison]
permutations = 99
"""
CODEBOOK = """
name: flood
version: 1
frames:
  - {id: rescue, label_ar: إنقاذ, definition: The flood is shown through those who save others.}
  - {id: blame, label_ar: لوم, definition: The flood is shown as somebody's fault.}
"""
RESCUE = "أنقذ رجال الدفاع المدني عشرات السكان من البيوت الغارقة."
BLAME = "حمل الأهالي البلدية مسؤولية انسداد مجاري التصريف."
PLAIN = "بلغ ارتفاع المياه مترا ونصف المتر في الشارع الرئيسي."


@pytest.fixture
def other_study(tmp_path: Path) -> Path:
    """A constructed study of another event: two outlets with three articles each, two frames, no tone, no party."""
    import json

    folder = tmp_path / "flood"
    folder.mkdir()
    articles, codings = [], ["doc_id,unit,coder,frames"]
    for number in range(6):
        east = number < 3
        sentences = [RESCUE, PLAIN, RESCUE if east else BLAME, BLAME, PLAIN]
        ids = ["rescue", "", "rescue" if east else "blame", "blame", ""]
        outlet = "الشرق" if east else "الغرب"
        articles.append({"doc_id": f"d{number}", "outlet": outlet, "text": " ".join(sentences), "published": 2024})
        for unit, frame in enumerate(ids):
            codings.append(f"d{number},{unit},X,{frame}")
            codings.append(f"d{number},{unit},Y,{'' if (number, unit) == (0, 0) else frame}")
            codings.append(f"d{number},{unit},Z,{frame}")
    lines = [json.dumps(article, ensure_ascii=False) for article in articles]
    (folder / "articles.jsonl").write_text("\n".join(lines), encoding="utf-8")
    (folder / "codings.csv").write_text("\n".join(codings) + "\n", encoding="utf-8")
    (folder / "codebook.yaml").write_text(CODEBOOK, encoding="utf-8")
    (folder / "study.toml").write_text(STUDY, encoding="utf-8")
    return folder / "study.toml"
