"""The portrayal of the default study, and of another event that the library has never heard of."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
import yaml

from framing import cli
from framing.errors import InputError
from framing.files import read_table
from framing.portrayal import Portrayal, suggest_aliases
from framing.portrayal.scoring import read_coded, score_figures
from framing.report.portrayal import portrayal_lines, portrayal_numbers
from framing.study import Predictor, Study, StudyData, load_data, load_study, train
from framing.study.model import load_predictor
from framing.study.portrayal import portray
from framing.study.validation import validate_study
from tests.conftest import ROOT

FOOTBALL = ROOT / "tests/football/study.toml"


@pytest.fixture(scope="module")
def default(study: Study, data: StudyData) -> Portrayal:
    return portray(study, data)


@pytest.fixture(scope="module")
def football() -> tuple[Study, StudyData]:
    study = load_study(FOOTBALL)
    return study, load_data(study)


def f1(portrayal: Portrayal, sample: str, label: str) -> float:
    table = portrayal.scores[sample].table.set_index("label")
    return float(table.loc[label, "f1"])


def test_scores_against_what_was_coded(default: Portrayal) -> None:
    assert f1(default, "mentions", "all") > 0.92
    assert f1(default, "facts", "value") >= 0.95
    assert f1(default, "facts", "tie") >= 0.85
    assert f1(default, "sources", "overlap") > 0.85


def test_voice_by_rule_on_outlets_left_out(study: Study, data: StudyData) -> None:
    result = validate_study(study, data, ("voice",))["voice"]
    macro = result.table[result.table["label"] == "macro"].set_index("system")["f1"]
    assert result.table["system"].iloc[0] == "rules"
    assert macro["rules"] >= 0.85
    assert macro["rules"] > macro["embedding"]
    found = portrayal_numbers(portray(study, data), result)["voice"]
    assert isinstance(found, dict)
    assert (found["system"], found["macro_f1"]) == ("rules", macro["rules"])


def test_every_column_says_what_it_holds(default: Portrayal) -> None:
    columns = default.frames()["columns"]
    assert columns[columns["meaning"].eq("")].values.tolist() == []
    assert set(columns["table"]) == set(default.frames()) - {"columns"}


def test_offsets_of_every_table_are_those_of_the_units(default: Portrayal, data: StudyData) -> None:
    texts = {(d, u): text for d, u, text in data.units[["doc_id", "unit", "text"]].itertuples(index=False)}
    for name, said in (("mentions", "text"), ("figures", "text"), ("sources", "source")):
        table = default.tables[name]
        assert len(table) > 20
        for row in table.to_dict("records"):
            assert texts[row["doc_id"], row["unit"]][row["start"] : row["end"]] == row[said]


def test_the_tables_are_the_same_each_time(default: Portrayal, study: Study, data: StudyData) -> None:
    for name, table in portray(study, data).frames().items():
        pd.testing.assert_frame_equal(table, default.frames()[name])


def test_outlets_that_tell_the_deal_differently_are_told_apart(default: Portrayal, study: Study) -> None:
    claims = default.results["claims"].table
    assert set(claims["fact"]) == {fact.id for fact in study.facts}
    assert claims[claims["fact"] == "deal_value"]["status"].unique().tolist() == ["disputed"]
    assert claims[claims["fact"] == "stake"]["status"].unique().tolist() == ["agreed"]
    contrasts = default.results["contrasts"].table
    for contrast in ("google", "wang"):
        spelled = contrasts[(contrasts["contrast"] == contrast) & (contrasts["n"] > 0)]
        assert spelled["term"].nunique() > 1
        assert spelled.groupby("outlet")["term"].nunique().max() == 1, "an outlet has one spelling"


def test_the_screen_shows_the_claims_with_their_bounds(default: Portrayal) -> None:
    lines = portrayal_lines(default)
    assert "> 14 مليار دولار" in lines
    assert "disputed" in lines
    assert "cannot be told apart" in lines


def test_the_library_has_no_word_of_the_other_event() -> None:
    codebook = yaml.safe_load(FOOTBALL.with_name("codebook.yaml").read_text(encoding="utf-8"))
    words = [frame["id"] for frame in codebook["frames"]]
    words += ["الفيروز", "المرجان", "غونغا", "غونجا", "Gonga", "almadraj", "sahra-sport"]
    pattern = re.compile(rf"\b(?:{'|'.join(map(re.escape, words))})\b")
    for file in (ROOT / "framing").rglob("*.*"):
        if file.suffix in (".py", ".csv", ".toml"):
            assert not pattern.search(file.read_text(encoding="utf-8")), file


def test_the_other_event_is_read_by_the_same_rules(football: tuple[Study, StudyData]) -> None:
    found = portray(*football)
    assert f1(found, "facts", "value") >= 0.9
    assert f1(found, "facts", "tie") >= 0.85
    assert f1(found, "sources", "span") >= 0.85
    claims = found.results["claims"].table
    fees = claims[claims["fact"] == "fee"].groupby("outlet")["figure"].agg(set)
    assert fees["sahra-sport"] == {"35 مليون يورو"}
    assert "32 مليون يورو" in fees["almadraj"]
    shared = found.tables["shared_sentences"]
    assert shared["earlier"].tolist() == ["sahra-sport"]


def test_a_suggested_name_raises_the_mentions(football: tuple[Study, StudyData]) -> None:
    study, data = football
    offered = suggest_aliases(data.units, study.parties)
    assert set(offered["candidate"]) == {"غونجا", "Gonga"}
    named = {**study.parties, "player": (*study.parties["player"], *offered["candidate"])}
    before, after = (f1(portray(s, data), "mentions", "player") for s in (study, replace(study, parties=named)))
    assert after > before + 0.15


def test_predictions_of_voice_come_from_the_study(football: tuple[Study, StudyData], tmp_path: Path) -> None:
    study, data = football
    texts = ["وقالت مصادر مطلعة إن العقد وقع.", "وأضافت أن الفحص الطبي غدا.", "هطل المطر."]
    articles = ["a"] * 3
    rules = Predictor.from_study(study, data).predict(texts, articles)["voice"]
    assert rules.tolist() == ["anonymous", "anonymous", "narrator"]
    train(study, tmp_path / "model", data)
    assert load_predictor(tmp_path / "model").predict(texts, articles)["voice"].equals(rules)
    learned = Predictor.from_study(replace(study, voice="learned"), data)
    assert type(learned.voice_).__name__ == "ValueClassifier"


COMMANDS = (
    ["study", "run", "{study}", "--out", "{out}/run"],
    ["portray", "{study}", "--out", "{out}/portrayal"],
    ["portray", "{study}", "--suggest", "--out", "{out}/portrayal"],
    ["agreement", "{study}"],
    ["evaluate", "segmentation", "{study}"],
    ["evaluate", "frames", "{study}"],
    ["evaluate", "voice", "{study}"],
    ["compare", "{study}", "--out", "{out}/compare"],
    ["train", "{study}", "--out", "{out}/model"],
    ["segment", "{articles}", "--out", "{out}/units.csv"],
    ["predict", "{out}/units.csv", "--study", "{study}", "--out", "{out}/predicted.csv"],
    ["llm", "{study}", "--model", "m", "--out", "{out}/c.csv", "--cache", "{out}/r.sqlite", "--estimate"],
)


def test_every_command_runs_on_the_other_event(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    places = {"study": FOOTBALL, "out": tmp_path, "articles": FOOTBALL.with_name("articles.csv")}
    for command in COMMANDS:
        monkeypatch.setattr("sys.argv", ["framing", *(part.format(**places) for part in command)])
        with pytest.raises(SystemExit) as stop:
            cli.main()
        assert not stop.value.code, (command, capsys.readouterr().err)
    numbers = json.loads((tmp_path / "run/numbers.json").read_text(encoding="utf-8"))["portrayal"]
    assert numbers["voice"]["macro_f1"] > 0.85
    assert {"f1", "by_party"} <= set(numbers["mentions"])
    assert {"value_f1", "tie_f1"} <= set(numbers["facts"])
    tables = {path.stem for path in (tmp_path / "run/tables").glob("portrayal_*.csv")}
    assert {"portrayal_claims", "portrayal_keyness", "portrayal_columns", "portrayal_mentions"} <= tables
    assert len(read_table(tmp_path / "portrayal/suggestions.csv")) == 2
    assert "claims.csv" in {path.name for path in (tmp_path / "portrayal").iterdir()}


def test_a_study_without_parties_facts_or_gold_is_read_as_far_as_it_goes(tmp_path: Path) -> None:
    lines = ["doc_id,outlet,text", 'a,east,"قالت مصادر إن الثمن بلغ 5 ملايين دولار."', "b,west,هطل المطر غزيرا."]
    (tmp_path / "articles.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    (tmp_path / "book.yaml").write_text("name: b\nversion: 1\nframes: [{id: storm, definition: x}]\n")
    text = '[study]\nname = "s"\nseed = 1\n[corpus]\narticles = "articles.csv"\n[coding]\ncodebook = "book.yaml"\n'
    (tmp_path / "study.toml").write_text(text, encoding="utf-8")
    study = load_study(tmp_path / "study.toml")
    found = portray(study, load_data(study))
    assert found.tables["figures"]["text"].tolist() == ["5 ملايين دولار"]
    assert found.tables["mentions"].empty
    assert found.scores == {}
    assert "Voice by rule: 1 anonymous, 1 narrator" in portrayal_lines(found)


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("000,0,43,57,15 مليار دولار,money,x,1,1,USD,,,", r"row 2, column 'value': 'x' is no number"),
        ("000,99,0,1,a,money,1,1,1,USD,,,", "codes unit 99 of article '000', which does not exist"),
        ("000,0,0,5,15 مليار,money,1,1,1,USD,,,", "the unit says 'أعلنت' there"),
    ],
)
def test_what_is_wrong_with_a_coded_sample(data: StudyData, tmp_path: Path, row: str, message: str) -> None:
    file = tmp_path / "facts.csv"
    file.write_text(f"doc_id,unit,start,end,text,kind,value,low,high,measure,from,to,fact\n{row}\n", encoding="utf-8")
    with pytest.raises(InputError, match=message):
        read_coded(file, ("kind", "value"), data.units)


def test_figures_that_are_the_coded_ones_score_one(study: Study, data: StudyData) -> None:
    assert study.coded_facts is not None
    coded = read_coded(study.coded_facts, ("kind",), data.units)
    table = score_figures(coded, coded, data.units, rng=1).table
    assert (table["f1"] == 1).all()
    none = score_figures(coded.iloc[:0], coded, data.units, rng=1).table.set_index("label")
    assert none.loc["value", "recall"] == 0
