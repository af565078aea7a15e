"""Who made the codings, in words that are printed wherever agreement or gold is shown."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from framing.errors import InputError
from framing.files import read_text


@dataclass(frozen=True)
class Provenance:
    """Number and kind of the coders, the statement that goes with their codings, and others about units and samples."""

    coders: int
    kind: str
    statement: str
    units: str = ""
    samples: str = ""


def read_provenance(path: str | Path) -> Provenance:
    """Read a provenance file (YAML: ``coders``, ``kind``, ``statement`` and, if wanted, ``units``, ``samples``)."""
    import yaml

    try:
        data = yaml.safe_load(read_text(path))
        parts = (data["statement"], data.get("units", ""), data.get("samples", ""))
        return Provenance(int(data["coders"]), str(data["kind"]), *(" ".join(str(text).split()) for text in parts))
    except (yaml.YAMLError, TypeError, KeyError, ValueError):
        raise InputError(
            "not a provenance file", file=path, cure="Write 'coders: 3', 'kind: people' and 'statement: ...'."
        ) from None
