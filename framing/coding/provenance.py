"""Who made the codings, in words that are printed wherever agreement or gold is shown."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from framing.errors import InputError
from framing.files import read_text


@dataclass(frozen=True)
class Provenance:
    """Number and kind of the coders, and the statement that goes with their codings."""

    coders: int
    kind: str
    statement: str


def read_provenance(path: str | Path) -> Provenance:
    """Read a provenance file (YAML with ``coders``, ``kind``, ``statement``)."""
    import yaml

    try:
        data = yaml.safe_load(read_text(path))
        return Provenance(int(data["coders"]), str(data["kind"]), " ".join(str(data["statement"]).split()))
    except (yaml.YAMLError, TypeError, KeyError, ValueError):
        raise InputError(
            "not a provenance file", file=path, cure="Write 'coders: 3', 'kind: people' and 'statement: ...'."
        ) from None
