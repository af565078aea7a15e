from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from framing.corpus.camel import camel_data, camel_module, data_folder
from framing.errors import InputError, MissingDataError, MissingDependencyError
from tests.corpus.camel_files import install_catalogue, install_morphology

OFFLINE = """
import os, socket
def refuse(*args, **kwargs):
    raise OSError("network")
socket.socket.connect = socket.getaddrinfo = refuse
before = dict(os.environ)
try:
    import camel_tools.data
except Exception as error:
    print(type(error).__name__)
from framing.corpus.camel import camel_module
found = camel_module("morphology.analyzer", "A test")
print(found.Analyzer.__name__, dict(os.environ) == before)
"""


def where(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CAMELTOOLS_DATA", str(folder))
    return folder


def wanted(file: str = "morphology.db") -> Path:
    return camel_data(
        "MorphologyDB", "calima-msa-r13", file, package="some-package", megabytes=129, purpose="A test"
    )  # fmt: skip


@pytest.mark.parametrize("named", [True, False])
def test_modules_come_without_a_network_and_the_environment_stays(tmp_path: Path, named: bool) -> None:
    """Though camel-tools was tried before, and failed for want of a catalogue."""
    environment = {**os.environ, "HOME": str(tmp_path), "USERPROFILE": str(tmp_path)}
    environment.pop("CAMELTOOLS_DATA", None)
    if named:
        environment["CAMELTOOLS_DATA"] = str(tmp_path / "data")
    run = subprocess.run(
        [sys.executable, "-c", OFFLINE], env=environment, capture_output=True, text=True, check=True
    )  # fmt: skip
    assert run.stdout.split("\n")[:2] == ["DownloaderError", "Analyzer True"]
    assert not (tmp_path / ".camel_tools/catalogue.json").exists()


def test_an_installed_catalogue_is_the_one_that_camel_tools_sees(tmp_path: Path) -> None:
    install_catalogue(tmp_path)
    code = (
        "from framing.corpus.camel import camel_module as m;"
        "print(*m('data', 'A test').CATALOGUE.components, m('data', 'A test').CT_DATA_DIR)"
    )
    run = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "CAMELTOOLS_DATA": str(tmp_path)}, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert run.stdout.split() == ["MorphologyDB", "DisambigMLE", "SentimentAnalysis", str(tmp_path)]


def test_data_are_found_where_the_catalogue_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install_morphology(where(tmp_path, monkeypatch))
    assert (wanted() / "morphology.db").exists()


def test_missing_data_are_told_with_the_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = where(tmp_path / "camel", monkeypatch)
    expected = (
        rf"^A test needs the data some-package of camel-tools, not found under {folder}\. "
        r"Download 129 MB with: camel_data -i some-package$"
    )
    with pytest.raises(MissingDataError, match=expected):
        wanted()
    install_catalogue(folder)
    with pytest.raises(MissingDataError, match=expected):
        wanted()
    install_morphology(folder)
    with pytest.raises(MissingDataError, match=expected):
        wanted("another.db")


def test_a_broken_catalogue_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for content in ("{", "[]", '{"components": []}'):
        (where(tmp_path, monkeypatch) / "catalogue.json").write_text(content, encoding="utf-8")
        with pytest.raises(InputError, match=r"catalogue\.json: not a catalogue .* run: camel_data -i some-package"):
            wanted()


def test_the_folder_is_the_environments_or_the_users(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert data_folder() == data_folder().absolute()
    monkeypatch.delenv("CAMELTOOLS_DATA", raising=False)
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    monkeypatch.setattr(sys, "platform", "linux")
    assert data_folder() == tmp_path / ".camel_tools"
    monkeypatch.setattr(sys, "platform", "win32")
    assert data_folder() == tmp_path / "AppData/Roaming/camel_tools"


def test_a_missing_library_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "camel_tools.morphology.analyzer", None)
    with pytest.raises(MissingDependencyError, match="A test needs the package camel-tools"):
        camel_module("morphology.analyzer", "A test")
