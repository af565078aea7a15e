"""Who made the codings, in words that are printed wherever agreement or gold is shown."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from framing.errors import InputError
from framing.files import read_text


@dataclass(frozen=True)
class Provenance:
    """Number and kind of the coders, the statement that goes with their codings, and others about units and samples.

    The same in Arabic for an Arabic report; empty where there is none.
    """

    coders: int
    kind: str
    statement: str
    units: str = ""
    samples: str = ""
    statement_ar: str = ""
    units_ar: str = ""
    samples_ar: str = ""


def read_provenance(path: str | Path) -> Provenance:
    """Read a provenance file (YAML: ``coders``, ``kind``, ``statement`` and, if wanted, ``units``, ``samples``).

    Each of the three may have an Arabic wording beside it (``statement_ar``, ...).
    """
    import yaml

    try:
        data = yaml.safe_load(read_text(path))
        keys = [f"{key}{language}" for language in ("", "_ar") for key in ("statement", "units", "samples")]
        parts = {key: " ".join(str(data.get(key, "")).split()) for key in keys}
        parts["statement"] = " ".join(str(data["statement"]).split())
        return Provenance(int(data["coders"]), str(data["kind"]), **parts)
    except (yaml.YAMLError, TypeError, KeyError, ValueError):
        raise InputError(
            "not a provenance file", file=path, cure="Write 'coders: 3', 'kind: people' and 'statement: ...'."
        ) from None
