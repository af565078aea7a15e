"""What is said of outlets: that two differ where a corrected test found it, and nowhere else."""

from __future__ import annotations

from framing.report.sentences.teller import Row, Teller

EXPLORATION = "exploration"
"""A family without a declared hypothesis: nothing is concluded from it."""

MOST = 8
"""Differences that are told one by one; all are in the tables."""

DIFFERENT = ("different", "slightly different")
EQUIVALENT = ("equivalent", "slightly different")


def largest(teller: Teller) -> list[str]:
    """Say of each outlet which frame leads, and whether it is known to."""
    said = []
    for outlet, frames in teller.n["comparison"]["frames"].items():
        rows = sorted(((f, frames[f]) for f in teller.frames), key=lambda pair: -pair[1]["share"])
        frame, first = rows[0]
        fill = {"outlet": outlet, "frame": teller.name(frame), "share": teller.words.percent(first["share"])}
        if first["low"] is None:
            said.append(teller.say("largest_unbounded", **fill))
            continue
        rivals = [f for f, row in rows[1:] if row["high"] is None or row["high"] >= first["low"]]
        key = "largest_open" if rivals else "largest"
        fill |= {"interval": teller.share_interval(first), "others": teller.listed(rivals)}
        said.append(teller.say(key, **fill))
    return said


def profiles(teller: Teller) -> list[str]:
    """Say whether the profiles taken together differ."""
    rows = teller.n["comparison"].get("profile_distance", [])
    whole = next((row for row in rows if row["outlet_a"] == row["outlet_b"]), None)
    if whole is None or whole["p_jsd"] is None:
        return []
    key = "profiles_differ" if whole["p_jsd"] < 0.05 else "profiles_open"
    return [teller.say(key, jsd=teller.words.number(whole["jsd"]), p=teller.p(whole["p_jsd"]))]


def families(teller: Teller, most: int = MOST) -> list[str]:
    """Say what the tests of each declared family found, and of so many that found something what it is."""
    return [
        sentence
        for name, rows in teller.n["comparison"]["contrasts"].items()
        if name != EXPLORATION
        for sentence in _family(teller, name, rows, most)
    ]


def _family(teller: Teller, name: str, rows: list[Row], most: int) -> list[str]:
    family, count = teller.name(name), teller.words.count
    tested = [row for row in rows if row["p"] is not None]
    found = [row for row in tested if row["finding"] in DIFFERENT]
    if not tested:
        return [teller.say("none_tested", family=family)]
    key = "tested" if found else "none_found"
    said = [teller.say(key, family=family, tested=count("contrasts", len(tested)), found=len(found))]
    if len(rows) > len(tested):
        said.append(teller.say("untested", untested=len(rows) - len(tested)))
    ordered = sorted(found, key=lambda row: (row["p_holm"], -abs(row["difference"])))
    said += [difference(teller, row) for row in ordered[:most]]
    alike = sum(row["finding"] in EQUIVALENT for row in rows)
    if alike:
        said.append(teller.say("equivalent", found=count("contrasts", alike), family=family))
    return said


def difference(teller: Teller, row: Row) -> str:
    """Say which of two outlets has more of what, and by how much; for rows whose test found a difference."""
    more = row["difference"] > 0
    a, b = (row["outlet_a"], row["outlet_b"]) if more else (row["outlet_b"], row["outlet_a"])
    low, high = (row["low"], row["high"]) if more else (_minus(row["high"]), _minus(row["low"]))
    share = row["variable"] in teller.frames
    name, words = teller.name(row["variable"]), teller.words
    return teller.say(
        "slightly" if row["finding"] == "slightly different" else "more",
        variable=name[:1].upper() + name[1:],
        a=a,
        b=b,
        p=teller.p(row["p_holm"]),
        difference=words.points(abs(row["difference"])) if share else words.number(abs(row["difference"])),
        interval=words.interval(_hundred(low), _hundred(high), 1) if share else words.interval(low, high),
    )


def _hundred(value: float | None) -> float | None:
    return None if value is None else 100 * value


def _minus(value: float | None) -> float | None:
    return None if value is None else -value


def outlets(teller: Teller) -> list[str]:
    """Say everything of outlets."""
    rows = [row for rows in teller.n["comparison"]["contrasts"].values() for row in rows]
    said = largest(teller) + profiles(teller) + families(teller)
    if not any(row["finding"] in EQUIVALENT for row in rows):
        said.append(teller.say("no_equivalent"))
    if any(row["scope"] != "outlets" for row in rows):
        said.append(teller.say("these_only"))
    return said
