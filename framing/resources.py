"""Where the files that travel with the package lie: inside an installed wheel, or at the top of a clone."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from pathlib import Path

from framing.errors import FramingError


def resource(name: str) -> Path:
    """Return the path of a bundled file or folder, such as ``seeds/study.toml``.

    Raises
    ------
    FramingError
        Where the installation is incomplete.
    """
    package = Path(str(files("framing")))
    for root in (package / "_data", package.parent):
        if (root / name).exists():
            return root / name
    raise FramingError(f"The installed package lacks '{name}'. Install arabic-framing again.")


@cache
def font_folder() -> Path:
    """Return the folder of the font's files, which come with the package fontpkg-ibm-plex-sans-arabic."""
    return Path(str(files("fontpkg_ibm_plex_sans_arabic"))) / "files"
