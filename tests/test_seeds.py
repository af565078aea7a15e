"""The seeds are kept byte for byte; codings hang on their offsets."""

from __future__ import annotations

import csv
import hashlib

import pytest

from tests.conftest import ROOT

SHA256 = {
    "000_c127ce88113dbe06.txt": "4f4d7d8e164e33289f1d8abc147b44c6fa9ffc68a908e956cc5cd1e77cc73132",
    "001_6a2209fb2d1a3c88.txt": "bef7603675e1a5d6910d0517d57fa788c4bc60d15a233c10ac2e2e486cc59791",
    "002_75a44876167607cf.txt": "3934caea40d465cf4d79bc17237d3c79cf9251c49242ca78fb7ab190d03299d6",
    "003_77bd331cf6a7af78.txt": "fd59e9bbb7c17be6a86f72c419785276a4efc96d6c4ce6e747bc32769c9b724d",
    "004_4a2ffc1490f09f43.txt": "28e452e74d7f05b0d9831e145752f54f835cda8a7cd4f8cc66beb7b02f168546",
    "sources.csv": "55ff27422c12c50ad0aa1c84b1e1822089c10c2fc0f87b1f21101deaedfa95c4",
}


@pytest.mark.parametrize("name", SHA256)
def test_a_seed_is_what_was_given(name: str) -> None:
    assert hashlib.sha256((ROOT / "seeds" / name).read_bytes()).hexdigest() == SHA256[name]


def test_every_text_has_a_row_that_says_how_its_outlet_was_established() -> None:
    with (ROOT / "seeds" / "sources.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["file"] for row in rows} == {p.name for p in (ROOT / "seeds").glob("*.txt")}
    assert all(row["outlet"] and row["outlet_basis"] for row in rows)
