"""What the page shows without scripts: its articles, and the shares of frames."""

from __future__ import annotations

from html import escape
from typing import Any


def without_script(data: dict[str, Any]) -> str:
    """Return articles with the frames of their units, and every table's first rows, as plain markup."""
    book, ui = data["codebook"], data["ui"]
    labels = {frame["id"]: frame["label"] for frame in book["frames"]}
    parts = [f"<p>{escape(ui['no_script'])}</p>"]
    parts += [_table(table) for table in data["tables"] if table["id"] == "prevalence"]
    for place, article in enumerate(data["articles"]):
        parts.append(f"<h2>{escape(article['outlet'])}</h2>")
        parts.append(f'<div lang="{escape(book["language"])}" dir="{book["direction"]}">')
        for unit in data["units"]:
            if unit["article"] == place:
                frames = [labels[frame] for frame in (unit["codes"] or {}).get("frames", [])]
                named = (
                    f' <small lang="{data["language"]}" dir="{data["direction"]}">[{escape(", ".join(frames))}]</small>'
                    if frames
                    else ""
                )
                parts.append(f"<p>{escape(unit['text'])}{named}</p>")
        parts.append("</div>")
    return "\n".join(parts)


def _table(table: dict[str, Any]) -> str:
    head = "".join(f'<th scope="col">{escape(column["label"])}</th>' for column in table["columns"])
    body = "".join(
        "<tr>" + "".join(f"<td>{_cell(row, column)}</td>" for column in table["columns"]) + "</tr>"
        for row in table["rows"]
    )
    caption = f"<caption>{escape(table['title'])}</caption>"
    return f"<table>{caption}<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _cell(row: dict[str, Any], column: dict[str, Any]) -> str:
    value = row.get(column["key"])
    if value is None:
        return ""
    if column["kind"] == "interval" and column.get("unit") == "share":
        low, high = row.get("low"), row.get("high")
        return f"{value:.0%}" if low is None or high is None else f"{value:.0%} [{low:.0%}, {high:.0%}]"
    return escape(str(value))
