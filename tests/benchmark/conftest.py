from __future__ import annotations

import json
import os
from pathlib import Path

import numpy as np
import pytest


@pytest.fixture
def published_data() -> Path:
    """The public data sets, which never travel with the package."""
    folder = os.environ.get("FRAMING_BENCHMARKS")
    if not folder or not Path(folder).is_dir():
        pytest.skip("FRAMING_BENCHMARKS names no folder of public benchmark data")
    return Path(folder)


FRAME_WORDS = ("حق", "رقابة", "سياسة", "نفس", "مدرسة", "عرق", "رأي", "ثقافة", "مال")


def _headlines(n: int, rng: np.random.Generator, start: int = 0) -> list[str]:
    lines = []
    for number in range(start, start + n):
        held = rng.permutation(9)[: int(rng.integers(1, 3))]
        words = " ".join(f"{FRAME_WORDS[i]} {FRAME_WORDS[i]}{FRAME_WORDS[i]}" for i in sorted(held))
        flags = "\t".join("1.0" if i in held else "0.0" for i in range(9))
        lines.append(f'{number}\t"عنوان ""مصنوع"" {words} {rng.integers(10**6)}"\ta\t{flags}')
    return lines


@pytest.fixture
def gvfc_folder(tmp_path: Path) -> Path:
    """Constructed headlines in the format of the data set."""
    rng = np.random.default_rng(1)
    folder = tmp_path / "gvfc"
    for fold in range(5):
        _write(folder / f"english_fold{fold}" / "dev.tsv", _headlines(12, rng, 1000 + 12 * fold))
    few, test = _headlines(12, rng), _headlines(24, rng, 12)
    _write(folder / "arabic_fewshot" / "train.tsv", few)
    _write(folder / "arabic_fewshot" / "dev.tsv", test)
    _write(folder / "arabic_388.tsv", few + test)
    return folder


@pytest.fixture
def gvfc_static_folder(gvfc_folder: Path) -> Path:
    """The same headlines, for a student."""
    return gvfc_folder


@pytest.fixture
def araieval_folder(tmp_path: Path) -> Path:
    """Constructed texts in the format of the data set."""
    rng = np.random.default_rng(2)
    folder = tmp_path / "araieval2023"
    for split, n in (("train", 60), ("dev", 20), ("test", 30)):
        one, several = [], []
        for number in range(n):
            held = [name for name, chance in (("Loaded_Language", 0.5), ("Doubt", 0.3)) if rng.random() < chance]
            text = " ".join(["نص مصنوع", *(["كارثة مروعة"] * ("Loaded_Language" in held)), str(rng.integers(10**6))])
            text += " أحقا يقولون" if "Doubt" in held else ""
            record = {"id": f"{split}{number}", "text": text, "type": "tweet" if number % 3 else "paragraph"}
            one.append(json.dumps({**record, "label": str(bool(held)).lower()}, ensure_ascii=False))
            several.append(json.dumps({**record, "labels": held or ["no_technique"]}, ensure_ascii=False))
        _write(folder / f"task1A_{split}.jsonl", one)
        _write(folder / f"task1B_{split}.jsonl", several)
    return folder


@pytest.fixture
def armpro_folder(tmp_path: Path) -> Path:
    """Constructed paragraphs in the format of the data set: two outlets large enough, one not."""
    rng = np.random.default_rng(3)
    folder = tmp_path / "armpro"
    for split, n in (("dev", 36), ("test", 44)):
        lines = []
        for number in range(n):
            label = bool(rng.random() < 0.5)
            outlet = ("www.east.example", "west.example", "west.example", "small.example")[number % 4]
            record = {
                "page_id": f"{outlet}-{number // 8}",
                "paragraph_id": f"{split}-{number}",
                "paragraph": f"{'كارثة مروعة لا تغتفر' if label else 'أعلنت الوكالة جدول اليوم'} {_filler(rng)}",
                "page_domain": outlet,
                "label": str(label).lower(),
            }
            lines.append(json.dumps(record, ensure_ascii=False))
        _write(folder / f"ArMPro_binary_{split}_V2.jsonl", lines)
    return folder


TONES = {"NEG": "خسارة فادحة وفشل ذريع", "NEU": "موعد اللقاء يوم الأحد", "POS": "نجاح باهر وفوز كبير"}


@pytest.fixture
def umsab_folder(tmp_path: Path) -> Path:
    """Constructed tweets in the format of the data set."""
    rng = np.random.default_rng(4)
    folder = tmp_path / "umsab_arabic"
    for split, n in (("train", 60), ("val", 15), ("test", 30)):
        texts = [f"RT @user: {list(TONES.values())[number % 3]} {_filler(rng)}" for number in range(n)]
        # As published: no line end after the last tweet; some hold what Python takes for one.
        texts[1] = texts[1].replace(" ", "\u2028", 1)
        _write(folder / f"{split}_text.txt", texts, end="")
        _write(folder / f"{split}_labels.txt", [str(number % 3) for number in range(n)], end="")
    return folder


@pytest.fixture
def arsarcasm_folder(tmp_path: Path) -> Path:
    """Constructed tweets in the format of the data set: a quote inside, a line end inside, and reprints."""
    rng = np.random.default_rng(5)
    lines = []
    for number in range(36):
        sentiment = list(TONES)[number % 3]
        lines.append(f'"قال ""{TONES[sentiment]}""\n {_filler(rng)}",FALSE,{sentiment},{("msa", "gulf")[number % 2]}')
    _write(tmp_path / "arsarcasm_v2" / "training_data.csv", ["tweet,sarcasm,sentiment,dialect", *lines, *lines[:6]])
    return tmp_path / "arsarcasm_v2"


@pytest.fixture
def thatiar_folder(tmp_path: Path) -> Path:
    """Constructed sentences in the format of the data set: half the articles of the test are those of training."""
    rng = np.random.default_rng(6)
    folder = tmp_path / "thatiar"
    for split, n, first in (("train", 60, 0), ("dev", 20, 0), ("dev_test", 40, 10)):
        lines = ["sentence_id\tsentence\tlabel"]
        for number in range(n):
            label = ("OBJ", "SUBJ")[int(rng.random() < 0.5)]
            words = "يا لها من فضيحة لا تغتفر" if label == "SUBJ" else "أعلنت الوكالة جدول اليوم"
            text = f'"قال ""{words}"" {_filler(rng)}"' if split == "dev_test" else f"قال {words} {_filler(rng)}"
            lines.append(f"Outlet_{first + number % 20}_{number}\t{text}\t{label}")
        _write(folder / f"{split}_ar.tsv", lines)
    return folder


def _filler(rng: np.random.Generator) -> str:
    """Words of random letters, so that no two texts are near-duplicates."""
    return " ".join("".join(rng.choice(list("ابتجدرسعفقكلمنهوي"), size=5)) for _ in range(12))


def _write(path: Path, lines: list[str], end: str = "\n") -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(lines) + end, encoding="utf-8")
