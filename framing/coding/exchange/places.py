"""Where a coder's files go and come from, and what may stand in them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from framing.errors import InputError
from framing.files import existing

_NO_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 cannot hold (section 2.2)."""


def printable(text: str) -> str:
    """Put a space for each character that XML cannot hold, so that offsets stay."""
    return _NO_XML.sub(" ", text)


def file_name(name: str) -> str:
    """Spell a name as a file may be called on any system, each name in its own way."""
    safe = "".join(c if c.isalnum() or c in "-_" else "".join(f"%{b:02X}" for b in c.encode("utf-8")) for c in name)
    return safe or "%"


def listed(paths: Path | Sequence[Path], *endings: str) -> list[Path]:
    """Return files, and those in folders with one of these endings, sorted; what editors keep beside them is left out.

    Raises
    ------
    InputError
        Where a path is not there, or a folder has no such file.
    """
    found: list[Path] = []
    for path in [paths] if isinstance(paths, (str, Path)) else paths:
        path = existing(path)
        if not path.is_dir():
            found.append(path)
            continue
        inside = sorted(p for p in path.rglob("*") if p.suffix.lower() in endings and p.name[0] not in "~.")
        if not inside:
            raise InputError(
                f"no file that ends in {' or '.join(endings)}", file=path, cure="Name the folder that coders filled."
            )
        found += inside
    return list(dict.fromkeys(found))
