"""`framing compare` and `framing plan` on studies, on own tables, and on machine labels with gold beside them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from framing.files import read_table
from tests.test_cli import Run, copy, replace, run

__all__ = ["copy", "run"]


@pytest.fixture
def table() -> pd.DataFrame:
    """Three outlets with eight articles each, two frames, tone and voice, made up."""
    rng = np.random.default_rng(7)
    rows = []
    for outlet, rate in (("east", 0.2), ("north", 0.2), ("west", 0.6)):
        for article in range(8):
            for unit in range(10):
                cold = rng.random() < rate
                rows.append(
                    {
                        "doc_id": f"{outlet}{article}",
                        "unit": unit,
                        "outlet": outlet,
                        "has_cold": int(cold),
                        "has_warm": int(rng.random() < 0.3),
                        "tone": rng.choice([-1, 0]) if cold else rng.choice([0, 1]),
                        "voice": rng.choice(["named", "nobody"]),
                    }
                )
    return pd.DataFrame(rows)


@pytest.fixture
def predicted(table: pd.DataFrame) -> pd.DataFrame:
    """The same units as a classifier that errs in a fifth of them sees them."""
    rng = np.random.default_rng(8)
    wrong = rng.random(len(table)) < 0.2
    has = np.where(wrong, 1 - table["has_cold"], table["has_cold"])
    return table[["doc_id", "unit", "outlet"]].assign(
        frame_cold=np.where(has, 0.8, 0.2), has_cold=has.astype(bool), tone=table["tone"] * 0.5, tone_negative=0.3
    )


def write(frame: pd.DataFrame, path: Path) -> Path:
    frame.to_csv(path, index=False)
    return path


def test_compare_of_the_seeds_prints_the_caveat_and_writes_every_table(run: Run, tmp_path: Path) -> None:
    ran = run("compare", "--out", tmp_path / "c", "--permutations", 99)
    assert "cannot be told apart" in ran.out
    assert "language model" in ran.out
    assert {p.name for p in (tmp_path / "c").iterdir()} == {
        "prevalence.csv", "tone.csv", "target_tone.csv", "contrasts_frames.csv", "contrasts_tone.csv",
        "contrasts_exploration.csv", "frame_by_tone.csv", "frame_by_voice.csv", "profile_distance.csv",
        "cooccurrence_unit.csv", "cooccurrence_article.csv",
    }  # fmt: skip
    assert "mean over an outlet's articles" in run("compare", "--weight", "articles", "--permutations", 99).out


def test_compare_of_an_own_table(run: Run, tmp_path: Path, table: pd.DataFrame) -> None:
    table.loc[3, "has_cold"] = np.nan
    source = write(table, tmp_path / "units.csv")
    assert "permutations and bootstrap need a seed. Add --seed" in run.fails("compare", source)
    ran = run("compare", source, "--seed", 1, "--equivalence", 0.2, "--out", tmp_path / "c", "--regressions")
    assert "1 of 240 units are not coded and were left out." in ran.out
    assert "Who made these codings is not stated" in ran.out
    prevalence = read_table(tmp_path / "c" / "prevalence.csv").set_index(["outlet", "variable"])
    expected = table[table["outlet"] == "west"]["has_cold"].mean()
    assert float(prevalence.loc[("west", "cold"), "share"]) == pytest.approx(expected, abs=1e-6)
    contrasts = read_table(tmp_path / "c" / "contrasts_frames.csv").set_index(["outlet_a", "outlet_b", "variable"])
    assert contrasts.loc[("east", "west", "cold"), "finding"] == "different"
    assert contrasts.loc[("east", "north", "cold"), "finding"] in ("undecided", "equivalent")
    assert float(contrasts.loc[("east", "west", "cold"), "margin"]) == 0.2
    assert (tmp_path / "c" / "regressions.csv").exists()
    tone = read_table(tmp_path / "c" / "frame_by_tone.csv").set_index(["outlet", "frame", "value"])
    assert float(tone.loc[("west", "cold", "1.0"), "share"]) == 0


def test_one_table_gives_the_same_result_in_any_format_and_order(run: Run, tmp_path: Path, table: pd.DataFrame) -> None:
    one = run("compare", write(table, tmp_path / "a.csv"), "--seed", 1, "--permutations", 99).out
    table.sample(frac=1, random_state=1).to_parquet(tmp_path / "b.parquet")
    assert run("compare", tmp_path / "b.parquet", "--seed", 1, "--permutations", 99).out == one


def test_machine_labels_alone_are_refused_and_corrected_by_gold(
    run: Run, tmp_path: Path, table: pd.DataFrame, predicted: pd.DataFrame
) -> None:
    source = write(predicted, tmp_path / "predicted.csv")
    assert "these frames are machine labels" in run.fails("compare", source, "--seed", 1)
    drawn = run("plan", source, "--draw", 60, "--seed", 1, "--out", tmp_path / "sample.csv")
    assert "60 units to code in" in drawn.out
    sample = read_table(tmp_path / "sample.csv").astype({"unit": int})
    truth = table[["doc_id", "unit", "has_cold", "tone"]]
    gold = write(sample.merge(truth, on=["doc_id", "unit"]), tmp_path / "gold.csv")
    run("compare", source, "--gold", gold, "--out", tmp_path / "c")
    found = read_table(tmp_path / "c" / "corrected_frames.csv").set_index(["outlet", "estimator"])
    naive = predicted[predicted["outlet"] == "west"]["has_cold"].mean()
    assert float(found.loc[("west", "naive"), "value"]) == pytest.approx(naive, abs=1e-6)
    west = found.loc[("west", "corrected")]
    assert float(west["low"]) <= table[table["outlet"] == "west"]["has_cold"].mean() <= float(west["high"])
    assert {p.stem for p in (tmp_path / "c").iterdir()} == {
        "corrected_frames", "differences_frames", "corrected_tone", "differences_tone",
    }  # fmt: skip
    without = write(read_table(gold).drop(columns="probability"), tmp_path / "judged.csv")
    assert "adjusted count" in run("compare", source, "--gold", without).out


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"outlet": None}, "in.csv, column 'outlet': no column 'outlet'"),
        ({"has_cold": None, "has_warm": None}, "in.csv: no column has_<frame>"),
        ({"outlet": ""}, "in.csv, row 2, column 'outlet': empty. Fill it in."),
        ({"has_cold": "maybe"}, "in.csv, row 2, column 'has_cold': 'maybe' is neither true nor false"),
        ({"tone": "glad"}, "in.csv, row 2, column 'tone': 'glad' is no number"),
        ({"unit": 1.5}, "in.csv, row 2, column 'unit': '1.5' is no whole number"),
        ({"has_cold": ""}, "in.csv, column 'has_cold': no unit is coded"),
    ],
)
def test_what_is_wrong_with_a_table(
    run: Run, tmp_path: Path, table: pd.DataFrame, change: dict[str, object], message: str
) -> None:
    kept = table.drop(columns=[c for c, v in change.items() if v is None])
    changed = kept.assign(**{c: v for c, v in change.items() if v is not None})
    assert message in run.fails("compare", write(changed, tmp_path / "in.csv"), "--seed", 1)


def test_gold_that_does_not_fit(run: Run, tmp_path: Path, table: pd.DataFrame, predicted: pd.DataFrame) -> None:
    source = write(predicted, tmp_path / "p.csv")

    def fails(gold: pd.DataFrame) -> str:
        return run.fails("compare", source, "--gold", write(gold, tmp_path / "g.csv"))

    gold = table[["doc_id", "unit", "has_cold"]].head(9)
    assert "g.csv: no doc_id and unit" in fails(gold.drop(columns="unit"))
    assert "g.csv, row 11: the same unit stands in two rows" in fails(pd.concat([gold, gold.tail(1)]))
    assert "g.csv, row 4: this unit is not in the table" in fails(gold.replace({"unit": {2: 77}}))
    assert "no column has_<frame> that the machine labels have" in fails(gold.rename(columns={"has_cold": "has_old"}))
    assert "--gold and --groups are for a table" in run.fails("compare", "--gold", tmp_path / "g.csv")
    assert "are for gold alone" in run.fails("compare", source, "--gold", source, "--equivalence", 0.1)


def test_families_and_margin_of_the_study_file(run: Run, copy: Path, tmp_path: Path) -> None:
    study = copy / "seeds/study.toml"
    replace(study, "[comparison]\n", '[comparison]\nfamilies = { main = ["tone", "talent_war"] }\n')
    run("compare", study, "--out", tmp_path / "c", "--permutations", 99)
    main = read_table(tmp_path / "c" / "contrasts_main.csv")
    assert set(main["variable"]) == {"tone", "talent_war"}
    assert set(main.loc[main["variable"] == "tone", "margin"].astype(float)) == {0.2}, "a tenth of -1 to 1"
    assert "antitrust" in set(read_table(tmp_path / "c" / "contrasts_exploration.csv")["variable"])
    replace(study, '"talent_war"]', '"talents"]')
    assert "study.toml: a family of tests names 'talents', which is no variable" in run.fails("compare", study)


def test_plan_from_stated_rates_and_from_data(run: Run, tmp_path: Path, table: pd.DataFrame) -> None:
    stated = ["--prevalence", 0.2, "--icc", 0.1, "--units-per-article", 20]
    ran = run("plan", *stated, "--half-width", 0.05, "--difference", 0.1, "--out", tmp_path / "p.csv")
    assert "+-0.05 and for a difference of 0.1 to be found with a chance of 0.8" in ran.out
    row = read_table(tmp_path / "p.csv").iloc[0]
    assert (row["articles_for_interval"], row["units_for_interval"]) == ("39", "780")
    run("plan", write(table, tmp_path / "t.csv"), "--half-width", 0.1, "--out", tmp_path / "q.csv")
    assert read_table(tmp_path / "q.csv")["articles"].unique().tolist() == ["8"]
    run("plan", "--icc", 0.1, "--difference", 0.2, "--out", tmp_path / "r.csv")
    assert len(read_table(tmp_path / "r.csv")) == 20


def test_plan_complains(run: Run, tmp_path: Path, table: pd.DataFrame) -> None:
    assert "nothing is asked for. Add --half-width" in run.fails("plan")
    assert "--icc is not stated" in run.fails("plan", "--prevalence", 0.2, "--half-width", 0.1)
    assert "prevalence is 2. Give a share" in run.fails(
        "plan", "--prevalence", 2, "--icc", 0.1, "--units-per-article", 5, "--half-width", 0.1
    )
    assert "--draw needs a table" in run.fails("plan", "--draw", 5)
    source = write(table, tmp_path / "t.csv")
    assert "--draw needs --seed and --out" in run.fails("plan", source, "--draw", 50)
    few = run.fails("plan", source, "--draw", 5, "--seed", 1, "--out", tmp_path / "o.csv")
    assert "5 cannot be drawn from 240 in" in few
    assert not (tmp_path / "o.csv").exists()
