"""Where the files that travel with the package lie, in a wheel or a clone, and the versions of what is installed."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from importlib.metadata import PackageNotFoundError, version
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


def installed(package: str) -> str | None:
    """Return a package's version, None where it is not installed; ``python`` is one, too."""
    if package == "python":
        return platform.python_version()
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def versions(packages: Iterable[str]) -> dict[str, str]:
    """Return the versions of those packages that are `installed`, in the order given."""
    return {package: number for package in packages if (number := installed(package)) is not None}


@contextmanager
def environment(**told: str) -> Iterator[None]:
    """Set variables of the environment; afterwards they are as before."""
    before = {name: os.environ.get(name) for name in told}
    os.environ.update(told)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def cores() -> int:
    """Return how many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def threads() -> int:
    """Return how many threads a computation may use: ``$OMP_NUM_THREADS``, which every worker process has as 1."""
    told = os.environ.get("OMP_NUM_THREADS", "")
    return int(told) if told.isdigit() and int(told) else cores()
