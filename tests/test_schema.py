from __future__ import annotations

import pandas as pd
import pytest

from framing.errors import InputError
from framing.schema import check

UNIT = {"doc_id": "a", "unit": "0", "start": "0", "end": "3", "unit_type": "body", "text": "نص"}


def units(*rows: dict[str, object]) -> pd.DataFrame:
    return pd.DataFrame([{**UNIT, "unit": str(i), **row} for i, row in enumerate(rows)])


def test_columns_get_their_types_and_others_stay() -> None:
    table = check(units({"note": "x"}), "units")
    assert table["unit"].dtype.kind == "i"
    assert table["note"].tolist() == ["x"]


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ({"unit_type": "title"}, r"u\.csv, row 3, column 'unit_type': unknown value 'title'\. Use one of headline,"),
        ({"text": " "}, r"u\.csv, row 3, column 'text': empty\. Fill it in"),
        ({"start": "two"}, r"u\.csv, row 3, column 'start': 'two' is not what this column holds"),
        ({"start": "-1"}, r"u\.csv, row 3, column 'start': '-1' is not what this column holds"),
        ({"unit": "0"}, r"u\.csv, row \d.*the same doc_id and unit stands in two rows"),
    ],
)
def test_the_first_fault_is_named_with_row_column_and_cure(row: dict[str, object], message: str) -> None:
    with pytest.raises(InputError, match=message):
        check(units({}, row), "units", file="u.csv", first=2)


def test_a_missing_column_is_named_with_those_that_are_there() -> None:
    with pytest.raises(InputError, match=r"no column 'end' \(there are: doc_id, unit, start, unit_type, text\)"):
        check(units({}).drop(columns="end"), "units", file="u.csv")


def test_a_missing_value_is_a_fault() -> None:
    with pytest.raises(InputError, match="column 'text'"):
        check(pd.DataFrame([{"doc_id": "a", "outlet": "x", "text": None}]), "articles", file="a.jsonl")
