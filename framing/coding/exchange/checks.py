"""What spoils gold, found before an answer becomes one: each is refused, or set aside with its reason."""

from __future__ import annotations

import unicodedata
from collections.abc import Hashable, Iterator, Mapping
from typing import Any, NamedTuple

import pandas as pd

from framing.coding.codebook import Codebook
from framing.coding.exchange.form import columns, variables, wrong_cell
from framing.errors import InputError
from framing.schema import KEY

FLAGS = ("problem", "cure", "file", "row", "account")
"""Columns that lead a table of answers set aside; the answer itself follows."""

ASIDE = "Repair the export, or set such answers aside with --flagged FILE."


class Problem(NamedTuple):
    """What is wrong with an answer.

    spoils: whether gold would be spoilt by it, so that an import stops; else it is an answer that was not given,
    and is set aside without further ado.
    """

    problem: str
    cure: str
    column: str | None = None
    spoils: bool = True


class Kept(NamedTuple):
    """Answers that may become gold, and those that may not.

    flagged: `FLAGS`, then `framing.coding.exchange.form.columns`; one row an answer, with the first thing wrong.
    """

    answers: pd.DataFrame
    flagged: pd.DataFrame


def keep(found: pd.DataFrame, shown: pd.DataFrame, codebook: Codebook, *, aside: bool = False) -> Kept:
    """Part the answers that may become gold from those that may not.

    Answers that a coder took back, or that answer nothing, are set aside always: they are missing. Everything else
    that is wrong stops the import, unless ``aside``: a unit that is not there or whose text changed, another
    codebook version, what the reader found, answers that grew out of pre-filled predictions, labels that the
    codebook does not know, two answers of one coder to a unit, one coder under two names, two coders under one.

    Parameters
    ----------
    found
        As a format's ``read`` returns them (`framing.coding.exchange.form.answers_table`).
    shown
        As `framing.coding.exchange.form.tasks` gives them: what coders could be shown.
    codebook
        By which they coded.
    aside
        Set aside what would stop the import.

    Raises
    ------
    InputError
        For the first answer, in the order of the files, that would spoil gold, and how many there are like it.
    """
    found = found.reset_index(drop=True)
    hashes = {(doc_id, unit): sha for doc_id, unit, sha in shown[[*KEY, "sha"]].itertuples(index=False)}
    wrong: dict[int, Problem] = {}
    for position, row in enumerate(found.to_dict("records")):
        problem = _alone(row, hashes, codebook)
        if problem is not None:
            wrong[position] = problem
    given = found[[position not in wrong or wrong[position].spoils for position in found.index]]
    for check in (_two_answers, _two_spellings, _two_accounts, _two_names, _same_answer):
        for position, problem in check(given, codebook):
            wrong.setdefault(position, problem)
    spoilt = sorted(position for position, problem in wrong.items() if problem.spoils)
    if spoilt and not aside:
        first, why = found.loc[spoilt[0]], wrong[spoilt[0]]
        more = f" ({len(spoilt) - 1} further answers spoil gold)" if len(spoilt) > 1 else ""
        raise InputError(
            f"{_who(first)}: {why.problem}{more}",
            file=first["file"] or None,
            row=first["row"] or None,
            column=why.column,
            cure=f"{why.cure} {ASIDE}",
        )
    return Kept(*_parted(found, wrong, codebook))


def named(found: pd.DataFrame, names: Mapping[str, str]) -> pd.DataFrame:
    """Call coders by their pseudonyms: ``names`` gives the pseudonym of an account, or of a coder's name in the file.

    An account named here is known to be that coder's, who may have more than one.
    """
    by_account = found["account"].map(names)
    by_name = found["coder"].map(names)
    coder = by_account.fillna(by_name)
    return found.assign(
        coder=coder.fillna(found["coder"]), account=found["account"].where(by_account.isna(), coder.fillna(""))
    )


def _parted(found: pd.DataFrame, wrong: Mapping[int, Problem], codebook: Codebook) -> tuple[pd.DataFrame, pd.DataFrame]:
    good = [position not in wrong for position in found.index]
    answers = found.loc[good, columns(codebook)].reset_index(drop=True)
    flagged = found.loc[sorted(wrong)].assign(
        problem=[wrong[position].problem for position in sorted(wrong)],
        cure=[wrong[position].cure for position in sorted(wrong)],
    )
    return answers, flagged[[*FLAGS, *columns(codebook)]].reset_index(drop=True)


def _who(row: pd.Series) -> str:
    return f"coder '{row['coder']}' on unit {row['unit']} of article '{row['doc_id']}'"


def _alone(row: Mapping[Hashable, Any], hashes: Mapping[tuple[str, int], str], codebook: Codebook) -> Problem | None:
    """Return what is wrong with an answer by itself."""
    key = (row["doc_id"], row["unit"])
    if row["cancelled"]:
        return Problem("taken back by the coder", "Nothing to mend: the unit is not answered.", spoils=False)
    if not row["answered"] and not row["problem"]:
        return Problem("answers nothing", "Nothing to mend: the unit is not answered.", spoils=False)
    if not row["coder"]:
        return Problem("nobody is named who answered", "Name the coder with --coder ACCOUNT=NAME.", "coder")
    if key not in hashes:
        return Problem("no such unit", "Import with the study whose units were exported.", "unit")
    if not row["sha"]:
        return Problem("the text's hash is lost", "Keep the columns that the export wrote.", "sha")
    if row["sha"] != hashes[key]:
        return Problem("the text is not the one that was exported", "Code the unit anew, as it reads now.", "sha")
    if row["codebook"] != codebook.version:
        said = f"coded by version '{row['codebook']}' of the codebook, this one is '{codebook.version}'"
        return Problem(said, "Import with the codebook that was coded by.", "codebook")
    if row["problem"]:
        return Problem(row["problem"], row["cure"])
    if row["origin"] not in ("", "manual"):
        said = f"grew out of a pre-filled prediction (origin '{row['origin']}')"
        return Problem(said, "Have the unit coded without predictions shown.")
    cell = wrong_cell(row, codebook)
    return None if cell is None else Problem(cell[1], cell[2], cell[0])


Found = Iterator[tuple[int, Problem]]


def _two_answers(given: pd.DataFrame, codebook: Codebook) -> Found:
    for position in given.index[given.duplicated([*KEY, "coder"], keep=False)]:
        yield (
            position,
            Problem("two answers of this coder to this unit", "Ask which of them stands, and keep that one."),
        )


def _two_spellings(given: pd.DataFrame, codebook: Codebook) -> Found:
    folded = given["coder"].map(lambda name: unicodedata.normalize("NFKC", name).casefold().strip())
    yield from _several(given, [folded], "coder", "coder spelt {}", "Spell the name in one way with --coder OLD=NEW.")


def _two_accounts(given: pd.DataFrame, codebook: Codebook) -> Found:
    given = given[given["account"].ne("") & given["coder"].ne("")]
    cure = "Name each account's coder with --coder ACCOUNT=NAME."
    yield from _several(given, [_server(given), given["coder"]], "account", "coder answered under accounts {}", cure)


def _two_names(given: pd.DataFrame, codebook: Codebook) -> Found:
    given = given[given["account"].ne("") & given["coder"].ne("")]
    cure = "One person counts once: say who it is with --coder ACCOUNT=NAME, and leave out the other queue."
    yield from _several(given, [_server(given), given["account"]], "coder", "account answered for coders {}", cure)


def _server(given: pd.DataFrame) -> pd.Series:
    """Tell apart where accounts were given out: an address is the same everywhere, a number or login in one file."""
    return given["file"].astype(str).where(~given["account"].str.contains("@", regex=False), "")


def _same_answer(given: pd.DataFrame, codebook: Codebook) -> Found:
    timed = given[given["created_at"].ne("")]
    same = [timed[name] for name in (*KEY, "created_at", "note", *variables(codebook))]
    cure = "Find out whose it is, and leave out the other file."
    yield from _several(timed, same, "coder", "the same answer, to the microsecond, of coders {}", cure)


def _several(given: pd.DataFrame, by: list[pd.Series], column: str, said: str, cure: str) -> Found:
    """Yield the rows of groups that hold more than one value of a column, which ``said`` lists."""
    for _, group in given.groupby([series.rename(f"by{n}") for n, series in enumerate(by)], sort=False):
        values = sorted(map(str, group[column].unique()))
        if len(values) > 1:
            quoted = " and ".join(f"'{value}'" for value in values)
            for position in group.index:
                yield position, Problem(said.format(quoted), cure, "coder")
